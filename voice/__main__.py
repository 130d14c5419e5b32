"""Talk to the coach aloud: `palmwise voice`, or `python -m voice`."""

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
from palmwise.speech.endpointing import RATE, Policy, SileroEndpointer, silero
from palmwise.speech.events import AudioSource, EchoCancelled, Recognizer, RecognizerFailed
from palmwise.speech.synthesis import Speaker
from voice import devices
from voice.echo_cancelling import cancelled
from voice.loop import VoiceLoop, read_keyboard
from voice.microphone import MicrophoneListener, SystemMicrophone
from voice.options import VoiceSettings, microphone_lock, read_settings
from voice.playback import VoiceStyle
from voice.turn_taking import TurnSettings, TurnTaking

log = logging.getLogger("voice")
"""Not `__name__`, which is another one where this is run as a program."""
ANSWER_TIMEOUT = 10.0
"""Seconds after which the person is told that the server does not answer."""
GAPS: dict[Policy, float] = {"headset": 0.0, "gate": 0.0, "half": 0.9}
"""Seconds between two lines. With `half` hardly anybody is heard during one: the last half second is for listening."""


def main() -> int:
    """Talk until Ctrl-C; 1 with one line on standard error when that is not possible."""
    settings = read_settings()
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    for name in ("voice", "palmwise"):
        logging.getLogger(name).setLevel(logging.DEBUG if settings.verbose else logging.INFO)
    # When these end it, it ends its children in order as well.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    try:
        if settings.list_devices:
            _show(devices.describe_devices())
            return 0
        with contextlib.nullcontext() if settings.no_mic else microphone_lock(), running_server(settings.server):
            _talk(settings)
    except (VoiceError, UnreachableError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def _talk(settings: VoiceSettings) -> None:
    policy = devices.echo_policy(settings.echo)
    turn_settings = TurnSettings(
        gap=0.0 if settings.no_mic else GAPS[policy],
        echoes=policy != "headset",
        speed=float(os.environ.get("PALMWISE_VOICE_SPEED") or 1),
    )
    with contextlib.ExitStack() as stack:
        client = stack.enter_context(contextlib.closing(CoachClient(settings.server, timeout=ANSWER_TIMEOUT)))
        loop = VoiceLoop(TurnTaking(VoiceStyle(settings.rate, turn_settings.gap), turn_settings), client, _show)
        speaker = stack.enter_context(contextlib.closing(Speaker(loop.post, settings.voice, settings.mouth)))
        recognizer = _recognizer(settings, loop)
        microphone = None
        if recognizer is not None:
            microphone = stack.enter_context(contextlib.closing(_microphone(settings, policy, loop)))
            microphone.start()
        read_keyboard(loop, only_input=microphone is None)
        log.info(_instruction(settings, recognizer, policy))
        loop.run(speaker, recognizer, microphone)


def _recognizer(settings: VoiceSettings, loop: VoiceLoop) -> Recognizer | None:
    """Return the recognizer; None without a microphone or if it fails: then the coach leads on by the clock."""
    if settings.no_mic:
        return None
    try:
        from palmwise.speech.recognizers import create_recognizer  # noqa: PLC0415 -- slow, and not needed to type

        return create_recognizer(settings.ear, settings.model)
    except (VoiceError, ImportError) as error:
        loop.post(RecognizerFailed(str(error)))
        return None


def _microphone(settings: VoiceSettings, policy: Policy, loop: VoiceLoop) -> MicrophoneListener:
    from speech_recognition import AudioData  # noqa: PLC0415 -- slow, and not needed to type

    def clip(sound: bytes) -> Any:
        return AudioData(sound, RATE, 2)

    opening = threading.Lock()
    endpointer = SileroEndpointer(policy, clip, silero())

    def echo_is_gone() -> None:
        endpointer.set_policy("gate")
        loop.post(EchoCancelled())
        log.info("The coach does not hear itself here: you may speak while it does.")

    def open_microphone() -> AudioSource:
        # PortAudio must not be opened twice at once.
        with opening, devices.discard_stderr():
            microphone = SystemMicrophone(settings.device)
        if settings.echo == "auto" and policy == "half":
            return cancelled(microphone, echo_is_gone)
        return microphone

    return MicrophoneListener(open_microphone, endpointer, loop.post)


def _instruction(settings: VoiceSettings, recognizer: Recognizer | None, policy: Policy) -> str:
    if settings.no_mic:
        return "Type what you would say. Ctrl-C ends."
    if recognizer is None:
        return "Nothing can be heard. Type what you would say. Ctrl-C ends."
    return f"Listening with {recognizer.name}, echo policy {policy}. You can type as well. Ctrl-C ends."


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # A reader that hangs in a driver must not keep the process.
    os._exit(code)
