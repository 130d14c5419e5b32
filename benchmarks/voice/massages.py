"""Measures whole massages that are led hands-free while it is not quiet: in noise, and beside a television."""

from __future__ import annotations

import contextlib
import itertools
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from benchmarks.tables import table
from benchmarks.voice.recognizer_results import PHRASES
from benchmarks.voice.room import LEVEL, RATE, VOICES, Sound, pink_noise, synthesize, virtual_room
from benchmarks.voice.voice_session import VoiceSession
from palmwise.speech.vocabulary import similarity, spoken_form

log = logging.getLogger(__name__)
SPEED = 10.0
"""Seconds of a step per second of the room."""
TRIES = 4
TRY_SECONDS = 9.0
"""After which a person who was not understood says it again."""
END_SECONDS = 300.0
NOISE, TELEVISION = 10.0, 12.0
"""Decibels of the person's voice above the noise, and above a television that somebody else watches."""
SECONDS = 900
"""Of what is heard beside the person; a session that lasts longer hears it again."""
SILENCES = (0.3, 0.8, 0.4, 1.5)
"""Seconds between two sentences on television."""
OWN = 0.5
"""Likeness (0 to 1) of what was sent to what the person had just said, from which on it was theirs."""
HEAD = (
    "room", "wishes", "understood", "at the first try", "tries in all", "sent that nobody said", "times fallen silent",
    "led to its end",
)  # fmt: skip
SCRIPT: Sequence[tuple[tuple[str, ...], tuple[str, ...]]] = (
    (("start the massage",), ("classic hand and wrist massage",)),
    (("yes please", "yes"), ("safety question",)),
    (("none of these", "no"), ("quiet, comfortable place",)),
    (("yes", "yes please"), ("Step one of six",)),
    (("how long", "how long does it take"), ("to go",)),
    (("next step please", "what's next"), ("Step two of six",)),
    (("hold on", "pause please"), ("Holding here", "I'll wait", "still holding", "your place")),
    (("carry on", "keep going"), ("> carry on", "> keep going")),
    (("that hurts", "too much pressure"), ("> that hurts", "> too much pressure", "> hold on")),
    (("carry on", "keep going"), ("> carry on", "> keep going")),
    (("what step am i on",), ("of six",)),
    (("say that again", "repeat that please"), ("> say that again", "> repeat that please")),
    (("what's next", "next step please"), ("Step three of six",)),
)
"""Ways to say each wish, and what is seen when one was understood. After it the clock leads on."""


class SpokenSession(Protocol):
    """A `VoiceSession`, or one in simulated time."""

    lines: list[tuple[float, str]]

    def say(self, text: str, voice: str, snr: float | None) -> None:
        """Have the person say something."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""

    def wait_for(self, *texts: str, timeout: float) -> None:
        """Wait for a line with one of these texts. Raises `TimeoutError`."""


@dataclass
class Massage:
    """How one went."""

    understood: int = 0
    first: int = 0
    tries: int = 0
    ended: bool = False
    said: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    """What was sent to the server and is unlike all that the person said."""


def rooms() -> Mapping[str, Sound]:
    """Return what is heard beside the person in each room."""
    return {
        f"noise {NOISE:.0f} dB below the voice": LEVEL * 10 ** (-NOISE / 20) * pink_noise(SECONDS * RATE, 3),
        f"television {TELEVISION:.0f} dB below the voice": 10 ** (-TELEVISION / 20) * _talk(),
    }


def measure(server: str) -> str:
    """Measure one massage in noise, and one beside a television."""
    rows = []
    for name, sound in rooms().items():
        with virtual_room() as room, room.playing(sound):
            session = VoiceSession(room, server, "--echo", "headset", "--verbose", speed=SPEED)
            try:
                massage = lead(session)
            finally:
                session.close()
            log.info("%s", session.transcript)
            rows.append((name, len(SCRIPT), massage.understood, massage.first, massage.tries, len(massage.foreign),
                         session.count("stopped speaking"), "yes" if massage.ended else "no"))  # fmt: skip
            log.warning("%s", rows[-1])
    return table(HEAD, rows, "Whole massages")


def lead(session: SpokenSession) -> Massage:
    """Say every wish until it is understood, then wait for the end."""
    massage = Massage()
    session.wait_for("Hello", timeout=90)
    session.sleep(3)
    for number, (ways, seen) in enumerate(SCRIPT):
        voice = VOICES[number % len(VOICES)]
        for count, text in enumerate(itertools.islice(itertools.cycle(ways), TRIES)):
            massage.tries += 1
            massage.said.append(text)
            session.say(text, voice, None)
            with contextlib.suppress(TimeoutError):
                session.wait_for(*seen, timeout=TRY_SECONDS)
                massage.understood += 1
                massage.first += count == 0
                break
        session.sleep(1)
    with contextlib.suppress(TimeoutError):
        session.wait_for("That was the whole massage", timeout=END_SECONDS)
        massage.ended = True
    massage.foreign = _sent_by_nobody(session, massage)
    return massage


def _sent_by_nobody(session: SpokenSession, massage: Massage) -> list[str]:
    sent = [line.removeprefix("> ") for _, line in session.lines if line.startswith("> ")]
    own = [spoken_form(text) for text in {*massage.said, "hold on"}]
    return [text for text in sent if max(similarity(spoken_form(text), each) for each in own) < OWN]


def _talk() -> Sound:
    """Return other people's talk, with the pauses that people make."""
    voices, silences = itertools.cycle(VOICES), itertools.cycle(SILENCES)
    pieces: list[Sound] = []
    while sum(map(len, pieces)) < SECONDS * RATE:
        for text in PHRASES["other_talk"]:
            pieces += [synthesize(text, next(voices))[0], np.zeros(round(RATE * next(silences)))]
    return np.concatenate(pieces)
