"""What replaces the slow and the forgetful parts of Rasa 3.6.21, each switchable for comparison.

A channel calls `install` once the server has loaded its agent::

    @blueprint.listener("after_server_start")
    async def quicken(app: Sanic, loop: AbstractEventLoop) -> None:
        palmwise.server.runtime.patches(app.ctx.agent)

and `endpoints.yml` names the two stores::

    tracker_store:
      type: palmwise.server.storage.tracker_store.LiveTrackerStore
      db: .palmwise/conversations.db
    lock_store:
      type: palmwise.server.storage.locks.LiveLockStore

`PALMWISE_STOCK_ENGINE=1` leaves everything as Rasa made it; a list such as `graph,actions` leaves those parts.
"""

from palmwise.server.runtime.patches import install

__all__ = ["install"]
