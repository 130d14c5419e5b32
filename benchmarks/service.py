"""Speed, growth, start-up and memory of the server, with other databases and replicas, beside reference bots."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.service_bots import coach, floor, megabytes, shared_endpoints, started, template
from benchmarks.service_kept import Kept
from benchmarks.turn_times import growth, side_by_side
from benchmarks.turns_bots import Bot
from tests.cluster import services

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Crowd:
    """So many people at once, for so many rounds in which each takes so many turns."""

    people: int
    rounds: int
    block: int


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    crowds: tuple[Crowd, ...]
    late: tuple[int, ...]
    """Turns of one conversation that are compared with its tenth."""
    turns: int
    """After which memory is looked at again."""
    template: bool = True
    """Also the bot of `rasa init`, which trains for minutes."""


WHOLE = Plan((Crowd(1, 20, 20), Crowd(8, 8, 20), Crowd(32, 6, 6), Crowd(128, 3, 4)), late=(300, 1000), turns=10_000)
QUICK = Plan((Crowd(1, 4, 10), Crowd(8, 2, 10)), late=(100,), turns=480, template=False)

SQLITE = "SQLite, one server"
"""What replicas and other databases are compared with."""
FLOOR_LATE = 300
"""The smallest bot's turns grow with the square of their number: beyond this one it is not asked."""
BLOCK = 20
"""Turns of a conversation while memory is filled."""


@dataclass(frozen=True)
class Bench:
    """What every part needs."""

    plan: Plan
    kept: Kept
    scratch: Path
    """Where databases and logs go; another user may enter it."""
    model: Path


def beside(bench: Bench) -> None:
    """Turns of the coach beside those of Rasa's bots; pieces `beside-<people>`."""
    wanted = _missing(bench, "beside")
    if not wanted:
        return
    with contextlib.ExitStack() as stack:
        ours = coach("Palmwise, next", bench.scratch, bench.model)
        running = [floor(bench.kept.bots), ours]
        if bench.plan.template:
            running.append(template(bench.kept.bots))
        _start(stack, running, bench)
        question = replace(ours, name="Palmwise, question", words=("which oil should I use",))
        pressed = replace(ours, name="Palmwise, button", words=("/next_step", "/previous_step"))
        _talk(bench, "beside", wanted, [*running, question, pressed])


def replicas(bench: Bench) -> None:
    """PostgreSQL in place of SQLite; then with Redis, one and two servers behind nginx. Pieces `replicas-<people>`."""
    wanted = _missing(bench, "replicas")
    if not wanted:
        return
    if services.lacking():
        logger.info("Not installed, so PostgreSQL and two replicas are not measured: %s", services.lacking())
        return
    with contextlib.ExitStack() as stack:
        room = bench.scratch / "database"
        room.mkdir()
        postgres, url = services.postgres(room)
        redis, locks = services.redis(bench.scratch)
        for service in (postgres, redis):
            service.start()
            stack.callback(service.stop)
        shared = {"PALMWISE_DATABASE_URL": url, "PALMWISE_REDIS_URL": locks}
        endpoints = shared_endpoints(bench.scratch)
        own = coach(SQLITE, bench.scratch, bench.model)
        one = coach("PostgreSQL, one server", bench.scratch, bench.model, shared)
        two = [coach(f"server-{n}", bench.scratch, bench.model, shared, endpoints) for n in (1, 2)]
        _start(stack, [own, one, *two], bench)
        ports = [bot.port for bot in two]
        behind = {"one replica behind nginx": [ports[0]] * 2, "two replicas behind nginx": ports}
        proxied = [_proxied(stack, bench, two[0], name, servers) for name, servers in behind.items()]
        _talk(bench, "replicas", wanted, [own, one, *proxied])


def growing(bench: Bench) -> None:
    """Late turns of a conversation beside the tenth; pieces `growing-<who>`."""
    makers = {"floor": lambda: floor(bench.kept.bots), "coach": lambda: coach("Palmwise", bench.scratch, bench.model)}
    for who, make in makers.items():
        if bench.kept.has(f"growing-{who}"):
            continue
        with _alone(make, bench) as (bot, _, _):
            logger.info("%s: a conversation that grows.", bot.name)
            late = [turn for turn in bench.plan.late if who == "coach" or turn <= FLOOR_LATE]
            rows = [(turn, *asyncio.run(growth(bot, turn))) for turn in late]
            bench.kept.put(f"growing-{who}", {"bot": bot.name, "rows": rows})


def memory(bench: Bench) -> None:
    """Seconds until a server answers, megabytes then and after many turns; pieces `memory-<who>`."""
    makers = {
        "floor": lambda: floor(bench.kept.bots),
        "coach": lambda: coach("Palmwise", bench.scratch, bench.model),
    }
    if bench.plan.template:
        makers["template"] = lambda: template(bench.kept.bots)
    for who, make in makers.items():
        if bench.kept.has(f"memory-{who}"):
            continue
        with _alone(make, bench) as (bot, pid, seconds):
            sizes = [megabytes(pid)]
            if who != "template":
                logger.info("%s: %d turns.", bot.name, bench.plan.turns)
                asyncio.run(side_by_side([bot], 8, bench.plan.turns // (8 * BLOCK), BLOCK))
                sizes.append(megabytes(pid))
            bench.kept.put(f"memory-{who}", {"bot": bot.name, "start": seconds, "megabytes": sizes})


PARTS: dict[str, Callable[[Bench], None]] = {
    "beside": beside,
    "growing": growing,
    "memory": memory,
    "replicas": replicas,
}


def _missing(bench: Bench, part: str) -> list[Crowd]:
    return [crowd for crowd in bench.plan.crowds if not bench.kept.has(f"{part}-{crowd.people}")]


def _talk(bench: Bench, part: str, crowds: Sequence[Crowd], bots: Sequence[Bot]) -> None:
    for crowd in crowds:
        logger.info("%s: %d people.", part, crowd.people)
        found = asyncio.run(side_by_side(bots, crowd.people, crowd.rounds, crowd.block))
        pieces = {name: [round(value, 2) for value in times.values] for name, times in found.items()}
        bench.kept.put(f"{part}-{crowd.people}", pieces)


def _start(stack: contextlib.ExitStack, bots: Sequence[Bot], bench: Bench) -> None:
    for bot in bots:
        stack.enter_context(started(bot, bench.scratch))


@contextlib.contextmanager
def _alone(make: Callable[[], Bot], bench: Bench) -> Iterator[tuple[Bot, int, float]]:
    bot = make()
    with started(bot, bench.scratch) as (pid, seconds):
        yield bot, pid, seconds


def _proxied(stack: contextlib.ExitStack, bench: Bench, bot: Bot, name: str, servers: Sequence[int]) -> Bot:
    folder = bench.scratch / name.replace(" ", "-")
    folder.mkdir()
    proxy, address = services.nginx(folder, servers)
    proxy.start()
    stack.callback(proxy.stop)
    return replace(bot, name=name, address=address)
