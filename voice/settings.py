"""Sees to it that one client at a time uses this machine's microphone."""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from palmwise.errors import VoiceError
from voice.playback import RATE

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


EARS = ("auto", "sphinx", "moonshine", "vosk", "whisper", "google")
ECHOES = ("auto", "headset", "gate", "half")
SLOWEST, FASTEST = 80, 300


@dataclass(frozen=True)
class Settings:
    """How the client is started."""

    server: str
    ear: str = "auto"
    """`auto`: two ears where a free one's model is there, else `sphinx`."""
    model: Path | None = None
    """The folder of that ear's model."""
    echo: Literal["auto", "headset", "gate", "half"] = "auto"
    device: int | None = None
    voice: str | None = None
    rate: int = RATE
    microphone: bool = True
    list_devices: bool = False
    verbose: bool = False


def read(arguments: Sequence[str] | None = None, program: str = "palmwise voice") -> Settings:
    """From the command line, else from `PALMWISE_VOICE_<NAME>`. Exits with usage when wrong."""
    parser = argparse.ArgumentParser(prog=program, description="Talk to the hand-massage coach aloud.")
    port = os.environ.get("PALMWISE_PORT") or "5005"
    _option(parser, "server", f"http://127.0.0.1:{port}", "the coach's address; one is started when none answers there")
    _option(parser, "ear", "auto", f"what recognises speech: {', '.join(EARS)}")
    _option(parser, "model", None, "the folder of that recogniser's model")
    _option(parser, "echo", "auto", "how the coach does not hear itself: headset, gate (echo cancelling), half")
    _option(parser, "device", None, "the microphone's number in --list-devices")
    _option(parser, "voice", None, "the voice's name or a part of it")
    _option(parser, "rate", str(RATE), f"words a minute, {SLOWEST} to {FASTEST}")
    parser.add_argument("--no-mic", action="store_true", help="speak, but listen to the keyboard only")
    parser.add_argument("--list-devices", action="store_true", help="show microphones and voices, and end")
    parser.add_argument("--verbose", action="store_true", help="tell what happens, without what is said")
    given = parser.parse_args(arguments)
    _check(parser, given)
    return Settings(
        server=given.server.rstrip("/"),
        ear=given.ear,
        model=Path(given.model).expanduser() if given.model else None,
        echo=cast(Literal["auto", "headset", "gate", "half"], given.echo),
        device=int(given.device) if given.device else None,
        voice=given.voice,
        rate=int(given.rate),
        microphone=not given.no_mic,
        list_devices=given.list_devices,
        verbose=given.verbose,
    )


def _option(parser: argparse.ArgumentParser, name: str, default: str | None, text: str) -> None:
    value = os.environ.get(f"PALMWISE_VOICE_{name.upper()}") or default
    parser.add_argument(f"--{name}", default=value, help=text)


def _check(parser: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    if given.ear not in EARS:
        parser.error(f"--ear is one of {', '.join(EARS)}")
    if given.echo not in ECHOES:
        parser.error(f"--echo is one of {', '.join(ECHOES)}")
    if given.device and not given.device.isdecimal():
        parser.error("--device is a number: --list-devices shows them")
    if not str(given.rate).isdecimal() or not SLOWEST <= int(given.rate) <= FASTEST:
        parser.error(f"--rate is between {SLOWEST} and {FASTEST}")
