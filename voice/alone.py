"""Sees to it that one client at a time uses this machine's microphone."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from voice.errors import VoiceError

TAKEN = "Another coach is listening on this machine already. End that one first, or use --no-mic here."


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Raises `VoiceError` when another client of this user listens. The system forgets the lock of one that died."""
    try:
        import fcntl  # noqa: PLC0415 -- not on Windows
    except ImportError:
        yield
        return
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    with (folder / f"palmwise-voice-{os.getuid()}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise VoiceError(TAKEN) from error
        yield
