"""The doors under `/coach`: from a request to a response."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from json import dumps as plain_dumps
from typing import Any

from rasa.core.agent import Agent
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from palmwise.errors import RefusedError
from palmwise.server.conversations import Conversations, allowed_payloads
from palmwise.server.health import Health
from palmwise.server.limits import Allowance
from palmwise.server.messages import body, incoming, name
from palmwise.server.metrics import Watch
from palmwise.server.settings import Limits
from palmwise.server.turnstile import Turnstile

# Sanic's own way would write a payload as "\/next_step".
dumps = partial(plain_dumps, separators=(",", ":"))
COOKIE = "palmwise_conversation"
HEADER = "x-palmwise-conversation"
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
DELAY = 0.5
"""Seconds that a refusal for sending too much is held back, so that a flood slows itself down."""
HELD_BACK = 64
"""Refusals that one client may have waiting; more are given at once, to hold no memory."""


class Doors:
    """One method a door. Failures are raised; `palmwise.server.middleware` gives them their shape."""

    def __init__(  # noqa: PLR0913  each is made by the one place that knows how
        self,
        *,
        conversations: Conversations,
        health: Health,
        limits: Limits,
        by_client: Allowance,
        by_conversation: Allowance,
        watch: Watch,
    ) -> None:
        self._conversations = conversations
        self._health = health
        self._limits = limits
        self._by_client = by_client
        self._by_conversation = by_conversation
        self._watch = watch
        self._turnstile = Turnstile(time.monotonic)
        self._held_back: Counter[str] = Counter()

    async def open(self, request: Request) -> HTTPResponse:
        """POST /coach/conversation."""
        async with self._admitted(request):
            if request.body:
                body(request.content_type, request.body, self._limits.body_bytes)
            conversation = await self._conversations.open(_agent(request))
        response = _json({"conversation": conversation})
        cookie = response.cookies
        cookie[COOKIE] = conversation
        cookie[COOKIE]["httponly"] = True
        cookie[COOKIE]["samesite"] = "Lax"
        cookie[COOKIE]["path"] = "/"
        if request.scheme == "https":
            cookie[COOKIE]["secure"] = True
        return response

    async def message(self, request: Request) -> HTTPResponse:
        """POST /coach/message."""
        async with self._admitted(request):
            return await self._message(request)

    async def _message(self, request: Request) -> HTTPResponse:
        given = body(request.content_type, request.body, self._limits.body_bytes)
        message = incoming(given, allowed_payloads(), self._limits.text_characters)
        conversation = message.conversation or _told(request)
        if conversation is None:
            raise RefusedError(400, "malformed", "Say which conversation, or send its cookie.")
        agent = _agent(request)
        with self._watch.turn(conversation, message.by) as turn:
            await self._conversations.must_exist(agent, conversation, still=False)
            await self._spend(self._by_conversation, conversation)
            messages = await self._conversations.deliver(agent, conversation, message)
            turn.answered(messages)
        return _json({"messages": messages})

    async def look(self, request: Request) -> HTTPResponse:
        """GET /coach/conversation."""
        async with self._admitted(request):
            session, messages = await self._conversations.look(_agent(request), _which(request))
        return _json({"session": session, "messages": messages})

    async def forget(self, request: Request) -> HTTPResponse:
        """DELETE /coach/conversation."""
        async with self._admitted(request):
            conversation = self._named(request) or _which(request)
            await self._conversations.forget(_agent(request), conversation)
        response = empty(headers=_HEADERS)
        if _cookie(request) == conversation:
            response.cookies[COOKIE] = ""
            response.cookies[COOKIE]["max-age"] = 0
            response.cookies[COOKIE]["path"] = "/"
        return response

    async def health(self, request: Request) -> HTTPResponse:
        """GET /coach/health."""
        # Who looks after the server asks every few seconds, and is nobody whom others have to make room for.
        async with self._turnstile.turn(_client(request), speaks=False):
            ailment = await self._health.ailment(getattr(request.app.ctx, "agent", None))
        if ailment:
            raise RefusedError(503, "unavailable", ailment)
        return _json({"status": "ok"})

    def _named(self, request: Request) -> str | None:
        """The conversation that a body names, if there is a body."""
        if not request.body:
            return None
        return name(body(request.content_type, request.body, self._limits.body_bytes), "conversation")

    @asynccontextmanager
    async def _admitted(self, request: Request) -> AsyncIterator[None]:
        """The block is what a client within its rate is served, when it is its turn."""
        client = _client(request)
        await self._spend(self._by_client, client)
        async with self._turnstile.turn(client):
            yield

    async def _spend(self, allowance: Allowance, key: str) -> None:
        wait = allowance.take(key)
        if not wait:
            return
        if self._held_back[key] < HELD_BACK:
            self._held_back[key] += 1
            try:
                await asyncio.sleep(DELAY)
            finally:
                self._held_back[key] -= 1
                if not self._held_back[key]:
                    del self._held_back[key]
        raise RefusedError(429, "too_many", f"Too many messages. Please wait {wait} s.", wait)


def _client(request: Request) -> str:
    """The network address that a request comes from, or that a proxy named in front tells."""
    return str(request.remote_addr or request.ip)


def _agent(request: Request) -> Agent:
    agent: Agent | None = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        raise RefusedError(503, "unavailable", "No model is loaded.", 5)
    return agent


def _told(request: Request) -> str | None:
    """The conversation that a request names outside of its body, the cookie last."""
    value = request.args.get("conversation") or request.headers.get(HEADER) or _cookie(request)
    return name({"conversation": value}, "conversation") if value else None


def _cookie(request: Request) -> str | None:
    """Our own cookie. Browsers send along what other programs on this machine have set, by rules of their own, and
    Python's reader stops or raises at what it does not know: here only the name is looked for.
    """
    for given in str(request.headers.get("cookie", "")).split(";"):
        named, _, value = given.strip().partition("=")
        if named == COOKIE:
            return value.strip('"')
    return None


def _which(request: Request) -> str:
    conversation = _told(request)
    if conversation is None:
        raise RefusedError(404, "unknown_conversation", "Say which conversation, or send its cookie.")
    return conversation


def _json(content: dict[str, Any]) -> HTTPResponse:
    return json(content, headers=_HEADERS, dumps=dumps)
