"""The servers that are compared: the coach, and the smallest bot that Rasa can serve."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from palmwise.resources import ROOT

START_SECONDS = 600
"""Time for a server to answer. The whole Rasa imports TensorFlow, which takes half a minute from a cold disk, minutes
on a busy machine."""
REFERENCE_PYTHON = ROOT / ".tools" / "reference" / "bin" / "python"
"""The interpreter of the environment that has the whole Rasa, which `make bench` installs."""
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "OMP_NUM_THREADS": "1",
    # Both start from compiled files, which the reference's first run writes.
    "PYTHONDONTWRITEBYTECODE": "",
    "TF_NUM_INTRAOP_THREADS": "1",
    # All simulated people share one address, which the rate limits are not meant for.
    "PALMWISE_CLIENT_RATE": "1000000",
    "PALMWISE_CLIENT_BURST": "1000000",
    "PALMWISE_CONVERSATION_BURST": "1000000",
    "PALMWISE_OPEN_BURST": "1000000",
    "PALMWISE_TOTAL_OPEN_BURST": "1000000",
    # A busy machine is slow with 128 people who begin at once, which is to be measured.
    "PALMWISE_RESPONSE_SECONDS": "600",
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
    """A running bot, and how to talk to it."""

    name: str
    url: str
    pid: int
    seconds: float
    """From its start to its first answer."""
    is_coach: bool = False
    """Whether it is talked to by the routes under `/coach` instead of Rasa's `rest` channel."""
    words: tuple[str, ...] = ("next",)
    """What is said in turn while measuring."""


@contextlib.contextmanager
def coach(scratch: Path, model: Path) -> Iterator[Bot]:
    """Run the coach, with a database of its own in `scratch`."""
    port = free_port()
    options = ["--port", str(port), "--model", str(model), "--database", str(scratch / "coach.db")]
    command = [sys.executable, "-m", "palmwise", "serve", *options]
    with _running(command, ROOT, port, scratch / "coach.log") as (pid, seconds):
        yield Bot("Palmwise, next", f"http://127.0.0.1:{port}", pid, seconds, is_coach=True, words=("next", "go back"))


@contextlib.contextmanager
def smallest(folder: Path, scratch: Path) -> Iterator[Bot]:
    """Run a bot of keyword intents, one response, RulePolicy, trackers in memory; train it the first time."""
    if not (folder / "models").is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        for name, text in SMALLEST_FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        command = [str(REFERENCE_PYTHON), "-W", "ignore", "-m", "rasa", "train"]
        subprocess.run(command, cwd=folder, env={**os.environ, **ENVIRONMENT}, check=True, capture_output=True)
    port = free_port()
    options = ["--port", str(port), "--interface", "127.0.0.1", "--endpoints", "endpoints.yml"]
    with _running([str(REFERENCE_PYTHON), "-m", "rasa", "run", *options], folder, port, scratch / "smallest.log") as (
        pid,
        seconds,
    ):
        yield Bot("the smallest Rasa bot", f"http://127.0.0.1:{port}", pid, seconds)


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _running(command: list[str], folder: Path, port: int, log: Path) -> Iterator[tuple[int, float]]:
    """Run a server; yield its process id and the seconds until it answered."""
    began, quiet = time.monotonic(), {**os.environ, **ENVIRONMENT}
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=quiet, stdout=out, stderr=out, start_new_session=True)
        try:
            while process.poll() is None and time.monotonic() < began + START_SECONDS:
                with contextlib.suppress(httpx.HTTPError):
                    httpx.get(f"http://127.0.0.1:{port}", timeout=2, trust_env=False)
                    break
                time.sleep(0.2)
            else:
                raise RuntimeError(f"{command[2]} did not start: {log.read_text(encoding='utf-8')[-2000:]}")
            yield process.pid, time.monotonic() - began
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
