"""Talk to the coach aloud: `python -m voice`."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from typing import Any

from palmwise.client.autostart import running_server
from palmwise.client.http_client import CoachClient
from palmwise.errors import UnreachableError, VoiceError
from palmwise.resources import ROOT
from palmwise.speech.endpointing import RATE, Policy, SileroEndpointer, silero
from palmwise.speech.events import Ear, EarFailed
from palmwise.speech.synthesis import ChildMouth
from voice import devices
from voice.loop import Loop, start
from voice.microphone import Listening, SystemMicrophone
from voice.playback import Voicing
from voice.settings import Settings, alone, read
from voice.turn_taking import Manner, Turns

log = logging.getLogger(__name__)
ANSWER_TIMEOUT = 10.0
"""Seconds after which the person is told that the server does not answer."""
GAPS: dict[Policy, float] = {"headset": 0.0, "gate": 0.0, "half": 0.9}
"""Seconds between two lines, of which the last half second is for listening: with `half` hardly anybody can be heard
during one."""


def main() -> int:
    """Talks until Ctrl-C; 1 with one line when that is not possible."""
    settings = read()
    level = logging.DEBUG if settings.verbose else logging.INFO
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("voice").setLevel(level)
    # Ended by whatever means, it ends its children.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    try:
        if settings.list_devices:
            _show(devices.listing())
            return 0
        with alone() if settings.microphone else contextlib.nullcontext():
            return _talk(settings)
    except (VoiceError, UnreachableError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 0


def _talk(settings: Settings) -> int:
    policy = devices.policy(settings.echo)
    manner = Manner(
        GAPS[policy] if settings.microphone else 0.0,
        policy != "headset",
        float(os.environ.get("PALMWISE_VOICE_SPEED") or 1),
    )
    with running_server(settings.server):
        client = CoachClient(settings.server, timeout=ANSWER_TIMEOUT)
        loop = Loop(Turns(Voicing(settings.rate), manner), client, _show)
        mouth = ChildMouth(loop.post, settings.voice)
        listening = None
        try:
            ear = _ear(settings, loop)
            if settings.microphone and ear is not None:
                listening = _listening(settings, policy, loop)
                listening.start()
            start(loop.post, loop.end, only=listening is None)
            log.info(_how(settings, ear, policy))
            loop.run(mouth, ear, listening)
        finally:
            mouth.close()
            if listening is not None:
                listening.close()
            client.close()
    return 0


def _ear(settings: Settings, loop: Loop) -> Ear | None:
    """The ear; without one the coach leads on by the clock."""
    if not settings.microphone:
        return None
    try:
        from palmwise.speech import recognizers  # noqa: PLC0415 -- slow to load, and not needed without a microphone

        return recognizers.ear(settings.ear, settings.model, ROOT)
    except (VoiceError, ImportError) as error:
        loop.post(EarFailed(str(error)))
        return None


def _listening(settings: Settings, policy: Policy, loop: Loop) -> Listening:
    from speech_recognition import AudioData  # noqa: PLC0415 -- the same

    def clip(sound: bytes) -> Any:
        return AudioData(sound, RATE, 2)

    opening = threading.Lock()

    def source() -> SystemMicrophone:
        # PortAudio may not be opened twice at once.
        with opening, devices.quiet():
            return SystemMicrophone(settings.device)

    return Listening(source, SileroEndpointer(policy, clip, silero()), loop.post)


def _how(settings: Settings, ear: Ear | None, policy: Policy) -> str:
    if not settings.microphone:
        return "Type what you would say. Ctrl-C ends."
    if ear is None:
        return "Nothing can be heard. Type what you would say. Ctrl-C ends."
    return f"Listening with {ear.name}, echo policy {policy}. You can type as well. Ctrl-C ends."


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # A reader that hangs in a driver must not keep the process.
    os._exit(code)
