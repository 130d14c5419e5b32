"""Finds out how the coach can avoid hearing itself on this machine."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable

from voice.endpointing import Policy

SECONDS = 2.0
_HEADSET = ("headset", "headphone", "earphone", "airpods", "hands-free", "handsfree", "bluez")
_CANCELLED = ("echo-cancel", "echo_cancel", "echocancel", "aec")


def policy(wish: str, told: Callable[[str], str] | None = None) -> Policy:
    """The wish, or for `auto` what the default devices allow; `told` answers pactl's `get-default-...` commands."""
    if wish == "headset":
        return "headset"
    if wish == "gate":
        return "gate"
    if wish == "half":
        return "half"
    ask = told or _pactl
    source, sink = ask("get-default-source").lower(), ask("get-default-sink").lower()
    if any(sign in sink for sign in _HEADSET):
        return "headset"
    # PipeWire's and PulseAudio's echo cancellers name their sources so, unless told otherwise.
    return "gate" if any(sign in source for sign in _CANCELLED) else "half"


def _pactl(question: str) -> str:
    """What the sound server says; nothing on machines without one."""
    program = shutil.which("pactl")
    if program is None:
        return ""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        found = subprocess.run(  # noqa: S603 -- one fixed program
            [program, question], capture_output=True, text=True, timeout=SECONDS, check=False
        )
        return found.stdout
    return ""
