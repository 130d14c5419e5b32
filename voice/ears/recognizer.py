"""A `speech_recognition.Recognizer` whose models stay loaded: what the loop hears with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import speech_recognition as sr

from voice.language.commands import unfinished
from voice.language.store import Language
from voice.language.wording import similarity, spoken
from voice.protocols import Clip, Heard


class Backend(Protocol):
    """Turns a clip into text."""

    def text(self, clip: Clip) -> str:
        """What was said; empty when there is no telling. Raises `VoiceError`."""
        ...


class CoachRecognizer(sr.Recognizer):  # type: ignore[misc]  # its package has no types
    """One ear, or two: a closed one that knows commands by heart, a free one that tells when it was none of them."""

    def __init__(
        self,
        name: str,
        free: Backend,
        closed: Sequence[tuple[Backend, float]],
        words: Language,
        *,
        otherwise: Backend | None = None,
    ) -> None:
        """`closed`: each with how alike (0 to 1) it and the free one must hear to be believed; `words`: the commands,
        beside words of danger or to be forgotten, which count by the free one alone; `otherwise`: asked for a command
        where the free one, made for sentences, hears nothing in a single word.
        """
        super().__init__()
        self.name = name
        self._free = free
        self._closed = closed
        self._known = words.commands()
        self._alarms = words.alarms()
        self._wishes = words.wishes()
        self._otherwise = otherwise
        self._open = unfinished(self._known)

    def recognize_coach(self, clip: Clip) -> str:
        """The words in a clip, beside `recognize_sphinx` and its kind. Raises `VoiceError`."""
        return self.hear(clip).text

    def hear(self, clip: Clip) -> Heard:
        """The words in a clip. Raises `VoiceError`."""
        free = spoken(self._free.text(clip))
        alarm = self._alarms.heard(free)
        wish = self._wishes.heard(free)
        text = free if alarm or wish else self._believed(free, clip)
        return Heard(text, self._known.get(text), text in self._known and text not in self._open, alarm, wish)

    def _believed(self, free: str, clip: Clip) -> str:
        if not free and self._otherwise is not None:
            text = spoken(self._otherwise.text(clip))
            return text if text in self._known else ""
        if not free or free in self._known:
            return free
        for backend, alike in self._closed:
            closed = spoken(backend.text(clip))
            if closed in self._known and similarity(free, closed) >= alike:
                return closed
        return free
