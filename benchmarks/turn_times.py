"""Simulated people whose turns are timed."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import aiohttp

from benchmarks.bots import Bot
from benchmarks.tables import cpu_seconds

OPENING = ("start the classic massage", "no", "ready")
"""What is said to the coach before anything is measured."""


@dataclass
class TurnTimes:
    """What the turns of a bot took, in milliseconds."""

    values: list[float] = field(default_factory=list)
    cpu: float = 0.0
    """Processor time of the server for all of them."""

    def at(self, percent: int) -> float:
        """Return a percentile."""
        return statistics.quantiles(self.values, n=100, method="inclusive")[percent - 1]


class SimulatedPerson:
    """Somebody who says the bot's words in turn and waits for each answer."""

    def __init__(self, bot: Bot, http: aiohttp.ClientSession, name: str) -> None:
        """`name` identifies the conversation on Rasa's `rest` channel; the coach assigns ids itself."""
        self._bot, self._http, self._name = bot, http, name
        self._turns = 0

    async def open(self) -> None:
        """Open the conversation; begin a massage."""
        if self._bot.is_coach:
            async with self._http.post(f"{self._bot.url}/coach/conversation", json={}) as answer:
                self._name = (await answer.json())["conversation"]
            for words in OPENING:
                await self._say(words)
        await self.turns(1)

    async def turns(self, count: int) -> list[float]:
        """Take so many turns; return the milliseconds of each."""
        return [await self._turn() for _ in range(count)]

    async def _turn(self) -> float:
        self._turns += 1
        start = time.perf_counter()
        await self._say(self._bot.words[self._turns % len(self._bot.words)])
        return (time.perf_counter() - start) * 1000

    async def _say(self, words: str) -> None:
        path, body = "/webhooks/rest/webhook", {"sender": self._name, "message": words}
        if self._bot.is_coach:
            kind = "payload" if words.startswith("/") else "text"
            path, body = "/coach/message", {"conversation": self._name, kind: words}
        async with self._http.post(self._bot.url + path, json=body) as answer:
            text = await answer.text()
        # An apology is fast, but no turn; nor is silence.
        if answer.status != HTTPStatus.OK or len(text) < len('[{"text":""}]') or "went wrong" in text:
            raise RuntimeError(f"{self._bot.name} answered {answer.status} to {words!r}: {text}")


async def side_by_side(bots: Sequence[Bot], people: int, rounds: int, block: int) -> dict[str, TurnTimes]:
    """Time every bot's turns with `people` at once, `rounds` times `block` turns each.

    The bots take turns by block, so that a machine that slows down slows all of them.
    """
    found = {bot.name: TurnTimes() for bot in bots}
    async with _session() as http:
        for number in range(rounds):
            for bot in bots:
                group = [SimulatedPerson(bot, http, f"p{people}-{number}-{who}") for who in range(people)]
                await asyncio.gather(*(person.open() for person in group))
                before = cpu_seconds(bot.pid)
                for times in await asyncio.gather(*(person.turns(block) for person in group)):
                    found[bot.name].values.extend(times)
                found[bot.name].cpu += 1000 * (cpu_seconds(bot.pid) - before)
    return found


async def growth(bot: Bot, turns: int, around: int = 10) -> tuple[float, float]:
    """Return the medians, in ms, of the turns around the tenth and around `turns`, measured alternately."""
    early: list[float] = []
    late: list[float] = []
    async with _session() as http:
        old = SimulatedPerson(bot, http, "old")
        await old.open()
        await old.turns(turns - around // 2)
        for number in range(5):
            young = SimulatedPerson(bot, http, f"young-{number}")
            await young.open()
            await young.turns(10 - around // 2)
            for _ in range(around):
                early += await young.turns(1)
                late += await old.turns(1)
    return statistics.median(early), statistics.median(late)


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
