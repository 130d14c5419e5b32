"""Measures whole massages that are led hands-free while it is not quiet: in noise, and beside a television."""

from __future__ import annotations

import contextlib
import itertools
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import numpy as np

from benchmarks.tables import table
from benchmarks.voice.recognizer_results import PHRASES
from benchmarks.voice.room import LEVEL, RATE, VOICES, Room, Sound, synthesize, virtual_room
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
SILENCES = (0.3, 0.8, 0.4, 1.5)
"""Seconds between two sentences on television."""
OWN = 0.5
"""Likeness (0 to 1) of what was sent to what the person had just said, from which on it was theirs."""
HEAD = (
    "room", "wishes", "understood", "at the first try", "tries in all", "sent that nobody said", "times fallen silent",
    "led to its end",
)  # fmt: skip
SCRIPT: Sequence[tuple[tuple[str, ...], tuple[str, ...]]] = (
    (("start the massage",), ("Shall we",)),
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


@dataclass
class Massage:
    """How one went."""

    understood: int = 0
    first: int = 0
    tries: int = 0
    ended: bool = False
    said: list[str] = field(default_factory=list)


def measure(server: str) -> str:
    """Measure one massage in noise, and one beside a television."""
    rooms: dict[str, Callable[[Room], AbstractContextManager[None]]] = {
        f"noise {NOISE:.0f} dB below the voice": lambda room: room.noise(LEVEL * 10 ** (-NOISE / 20)),
        f"television {TELEVISION:.0f} dB below the voice": _television,
    }
    rows = []
    for name, sounds in rooms.items():
        with virtual_room() as room, sounds(room):
            session = VoiceSession(room, server, "--echo", "headset", "--verbose", speed=SPEED)
            try:
                massage = _lead(session)
            finally:
                session.close()
            log.info("%s", session.transcript)
            rows.append((name, len(SCRIPT), massage.understood, massage.first, massage.tries,
                         _sent_by_nobody(session, massage), session.count("stopped speaking"),
                         "yes" if massage.ended else "no"))  # fmt: skip
            log.warning("%s", rows[-1])
    return table(HEAD, rows, "Whole massages")


def _lead(session: VoiceSession) -> Massage:
    """Say every wish until it is understood, then wait for the end."""
    massage = Massage()
    session.wait_for("Hello", timeout=90)
    time.sleep(3)
    for number, (ways, seen) in enumerate(SCRIPT):
        voice = VOICES[number % len(VOICES)]
        for count, text in enumerate(itertools.islice(itertools.cycle(ways), TRIES)):
            massage.tries += 1
            massage.said.append(text)
            session.say(text, voice, snr=None)
            with contextlib.suppress(TimeoutError):
                session.wait_for(*seen, timeout=TRY_SECONDS)
                massage.understood += 1
                massage.first += count == 0
                break
        time.sleep(1)
    with contextlib.suppress(TimeoutError):
        session.wait_for("That was the whole massage", timeout=END_SECONDS)
        massage.ended = True
    return massage


def _sent_by_nobody(session: VoiceSession, massage: Massage) -> int:
    """Return how many of the words sent to the server are unlike all that the person said."""
    sent = [line.removeprefix("> ") for _, line in session.lines if line.startswith("> ")]
    own = [spoken_form(text) for text in {*massage.said, "hold on"}]
    return sum(max(similarity(spoken_form(text), each) for each in own) < OWN for text in sent)


@contextlib.contextmanager
def _television(room: Room) -> Iterator[None]:
    """Have other people talk in the room while the context lasts, with the pauses that people make."""
    with room.playing(10 ** (-TELEVISION / 20) * _talk(room)):
        yield


def _talk(room: Room) -> Sound:
    voices, silences = itertools.cycle(VOICES), itertools.cycle(SILENCES)
    pieces: list[Sound] = []
    while sum(map(len, pieces)) < 900 * RATE:
        for text in PHRASES["other_talk"]:
            pieces += [synthesize(text, next(voices), room.cache)[0], np.zeros(round(RATE * next(silences)))]
    return np.concatenate(pieces)
