"""The servers that are measured: the coach in its settings, and Rasa's own bots, trained once."""

from __future__ import annotations

import contextlib
import logging
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.turns_bots import Bot, make_floor, running
from tests.cluster import services

ROOT = Path(__file__).resolve().parent.parent
ROOM = {"PALMWISE_CLIENT_RATE": "1000000", "PALMWISE_CLIENT_BURST": "1000000", "PALMWISE_CONVERSATION_BURST": "1000000"}
"""Everybody comes from one address, which no limit is meant for."""
OPENING = ("start the classic massage", "no", "ready")
FLOOR = "the smallest Rasa bot"

logger = logging.getLogger(__name__)


def coach(
    name: str, scratch: Path, model: Path, more: Mapping[str, str] | None = None, endpoints: Path | None = None
) -> Bot:
    """The coach with a database of its own; `more` goes into its environment."""
    port = services.free_port()
    arguments: tuple[str, ...] = ("-m", "palmwise", "serve", "--port", str(port), "--model", str(model))
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
        environment={**ROOM, **(more or {})},
        arguments=arguments,
    )


def floor(bots: Path) -> Bot:
    """The smallest possible bot: keyword intents, one response, RulePolicy, trackers in memory, `rest`."""
    folder = bots / "floor"
    if not (folder / "models").is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        logger.info("Training %s.", FLOOR)
        make_floor(folder)
    return Bot(FLOOR, folder, services.free_port(), expect="next step")


def template(bots: Path) -> Bot:
    """What `rasa init` makes: DIET, TED, an action server that is never asked."""
    folder = bots / "template"
    if not list((folder / "models").glob("*.tar.gz")):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        logger.info("Training the bot of rasa init, which takes minutes.")
        command = [sys.executable, "-W", "ignore", "-m", "rasa", "init", "--no-prompt", "--init-dir", str(folder)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
        (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    return Bot("the bot of rasa init", folder, services.free_port(), words=("hello", "i am sad", "yes", "bye"))


def shared_endpoints(scratch: Path) -> Path:
    """Conversations in PostgreSQL, locks in Redis, as the environment says where; the actions in the server."""
    file = scratch / "shared.yml"
    file.write_text(_SHARED, encoding="utf-8")
    return file


@contextlib.contextmanager
def started(bot: Bot, scratch: Path) -> Iterator[tuple[int, float]]:
    """Runs `bot` for the block: its process, and the seconds until it answered."""
    logger.info("Starting %s.", bot.name)
    began = time.perf_counter()
    with running(bot, scratch / f"{bot.port}.log") as pid:
        yield pid, time.perf_counter() - began


def megabytes(pid: int) -> int:
    """Resident memory of a process, where the system tells it; else 0."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    return next(int(line.split()[1]) // 1024 for line in status.read_text().splitlines() if line.startswith("VmRSS"))


# Rasa fills the environment in where there are no quotes only.
_SHARED = """
tracker_store:
  type: palmwise.server.storage.tracker_store.LiveTrackerStore
  url: ${PALMWISE_DATABASE_URL}
lock_store:
  type: palmwise.server.storage.locks.RedisLockStore
  url: ${PALMWISE_REDIS_URL}
"""
