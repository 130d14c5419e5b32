"""Handlers of the routes under `/coach`: from request to response."""

from __future__ import annotations

from functools import partial
from json import dumps as json_dumps
from typing import Any

from rasa.core.agent import Agent
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from palmwise.errors import RefusedError
from palmwise.server.conversations import Conversations, allowed_payloads
from palmwise.server.health import Health
from palmwise.server.limits import RateLimit
from palmwise.server.listening import EarService, is_private, read_sound, require_private
from palmwise.server.messages import parse_conversation, parse_json, parse_message
from palmwise.server.metrics import Metrics
from palmwise.server.settings import Limits
from palmwise.server.speech_route import SpeechRoute

COOKIE = "palmwise_conversation"
HEADER = "x-palmwise-conversation"
SOUND_BURST, SOUND_RATE = 30.0, 4.0
"""Clips that one network address may send at once, and continuously each second."""
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
# Sanic's default would write a payload as "\/next_step".
_dumps = partial(json_dumps, separators=(",", ":"))


class CoachRoutes:
    """One method per route. Errors are raised; `palmwise.server.middleware` makes responses of them."""

    def __init__(
        self,
        conversations: Conversations,
        health: Health,
        limits: Limits,
        metrics: Metrics,
        voice: str | None = None,
    ) -> None:
        """`voice` is the release of the voice that speaks for browsers, None without one."""
        self._conversations = conversations
        self._health = health
        self._limits = limits
        self._metrics = metrics
        self._ear = EarService()
        self._sound_limit = RateLimit(SOUND_BURST, SOUND_RATE)
        self._client_limit = RateLimit(limits.client_burst, limits.client_rate)
        self._open_limit = RateLimit(limits.open_burst, limits.open_rate)
        self._total_open_limit = RateLimit(limits.total_open_burst, limits.total_open_rate)
        self._conversation_limit = RateLimit(limits.conversation_burst, limits.conversation_rate)
        self.speech = SpeechRoute(self._client_limit, voice)

    async def open(self, request: Request) -> HTTPResponse:
        """POST /coach/conversation."""
        await self._client_limit.require(_client(request))
        if request.body:
            self._json(request)
        await self._open_limit.require(_client(request))
        await self._total_open_limit.require("")
        conversation = await self._conversations.open(_agent(request))
        response = _json_response({"conversation": conversation})
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
        await self._client_limit.require(_client(request))
        message = parse_message(self._json(request), allowed_payloads(), self._limits.text_characters)
        conversation = message.conversation or _conversation_outside_body(request)
        if conversation is None:
            raise RefusedError(400, "malformed", "Say which conversation, or send its cookie.")
        agent = _agent(request)
        with self._metrics.turn(conversation, message.by) as turn:
            await self._conversations.require(agent, conversation, ask_shared_store=False)
            await self._conversation_limit.require(conversation)
            messages = await self._conversations.deliver(agent, conversation, message)
            turn.record_answer(messages)
        return _json_response({"messages": self.speech.with_addresses(conversation, messages)})

    async def current(self, request: Request) -> HTTPResponse:
        """GET /coach/conversation."""
        await self._client_limit.require(_client(request))
        conversation = _require_conversation(_conversation_outside_body(request))
        found = await self._conversations.current(_agent(request), conversation)
        found["messages"] = self.speech.with_addresses(conversation, found["messages"])
        if "plan" in found and request.args.get("speech") == "plan":
            found["plan"] = self.speech.plan_with_addresses(conversation, found["plan"])
        return _json_response(found)

    async def delete(self, request: Request) -> HTTPResponse:
        """DELETE /coach/conversation."""
        await self._client_limit.require(_client(request))
        named = parse_conversation(self._json(request)) if request.body else None
        conversation = _require_conversation(named or _conversation_outside_body(request))
        await self._conversations.delete(_agent(request), conversation)
        self.speech.forget(conversation)
        response = empty(headers=_HEADERS)
        if _cookie(request) == conversation:
            response.cookies[COOKIE] = ""
            response.cookies[COOKIE]["max-age"] = 0
            response.cookies[COOKIE]["path"] = "/"
        return response

    async def ear(self, request: Request) -> HTTPResponse:
        """GET /coach/listen: which ear there is; empty while it starts, which this makes it do; null without one."""
        await self._client_limit.require(_client(request))
        return _json_response({"ear": self._ear.begin() if is_private(request) else None})

    async def listen(self, request: Request) -> HTTPResponse:
        """POST /coach/listen: sound in, words out. They are not sent to the coach: that is for the client to do."""
        await self._client_limit.require(_client(request))
        require_private(request)
        sound = read_sound(request)
        conversation = _require_conversation(_conversation_outside_body(request))
        await self._conversations.require(_agent(request), conversation, ask_shared_store=False)
        await self._sound_limit.require(_client(request))
        return _json_response(dict(await self._ear.listen(sound, request.args.get("asked"))))

    async def close_ear(self, *_: Any) -> None:
        """End the ear with the server."""
        await self._ear.close()

    async def health(self, request: Request) -> HTTPResponse:
        """GET /coach/health. It has no rate limit: monitors ask every few seconds, and share one check."""
        problem = await self._health.problem(getattr(request.app.ctx, "agent", None))
        if problem:
            raise RefusedError(503, "unavailable", problem)
        return _json_response({"status": "ok"})

    def _json(self, request: Request) -> dict[str, Any]:
        return parse_json(request.content_type, request.body, self._limits.body_bytes)


def _client(request: Request) -> str:
    """The network address of the client, or the one that a trusted proxy names."""
    return str(request.remote_addr or request.ip)


def _agent(request: Request) -> Agent:
    agent: Agent | None = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        raise RefusedError(503, "unavailable", "No model is loaded.", 5)
    return agent


def _conversation_outside_body(request: Request) -> str | None:
    """The conversation that query, header or cookie name, in this order."""
    value = request.args.get("conversation") or request.headers.get(HEADER) or _cookie(request)
    return parse_conversation({"conversation": value}) if value else None


def _cookie(request: Request) -> str | None:
    """Value of our own cookie.

    Browsers also send cookies of other programs on this machine, in formats of their own, at which Python's parser
    stops or raises; so only our name is looked for.
    """
    for cookie in str(request.headers.get("cookie", "")).split(";"):
        name, _, value = cookie.strip().partition("=")
        if name == COOKIE:
            return value.strip('"')
    return None


def _require_conversation(conversation: str | None) -> str:
    if conversation is None:
        raise RefusedError(404, "unknown_conversation", "Say which conversation, or send its cookie.")
    return conversation


def _json_response(content: dict[str, Any]) -> HTTPResponse:
    return json(content, headers=_HEADERS, dumps=_dumps)
