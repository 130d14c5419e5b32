"""Sound at other rates than 16 kHz."""

from __future__ import annotations

import numpy as np
import pytest

from palmwise.speech.endpointing import PIECE, RATE
from voice.resampling import Resampler


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_a_tone_keeps_its_pitch_length_and_loudness(rate: int) -> None:
    resampler, found = Resampler(rate), b""
    samples = (8000 * np.sin(2 * np.pi * 300 * np.arange(2 * rate) / rate)).astype(np.int16)
    at = 0
    while at < len(samples):
        piece = resampler.take()
        if piece is None:
            count = resampler.needed
            resampler.add(samples[at : at + count].tobytes())
            at += count
        else:
            assert len(piece) == 2 * PIECE
            found += piece
    sound = np.frombuffer(found, np.int16).astype(float)
    assert abs(len(sound) / RATE - 2) < 0.1
    spectrum = np.abs(np.fft.rfft(sound))
    assert abs(np.argmax(spectrum) * RATE / len(sound) - 300) < 2
    assert 0.9 < np.sqrt(np.mean(sound**2)) / (8000 / np.sqrt(2)) < 1.05


def test_nothing_comes_of_nothing() -> None:
    resampler = Resampler(44_100)
    assert resampler.take() is None
    resampler.add(b"")
    assert resampler.take() is None
    assert resampler.needed == round(PIECE * 44_100 / RATE)
