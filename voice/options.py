"""Settings of the voice client, and the lock by which one client at a time uses the microphone."""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from palmwise.errors import VoiceError
from palmwise.speech.speaker_process import AUTO, NATURAL, SYSTEM
from palmwise.speech.wyoming_voice import service_address
from voice.devices import EchoSetting
from voice.playback import DEFAULT_RATE

MICROPHONE_TAKEN = "Another coach is listening on this machine already. End that one first, or use --no-mic here."


@contextlib.contextmanager
def microphone_lock() -> Iterator[None]:
    """Raise `VoiceError` if another client of this user listens. The system releases the lock of one that died."""
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
            raise VoiceError(MICROPHONE_TAKEN) from error
        yield


RECOGNIZERS = ("auto", "sphinx", "moonshine")
MOUTHS = (AUTO, NATURAL, SYSTEM)
SLOWEST_RATE, FASTEST_RATE = 80, 300


@dataclass(frozen=True)
class VoiceSettings:
    """How the client is started."""

    server: str
    ear: str = "auto"
    """One of `RECOGNIZERS` or the address of a Wyoming service; `auto` as in `create_recognizer`."""
    model: Path | None = None
    """The folder of Moonshine."""
    echo: EchoSetting = "auto"
    device: int | None = None
    mouth: str = AUTO
    """One of `MOUTHS`, or the address of a Wyoming service."""
    voice: str | None = None
    rate: int = DEFAULT_RATE
    no_mic: bool = False
    list_devices: bool = False
    verbose: bool = False


def read_settings(arguments: Sequence[str] | None = None, program: str = "palmwise voice") -> VoiceSettings:
    """Read the command line, else the variables `PALMWISE_VOICE_<NAME>`. Exits with the usage if something is wrong."""
    parser = argparse.ArgumentParser(prog=program, description="Talk to the hand-massage coach aloud.")

    def option(name: str, kind: Callable[[str], Any], default: str | None, text: str) -> None:
        value = os.environ.get(f"PALMWISE_VOICE_{name.upper()}") or default
        parser.add_argument(f"--{name}", type=kind, default=value, help=text)

    address = f"http://127.0.0.1:{os.environ.get('PALMWISE_PORT') or '5005'}"
    option("server", lambda given: given.rstrip("/"), address, "the coach's; one is started when none answers there")
    option(
        "ear",
        _one_of_or_service(RECOGNIZERS),
        "auto",
        f"what recognizes speech: {', '.join(RECOGNIZERS)}, or wyoming://HOST:PORT",
    )
    option("model", lambda given: Path(given).expanduser(), None, "the folder of Moonshine")
    option("echo", _one_of(get_args(EchoSetting)), "auto", "how it does not hear itself: headset, gate, half")
    option("device", int, None, "the microphone's number in --list-devices")
    option("mouth", _one_of_or_service(MOUTHS), AUTO, f"what speaks: {', '.join(MOUTHS)}, or wyoming://HOST:PORT")
    option("voice", str, None, "the name of one of the system's voices or a part of it")
    option("rate", _rate, str(DEFAULT_RATE), f"words a minute, {SLOWEST_RATE} to {FASTEST_RATE}")
    parser.add_argument("--no-mic", action="store_true", help="speak, but listen to the keyboard only")
    parser.add_argument("--list-devices", action="store_true", help="show microphones and voices, and end")
    parser.add_argument("--verbose", action="store_true", help="write what happens and when, but not what is said")
    return VoiceSettings(**vars(parser.parse_args(arguments)))


def _one_of(names: Sequence[str]) -> Callable[[str], str]:
    def read(given: str) -> str:
        if given not in names:
            raise argparse.ArgumentTypeError(f"one of {', '.join(names)} belongs here")
        return given

    return read


def _one_of_or_service(names: Sequence[str]) -> Callable[[str], str]:
    def read(given: str) -> str:
        if given in names:
            return given
        try:
            service_address(given)
        except ValueError as error:
            raise argparse.ArgumentTypeError(
                f"one of {', '.join(names)} belongs here, or the address of a Wyoming service, {error}"
            ) from error
        return given

    return read


def _rate(given: str) -> int:
    if not given.isdecimal() or not SLOWEST_RATE <= int(given) <= FASTEST_RATE:
        raise argparse.ArgumentTypeError(f"it is between {SLOWEST_RATE} and {FASTEST_RATE}")
    return int(given)
