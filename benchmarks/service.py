"""Speed, growth, start-up and memory of the server, with other databases and replicas, beside reference bots."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.turns import Times, growth, side_by_side
from benchmarks.turns_bots import Bot, make_floor, running
from tests.cluster import services

ROOT = Path(__file__).resolve().parent.parent
ROOM = {"PALMWISE_CLIENT_RATE": "1000000", "PALMWISE_CLIENT_BURST": "1000000", "PALMWISE_CONVERSATION_BURST": "1000000"}
"""Everybody comes from one address, which no limit is meant for."""
OPENING = ("start the classic massage", "no", "ready")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    people: tuple[int, ...]
    rounds: int
    block: int
    """Turns of each person in a round."""
    late: int
    """The turn that is compared with the tenth."""
    turns: int
    """After which memory is looked at again."""
    stock: bool
    """Also the bot of `rasa init`, which trains for minutes."""


WHOLE = Plan(people=(1, 8, 32, 128), rounds=6, block=20, late=1000, turns=10_000, stock=True)
QUICK = Plan(people=(1, 8), rounds=2, block=10, late=100, turns=500, stock=False)


@dataclass
class Found:
    """What was measured."""

    times: dict[int, dict[str, Times]] = field(default_factory=dict)
    """Milliseconds of a turn by people, by what was run."""
    growth: dict[str, tuple[int, float, float]] = field(default_factory=dict)
    """The late turn, the median of the tenth, the median of the late one."""
    start: dict[str, float] = field(default_factory=dict)
    """Seconds until a server answers."""
    memory: dict[str, list[int]] = field(default_factory=dict)
    """MB at the start, and after many turns."""


def measure(scratch: Path, model: Path, plan: Plan) -> Found:
    """Everything in the plan; takes from a minute to half an hour."""
    found = Found()
    with contextlib.ExitStack() as stack:
        floor, coach = _floor(scratch), _coach("Palmwise, next", scratch, model, {})
        bots = [floor, coach, replace(coach, name="Palmwise, question", words=("which oil should I use",))]
        pids = {bot.name: stack.enter_context(_started(bot, scratch, found)) for bot in bots[:2]}
        if plan.stock:
            bots.append(_init(scratch))
            pids[bots[-1].name] = stack.enter_context(_started(bots[-1], scratch, found))
        for name, pid in pids.items():
            found.memory[name] = [_megabytes(pid)]
        _talk(bots, plan, found)
        for bot in bots[:2]:
            _grow(bot, plan, found)
            asyncio.run(side_by_side([bot], 8, 1, plan.turns // 8))
            found.memory[bot.name].append(_megabytes(pids[bot.name]))
    if services.lacking():
        logger.info("Not installed, so PostgreSQL and two replicas are not measured: %s", services.lacking())
    else:
        _cluster(scratch, model, plan, found)
    return found


def _talk(bots: list[Bot], plan: Plan, found: Found) -> None:
    for people in plan.people:
        logger.info("%d people.", people)
        block = max(4, plan.block // max(1, people // 8))
        found.times.setdefault(people, {}).update(asyncio.run(side_by_side(bots, people, plan.rounds, block)))


def _grow(bot: Bot, plan: Plan, found: Found) -> None:
    logger.info("%s: a conversation of %d turns.", bot.name, plan.late)
    early, late = asyncio.run(growth(bot, plan.late))
    found.growth[bot.name] = plan.late, early, late


def _cluster(scratch: Path, model: Path, plan: Plan, found: Found) -> None:
    """PostgreSQL in place of SQLite; then with Redis, one and two servers behind nginx."""
    with contextlib.ExitStack() as stack:
        room = scratch / "database"
        room.mkdir()
        postgres, url = services.postgres(room)
        redis, locks = services.redis(scratch)
        for service in (postgres, redis):
            service.start()
            stack.callback(service.stop)
        shared = {"PALMWISE_DATABASE_URL": url, "PALMWISE_REDIS_URL": locks}
        one = _coach("Palmwise on PostgreSQL", scratch, model, shared)
        endpoints = scratch / "shared.yml"
        endpoints.write_text(_SHARED, encoding="utf-8")
        two = [_coach(f"server-{n}", scratch, model, shared, endpoints) for n in (1, 2)]
        for bot in (one, *two):
            stack.enter_context(_started(bot, scratch, found))
        ports = [bot.port for bot in two]
        proxies = []
        for name, servers in (("one replica behind nginx", [ports[0]] * 2), ("two replicas behind nginx", ports)):
            folder = scratch / name.split()[0]
            folder.mkdir()
            proxy, address = services.nginx(folder, servers)
            proxy.start()
            stack.callback(proxy.stop)
            proxies.append(replace(two[0], name=name, address=address))
        _talk([one, *proxies], plan, found)


def _coach(name: str, scratch: Path, model: Path, more: Mapping[str, str], endpoints: Path | None = None) -> Bot:
    port = services.free_port()
    arguments: tuple[str, ...] = ("-m", "channel", "--port", str(port), "--model", str(model))
    arguments += ("--database", str(scratch / f"{port}.db"))
    if endpoints:
        arguments += ("--endpoints", str(endpoints))
    return Bot(
        name,
        ROOT,
        port,
        "/coach/message",
        OPENING,
        ("next", "go back"),
        environment={**ROOM, **more},
        arguments=arguments,
    )


def _floor(scratch: Path) -> Bot:
    folder = scratch / "floor"
    make_floor(folder)
    return Bot("the smallest Rasa bot", folder, services.free_port())


def _init(scratch: Path) -> Bot:
    """What `rasa init` makes: DIET, TED, an action server that is never asked."""
    folder = scratch / "init"
    folder.mkdir()
    command = [sys.executable, "-W", "ignore", "-m", "rasa", "init", "--no-prompt", "--init-dir", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    return Bot("the bot of rasa init", folder, services.free_port(), words=("hello", "i am sad", "yes", "bye"))


@contextlib.contextmanager
def _started(bot: Bot, scratch: Path, found: Found) -> Iterator[int]:
    logger.info("Starting %s.", bot.name)
    began = time.perf_counter()
    with running(bot, scratch / f"{bot.port}.log") as pid:
        found.start[bot.name] = time.perf_counter() - began
        yield pid


def _megabytes(pid: int) -> int:
    """Resident memory of a process, where the system tells it; else 0."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    return next(int(line.split()[1]) // 1024 for line in status.read_text().splitlines() if line.startswith("VmRSS"))


# Rasa fills the environment in where there are no quotes only.
_SHARED = """
tracker_store:
  type: engine.tracker_store.LiveTrackerStore
  url: ${PALMWISE_DATABASE_URL}
lock_store:
  type: engine.redis_lock.RedisLockStore
  url: ${PALMWISE_REDIS_URL}
"""
