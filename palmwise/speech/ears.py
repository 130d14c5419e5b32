"""Ears: what makes out what was said in a clip, from one recognizer or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from palmwise.speech.events import Clip
from palmwise.speech.fusion import choose_alarm, choose_phrase, likelihood_of_others, merge, without_loops
from palmwise.speech.known_words import KnownWords
from palmwise.speech.moonshine import Candidate, Encoded, PhraseTrie, seconds_of
from palmwise.speech.vocabulary import similarity, spoken_form

LONGEST_COMMAND = 6.0
"""Seconds of a clip in which a known phrase is looked for."""
FOLLOWED = 10.0
"""By how much a phrase may be less likely than the free text to be looked at: with less, no margin would take it."""
PAUSE = "hold on"
"""What a doubtful alarm is taken for."""


class Backend(Protocol):
    """Turns a clip into text."""

    def text(self, clip: Clip) -> str:
        """Return what was said, empty if nothing was understood. Raises `VoiceError`."""
        ...


@dataclass(frozen=True)
class Heard:
    """What an ear made of a clip."""

    words: str
    """As they were heard, of any vocabulary: red flags are looked for in these alone."""
    text: str
    """The command that was probably said, otherwise the words; in spoken form."""
    doubtful: bool = False
    """As in `Transcript`."""


class Ear(Protocol):
    """Makes out what was said in a clip."""

    def hear(self, clip: Clip, question: str | None) -> Heard:
        """Return what was said while a question of the coach was open. Raises `VoiceError`."""
        ...


class CheckedEar:
    """A recognizer of any words, whose text is checked against others that know only the commands."""

    def __init__(
        self,
        open_backend: Backend,
        command_backends: Sequence[tuple[Backend, float]],
        commands: Mapping[str, str],
        *,
        fallback: Backend | None = None,
    ) -> None:
        """`command_backends` come with the likeness to the text of `open_backend` that their commands need.

        `fallback` is asked for a command where `open_backend` hears nothing, as those made for sentences miss words.
        """
        self._open_backend = open_backend
        self._command_backends = command_backends
        self._commands = commands
        self._fallback = fallback

    def hear(self, clip: Clip, question: str | None) -> Heard:  # noqa: ARG002 -- it knows no answers
        """Return what was said. Raises `VoiceError`."""
        words = self._open_backend.text(clip)
        return Heard(words, self.check(spoken_form(words), clip))

    def check(self, text: str, clip: Clip) -> str:
        """Return the command that was probably said, otherwise the text as it was heard. Raises `VoiceError`."""
        if not text and self._fallback is not None:
            command = spoken_form(self._fallback.text(clip))
            return command if command in self._commands else ""
        if not text or text in self._commands:
            return text
        for backend, likeness in self._command_backends:
            command = spoken_form(backend.text(clip))
            if command in self._commands and similarity(text, command) >= likeness:
                return command
        return text


class PhraseDecoder(Protocol):
    """What `Moonshine` offers."""

    def encode(self, clip: Clip) -> Encoded | None:
        """Return what the rest works on; None for a clip that is too short."""
        ...

    def decode(self, encoded: Encoded, seconds: float) -> Candidate:
        """Return the likeliest text."""
        ...

    def trie(self, texts: Iterable[str]) -> PhraseTrie:
        """Return the trie of phrases in their spoken form."""
        ...

    def rank(self, encoded: Encoded, trie: PhraseTrie, least: float) -> list[Candidate]:
        """Return the likeliest phrases of a trie, best first; none that is less likely than `least`."""
        ...


class MoonshineEar:
    """Moonshine, decoded freely and along the phrases that the coach knows, with another ear where these disagree."""

    def __init__(self, moonshine: PhraseDecoder, known: KnownWords, check: Callable[[str, Clip], str]) -> None:
        """`check` returns the command that was said in a clip, given a text that is none, or the text."""
        self._moonshine = moonshine
        self._known = known
        self._check = check
        self._phrases = moonshine.trie({**known.commands, **dict.fromkeys(known.names)})
        self._alarms = moonshine.trie(known.alarms)
        self._answers: dict[str, PhraseTrie] = {}

    def hear(self, clip: Clip, question: str | None) -> Heard:
        """Return what was said. Raises `VoiceError`."""
        encoded = self._moonshine.encode(clip)
        if encoded is None:
            return Heard("", "")
        seconds = seconds_of(clip)
        free = self._moonshine.decode(encoded, seconds)
        said = Candidate(without_loops(spoken_form(free.text)), free.likelihood)
        answers = self._known.answers.get(question or "", {})
        if said.text in self._known.commands or said.text in answers or said.text in self._known.names:
            return Heard(free.text, said.text)
        if seconds > LONGEST_COMMAND:
            return Heard(free.text, said.text)
        least = free.likelihood - FOLLOWED
        tries = (self._phrases, *self._tries_of(question))
        ranked = merge(*(self._moonshine.rank(encoded, trie, least) for trie in tries))
        phrase = choose_phrase(said, ranked, self._known.commands, answers)
        if phrase is not None:
            return Heard(free.text, phrase)
        alarms = self._moonshine.rank(encoded, self._alarms, least)
        alarm, sure = choose_alarm(said, alarms, seconds, likelihood_of_others(ranked, self._known.commands))
        if alarm and sure:
            return Heard(free.text, alarm)
        command = self._check(said.text, clip)
        if alarm and not (said.text and command in self._known.commands):
            return Heard(free.text, PAUSE, doubtful=True)
        return Heard(free.text, command)

    def _tries_of(self, question: str | None) -> list[PhraseTrie]:
        """Return the trie of the answers to a question; it is made when the question is first asked."""
        if question is None or question not in self._known.answers:
            return []
        if question not in self._answers:
            self._answers[question] = self._moonshine.trie(self._known.answers[question])
        return [self._answers[question]]
