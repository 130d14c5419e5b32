"""The input channel that Rasa loads by the name in `credentials.yml`."""

from __future__ import annotations

import os
import time
from asyncio import AbstractEventLoop
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

import engine
from channel import failures
from channel.conversations import Conversations
from channel.doors import Doors
from channel.files import KINDS, Shelf
from channel.health import Health
from channel.library import folder, library
from channel.limits import Allowance
from channel.output import NAME, CoachOutput
from channel.settings import ROOT, Limits
from engine.tracker_store import LiveTrackerStore

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
        doors = Doors(
            Conversations(library),
            Health(library),
            limits,
            Allowance(limits.client_burst, limits.client_rate, time.monotonic),
            Allowance(limits.conversation_burst, limits.conversation_rate, time.monotonic),
        )
        coach = CoachBlueprint("coach")
        coach.add_route(_plain(doors.open), "/conversation", methods=["POST"], name="open")
        coach.add_route(_plain(doors.look), "/conversation", methods=["GET"], name="look")
        coach.add_route(_plain(doors.forget), "/conversation", methods=["DELETE"], name="forget")
        coach.add_route(_plain(doors.message), "/message", methods=["POST"], name="message")
        coach.add_route(_plain(doors.health), "/health", methods=["GET"], name="health")
        coach.add_route(picture, "/pictures/<path:path>", methods=["GET"], name="picture")
        coach.add_route(widget, "/<path:path>", methods=["GET"], name="widget")
        coach.listener(quicken, "after_server_start")
        coach.listener(finish, "after_server_stop")
        return coach


def _plain(door: Door) -> Door:
    """A function that calls a method: Sanic writes on its handlers, and a method cannot be written on."""

    async def handler(request: Request) -> HTTPResponse:
        return await door(request)

    return handler


class CoachBlueprint(Blueprint):
    """Doors that also change the house they are put into: its first page, its failures."""

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Called by Sanic when the blueprint joins `app`."""
        super().register(app, options)  # type: ignore[no-untyped-call]
        failures.install(app)
        for route in app.router.routes:
            # Rasa has put its greeting there, with its version; a second route for one path is not allowed.
            if route.path == "":
                route.handler = page


async def quicken(app: Sanic, _: AbstractEventLoop) -> None:
    """Puts the actions inside this process, once the agent is there."""
    agent = getattr(app.ctx, "agent", None)
    if agent is not None and agent.is_ready():
        engine.install(agent)


async def finish(app: Sanic, _: AbstractEventLoop) -> None:
    """Lets the store put away what it has in hand."""
    store = getattr(getattr(app.ctx, "agent", None), "tracker_store", None)
    if isinstance(store, LiveTrackerStore):
        store.close()


async def page(request: Request) -> HTTPResponse:
    """GET /: the demo page."""
    if not (WEB / "index.html").is_file():
        return text(BARE)
    return Shelf(WEB, KINDS).give(request, "index.html")


async def widget(request: Request, path: str) -> HTTPResponse:
    """GET /coach/<file>: what the page is made of."""
    return Shelf(WEB, KINDS).give(request, path)


async def picture(request: Request, path: str) -> HTTPResponse:
    """GET /coach/pictures/<file>.svg."""
    return Shelf(folder() / "pictures", {".svg": KINDS[".svg"]}).give(request, path)
