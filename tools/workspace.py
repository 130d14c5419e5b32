"""What all tools share: where the project is, how to talk, start programs, fail, stay alone."""

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

from tools.errors import SetupError

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"


def say(sentence: str) -> None:
    """Tell the person at the terminal what is going on, on standard error."""
    sys.stderr.write(f"palmwise: {sentence}\n")
    sys.stderr.flush()


def digest(paths: Iterable[Path]) -> str:
    """SHA-256 of the files' paths from the project and contents, in the order given.

    Contents, because a fresh clone gives every file the same age.
    """
    total = hashlib.sha256()
    for path in paths:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{os.path.relpath(path, ROOT)} {content}\n".encode())
    return total.hexdigest()


def run(command: Sequence[str], trouble: str, env: Mapping[str, str] | None = None) -> None:
    """Run a program from the root, in sight; raises SetupError with `trouble` when it fails."""
    if subprocess.run(command, cwd=ROOT, env=env, check=False).returncode != 0:
        raise SetupError(trouble)


def answer(command: Sequence[str], env: Mapping[str, str] | None = None) -> str:
    """What a program prints, stripped; empty when it fails or is not there."""
    try:
        done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait until no other tool changes the environments or the model."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another make is at work here; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(work: Callable[[list[str]], None]) -> NoReturn:
    """Run a tool on the arguments of the command line and turn its errors into one line."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        work(sys.argv[1:])
    except SetupError as error:
        say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        say("interrupted; the same command goes on where this stopped.")
        sys.exit(130)
    sys.exit(0)
