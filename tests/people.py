"""People who go through a massage each in their own way, and know at every turn where they have to be."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp

STEPS = 6
"""Of the classic routine."""
PATIENCE = 90.0
"""Seconds that a person tries to get one message through."""
PAUSE = 0.25
"""Seconds before it is tried again."""


class LostError(AssertionError):
    """A conversation is not where it has to be."""


@dataclass
class Person:
    """One conversation, and where it is."""

    address: str
    number: int
    http: aiohttp.ClientSession
    conversation: str = ""
    state: str = "none"
    step: int | None = None
    apologies: int = 0
    """Turns that were answered with an apology."""
    troubles: int = 0
    """Requests that were refused or not answered, and sent again."""
    sent: int = 0
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)

    async def open(self) -> Person:
        """Begins the conversation, at the first step of the massage."""
        answer = await self._insist(lambda: self.http.post(f"{self.address}/coach/conversation", json={}))
        self.conversation = answer["conversation"]
        await self._turn('/start_routine{"routine": "classic"}', "screening", None)
        await self._turn("/deny", "preparing", None)
        await self._turn("/affirm", "running", 1)
        return self

    async def go_on(self, turns: int) -> None:
        """So many moves and questions, each answer checked."""
        for _ in range(turns):
            await self.move()

    async def move(self) -> None:
        """One of them."""
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
        """A reload shows the same place."""
        door = f"{self.address}/coach/conversation?conversation={self.conversation}"
        answer = await self._insist(lambda: self.http.get(door))
        self._check(answer["session"], self.state, self.step, "a look")

    async def _turn(self, payload: str, state: str, step: int | None) -> None:
        for _ in range(5):
            self.sent += 1
            body = {"conversation": self.conversation, "payload": payload, "id": f"{self.number}-{self.sent}"}
            answer = await self._insist(
                lambda body=body: self.http.post(self._door, json=body)  # type: ignore[misc]
            )
            told: Sequence[dict[str, Any]] = answer["messages"]
            if {message["recipient_id"] for message in told} != {self.conversation}:
                raise LostError(f"{self.number}: {payload} was answered by {told}")
            custom = told[-1]["custom"]
            if custom.get("title") == "Sorry":
                self.apologies += 1
                self._check(custom["session"], self.state, self.step, "an apology")
                await self._recovery()
                continue
            self._check(custom["session"], state, step, payload)
            self.state, self.step = state, step
            return
        raise LostError(f"{self.number}: nothing but apologies for {payload}")

    async def _recovery(self) -> None:
        """A person who is asked to say it once more waits until the coach is well, however long this machine takes."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while loop.time() < deadline:
            await asyncio.sleep(PAUSE)
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
                async with self.http.get(f"{self.address}/coach/health") as answer:
                    if answer.status == HTTPStatus.OK:
                        return

    @property
    def _door(self) -> str:
        # The query lets the proxy find the same server again.
        return f"{self.address}/coach/message?conversation={self.conversation}"

    def _check(self, session: dict[str, Any], state: str, step: int | None, what: str) -> None:
        found = session["state"], session["step"]
        if found != (state, step):
            raise LostError(f"{self.number}: after {what} at {found} instead of {(state, step)}")

    async def _insist(self, ask: Callable[[], Awaitable[Any]]) -> dict[str, Any]:
        """As the widget does: the same message again, until there is an answer."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        last = "nobody there"
        while loop.time() < deadline:
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
                async with await ask() as answer:
                    found: dict[str, Any] = await answer.json(content_type=None)
                    if answer.status == 200:
                        return found
                    if answer.status not in {429, 502, 503, 504}:
                        raise LostError(f"{self.number}: {answer.status} {found}")
                    last = str(found)
            self.troubles += 1
            await asyncio.sleep(PAUSE)
        raise LostError(f"{self.number}: no answer, {last}")


def wire(connections: int = 0) -> aiohttp.ClientSession:
    """What people talk over; any certificate will do."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections, ssl=False),
        timeout=aiohttp.ClientTimeout(total=40, connect=5),
        cookie_jar=aiohttp.DummyCookieJar(),
    )
