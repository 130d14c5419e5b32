"""Checks loudspeaker, microphone and recognizer one after the other: `python -m voice.check`."""

from __future__ import annotations

import logging
import os
import queue
import sys
import time
from collections.abc import Callable

import numpy as np
from speech_recognition import AudioData

from palmwise.errors import VoiceError
from palmwise.speech.endpointing import PIECE_SECONDS, RATE, loudness
from palmwise.speech.events import Event, LineFailed, LineSpoken
from palmwise.speech.recognizers import create_recognizer
from palmwise.speech.synthesis import Speaker
from voice.devices import discard_stderr, echo_policy, microphones
from voice.microphone import SystemMicrophone
from voice.options import VoiceSettings, read_settings
from voice.playback import VOLUMES

SENTENCE = "Hello. If you can hear me, please say: what's next?"
LISTEN_SECONDS = 5.0
QUIET, LOUD = 250.0, 9000.0
"""Root mean square of the loudest tenth of a recording: below, recognizers guess; above, the microphone distorts."""
CLIPPED = 32_700
"""Samples from this level on are cut off."""


def main() -> int:
    """Check all three; 0 if they work, else 1, and what to change is written."""
    settings = read_settings(program="python -m voice.check")
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    fine = True
    for step in (_check_speaker, _check_microphone):
        fine = _run_step(step, settings) and fine
    policy = echo_policy(settings.echo)
    _write(f"Not hearing itself: {policy} ({_POLICIES[policy]})")
    _write("All is well: make voice" if fine else "Some of it does not work yet: docs/voice.md says more.")
    return 0 if fine else 1


def _run_step(step: Callable[[VoiceSettings], bool], settings: VoiceSettings) -> bool:
    try:
        return step(settings)
    except VoiceError as error:
        _write(f"  NO: {error}")
        return False


_POLICIES = {
    "headset": "you can talk over the coach at any time",
    "gate": "a clear voice can talk over the coach, if the echo is cancelled elsewhere",
    "half": "it listens between its sentences, until it finds while greeting that it does not hear itself; "
    "with headphones, start it by --echo headset",
}


def _check_speaker(settings: VoiceSettings) -> bool:
    _write(f'1. Speaking: "{SENTENCE}"')
    events: queue.Queue[Event] = queue.Queue()
    speaker = Speaker(events.put, settings.voice, settings.mouth)
    try:
        speaker.say(1, SENTENCE, rate=settings.rate, volume=VOLUMES[0])
        event = events.get(timeout=40)
    except queue.Empty:
        event = LineFailed(1, "the voice does not answer.")
    finally:
        speaker.close()
    if isinstance(event, LineSpoken):
        _write("   spoken. Heard nothing? Turn the system's volume up, and see which output it names as the default.")
        return True
    reason = event.reason if isinstance(event, LineFailed) else ""
    _write(f"  NO: {reason} On Debian and its kind: sudo apt install espeak-ng alsa-utils")
    return False


def _check_microphone(settings: VoiceSettings) -> bool:
    names = microphones()
    name = names[settings.device] if settings.device is not None and settings.device < len(names) else "the default one"
    _write(f'2. Listening for {LISTEN_SECONDS:.0f} seconds with {name}: say "what\'s next" now.')
    sound = _record(settings, _show_level)
    level, verdict = judge_level(sound)
    _write(f"   level {level:.0f} of 32767: {verdict}")
    if level < 1:
        _write("  " + "\n  ".join(["Others:", *(f"  --device {number}: {name}" for number, name in enumerate(names))]))
        return False
    recognizer = create_recognizer(settings.ear, settings.model)
    began = time.monotonic()
    transcript = recognizer.transcribe(AudioData(sound, RATE, 2))
    _write(f'3. Understanding with {recognizer.name}: "{transcript.text}" ({time.monotonic() - began:.1f} s)')
    return bool(transcript.text) and level >= QUIET


def _record(settings: VoiceSettings, show: Callable[[float], None]) -> bytes:
    with discard_stderr():
        microphone = SystemMicrophone(settings.device)
    pieces = []
    try:
        for _ in range(round(LISTEN_SECONDS / PIECE_SECONDS)):
            pieces.append(microphone.read())
            show(loudness(pieces[-1]))
    finally:
        microphone.close()
    _write("")
    return b"".join(pieces)


def judge_level(sound: bytes) -> tuple[float, str]:
    """Return the level of the loudest tenth of a recording, and what to do about it."""
    pieces = [sound[at : at + 1024] for at in range(0, len(sound) - 1023, 1024)]
    level = float(np.percentile([loudness(piece) for piece in pieces], 90)) if pieces else 0.0
    samples = np.frombuffer(sound, np.int16)
    clipped = float(np.mean(np.abs(samples.astype(np.int32)) >= CLIPPED)) if samples.size else 0.0
    if level < 1:
        return level, "nothing at all. The microphone is muted, unplugged, or not this one."
    if level < QUIET:
        return level, "faint. Come nearer, or turn the microphone up in the system's sound settings."
    if level > LOUD or clipped > 0.001:
        return level, "too loud: it distorts. Turn the microphone down."
    return level, "good."


def _show_level(level: float) -> None:
    if sys.stdout.isatty():
        width = min(40, round(10 * np.log10(1 + level)))
        sys.stdout.write(f"\r   {'#' * width:<40}")
        sys.stdout.flush()


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        code = main()
    except KeyboardInterrupt:
        code = 130
    os._exit(code)
