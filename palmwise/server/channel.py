"""The Rasa input channel behind `/coach`, which credentials.yml names."""

from __future__ import annotations

import asyncio
import os
import time
from asyncio import AbstractEventLoop
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from palmwise import resources
from palmwise.resources import ROOT
from palmwise.server import metrics, middleware, runtime
from palmwise.server.conversations import Conversations
from palmwise.server.health import Health
from palmwise.server.limits import Allowance
from palmwise.server.messages import NAME, CoachOutput
from palmwise.server.metrics import Watch
from palmwise.server.retention import keep_tidy
from palmwise.server.routes import Doors
from palmwise.server.settings import Limits, MetricsAddress, allowed_origins, retention_hours
from palmwise.server.static import KINDS, Shelf
from palmwise.server.storage.locks import RedisLockStore
from palmwise.server.storage.tracker_store import LiveTrackerStore

WEB = ROOT / "web"
Door = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]
BARE = "This is Palmwise, a hand-massage coach. It is spoken to under /coach."


class CoachInput(InputChannel):
    """Serves the contract's doors on Rasa's own port."""

    @classmethod
    def name(cls) -> str:
        """The channel's name in trackers."""
        return NAME

    def url_prefix(self) -> str:
        """The leading slash keeps the doors out of Rasa's `/webhooks/`."""
        return "/coach"

    def get_output_channel(self) -> CoachOutput:
        """Where to utter what nobody asked for."""
        return CoachOutput()

    def blueprint(self, _: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """All doors. Rasa's message handler is not used: the channel itself holds the lock of a conversation."""
        limits = Limits.from_environment(os.environ)
        conversations = Conversations(resources.content)
        watch = Watch(metrics.Metrics())
        doors = Doors(
            conversations=conversations,
            health=Health(resources.content),
            limits=limits,
            by_client=Allowance(limits.client_burst, limits.client_rate, time.monotonic),
            by_conversation=Allowance(limits.conversation_burst, limits.conversation_rate, time.monotonic),
            watch=watch,
        )
        coach = CoachBlueprint("coach")
        coach.limits, coach.watch = limits, watch
        coach.add_route(_plain(doors.open), "/conversation", methods=["POST"], name="open")
        coach.add_route(_plain(doors.look), "/conversation", methods=["GET"], name="look")
        coach.add_route(_plain(doors.forget), "/conversation", methods=["DELETE"], name="forget")
        coach.add_route(_plain(doors.message), "/message", methods=["POST"], name="message")
        coach.add_route(_plain(doors.health), "/health", methods=["GET"], name="health")
        coach.add_route(description, "/openapi.json", methods=["GET"], name="description")
        coach.add_route(picture, "/pictures/<path:path>", methods=["GET"], name="picture")
        coach.add_route(widget, "/<path:path>", methods=["GET"], name="widget")
        coach.listener(quicken, "after_server_start")
        coach.listener(partial(tidy, conversations), "after_server_start")
        coach.listener(partial(count, watch), "after_server_start")
        coach.listener(finish, "after_server_stop")
        return coach


def _plain(door: Door) -> Door:
    """A function that calls a method: Sanic writes on its handlers, and a method cannot be written on."""

    async def handler(request: Request) -> HTTPResponse:
        return await door(request)

    return handler


class CoachBlueprint(Blueprint):
    """Doors that also change the house they are put into: its first page, its failures, its headers."""

    __slots__ = ("limits", "watch")
    limits: Limits
    watch: Watch

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Called by Sanic when the blueprint joins `app`."""
        super().register(app, options)  # type: ignore[no-untyped-call]
        middleware.install_error_handlers(app)
        middleware.install_cors(app, allowed_origins(os.environ))
        middleware.install_guards(app, self.limits, self.watch.metrics.refuse)
        for route in app.router.routes:
            # Rasa has put its greeting there, with its version; a second route for one path is not allowed.
            if route.path == "":
                route.handler = page


async def quicken(app: Sanic, _: AbstractEventLoop) -> None:
    """Puts the actions inside this process, once the agent is there."""
    agent = getattr(app.ctx, "agent", None)
    if agent is not None and agent.is_ready():
        runtime.install(agent)
        metrics.watch(agent)


async def tidy(conversations: Conversations, app: Sanic, _: AbstractEventLoop) -> None:
    """Begins to delete what was kept for long enough."""
    store = getattr(getattr(app.ctx, "agent", None), "tracker_store", None)
    if isinstance(store, LiveTrackerStore):
        app.ctx.tidying = asyncio.create_task(keep_tidy(store, retention_hours(os.environ), conversations.lose_sight))


async def count(watch: Watch, _: Sanic, __: AbstractEventLoop) -> None:
    """Opens the door for whoever reads the counts, if one is asked for."""
    watch.metrics.open(MetricsAddress.from_environment(os.environ))


async def finish(app: Sanic, _: AbstractEventLoop) -> None:
    """Lets the store put away what it has in hand, then ends what is held open elsewhere."""
    tidying = getattr(app.ctx, "tidying", None)
    if tidying is not None:
        tidying.cancel()
    agent = getattr(app.ctx, "agent", None)
    store, locks = getattr(agent, "tracker_store", None), getattr(agent, "lock_store", None)
    if isinstance(store, LiveTrackerStore):
        store.close()
    if isinstance(locks, RedisLockStore):
        await locks.close()


async def page(request: Request) -> HTTPResponse:
    """GET /: the demo page."""
    if not (WEB / "index.html").is_file():
        return text(BARE)
    return Shelf(WEB, KINDS).give(request, "index.html")


async def description(request: Request) -> HTTPResponse:
    """GET /coach/openapi.json: these doors, for programs."""
    return Shelf(ROOT / "palmwise/server", {".json": KINDS[".json"]}).give(request, "openapi.json")


async def widget(request: Request, path: str) -> HTTPResponse:
    """GET /coach/<file>: what the page is made of."""
    return Shelf(WEB, KINDS).give(request, path)


async def picture(request: Request, path: str) -> HTTPResponse:
    """GET /coach/pictures/<file>.svg."""
    return Shelf(resources.content_folder() / "pictures", {".svg": KINDS[".svg"]}).give(request, path)
