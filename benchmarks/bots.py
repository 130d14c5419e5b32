"""The servers that are compared: the coach, the smallest bot that Rasa can serve, and the bot of `rasa init`."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from palmwise.resources import ROOT

logger = logging.getLogger(__name__)
START_SECONDS = 180
"""Time for a server to answer. Rasa imports TensorFlow, which takes half a minute from a cold disk."""
SMALLEST = "the smallest Rasa bot"
NO_LIMITS = {
    "PALMWISE_CLIENT_RATE": "1000000",
    "PALMWISE_CLIENT_BURST": "1000000",
    "PALMWISE_CONVERSATION_BURST": "1000000",
}
"""All simulated people share one address, which the rate limits are not meant for."""
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}
SMALLEST_FILES = {
    "config.yml": (
        "recipe: default.v1\nassistant_id: floor\nlanguage: en\n"
        "pipeline: [{name: KeywordIntentClassifier}]\npolicies: [{name: RulePolicy}]\n"
    ),
    "domain.yml": (
        "version: '3.1'\nintents: [next_step, greet]\nresponses: {utter_next: [{text: The next step.}]}\n"
        "session_config: {session_expiration_time: 60, carry_over_slots_to_new_session: true}\n"
    ),
    "data/nlu.yml": (
        "version: '3.1'\nnlu:\n- {intent: next_step, examples: '- next\n\n  - next step'}\n"
        "- {intent: greet, examples: '- hello\n\n  - hi'}\n"
    ),
    "data/rules.yml": "version: '3.1'\nrules:\n- {rule: next, steps: [{intent: next_step}, {action: utter_next}]}\n",
    "credentials.yml": "rest:\n",
    "endpoints.yml": "",
}


@dataclass(frozen=True)
class Bot:
    """A Rasa project, how to start it, and how to talk to it."""

    name: str
    folder: Path
    port: int
    path: str = "/webhooks/rest/webhook"
    """Where messages are posted: Rasa's `rest` channel, or the coach's `/coach/message`."""
    opening: tuple[str, ...] = ()
    """What is said before anything is measured."""
    words: tuple[str, ...] = ("next",)
    """What is said in turn while measuring."""
    expect: str = ""
    """Text that every measured answer contains: an apology is fast, but no turn."""
    environment: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    """Arguments of Python that start the server; empty for `rasa run`."""

    @property
    def url(self) -> str:
        """Address of the server."""
        return f"http://127.0.0.1:{self.port}"


def coach(name: str, scratch: Path, model: Path) -> Bot:
    """Return the coach, with a database of its own in `scratch`."""
    port = free_port()
    serve = ("-m", "palmwise", "serve", "--port", str(port), "--model", str(model))
    arguments = (*serve, "--database", str(scratch / f"{port}.db"))
    opening = ("start the classic massage", "no", "ready")
    return Bot(
        name, ROOT, port, "/coach/message", opening, ("next", "go back"), environment=NO_LIMITS, arguments=arguments
    )


def smallest(bots: Path) -> Bot:
    """Return a bot of keyword intents, one response, RulePolicy, trackers in memory; train it the first time."""
    folder = bots / "smallest"
    if not (folder / "models").is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        for name, text in SMALLEST_FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        _rasa("train", folder=folder)
    return Bot(SMALLEST, folder, free_port(), expect="next step")


def template(bots: Path) -> Bot:
    """Return the bot of `rasa init`, with DIET and TED; train it the first time, which takes minutes."""
    folder = bots / "template"
    if not list((folder / "models").glob("*.tar.gz")):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _rasa("init", "--no-prompt", "--init-dir", str(folder), folder=folder)
        (folder / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    return Bot("the bot of rasa init", folder, free_port(), words=("hello", "i am sad", "yes", "bye"))


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(bot: Bot, scratch: Path) -> Iterator[tuple[int, float]]:
    """Run `bot` for the block, logging into `scratch`; yield its process id and the seconds until it answered."""
    logger.info("Starting %s.", bot.name)
    own = ("-m", "rasa", "run", "--port", str(bot.port), "--interface", "127.0.0.1", "--endpoints", "endpoints.yml")
    began = time.perf_counter()
    with (scratch / f"{bot.port}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *(bot.arguments or own)],
            cwd=bot.folder,
            env={**os.environ, **QUIET, **bot.environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(bot, process)
            yield process.pid, time.perf_counter() - began
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def megabytes(pid: int) -> int:
    """Return the resident memory of a process in MB; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    return next(int(line.split()[1]) // 1024 for line in status.read_text().splitlines() if line.startswith("VmRSS"))


def _rasa(*arguments: str, folder: Path) -> None:
    logger.info("Training %s.", folder.name)
    command = [sys.executable, "-W", "ignore", "-m", "rasa", *arguments]
    quiet = subprocess.DEVNULL
    subprocess.run(command, cwd=folder, env={**os.environ, **QUIET}, check=True, stdout=quiet, stderr=quiet)


def _wait(bot: Bot, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(bot.url, timeout=2, trust_env=False)
            return
        time.sleep(0.5)
    raise RuntimeError(f"{bot.name} did not start on port {bot.port}.")
