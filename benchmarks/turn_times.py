"""Simulated people whose turns are timed."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp

from benchmarks.bots import Bot


@dataclass(frozen=True)
class TurnTimes:
    """Durations of turns, in milliseconds."""

    values: tuple[float, ...]

    def at(self, percent: int) -> float:
        """Return a percentile."""
        return statistics.quantiles(self.values, n=100, method="inclusive")[percent - 1]


class SimulatedPerson:
    """Somebody who says the bot's words in turn and waits for each answer."""

    def __init__(self, bot: Bot, http: aiohttp.ClientSession, name: str) -> None:
        """`name` identifies the conversation on Rasa's `rest` channel; the coach assigns ids itself."""
        self._bot, self._http, self._name = bot, http, name
        self._turns = 0
        self._is_coach = bot.path != Bot.path

    async def open(self) -> None:
        """Open the conversation and say the opening words."""
        if self._is_coach:
            async with self._http.post(f"{self._bot.url}/coach/conversation", json={}) as answer:
                content = await answer.json()
            if "conversation" not in content:
                raise RuntimeError(f"{self._bot.name} opened no conversation: {answer.status} {content}")
            self._name = content["conversation"]
        for words in self._bot.opening:
            await self._say(words, expect="")

    async def turns(self, count: int) -> list[float]:
        """Take so many turns; return the milliseconds of each."""
        return [await self._turn() for _ in range(count)]

    async def _turn(self) -> float:
        words = self._bot.words[self._turns % len(self._bot.words)]
        self._turns += 1
        return await self._say(words, self._bot.expect)

    async def _say(self, words: str, expect: str) -> float:
        kind = "payload" if words.startswith("/") else "text"
        rest = {"sender": self._name, "message": words}
        body = {"conversation": self._name, kind: words} if self._is_coach else rest
        start = time.perf_counter()
        async with self._http.post(self._bot.url + self._bot.path, json=body) as answer:
            text = await answer.text()
        taken = (time.perf_counter() - start) * 1000
        if answer.status != HTTPStatus.OK or expect not in text:
            raise RuntimeError(f"{self._bot.name} answered {answer.status} to {words!r}, which is no turn.")
        return taken


async def side_by_side(bots: Sequence[Bot], people: int, rounds: int, block: int) -> dict[str, TurnTimes]:
    """Time every bot's turns with `people` at once, `rounds` times `block` turns each.

    The bots take turns by block, so that a machine that slows down slows all of them.
    """
    found: dict[str, list[float]] = {bot.name: [] for bot in bots}
    async with _session() as http:
        for number in range(rounds):
            for bot in bots:
                group = [SimulatedPerson(bot, http, f"p{people}-{number}-{who}") for who in range(people)]
                await asyncio.gather(*(person.open() for person in group))
                for person in group:
                    await person.turns(1)
                for times in await asyncio.gather(*(person.turns(block) for person in group)):
                    found[bot.name].extend(times)
    return {name: TurnTimes(tuple(times)) for name, times in found.items()}


async def growth(bot: Bot, turns: int, around: int = 10) -> tuple[float, float]:
    """Return the medians, in ms, of the turns around the tenth and around `turns`, measured alternately."""
    early: list[float] = []
    late: list[float] = []
    async with _session() as http:
        old = SimulatedPerson(bot, http, f"old-{turns}")
        await old.open()
        await old.turns(turns - around // 2)
        for number in range(5):
            young = SimulatedPerson(bot, http, f"young-{turns}-{number}")
            await young.open()
            await young.turns(10 - around // 2)
            for _ in range(around):
                early += await young.turns(1)
                late += await old.turns(1)
    return statistics.median(early), statistics.median(late)


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
