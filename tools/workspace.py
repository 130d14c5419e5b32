"""What all tools share: the project's folder, messages to the terminal, subprocesses, the error, the lock."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Callable, Iterable, Iterator, Mapping, NoReturn, Sequence

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"


class SetupError(Exception):
    """The set-up cannot go on. The message says why and what to do about it."""


def say(sentence: str) -> None:
    """Report progress to the person at the terminal, on standard error."""
    sys.stderr.write(f"palmwise: {sentence}\n")
    sys.stderr.flush()


def digest(paths: Iterable[Path]) -> str:
    """SHA-256 of the files' paths from the project and contents, in the order given.

    Modification times would not do: a fresh clone gives every file the same one.
    """
    total = hashlib.sha256()
    for path in paths:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{os.path.relpath(path, ROOT)} {content}\n".encode())
    return total.hexdigest()


def run(command: Sequence[str], trouble: str, env: Mapping[str, str] | None = None) -> None:
    """Run a program from the root with its output shown; raises SetupError with `trouble` if it fails."""
    if subprocess.run(command, cwd=ROOT, env=env, check=False).returncode != 0:
        raise SetupError(trouble)


def output_of(command: Sequence[str], env: Mapping[str, str] | None = None) -> str:
    """Return what a program prints, stripped; empty if it fails or does not exist."""
    try:
        done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@contextlib.contextmanager
def exclusive() -> Iterator[None]:
    """Wait until no other tool changes the environments or the model, and keep others waiting meanwhile."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another make is running here; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(work: Callable[[list[str]], None]) -> NoReturn:
    """Run a tool on the command line's arguments; print a SetupError as one line and exit with 1."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        work(sys.argv[1:])
    except SetupError as error:
        say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        say("interrupted; run the same command again to go on from here.")
        sys.exit(130)
    sys.exit(0)
