"""What a turn costs beside the smallest possible Rasa bot, measured alternately in one run.

`python -m benchmarks.turn_times --folder . --door /coach/message --opening "..." --words next "go back"`
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import aiohttp

from benchmarks.turns_bots import Bot, make_floor, running

logger = logging.getLogger(__name__)

LATE = 300
"""The turn that is compared with the tenth."""


@dataclass(frozen=True)
class Times:
    """How long turns took, in milliseconds."""

    values: tuple[float, ...]

    def at(self, percent: int) -> float:
        """The percentile of that number."""
        return statistics.quantiles(self.values, n=100, method="inclusive")[percent - 1]

    def __str__(self) -> str:
        return f"{self.at(50):.1f} / {self.at(95):.1f} / {self.at(99):.1f}"


class Person:
    """Somebody who says the bot's words one after the other, waiting for each answer."""

    def __init__(self, bot: Bot, http: aiohttp.ClientSession, name: str) -> None:
        self._bot, self._http, self._name = bot, http, name
        self._said = 0

    async def open(self) -> None:
        """Opens the conversation and says the opening words."""
        if self._bot.door != Bot.door:
            async with self._http.post(f"{self._bot.url}/coach/conversation", json={}) as answer:
                told = await answer.json()
            if "conversation" not in told:
                raise RuntimeError(f"{self._bot.name} opened no conversation: {answer.status} {told}")
            self._name = told["conversation"]
        for words in self._bot.opening:
            await self._say(words, measured=False)

    async def turn(self) -> float:
        """One turn; how long it took, in milliseconds."""
        words = self._bot.words[self._said % len(self._bot.words)]
        self._said += 1
        return await self._say(words)

    async def _say(self, words: str, *, measured: bool = True) -> float:
        coach = self._bot.door != Bot.door
        kind = "payload" if words.startswith("/") else "text"
        body = {"conversation": self._name, kind: words} if coach else {"sender": self._name, "message": words}
        start = time.perf_counter()
        async with self._http.post(self._bot.url + self._bot.door, json=body) as answer:
            said = await answer.text()
        taken = (time.perf_counter() - start) * 1000
        if answer.status != HTTPStatus.OK or (measured and self._bot.expect not in said):
            raise RuntimeError(f"{self._bot.name} answered {answer.status} without a turn to {words!r}.")
        return taken


async def side_by_side(bots: Sequence[Bot], people: int, rounds: int, block: int) -> dict[str, Times]:
    """Every bot's turns with `people` at once, `rounds` times `block` turns each, the bots taking turns by block."""
    found: dict[str, list[float]] = {bot.name: [] for bot in bots}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, ssl=False)) as http:
        for number in range(rounds):
            for bot in bots:
                group = [Person(bot, http, f"p{people}-{number}-{who}") for who in range(people)]
                await asyncio.gather(*(person.open() for person in group))
                for person in group:
                    await person.turn()
                for times in await asyncio.gather(*(_talk(person, block) for person in group)):
                    found[bot.name].extend(times)
    return {name: Times(tuple(times)) for name, times in found.items()}


async def growth(bot: Bot, turns: int = LATE, around: int = 10) -> tuple[float, float]:
    """Medians of the turns around the tenth and around `turns`, of conversations that alternate, in milliseconds."""
    early: list[float] = []
    late: list[float] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, ssl=False)) as http:
        old = Person(bot, http, f"old-{turns}")
        await old.open()
        await _talk(old, turns - around // 2)
        for number in range(5):
            young = Person(bot, http, f"young-{turns}-{number}")
            await young.open()
            await _talk(young, 10 - around // 2)
            for _ in range(around):
                early.append(await young.turn())
                late.append(await old.turn())
    return statistics.median(early), statistics.median(late)


async def _talk(person: Person, turns: int) -> list[float]:
    return [await person.turn() for _ in range(turns)]


def table(rows: Sequence[tuple[str, str, Times, Times]]) -> str:
    """The comparison in Markdown: p50 / p95 / p99 in ms, and how often the floor's."""
    lines = ["| bot | people | p50 / p95 / p99 ms | of the floor: p50 | p99 |", "|---|---|---|---|---|"]
    for name, people, times, floor in rows:
        ratios = f"{times.at(50) / floor.at(50):.2f} | {times.at(99) / floor.at(99):.2f}"
        lines.append(f"| {name} | {people} | {times} | {ratios} |")
    return "\n".join(lines)


def measure(bots: Sequence[Bot], rounds: int, block: int) -> str:
    """The tables for `bots`, of which the first is the floor and all are running."""
    rows = []
    for people in (1, 8):
        times = asyncio.run(side_by_side(bots, people, rounds, block))
        rows += [(bot.name, str(people), times[bot.name], times[bots[0].name]) for bot in bots]
    text = table(rows)
    for bot in bots[1:]:
        early, late = asyncio.run(growth(bot))
        text += f"\n\n{bot.name}: turn 10 {early:.1f} ms, turn {LATE} {late:.1f} ms, ratio {late / early:.2f}"
    return text


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path())
    parser.add_argument("--door", default="/coach/message")
    parser.add_argument("--opening", nargs="*", default=[])
    parser.add_argument("--words", nargs="+", default=["next"])
    parser.add_argument("--expect", default="", help='what every answer contains, such as \'"card":"step"\'')
    parser.add_argument("--stock", action="store_true", help="also the same bot with Rasa's own engine")
    parser.add_argument("--floor", type=Path, help="a floor bot that was made before")
    parser.add_argument("--port", type=int, default=5140)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--block", type=int, default=25)
    return parser.parse_args()


def main() -> None:
    """Measures the bot of the command line and logs the tables."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    chosen = _arguments()
    with tempfile.TemporaryDirectory() as scratch:
        floor = chosen.floor or Path(scratch) / "floor"
        if not floor.exists():
            make_floor(floor)
        folder = chosen.folder.resolve()
        talk = {
            "door": chosen.door,
            "opening": tuple(chosen.opening),
            "words": tuple(chosen.words),
            "expect": chosen.expect,
        }
        bots = [
            Bot("floor", floor.resolve(), chosen.port, expect="next step"),
            Bot("ours", folder, chosen.port + 1, **talk),
        ]
        if chosen.stock:
            stock = {"PALMWISE_STOCK_ENGINE": "1"}
            bots.append(Bot("ours, stock engine", folder, chosen.port + 2, **talk, environment=stock))
        logger.info(_run(bots, Path(scratch), chosen.rounds, chosen.block))


def _run(bots: Sequence[Bot], scratch: Path, rounds: int, block: int) -> str:
    """Starts one server after the other, then measures them all."""
    with contextlib.ExitStack() as stack:
        for bot in bots:
            stack.enter_context(running(bot, scratch / f"{bot.port}.log"))
        return measure(bots, rounds, block)


if __name__ == "__main__":
    main()
