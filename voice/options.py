"""Settings of the voice client, and the lock by which one client at a time uses the microphone."""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from palmwise.errors import VoiceError
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


RECOGNIZERS = ("auto", "sphinx", "moonshine", "vosk", "whisper", "google")
ECHO_SETTINGS = get_args(EchoSetting)
SLOWEST_RATE, FASTEST_RATE = 80, 300


@dataclass(frozen=True)
class VoiceSettings:
    """How the client is started."""

    server: str
    recognizer: str = "auto"
    """One of `RECOGNIZERS`, set by `--ear`; `auto` as in `palmwise.speech.recognizers.create_recognizer`."""
    model: Path | None = None
    """The folder of the recognizer's model."""
    echo: EchoSetting = "auto"
    device: int | None = None
    voice: str | None = None
    rate: int = DEFAULT_RATE
    microphone: bool = True
    list_devices: bool = False
    verbose: bool = False


def read_settings(arguments: Sequence[str] | None = None, program: str = "palmwise voice") -> VoiceSettings:
    """Read the command line, else the variables `PALMWISE_VOICE_<NAME>`. Exits with the usage if something is wrong."""
    parser = argparse.ArgumentParser(prog=program, description="Talk to the hand-massage coach aloud.")
    port = os.environ.get("PALMWISE_PORT") or "5005"
    _option(parser, "server", f"http://127.0.0.1:{port}", "the coach's address; one is started when none answers there")
    _option(parser, "ear", "auto", f"what recognizes speech: {', '.join(RECOGNIZERS)}")
    _option(parser, "model", None, "the folder of that recognizer's model")
    _option(parser, "echo", "auto", "how the coach does not hear itself: headset, gate (echo cancelling), half")
    _option(parser, "device", None, "the microphone's number in --list-devices")
    _option(parser, "voice", None, "the voice's name or a part of it")
    _option(parser, "rate", str(DEFAULT_RATE), f"words a minute, {SLOWEST_RATE} to {FASTEST_RATE}")
    parser.add_argument("--no-mic", action="store_true", help="speak, but listen to the keyboard only")
    parser.add_argument("--list-devices", action="store_true", help="show microphones and voices, and end")
    parser.add_argument("--verbose", action="store_true", help="write what happens and when, but not what is said")
    given = parser.parse_args(arguments)
    _check(parser, given)
    return VoiceSettings(
        server=given.server.rstrip("/"),
        recognizer=given.ear,
        model=Path(given.model).expanduser() if given.model else None,
        echo=given.echo,
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
    if given.ear not in RECOGNIZERS:
        parser.error(f"--ear is one of {', '.join(RECOGNIZERS)}")
    if given.echo not in ECHO_SETTINGS:
        parser.error(f"--echo is one of {', '.join(ECHO_SETTINGS)}")
    if given.device and not given.device.isdecimal():
        parser.error("--device is a number: --list-devices shows them")
    if not str(given.rate).isdecimal() or not SLOWEST_RATE <= int(given.rate) <= FASTEST_RATE:
        parser.error(f"--rate is between {SLOWEST_RATE} and {FASTEST_RATE}")
