"""The parts of the server's benchmark: speed, growth, start-up and memory, beside reference bots."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.bots import Bot, coach, megabytes, running, smallest, template
from benchmarks.turn_times import growth, side_by_side

logger = logging.getLogger(__name__)
SMALLEST_LATE = 300
"""The smallest bot's turns get slower with the square of their number: later ones are not measured."""
BLOCK = 20
"""Turns of a conversation while memory is filled."""


@dataclass(frozen=True)
class Crowd:
    """So many people at once, for so many rounds of so many turns each."""

    people: int
    rounds: int
    block: int


@dataclass(frozen=True)
class Extent:
    """How much is measured."""

    crowds: tuple[Crowd, ...]
    late: tuple[int, ...]
    """Turns of one conversation that are compared with its tenth."""
    turns: int
    """Turns after which memory is measured again."""
    template: bool = True
    """Whether to measure the bot of `rasa init`, which trains for minutes."""


WHOLE = Extent((Crowd(1, 20, 20), Crowd(8, 8, 20), Crowd(32, 6, 6), Crowd(128, 3, 4)), late=(300, 1000), turns=10_000)
QUICK = Extent((Crowd(1, 4, 10), Crowd(8, 2, 10)), late=(100,), turns=480, template=False)


class Measurements:
    """JSON values by name, each stored as soon as it is measured, so that an interrupted run can go on.

    `key` identifies the model and the extent; other ones have measurements of their own.
    """

    def __init__(self, folder: Path, *key: object) -> None:
        """Store into a sub-folder of `folder`."""
        self.bots = folder / "bots"
        """The trained reference bots, shared by all measurements."""
        self._folder = folder / hashlib.sha256(repr(key).encode()).hexdigest()[:12]

    def has(self, name: str) -> bool:
        """Return whether the value has been measured."""
        return self._file(name).is_file()

    def get(self, name: str) -> Any:
        """Return the value; None if it has not been measured."""
        return json.loads(self._file(name).read_text(encoding="utf-8")) if self.has(name) else None

    def put(self, name: str, value: Any) -> None:
        """Store a value atomically."""
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = self._file(name).with_suffix(".fresh")
        fresh.write_text(json.dumps(value), encoding="utf-8")
        fresh.replace(self._file(name))

    def clear(self) -> None:
        """Delete all values, but keep the trained bots."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"


@dataclass(frozen=True)
class Bench:
    """What every part needs."""

    extent: Extent
    measurements: Measurements
    scratch: Path
    """Folder for databases and logs."""
    model: Path

    def makers(self) -> dict[str, Callable[[], Bot]]:
        """Return functions that make the servers, by the names under which they are stored."""
        bots = self.measurements.bots
        found = {"smallest": lambda: smallest(bots), "coach": lambda: coach("Palmwise", self.scratch, self.model)}
        return {**found, "template": lambda: template(bots)} if self.extent.template else found


def speed(bench: Bench) -> None:
    """Time the coach's turns beside those of Rasa's bots; stored as `speed-<people>`."""
    crowds = [crowd for crowd in bench.extent.crowds if not bench.measurements.has(f"speed-{crowd.people}")]
    if not crowds:
        return
    with contextlib.ExitStack() as stack:
        started = [make() for make in bench.makers().values()]
        for bot in started:
            stack.enter_context(running(bot, bench.scratch))
        ours = replace(started[1], name="Palmwise, next")
        question = replace(ours, name="Palmwise, question", words=("which oil should I use",))
        button = replace(ours, name="Palmwise, button", words=("/next_step", "/previous_step"))
        bots = [started[0], ours, *started[2:], question, button]
        for crowd in crowds:
            logger.info("%d people.", crowd.people)
            found = asyncio.run(side_by_side(bots, crowd.people, crowd.rounds, crowd.block))
            values = {name: [round(value, 2) for value in times.values] for name, times in found.items()}
            bench.measurements.put(f"speed-{crowd.people}", values)


def late_turns(bench: Bench) -> None:
    """Time late turns of a conversation beside the tenth; stored as `growth-<server>`."""
    for who in ("smallest", "coach"):
        if bench.measurements.has(f"growth-{who}"):
            continue
        bot = bench.makers()[who]()
        with running(bot, bench.scratch):
            late = [turn for turn in bench.extent.late if who == "coach" or turn <= SMALLEST_LATE]
            rows = [(turn, *asyncio.run(growth(bot, turn))) for turn in late]
            bench.measurements.put(f"growth-{who}", {"bot": bot.name, "rows": rows})


def memory(bench: Bench) -> None:
    """Measure seconds until a server answers, MB then and after many turns; stored as `memory-<server>`."""
    for who, make in bench.makers().items():
        if bench.measurements.has(f"memory-{who}"):
            continue
        bot = make()
        with running(bot, bench.scratch) as (pid, seconds):
            sizes = [megabytes(pid)]
            if who != "template":
                asyncio.run(side_by_side([bot], 8, bench.extent.turns // (8 * BLOCK), BLOCK))
                sizes.append(megabytes(pid))
            bench.measurements.put(f"memory-{who}", {"bot": bot.name, "start": seconds, "megabytes": sizes})


PARTS: dict[str, Callable[[Bench], None]] = {"speed": speed, "growth": late_turns, "memory": memory}
