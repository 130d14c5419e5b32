"""Synthetic people and the rooms they speak in."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.voice.room import CACHE, LEVEL, RATE, Sound, clip_of, pink_noise, read, write

REPORT_VOICES = ("flite rms", "flite awb", "festival cmu_us_slt_arctic_hts", "festival ked_diphone", "hibari 0.85")
"""Nothing was tuned on these; recognizers were, on flite slt and kal16, hibari 1.0 and espeak en-us+f3."""
CONDITIONS = ("clean", "20 dB", "10 dB", "room", "babble")
AROUND = RATE // 3
"""Samples of silence before and after what is said."""
CLEAN = 45.0
"""Decibels of the voice above the noise of a good microphone: perfect silence is found nowhere."""
REVERBERATION = 0.5
"""Seconds until the echo of the room has faded by 60 dB."""
BABBLE = 6.0
"""Decibels of the voice above four other people who talk at once."""
BABBLERS = (
    ("flite slt", "the prime minister spoke to reporters outside the house this afternoon"),
    ("flite kal16", "my sister is coming over on saturday with the kids and the dog"),
    ("flite slt", "the recipe says to bake it for forty minutes and let it cool"),
    ("flite kal16", "he scored twice in the first ten minutes and then the crowd went quiet"),
)


def speak(voice: str, text: str) -> Sound:
    """Return what a voice makes of a text, at the usual level."""
    CACHE.mkdir(exist_ok=True)
    file = CACHE / f"{hashlib.sha256(f'{voice}|{text}'.encode()).hexdigest()[:24]}.wav"
    if not file.exists():
        half = file.with_suffix(f".{os.getpid()}.wav")
        engine, _, name = voice.partition(" ")
        _ENGINES[engine](name, text, half)
        half.rename(file)
    sound = read(file)
    return np.asarray(sound * (LEVEL / np.sqrt(np.mean(sound**2))), np.float64)


def clip_in(condition: str, voice: str, text: str, take: int = 0) -> Any:
    """Return SpeechRecognition's clip of a voice that says something in a condition of `CONDITIONS`.

    With each `take` other noise is heard beside it.
    """
    return clip_of(sound_in(condition, speak(voice, text), take))


def sound_in(condition: str, voice: Sound, take: int = 0) -> Sound:
    """Return the sound of a voice in a condition of `CONDITIONS`, with silence around it; `take` as in `clip_in`."""
    sound = np.concatenate([np.zeros(AROUND), voice, np.zeros(AROUND)])
    if condition == "room":
        sound = np.convolve(sound, _impulse_response())[: len(sound)]
        sound *= LEVEL / max(1.0, float(np.sqrt(np.mean(sound[AROUND:-AROUND] ** 2))))
    if condition == "babble":
        sound = sound + LEVEL * 10 ** (-BABBLE / 20) * _babble(len(sound), take)
    decibels = {"20 dB": 20.0, "10 dB": 10.0, "room": 25.0}.get(condition, CLEAN)
    return np.asarray(sound + _noise(len(sound), decibels, take), np.float64)


def _noise(count: int, decibels: float, take: int) -> Sound:
    return np.asarray(LEVEL * 10 ** (-decibels / 20) * pink_noise(count, 11 + take), np.float64)


@cache
def _impulse_response() -> Sound:
    """Return the echo of a living room: the direct sound, and noise that fades."""
    times = np.arange(int(REVERBERATION * RATE)) / RATE
    tail = np.random.default_rng(5).standard_normal(len(times)) * 10 ** (-3 * times / REVERBERATION)
    tail[: RATE // 200] = 0
    tail *= 0.7 / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    return tail


def _babble(count: int, take: int) -> Sound:
    """Return several people who talk at once, with a root mean square of 1; each take begins elsewhere."""
    sum_of = np.zeros(count)
    for number, (voice, text) in enumerate(BABBLERS, 1):
        sum_of += np.resize(np.roll(speak(voice, text), -take * number * AROUND), count)
    level = float(np.sqrt(np.mean(sum_of**2)))
    return np.asarray(sum_of / level, np.float64)


def _flite(name: str, text: str, file: Path) -> None:
    _run(["flite", "-voice", name, "-t", text, "-o", str(file)])
    _resample(file)


def _espeak(name: str, text: str, file: Path) -> None:
    _run(["espeak-ng", "-v", name, "-s", "150", "-w", str(file), text])
    _resample(file)


def _festival(name: str, text: str, file: Path) -> None:
    _run(["text2wave", "-eval", f"(voice_{name})", "-o", str(file)], text)
    _resample(file)


def _hibari(pitch: str, text: str, file: Path) -> None:
    """Say it by hibari-tts; a pitch under 1 makes another, deeper voice of it, at the same speed."""
    shift = float(pitch)
    samples = _hibari_engine()(text, speed=0.95 / shift, seed=0)
    write(file, np.asarray(samples, np.float64) * 32_000, round(24_000 * shift))
    _resample(file)


@cache
def _hibari_engine() -> Any:
    from hibari import Hibari  # noqa: PLC0415 -- only the environment of the voice client has it

    return Hibari()


def _resample(file: Path) -> None:
    half = file.with_suffix(".16k.wav")
    _run(["sox", str(file), "-r", str(RATE), "-c", "1", "-b", "16", "-e", "signed", str(half)])
    half.rename(file)


def _run(command: Sequence[str], text: str | None = None) -> None:
    subprocess.run(command, check=True, input=text, text=True, capture_output=True)


_ENGINES: Mapping[str, Any] = {"flite": _flite, "espeak": _espeak, "festival": _festival, "hibari": _hibari}
