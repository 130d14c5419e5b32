"""Rasa servers to measure: the smallest possible bot, made and trained on the spot, and any other from its folder."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 180
"""Until a server answers; Rasa imports TensorFlow, which takes half a minute from a cold disk."""

FLOOR_FILES = {
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
    "data/rules.yml": ("version: '3.1'\nrules:\n- {rule: next, steps: [{intent: next_step}, {action: utter_next}]}\n"),
    "credentials.yml": "rest:\n",
    "endpoints.yml": "",
}


@dataclass(frozen=True)
class Bot:
    """A Rasa project and how to talk to it."""

    name: str
    folder: Path
    port: int
    door: str = "/webhooks/rest/webhook"
    """Where messages are posted: Rasa's `rest` channel, or the coach's `/coach/message`."""
    opening: tuple[str, ...] = ()
    """What is said before anything is measured."""
    words: tuple[str, ...] = ("next",)
    """What is said in turn while measuring."""
    expect: str = ""
    """What every measured answer contains: an apology is quick, and no turn."""
    environment: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    """Where it is talked to, if not at its port: a proxy in front of it."""
    arguments: tuple[str, ...] = ()
    """What Python is started with instead of Rasa's own command."""

    @property
    def url(self) -> str:
        """Address of the server."""
        return self.address or f"http://127.0.0.1:{self.port}"


def make_floor(folder: Path) -> None:
    """Writes and trains the smallest possible bot: keyword intents, one response, RulePolicy, trackers in memory."""
    for name, text in FLOOR_FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    command, quiet = [*_rasa(), "train"], subprocess.DEVNULL
    subprocess.run(command, cwd=folder, env=_environment({}), check=True, stdout=quiet, stderr=quiet)


@contextlib.contextmanager
def running(bot: Bot, log: Path) -> Iterator[int]:
    """Runs `bot` until the block ends, its console in `log`; the number of its process."""
    with log.open("wb") as console:
        own = [*_rasa(), "run", "--port", str(bot.port), "--interface", "127.0.0.1", "--endpoints", "endpoints.yml"]
        process = subprocess.Popen(
            [sys.executable, *bot.arguments] if bot.arguments else own,
            cwd=bot.folder,
            env=_environment(bot.environment),
            stdout=console,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(bot, process)
            yield process.pid
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(bot: Bot, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(bot.url, timeout=2):  # noqa: S310 - our own server
            return
        time.sleep(0.5)
    raise RuntimeError(f"{bot.name} did not start on port {bot.port}.")


def _rasa() -> list[str]:
    return [sys.executable, "-m", "rasa"]


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "OMP_NUM_THREADS": "1",
        "TF_NUM_INTRAOP_THREADS": "1",
        **more,
    }
