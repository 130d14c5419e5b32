"""How loud and how fast the coach speaks."""

from __future__ import annotations

from dataclasses import dataclass

from voice.cards import Card
from voice.events import Say
from voice.script import Line

RATE = 165
"""Words a minute: calm; eSpeak's own 175 to 200 is for reading."""
VOLUMES = {-3: 0.2, -2: 0.32, -1: 0.48, 0: 0.65, 1: 0.78, 2: 0.9, 3: 1.0}
"""By the session's volume, each step about as much louder as the last."""


@dataclass
class Voicing:
    """The voice of this conversation."""

    rate: int = RATE
    """Words a minute at the usual pace."""
    _pace: float = 1.0
    _volume: int = 0

    def follow(self, card: Card) -> None:
        """Takes over what the session wishes."""
        self._pace, self._volume = card.pace, max(-3, min(3, card.volume))

    def say(self, line: Line) -> Say:
        """The order to speak a line. Half of the massage's pace goes into the voice: slow hands, calmer words."""
        rate = round(self.rate / min(1.3, max(0.8, self._pace**0.5)))
        return Say(line.number, line.text, rate, VOLUMES[self._volume])
