"""Tests loudspeaker, microphone and recognizer one after the other: `python -m voice.check`."""

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
from palmwise.resources import ROOT
from palmwise.speech import recognizers
from palmwise.speech.endpointing import RATE, SECONDS, loudness
from palmwise.speech.events import Event, Spoken, Unspoken
from palmwise.speech.synthesis import ChildMouth
from voice.devices import microphones, policy, quiet
from voice.microphone import SystemMicrophone
from voice.playback import VOLUMES
from voice.settings import Settings, read

SENTENCE = "Hello. If you can hear me, please say: what's next?"
LISTEN = 5.0
"""Seconds."""
QUIET, LOUD = 250.0, 9000.0
"""Root mean square of a voice's loudest tenth: below it recognisers guess, above it the microphone distorts."""
CLIPPED = 32_700


def main() -> int:
    """0 when all three work; tells what to change when not."""
    settings = read(program="python -m voice.check")
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    fine = True
    for step in (_speaks, _listens):
        fine = _tried(step, settings) and fine
    chosen = policy(settings.echo)
    _tell(f"Not hearing itself: {chosen} ({_POLICIES[chosen]})")
    _tell("All is well: make voice" if fine else "Some of it does not work yet: docs/voice.md says more.")
    return 0 if fine else 1


def _tried(step: Callable[[Settings], bool], settings: Settings) -> bool:
    try:
        return step(settings)
    except VoiceError as error:
        _tell(f"  NO: {error}")
        return False


_POLICIES = {
    "headset": "you can talk over the coach at any time",
    "gate": "echo cancelling was found, so a clear voice can talk over the coach",
    "half": "it listens between its sentences; with headphones, start it by --echo headset",
}


def _speaks(settings: Settings) -> bool:
    _tell(f'1. Speaking: "{SENTENCE}"')
    events: queue.Queue[Event] = queue.Queue()
    mouth = ChildMouth(events.put, settings.voice)
    try:
        mouth.say(1, SENTENCE, rate=settings.rate, volume=VOLUMES[0])
        event = events.get(timeout=40)
    except queue.Empty:
        event = Unspoken(1, "the voice does not answer.")
    finally:
        mouth.close()
    if isinstance(event, Spoken):
        _tell("   spoken. Heard nothing? Turn the system's volume up, and see which output it names as the default.")
        return True
    reason = event.reason if isinstance(event, Unspoken) else ""
    _tell(f"  NO: {reason} On Debian and its kind: sudo apt install espeak-ng alsa-utils")
    return False


def _listens(settings: Settings) -> bool:
    names = microphones()
    name = names[settings.device] if settings.device is not None and settings.device < len(names) else "the default one"
    _tell(f'2. Listening for {LISTEN:.0f} seconds with {name}: say "what\'s next" now.')
    sound = _recorded(settings, _bar)
    level, verdict = judged(sound)
    _tell(f"   level {level:.0f} of 32767: {verdict}")
    if level < 1:
        _tell("  " + "\n  ".join(["Others:", *(f"  --device {number}: {name}" for number, name in enumerate(names))]))
        return False
    ear = recognizers.ear(settings.ear, settings.model, ROOT)
    began = time.monotonic()
    heard = ear.hear(AudioData(sound, RATE, 2))
    _tell(f'3. Understanding with {ear.name}: "{heard.text}" ({time.monotonic() - began:.1f} s)')
    return bool(heard.text) and level >= QUIET


def _recorded(settings: Settings, show: Callable[[float], None]) -> bytes:
    with quiet():
        microphone = SystemMicrophone(settings.device)
    pieces = []
    try:
        for _ in range(round(LISTEN / SECONDS)):
            pieces.append(microphone.read())
            show(loudness(pieces[-1]))
    finally:
        microphone.close()
    _tell("")
    return b"".join(pieces)


def judged(sound: bytes) -> tuple[float, str]:
    """The level of the loudest tenth of a recording, and what to do about it."""
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


def _bar(level: float) -> None:
    if sys.stdout.isatty():
        width = min(40, round(10 * np.log10(1 + level)))
        sys.stdout.write(f"\r   {'#' * width:<40}")
        sys.stdout.flush()


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        code = main()
    except KeyboardInterrupt:
        code = 130
    os._exit(code)
