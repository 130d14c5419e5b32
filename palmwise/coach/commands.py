"""Commands: what a person, a button or a timer asks of the coach, and whether it is meant as it looks.

A question, a remark or a word to somebody else in the room must not move the massage. What stops it needs little
evidence, what costs place or time needs more; thresholds were chosen on sentences that are not in the training data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from palmwise.language.tokens import words_of

By = Literal["person", "button", "timer"]
State = Literal["none", "offered", "screening", "preparing", "running", "paused", "finished", "stopped"]
Doubt = Literal["", "aside", "remark", "unsure"]
"""Why a message is not taken at its word: said to somebody else, told in passing, or too little to go by."""

MOVING = frozenset(
    "start_routine set_duration next_step previous_step go_to_step resume restart switch_hand slow_down speed_up "
    "undo goodbye speak_up speak_softly affirm deny".split()
)
"""Intents that cost place, time or permission."""
HALTING = frozenset({"stop", "pause"})
"""Intents that are obeyed on less evidence: a pause too many costs nothing but a word."""
TALK = frozenset({"out_of_scope", "praise", "complain", "thank", "greet", "help", "bot_challenge", "nlu_fallback"})
"""Intents whose answer is a nuisance where somebody else is spoken to."""
NAMES = frozenset({"coach", "palmwise"})
"""Forms of address, which make sure that the coach is meant."""
ASIDE, ASIDE_HALTING, REMARK = 0.6, 0.8, 0.7
"""Probability of the act of speech from which on it is no command."""
NEARLY_SURE = 0.95
HARDLY_SURE = 0.7
"""Probability of an intent below which other evidence decides."""
LEAST = 0.5
"""Probability of an intent below which a moving one is asked about."""
CERTAIN = 0.999
"""Confidence of what a safety list decided: that is always obeyed."""


@dataclass(frozen=True)
class ClockReport:
    """What a client's own clock shows."""

    token: str
    """Token of the step that the client shows."""
    elapsed: float
    """Seconds into that step."""


@dataclass(frozen=True)
class Command:
    """An understood message."""

    intent: str
    """An intent of the domain, `faq/<id>`, or `nlu_fallback`."""
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Normalised values in order of mention.

    `minutes` "5"; `step_number` "4", "last", "last-1", "-2"; `technique` "petrissage".
    """
    by: By = "person"
    token: str | None = None
    """Token of the step that a timer speaks for."""
    clock: ClockReport | None = None
    """What the sender's clock showed, if it was reported."""
    mixed: bool = False
    """True for a no that also says yes: "yes and no"."""
    hedged: bool = False
    """True for a yes or no that is not meant as one: "maybe"."""
    private: bool = False
    """True if the message asks what becomes of what was said, or wishes it deleted."""
    answer: str | None = None
    """Id of the answer to the question that was asked, if it is known."""
    near: tuple[str, ...] = ()
    """Ids of answers to questions like it."""
    text: str = ""
    """What the person said; empty for buttons and timers."""
    meant: str = ""
    """The words that are meant, where a correction in the message takes others back; else empty."""
    across: bool = False
    """True if the message corrects the turn before: "no, I meant the whole massage"."""
    parts: tuple[Command, ...] = ()
    """The clauses of a message that may ask for several things, each as a command of its own."""
    confidence: float = 1.0
    """Probability of the intent, 0 to 1."""
    doubt: str = ""
    """Why it is not taken at its word (`palmwise.coach.commands.Doubt`); empty if it is."""
    others: tuple[str, ...] = ()
    """Intents that are nearly as likely, the likeliest first."""
    answers: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    """Question of the coach -> what the message means as an answer to it, and the probability of that."""
    acts: Mapping[str, float] = field(default_factory=dict)
    """Act of speech (command, question, statement, correction, answer, not_addressed) -> probability."""

    def first(self, entity: str) -> str | None:
        """The first value of an entity, or None."""
        values = self.entities.get(entity, ())
        return values[0] if values else None

    def learned(self, question: str, at_least: float) -> str | None:
        """What the message means as an answer to a question, as learned, with that probability; else None."""
        meaning, share = self.answers.get(question, (None, 0.0))
        return meaning if share >= at_least else None

    @property
    def minutes(self) -> float | None:
        """The minutes that were said, or None if there are none or they cannot be read."""
        try:
            return float(self.first("minutes") or "")
        except ValueError:
            return None


def doubt_of(command: Command, *, is_plain_aside: bool = False, at_a_step: bool = True) -> Doubt:
    """Why a message should not be taken as its command; empty if it should.

    `is_plain_aside`: its words are plainly said to somebody else. Away from a step an answer too many costs little.
    """
    acts = command.acts
    if not acts or not NAMES.isdisjoint(words_of(command.text)) or command.intent.startswith("report_"):
        return ""
    if is_plain_aside and command.confidence < CERTAIN:
        return "aside"
    if not at_a_step:
        told = acts.get("not_addressed", 0) + acts.get("statement", 0)
        is_told = told >= REMARK and command.confidence < HARDLY_SURE and command.first("routine") is None
        is_aside = acts.get("not_addressed", 0) >= ASIDE or is_told
        doubt: Doubt = "aside" if is_aside else "unsure" if command.confidence < LEAST else ""
        return doubt if command.intent in MOVING else ""
    if command.confidence < LEAST and acts.get("not_addressed", 0) + acts.get("statement", 0) >= ASIDE:
        return "aside"
    if command.intent in HALTING:
        least = ASIDE if command.confidence < HARDLY_SURE else ASIDE_HALTING
        is_aside = acts.get("not_addressed", 0) >= least and command.confidence < CERTAIN
        return "aside" if is_aside else ""
    if command.intent not in MOVING | TALK:
        return ""
    if acts.get("not_addressed", 0) >= (NEARLY_SURE if _is_report(command, NEARLY_SURE) else ASIDE):
        return "aside"
    if command.intent in TALK:
        return ""
    if acts.get("statement", 0) >= REMARK and not _is_report(command, REMARK):
        return "remark"
    # "What's next?" is how people ask to go on.
    is_asked = acts.get("question", 0) >= REMARK and not (command.intent == "next_step" and _is_report(command, REMARK))
    return "unsure" if is_asked or command.confidence < LEAST else ""


def _is_report(command: Command, least: float) -> bool:
    """Whether telling is how one asks for it: "I'm done", "I have five minutes", "I'm ready"."""
    told = {"next_step", "set_duration", "affirm", "deny", "goodbye", "resume"}
    return command.intent in told and command.confidence >= least
