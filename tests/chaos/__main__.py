"""`make test-chaos`: people in massages while everything that can happen to a server happens, and whether all is well.

People check the contract at each answer: the state, the step, whose answer it is (`tests.people`). Afterwards each
looks again, and the database must hold every answered message exactly once.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.tables import table, write_report
from tests.chaos.worlds import World, one_process, several
from tests.cluster import services
from tests.people import LostError, Person, http_session

PAUSES = (2.0, 6.0)
"""Seconds between two turns of a person, and between two events."""
RETRY_PAUSE = 1.0
"""Seconds until one of so many people tries again: more often, they would keep the machine from starting the server."""


@dataclass
class Outcome:
    """What became of everybody in one world."""

    events: Counter[str] = field(default_factory=Counter)
    turns: int = 0
    faults: int = 0
    """Refusals, lost connections and apologies, after each of which the message was sent again."""
    lost: list[str] = field(default_factory=list)
    """People without an answer, and answered messages that are not stored."""
    wrong: list[str] = field(default_factory=list)
    """Answers that show another place than they should, and messages that are stored twice."""


async def live(person: Person, until: float, outcome: Outcome) -> None:
    """Go through the massage until the time is over, and look again."""
    try:
        await person.open()
        while time.monotonic() < until:
            await asyncio.sleep(person.chance.uniform(*PAUSES))
            await person.move()
        await person.look()
    except LostError as error:
        (outcome.lost if "no answer" in str(error) else outcome.wrong).append(str(error))
    except (LookupError, TypeError, ValueError) as error:
        outcome.wrong.append(f"{person.number}: an answer that makes no sense: {error!r}")


async def happen(world: World, until: float, outcome: Outcome, chance: random.Random) -> None:
    """Let one event after the other happen, each kind as often as the others."""
    waiting: list[str] = []
    while time.monotonic() < until:
        await asyncio.sleep(chance.uniform(*PAUSES))
        if not waiting:
            waiting = sorted(world.events())
            chance.shuffle(waiting)
        name = waiting.pop()
        await world.events()[name]()
        outcome.events[name] += 1


async def suffer(world: World, people: int, seconds: float, seed: int) -> Outcome:
    """Everybody's massage in a world, and what became of it."""
    outcome = Outcome()
    async with http_session() as http:
        everybody = [Person(world.address, number, http, pause=RETRY_PAUSE) for number in range(people)]
        until = time.monotonic() + seconds
        chaos = happen(world, until, outcome, random.Random(seed))
        await asyncio.gather(chaos, *(live(person, until, outcome) for person in everybody))
    outcome.turns = sum(person.sent for person in everybody)
    outcome.faults = sum(person.troubles + person.apologies for person in everybody)
    stored = world.stored()
    for person in everybody:
        ids = stored.get(person.conversation, Counter())
        outcome.wrong += [f"{id} is stored {count} times" for id, count in ids.items() if count > 1]
        outcome.lost += [f"{id} was answered and is not stored" for id in person.answered if id not in ids]
    return outcome


def main() -> int:
    """Run both worlds; 1 if anything was lost or wrong."""
    parser = argparse.ArgumentParser(prog="make test-chaos", description="Ten minutes of chaos.")
    parser.add_argument("--minutes", type=float, default=5.0, help="in each world (5)")
    parser.add_argument("--people", type=int, default=200, help="in massages at once (200)")
    parser.add_argument("--seed", type=int, default=1, help="decides the order of events (1)")
    parser.add_argument("--world", choices=["one", "cluster"], help="only one process, or only the cluster")
    options = parser.parse_args()
    worlds = {"one": ("one process", one_process), "cluster": ("cluster", several)}
    if options.world:
        worlds = {options.world: worlds[options.world]}
    if "cluster" in worlds and (missing := services.lacking()):
        sys.stderr.write(f"Without the cluster: {', '.join(missing)} is not installed.\n")
        del worlds["cluster"]
    rows, found = [], []
    for title, begin in worlds.values():
        folder = Path(tempfile.mkdtemp(prefix="palmwise-chaos-"))
        folder.chmod(0o755)
        with begin(folder) as world:
            outcome = asyncio.run(suffer(world, options.people, 60 * options.minutes, options.seed))
        shutil.rmtree(folder, ignore_errors=True)
        happened = ", ".join(f"{name} {count}" for name, count in sorted(outcome.events.items()))
        rows.append((title, outcome.turns, outcome.faults, len(outcome.lost), len(outcome.wrong), happened))
        found += [*outcome.lost, *outcome.wrong]
    head = ("", "turns", "faults", "lost", "wrong", "what happened")
    sys.stdout.write(write_report("chaos", table(head, rows, f"{options.people} people"), *found[:20]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
