"""A short tone, which says without words that something heard was not taken for the coach."""

from __future__ import annotations

import logging
import threading

import numpy as np

from palmwise.errors import LoudspeakerError
from palmwise.speech.player import Player
from palmwise.speech.voices import Sound

log = logging.getLogger(__name__)
RATE = 24_000
SECONDS = 0.16
PITCHES = (440.0, 330.0)
"""Hertz, falling: nothing is expected of the person."""
VOLUME = 0.08


def tone() -> Sound:
    """Return the sound."""
    half = np.arange(int(RATE * SECONDS / 2)) / RATE
    waves = np.concatenate([np.sin(2 * np.pi * pitch * half) for pitch in PITCHES])
    fade = np.minimum(1, np.linspace(0, 12, len(waves))) * np.linspace(1, 0, len(waves))
    return Sound((32_000 * VOLUME * waves * fade).astype(np.int16).tobytes(), RATE)


class Earcon:
    """Plays the tone beside the voice."""

    def __init__(self, player: Player | None = None) -> None:
        self._player = player or Player()
        self._sound = tone()

    def play(self) -> None:
        """Begin to play it; where that fails, it is left out."""
        threading.Thread(target=self._play, daemon=True, name="earcon").start()

    def _play(self) -> None:
        try:
            self._player.play([self._sound], self._player.stops)
        except LoudspeakerError as error:
            log.debug("%s", error)
