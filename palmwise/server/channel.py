"""The Rasa input channel behind `/coach`, which credentials.yml names."""

from __future__ import annotations

import asyncio
import functools
import json
import os
from asyncio import AbstractEventLoop
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from palmwise import resources
from palmwise.coach.content import client_phrases
from palmwise.resources import ROOT
from palmwise.server import icons, metrics, middleware, openapi, runtime
from palmwise.server.assets import Assets
from palmwise.server.conversations import Conversations
from palmwise.server.health import Health
from palmwise.server.messages import CHANNEL, CoachOutput
from palmwise.server.metrics import Metrics
from palmwise.server.retention import purge_regularly
from palmwise.server.routes import CoachRoutes
from palmwise.server.settings import Limits, MetricsAddress, allowed_origins, own_names, retention_hours
from palmwise.server.speech_route import SpeechRoute, voice_version
from palmwise.server.static import PictureFolder, cached_response, serve_widget
from palmwise.server.storage.locks import RedisLockStore
from palmwise.server.storage.tracker_store import LiveTrackerStore

WEB = ROOT / "web"
PHRASES = "phrases.json"
WITHOUT_PAGE = "This is Palmwise, a hand-massage coach. Its API is under /coach."
"""Response to GET / if the widget's files are not installed."""
Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


class CoachInput(InputChannel):
    """Serves the routes under `/coach` on Rasa's own port."""

    @classmethod
    def name(cls) -> str:
        """Name of the channel in trackers."""
        return CHANNEL

    def url_prefix(self) -> str:
        """The leading slash keeps the routes out of Rasa's `/webhooks/`."""
        return "/coach"

    def get_output_channel(self) -> CoachOutput:
        """Return a channel for messages that answer no request."""
        return CoachOutput()

    def blueprint(self, _: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return all routes. Rasa's message handler is not used: the channel holds a conversation's lock itself."""
        limits = Limits.from_environment(os.environ)
        conversations = Conversations(resources.content)
        counters = Metrics()
        voice = voice_version(os.environ)
        routes = CoachRoutes(conversations, Health(resources.content), limits, counters, voice)
        coach = CoachBlueprint("coach")
        coach.limits, coach.metrics = limits, counters
        coach.add_route(_as_function(routes.open), "/conversation", methods=["POST"], name="open")
        coach.add_route(_as_function(routes.current), "/conversation", methods=["GET"], name="current")
        coach.add_route(_as_function(routes.delete), "/conversation", methods=["DELETE"], name="delete")
        coach.add_route(_as_function(routes.message), "/message", methods=["POST"], name="message")
        coach.add_route(_as_function(routes.ear), "/listen", methods=["GET"], name="ear")
        coach.add_route(_as_function(routes.listen), "/listen", methods=["POST"], name="listen")
        coach.add_route(_as_function(routes.speech.respond), "/speech", methods=["GET"], name="speech")
        coach.add_route(_as_function(routes.health), "/health", methods=["GET"], name="health")
        coach.add_route(api_document, "/openapi.json", methods=["GET"], name="openapi")
        coach.add_route(phrases, "/phrases.json", methods=["GET"], name="phrases")
        coach.add_route(picture, "/pictures/<path:path>", methods=["GET"], name="picture")
        coach.add_route(widget_file, "/<path:path>", methods=["GET"], name="widget")
        coach.listener(patch_agent, "after_server_start")
        coach.listener(partial(start_purging, conversations), "after_server_start")
        coach.listener(partial(serve_metrics, counters), "after_server_start")
        coach.listener(close_stores, "after_server_stop")
        coach.listener(partial(routes.close_ear), "before_server_stop")
        coach.listener(partial(end_speech, routes.speech), "after_server_stop")
        return coach


def _as_function(method: Handler) -> Handler:
    """Wrap a method in a function, since Sanic sets attributes of its handlers."""

    async def handler(request: Request) -> HTTPResponse:
        return await method(request)

    return handler


class CoachBlueprint(Blueprint):
    """Blueprint that also installs app-wide middleware and replaces Rasa's page at `/`."""

    __slots__ = ("limits", "metrics")
    limits: Limits
    metrics: Metrics

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Join `app`; called by Sanic."""
        super().register(app, options)  # type: ignore[no-untyped-call]
        middleware.install(
            app, self.limits, allowed_origins(os.environ), own_names(os.environ), self.metrics.count_refusal
        )
        for route in app.router.routes:
            # Rasa's greeting shows its version. A second route for the same path is not allowed.
            if route.path == "":
                route.handler = page


async def patch_agent(app: Sanic, _: AbstractEventLoop) -> None:
    """Patch and instrument the agent that Rasa has loaded."""
    agent = getattr(app.ctx, "agent", None)
    if agent is not None and agent.is_ready():
        runtime.install(agent)
        metrics.instrument(agent)


async def start_purging(conversations: Conversations, app: Sanic, _: AbstractEventLoop) -> None:
    """Start the task that deletes conversations after the retention time."""
    store = getattr(getattr(app.ctx, "agent", None), "tracker_store", None)
    if isinstance(store, LiveTrackerStore):
        hours = retention_hours(os.environ)
        app.ctx.purging = asyncio.create_task(purge_regularly(store, hours, conversations.clear_caches))


async def serve_metrics(counters: Metrics, _: Sanic, __: AbstractEventLoop) -> None:
    """Serve the metrics, if an address is set for them."""
    counters.serve(MetricsAddress.from_environment(os.environ))


async def close_stores(app: Sanic, _: AbstractEventLoop) -> None:
    """Let the store finish its writes, then close it and the connections to Redis."""
    purging = getattr(app.ctx, "purging", None)
    if purging is not None:
        purging.cancel()
    agent = getattr(app.ctx, "agent", None)
    store, locks = getattr(agent, "tracker_store", None), getattr(agent, "lock_store", None)
    if isinstance(store, LiveTrackerStore):
        store.close()
    if isinstance(locks, RedisLockStore):
        await locks.close()


async def end_speech(speech: SpeechRoute, _: Sanic, __: AbstractEventLoop) -> None:
    """End the process that makes sounds."""
    await speech.close()


@functools.cache
def phrases_file() -> bytes:
    """The phrases that a client acts upon by itself, as JSON."""
    return json.dumps(client_phrases(resources.content())).encode()


@functools.cache
def widget_assets() -> Assets:
    """The widget's files, the phrases and the icons among them."""
    pictures = resources.content_folder() / "pictures"
    return Assets(WEB, WEB / "dist", {PHRASES: phrases_file, **icons.makers()}, pictures)


async def page(request: Request) -> HTTPResponse:
    """GET /: the demo page."""
    if not (WEB / "index.html").is_file():
        return text(WITHOUT_PAGE)
    return serve_widget(request, widget_assets(), "index.html")


async def api_document(request: Request) -> HTTPResponse:
    """GET /coach/openapi.json: these routes, for programs."""
    return cached_response(request, openapi.document_bytes(), ".json")


async def widget_file(request: Request, path: str) -> HTTPResponse:
    """GET /coach/<file>: the widget."""
    return serve_widget(request, widget_assets(), path)


async def phrases(request: Request) -> HTTPResponse:
    """GET /coach/phrases.json: the phrases that a client acts upon by itself."""
    return cached_response(request, phrases_file(), ".json")


async def picture(request: Request, path: str) -> HTTPResponse:
    """GET /coach/pictures/<file>.svg."""
    return PictureFolder(resources.content_folder() / "pictures").serve(request, path)
