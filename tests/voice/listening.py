"""Finds what the coach said in a recording of the room's loudspeaker."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.voice.room import RATE
from palmwise.speech.voice_driver import write_wave
from palmwise.speech.voices import NaturalVoice

FRAME = RATE // 100
LOUD = 30.0
WINDOW = 400
BANDS = 24
STRETCH, REACH = 40, 60
"""Frames that are compared at once, and by how many they may be elsewhere."""
ALIKE = 0.78
"""Correlation of spectra with which a line was said: those that were reach 0.94, 0.82 through a loudspeaker that a busy
machine lets stutter; others reach 0.72."""
Spectra = NDArray[np.float64]


def find_spoken(file: Path, sentences: Iterable[str], folder: Path, rate: int) -> list[str]:
    """Return which of these sentences were said in a raw recording of 16 bit at 16 kHz, in the order of being said.

    The natural voice itself says each sentence (`rate` in words a minute), and the recording is searched for the
    spectra of that: no recognizer is certain of every word, and the voice says the same text always the same way.
    """
    voice = NaturalVoice()
    raw = file.read_bytes()
    recorded = _spectra(np.frombuffer(raw[: len(raw) // 2 * 2], np.int16).astype(np.float64))
    found = []
    for text in dict.fromkeys(sentences):
        alike, at = _best(recorded, _spectra(_spoken(voice, text, rate, folder)))
        if alike >= ALIKE:
            found.append((at, text))
    return [text for _, text in sorted(found)]


def _best(recorded: Spectra, line: Spectra) -> tuple[float, int]:
    """How alike the most alike place is, and where: the mean of the line's stretches, each about where it should be.

    About, as a busy machine's loudspeaker stutters.
    """
    starts = range(0, max(1, len(line) - STRETCH // 2), STRETCH)
    total = np.zeros(len(recorded))
    for at in starts:
        alike = _correlations(recorded, line[at : at + STRETCH])
        near = np.concatenate([np.full(REACH, -1.0), alike, np.full(at + len(line) + REACH, -1.0)])
        most = np.lib.stride_tricks.sliding_window_view(near, 2 * REACH + 1).max(axis=1)
        total += most[at : at + len(recorded)]
    place = int(np.argmax(total))
    return float(total[place]) / len(starts), place


def _correlations(recorded: Spectra, stretch: Spectra) -> Spectra:
    """Of a stretch with the recording from each frame on."""
    pieces = np.lib.stride_tricks.sliding_window_view(recorded, len(stretch), axis=0).reshape(
        len(recorded) - len(stretch) + 1, -1
    )
    wanted = stretch.T.ravel() - stretch.mean()
    centred = pieces - pieces.mean(axis=1, keepdims=True)
    scale = np.sqrt((centred**2).sum(axis=1) * (wanted**2).sum())
    return np.asarray(centred @ wanted / np.maximum(scale, 1e-9), np.float64)


def _spectra(sound: NDArray[np.float64]) -> Spectra:
    """Logarithms of the energy in bands, for each hundredth of a second."""
    count = max(1, (len(sound) - WINDOW) // FRAME)
    frames = np.stack([sound[at * FRAME : at * FRAME + WINDOW] for at in range(count)]) * np.hanning(WINDOW)
    power = np.abs(np.fft.rfft(frames)) ** 2
    edges = np.geomspace(2, power.shape[1] - 1, BANDS + 1).astype(int)
    bands = np.stack([power[:, a : max(a + 1, b)].mean(axis=1) for a, b in pairwise(edges)], axis=1)
    return np.asarray(np.log(bands + LOUD**2), np.float64)


def _spoken(voice: NaturalVoice, text: str, rate: int, folder: Path) -> NDArray[np.float64]:
    file = folder / "line.wav"
    raw = folder / "line.raw"
    write_wave(voice.speak(text, rate), str(file))
    subprocess.run(["sox", str(file), "-r", str(RATE), "-e", "signed", "-b", "16", "-c", "1", str(raw)], check=True)
    sound = np.frombuffer(raw.read_bytes(), np.int16).astype(np.float64)
    voiced = np.flatnonzero(np.abs(sound) > LOUD)
    return sound[voiced[0] : voiced[-1]]
