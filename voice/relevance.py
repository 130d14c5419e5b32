"""Decides whether something heard was meant for the coach."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from palmwise.client.answers import Answer
from palmwise.speech.events import Heard
from palmwise.speech.vocabulary import similarity, spoken
from voice import words
from voice.playback import Line

AWAITED = 20.0
"""Seconds for which an answer is awaited after the coach asked."""
ECHO_SECONDS = 1.0
"""Seconds for which a line that was spoken may still be heard as speech."""


class Recall:
    """Of the last card and the last line. Times in seconds of one clock."""

    def __init__(self) -> None:
        self._last = ""
        self._echo_until = 0.0
        self._awaited_until = 0.0

    def told(self, now: float, *, asking: bool) -> None:
        """A card came; `asking`: an answer to it is awaited."""
        self._awaited_until = now + AWAITED if asking else 0.0

    def spoken(self, line: Line, now: float) -> None:
        """A line has been spoken to its end."""
        self._last, self._echo_until = line.text, now + ECHO_SECONDS
        if line.kind == "card" and self.awaiting(now):
            # The answer to a long card is awaited from its last word.
            self._awaited_until = now + AWAITED

    def awaiting(self, now: float) -> bool:
        """Whether an answer is awaited."""
        return now < self._awaited_until

    def echo(self, now: float) -> str:
        """The line that may still be in the air."""
        return self._last if now < self._echo_until else ""


UNHELPFUL = ("note", "help")
"""Cards that may say no more than that nothing was understood."""


class Misses:
    """Of the ear here and of the server together."""

    def __init__(self) -> None:
        self._count = 0
        self._known = True

    def sent(self, *, known: bool) -> None:
        """Words went to the server; `known`: they are a phrase that the skill was taught."""
        self._known = known

    def mumbled(self) -> str:
        """What to say when no words could be made out; empty when that was said often enough."""
        self._count += 1
        return words.MUMBLED[self._count - 1] if self._count <= len(words.MUMBLED) else ""

    def worth_saying(self, answer: Answer, *, by_person: bool) -> bool:
        """Whether a card is to be spoken; `by_person`: it answers somebody's words."""
        if not by_person or self._known or answer.kind not in UNHELPFUL:
            self._count = 0
            return True
        self._count += 1
        return self._count <= len(words.MUMBLED) or not answer.at_a_step


WHILE_PAUSED = frozenset(
    "resume stop goodbye next_step previous_step restart go_to_step start_routine report_pain".split()
)
"""What acts while the massage is paused, beside words of danger or to be forgotten; all else is talk in the room."""
HALTING = frozenset("stop goodbye pause report_pain".split())
"""Commands that must not be missed, nor come to nothing: hands off."""
TYPED = frozenset("stop|pause|wait|hold on|ouch|ow|it hurts|that hurts|goodbye|bye".split("|"))
"""What is typed of these, without an ear that knows intents."""
ECHO_SIMILARITY = 0.8
"""Likeness to what the coach is saying from which on it is the coach that was heard."""
BRIEFEST, LONGEST = 0.2, 8.0
"""Seconds of speech: a shorter sound is no word, a longer speech is not for the coach."""
MUMBLED = 2.0
"""Seconds: what was not understood and lasted longer was talk in the room."""
SLOW, SLOWEST = 1.0, 0.8
"""Seconds, and seconds a word: of longer speech, such a text can be no more than a piece."""
WORDS = 22
"""More than this in one breath is talk in the room."""


class Verdict(Enum):
    """What to do about something heard."""

    SEND = auto()
    IGNORE = auto()
    MUMBLE = auto()
    """It may have been for the coach, and could not be understood."""


@dataclass(frozen=True)
class Situation:
    """What was going on when it was heard."""

    state: str
    """Of the session."""
    over: str = ""
    """The line that the coach was speaking or had just spoken when it began, where it may hear itself."""
    cut: bool = False
    """The coach fell silent for it."""
    awaited: bool = False
    """The coach has just asked something."""


def judge(heard: Heard, seconds: float, situation: Situation) -> Verdict:
    """Whether it goes to the server; `seconds` of speech were in it."""
    if not heard.text or seconds > SLOW + SLOWEST * len(heard.text.split()):
        return _nothing(seconds, situation)
    if situation.over and _echo(heard, situation.over):
        return Verdict.IGNORE
    if heard.alarm or heard.wish:
        return Verdict.SEND
    if heard.intent is not None:
        paused = situation.state == "paused" and not situation.awaited
        return Verdict.IGNORE if paused and heard.intent not in WHILE_PAUSED else Verdict.SEND
    if situation.state == "paused" and not situation.awaited:
        return Verdict.IGNORE
    if seconds > LONGEST or len(heard.text.split()) > WORDS:
        return Verdict.IGNORE
    return Verdict.SEND


def halting(heard: Heard) -> str:
    """What to say of it while the server cannot be told, where it means hands off; else nothing."""
    if heard.alarm:
        return words.DANGER
    return words.HANDS_OFF if heard.intent in HALTING else ""


def typed_halting(text: str) -> str:
    """The same for something typed."""
    return words.HANDS_OFF if spoken(text) in TYPED else ""


def _nothing(seconds: float, situation: Situation) -> Verdict:
    if situation.cut or situation.state == "paused" or not BRIEFEST <= seconds <= MUMBLED:
        return Verdict.IGNORE
    return Verdict.MUMBLE


def _echo(heard: Heard, line: str) -> bool:
    """Whether it is like a stretch of the line as long as itself."""
    said, text = spoken(line).split(), heard.text.split()
    windows = [said[i : i + len(text)] for i in range(max(1, len(said) - len(text) + 1))]
    if text in windows:
        return True
    # "Stop" is like "top", "ouch" like "touch": of so few letters, alike is not enough.
    if heard.intent in HALTING or len(text) == 1:
        return False
    if len(text) == 2:
        windows = [window for window in windows if any(map(str.__eq__, text, window))]
    return any(similarity(heard.text, " ".join(window)) >= ECHO_SIMILARITY for window in windows)
