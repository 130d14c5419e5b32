"""Decides whether something heard was meant for the coach."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from voice import words
from voice.language.wording import similarity, spoken
from voice.protocols import Heard

WHILE_PAUSED = frozenset(
    "resume stop goodbye next_step previous_step restart go_to_step start_routine report_pain".split()
)
"""What acts while the massage is paused, beside words of danger or to be forgotten; all else is talk in the room."""
HALTING = frozenset("stop goodbye pause report_pain".split())
"""Commands that must not be missed, nor come to nothing: hands off."""
TYPED = frozenset("stop|pause|wait|hold on|ouch|ow|it hurts|that hurts|goodbye|bye".split("|"))
"""What is typed of these, without an ear that knows intents."""
ECHO = 0.8
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
    return any(similarity(heard.text, " ".join(window)) >= ECHO for window in windows)
