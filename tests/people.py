"""Simulated people who go through a massage in random ways and check at every turn where they are."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp

STEPS = 6
"""Number of steps of the classic routine."""
RETRY_SECONDS = 90.0
"""Seconds for which a message is repeated until it is answered."""
RETRY_PAUSE = 0.25
"""Seconds between two attempts."""
REPEATED = frozenset({429, 502, 503, 504})
"""Statuses after which a message is sent again; their bodies may come from the proxy and be no JSON."""


class LostError(AssertionError):
    """A conversation is not in the state that it should be in."""


@dataclass
class Person:
    """One conversation and the state that it should be in."""

    address: str
    number: int
    http: aiohttp.ClientSession
    conversation: str = ""
    state: str = "none"
    step: int | None = None
    apologies: int = 0
    """Turns that were answered by an apology."""
    troubles: int = 0
    """Requests that were refused or not answered, and repeated."""
    sent: int = 0
    answered: list[str] = field(default_factory=list)
    """Ids of the messages that were answered, and not by an apology."""
    pause: float = RETRY_PAUSE
    """Seconds until a message that was not answered is sent again."""
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)

    async def open(self) -> Person:
        """Open the conversation and go to the first step of the massage."""
        answer = await self._insist(lambda: self.http.post(f"{self.address}/coach/conversation", json={}))
        self.conversation = answer["conversation"]
        await self._turn('/start_routine{"routine": "classic"}', "screening", None)
        await self._turn("/deny", "preparing", None)
        await self._turn("/affirm", "running", 1)
        return self

    async def go_on(self, turns: int) -> None:
        """Make so many moves, each with its answer checked."""
        for _ in range(turns):
            await self.move()

    async def move(self) -> None:
        """Make a random move or ask a question."""
        step = self.step or 1
        if self.state == "paused":
            await self._turn("/resume", "running", step)
            return
        kind = self.chance.random()
        if kind < 0.4 and step < STEPS:
            await self._turn("/next_step", "running", step + 1)
        elif kind < 0.6:
            await self._turn("/previous_step", "running", max(1, step - 1))
        elif kind < 0.7:
            await self._turn("/pause", "paused", step)
        elif kind < 0.85:
            await self._turn("/faq/oils", "running", step)
        else:
            await self._turn("/repeat_step", "running", step)

    async def look(self) -> None:
        """Check that a reload shows the same state."""
        url = f"{self.address}/coach/conversation?conversation={self.conversation}"
        answer = await self._insist(lambda: self.http.get(url))
        self._check(answer["session"], self.state, self.step, "a look")

    async def _turn(self, payload: str, state: str, step: int | None) -> None:
        for _ in range(5):
            self.sent += 1
            body = {"conversation": self.conversation, "payload": payload, "id": f"{self.number}-{self.sent}"}
            answer = await self._insist(
                lambda body=body: self.http.post(self._url, json=body)  # type: ignore[misc]
            )
            messages: Sequence[dict[str, Any]] = answer["messages"]
            if {message["recipient_id"] for message in messages} != {self.conversation}:
                raise LostError(f"{self.number}: {payload} was answered by {messages}")
            custom = messages[-1]["custom"]
            if custom.get("title") == "Sorry":
                self.apologies += 1
                self._check(custom["session"], self.state, self.step, "an apology")
                await self._recovery()
                continue
            self._check(custom["session"], state, step, payload)
            self.state, self.step = state, step
            self.answered.append(body["id"])
            return
        raise LostError(f"{self.number}: nothing but apologies for {payload}")

    async def _recovery(self) -> None:
        """Wait until the server is healthy, as a person does who is asked to repeat something."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + RETRY_SECONDS
        while loop.time() < deadline:
            await asyncio.sleep(RETRY_PAUSE)
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
                async with self.http.get(f"{self.address}/coach/health") as answer:
                    if answer.status == HTTPStatus.OK:
                        return

    @property
    def _url(self) -> str:
        # The proxy finds the conversation's server by the query.
        return f"{self.address}/coach/message?conversation={self.conversation}"

    def _check(self, session: dict[str, Any], state: str, step: int | None, what: str) -> None:
        found = session["state"], session["step"]
        if found != (state, step):
            raise LostError(f"{self.number}: after {what} at {found} instead of {(state, step)}")

    async def _insist(self, ask: Callable[[], Awaitable[Any]]) -> dict[str, Any]:
        """Repeat a request until it is answered, as the widget does."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + RETRY_SECONDS
        last = "no answer"
        while loop.time() < deadline:
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
                async with await ask() as answer:
                    text = await answer.text()
                    if answer.status == HTTPStatus.OK:
                        return self._read(text)
                    if answer.status not in REPEATED:
                        raise LostError(f"{self.number}: {answer.status} {text[:200]}")
                    last = f"{answer.status} {text[:200]}"
            self.troubles += 1
            await asyncio.sleep(self.pause)
        raise LostError(f"{self.number}: no answer, {last}")

    def _read(self, text: str) -> dict[str, Any]:
        with contextlib.suppress(ValueError):
            found = json.loads(text)
            if isinstance(found, dict):
                return found
        raise LostError(f"{self.number}: answered by {text[:200]!r}")


def http_session(connections: int = 0) -> aiohttp.ClientSession:
    """Return an HTTP session that accepts any certificate."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections, ssl=False),
        timeout=aiohttp.ClientTimeout(total=40, connect=5),
        cookie_jar=aiohttp.DummyCookieJar(),
    )
