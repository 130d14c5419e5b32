"""The input channel that Rasa loads by the name in `credentials.yml`."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from channel import failures
from channel.conversations import Conversations
from channel.doors import Doors
from channel.files import KINDS, Shelf
from channel.health import Health
from channel.library import folder, library
from channel.limits import Allowance
from channel.output import NAME, CoachOutput
from channel.settings import ROOT, Limits

WEB = ROOT / "web"
BARE = "This is Palmwise, a hand-massage coach. It is spoken to under /coach."


class CoachInput(InputChannel):  # type: ignore[misc]
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
        coach.add_route(doors.open, "/conversation", methods=["POST"], name="open")
        coach.add_route(doors.look, "/conversation", methods=["GET"], name="look")
        coach.add_route(doors.forget, "/conversation", methods=["DELETE"], name="forget")
        coach.add_route(doors.message, "/message", methods=["POST"], name="message")
        coach.add_route(doors.health, "/health", methods=["GET"], name="health")
        coach.add_route(picture, "/pictures/<path:path>", methods=["GET"], name="picture")
        coach.add_route(widget, "/<path:path>", methods=["GET"], name="widget")
        return coach


class CoachBlueprint(Blueprint):  # type: ignore[misc]
    """Doors that also change the house they are put into: its first page, its failures."""

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Called by Sanic when the blueprint joins `app`."""
        super().register(app, options)
        failures.install(app)
        for route in app.router.routes:
            # Rasa has put its greeting there, with its version; a second route for one path is not allowed.
            if route.path == "":
                route.handler = page


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
