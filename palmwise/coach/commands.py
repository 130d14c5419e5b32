"""Commands: what a person, a button or a timer asks of the coach, what is true of each intent, and whether it is meant.

A question, a remark or a word to somebody else in the room must not move the massage. What stops it needs little
evidence, what costs place or time needs more; thresholds were chosen on sentences that are not in the training data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from palmwise.language.numbers import read_cardinal
from palmwise.language.sentences import asks, is_question
from palmwise.language.tokens import words_of

By = Literal["person", "button", "timer"]
State = Literal["none", "offered", "screening", "preparing", "running", "paused", "finished", "stopped"]
Doubt = Literal["", "aside", "remark", "unsure"]
"""Why a message is not taken at its word: said to somebody else, told in passing, or too little to go by."""

TRAITS: Mapping[str, str] = {
    "start_routine": "moving onward",
    "set_duration": "moving onward reported inquiring",
    "affirm": "moving reported answering vague leaving",
    "deny": "moving reported answering vague leaving",
    "next_step": "moving onward reported leaving placing",
    "previous_step": "moving onward",
    "go_to_step": "moving onward placing",
    "pause": "onward halting",
    "resume": "moving onward reported",
    "stop": "onward halting leaving",
    "goodbye": "moving reported courteous leaving",
    "restart": "moving onward placing",
    "switch_hand": "moving onward hinted",
    "undo": "moving",
    "stay": "empty",
    "slow_down": "moving onward hinted",
    "speed_up": "moving onward hinted",
    "speak_up": "moving hinted",
    "speak_softly": "moving hinted",
    "faq": "inquiring",
    "how_long": "inquiring",
    "ask_progress": "inquiring",
    "explain_step": "inquiring",
    "explain_benefit": "inquiring",
    "explain_technique": "inquiring",
    "list_steps": "inquiring",
    "help": "inquiring talking",
    "report_pain": "urgent",
    "report_red_flag": "urgent",
    "greet": "courteous talking vague",
    "thank": "courteous talking vague leaving inquiring",
    "praise": "courteous talking vague leaving",
    "complain": "courteous talking vague",
    "bot_challenge": "courteous talking",
    "out_of_scope": "empty talking vague",
    "nlu_fallback": "empty talking vague",
}
"""Intent -> what is true of it, in the words of the sets that follow; nothing of those that are missing."""


def intents_that_are(trait: str) -> frozenset[str]:
    """The intents that have a trait."""
    return frozenset(intent for intent, traits in TRAITS.items() if trait in traits.split())


MOVING = intents_that_are("moving")
"""They cost place, time or permission."""
ONWARD = intents_that_are("onward")
"""They go on with the current routine, and so answer the question whether to leave it."""
PLACING = intents_that_are("placing")
"""They set the current step, so that "back" may take them back."""
HALTING = intents_that_are("halting")
"""They are obeyed on less evidence: an unnecessary pause costs little."""
URGENT = intents_that_are("urgent")
"""Danger and pain: whatever else a message seems to mean, these count."""
REPORTED = intents_that_are("reported")
"""They are asked for by telling: "I'm done", "I have five minutes", "I'm ready"."""
HINTED = intents_that_are("hinted")
"""They are asked for by telling if that is plain: "my left is good now", "this is too fast"."""
INQUIRING = intents_that_are("inquiring")
"""They may follow an answer in the same message without making it doubtful: questions, and the minutes there are."""
ANSWERING = intents_that_are("answering")
"""A bare yes or no."""
EMPTY = intents_that_are("empty")
"""They ask for nothing."""
VAGUE = intents_that_are("vague")
"""They say little about what is wanted."""
COURTEOUS = intents_that_are("courteous")
"""They give way to whatever else is said in the same message."""
LEAVING = intents_that_are("leaving")
"""They may be said together with a goodbye: "thanks, that's me done, see you"."""
TALKING = intents_that_are("talking")
"""Their answer is a nuisance where somebody else is spoken to."""
NO_ANSWERS = frozenset({"how_long", "list_steps", "list_routines", "explain_technique", "explain_benefit", "help"})
"""Intents of questions, which are answered while the coach waits for its own answer."""
ASIDE, ASIDE_HALTING, REMARK = 0.6, 0.8, 0.7
"""Probabilities of a speech act at which a message is not a command."""
LEAST_SURE, SURE = 0.5, 0.9
"""Probabilities at which a clause counts as a separate command, and as a separate question."""
NEARLY_SURE = 0.95
HARDLY_SURE = 0.7
"""Below this probability of an intent, other evidence decides."""
LEAST = 0.5
"""Below this probability, an intent that moves the massage is confirmed first."""
LEAST_STOP = 0.4
"""Below this probability of a stop that no safety list hears, it is asked about."""
TO_BEGIN = frozenset({"start_routine", "resume", "restart", "next_step"})
"""Intents that begin a massage, or a step of it."""
BEFORE = (("before",), ("until",), ("till",))
"""First words of a clause that tells when something else is to be, and asks for nothing itself."""
ALONE = "alone"
"""Extent of a move to what is the only thing that is still wanted."""
CERTAIN = 0.999
"""Confidence of what a safety list decided, which is always obeyed."""


@dataclass(frozen=True)
class ClockReport:
    """What a client's own clock shows."""

    token: str
    """Token of the step that the client shows."""
    elapsed: float
    """Seconds into that step, or into `step`."""
    step: int | None = None
    """The step (from 1) that the client has led on to by itself since, while it could not reach the coach."""


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
    chances: Mapping[str, float] = field(default_factory=dict)
    """Id of an answer that may be asked for -> the chance that it is right by the words alone, the likeliest first."""
    needed: float = 1.0
    """The chance from which on an answer is given."""
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
    def words(self) -> list[str]:
        """The words of its text."""
        return list(self._words)

    @property
    def has_question_mark(self) -> bool:
        """Whether it ends in a question mark."""
        return self.text.rstrip().endswith("?")

    @property
    def is_asked(self) -> bool:
        """Whether it is put as a question, which a request may be, too: "can we go on"."""
        return self.has_question_mark or is_question(" ".join(self._words))

    @property
    def asks_outright(self) -> bool:
        """Whether it wants to know something: "can we go on" is a request, unless a question mark says otherwise."""
        return self.has_question_mark or asks(self._words)

    @property
    def named(self) -> dict[str, tuple[str, ...]]:
        """What a correction names; a bare number at its end is taken for that of a step: "no, I said four"."""
        words = self._words
        if self.entities.keys() & {"step_number", "minutes"}:
            return dict(self.entities)
        at_the_end = (read_cardinal(words, at) for at in range(len(words)) if words[at] != "one")
        number = next((each for at, each in enumerate(at_the_end) if each and at + each.size == len(words)), None)
        return {**self.entities, "step_number": (str(number.value),)} if number else dict(self.entities)

    @property
    def counts(self) -> bool:
        """Whether it asks for something by itself, as a clause of a message, as far as that can be told."""
        is_choice = {"or", "yes", "no"} <= set(self._words)  # "yes or no?" asks for an answer
        is_tag = self.intent in ANSWERING and self.text.rstrip().endswith("?")  # "a bit of cream, ok?" does as well
        is_time_told = self._words[:1] in BEFORE and self.intent in TO_BEGIN  # "before we start, what is it for"
        is_nothing = is_choice or is_tag or is_time_told or self.is_weak
        return self.confidence >= LEAST_SURE and self.intent not in EMPTY and not is_nothing

    @property
    def is_weak(self) -> bool:
        """Whether it is only taken for a question or a complaint: it neither asks nor names one."""
        if self.confidence >= SURE:
            return False
        if self.intent.startswith("faq"):
            return self.answer is None and not self.asks_outright
        return self.intent == "report_symptom" and self.first("symptom") is None

    @property
    def inquires(self) -> bool:
        """Whether its intent is one of `INQUIRING`."""
        return self.intent.partition("/")[0] in INQUIRING

    @property
    def adjusts(self) -> bool:
        """Whether it says more than an answer: a hand, or minutes."""
        return self.first("hand") is not None or self.first("minutes") is not None

    def is_same_as(self, other: Command) -> bool:
        """Whether it asks for nothing else than another clause."""
        is_alike = self.intent == other.intent and self.answer == other.answer
        return is_alike and (self.entities == other.entities or not self.entities)

    @cached_property
    def _words(self) -> tuple[str, ...]:
        # A turn asks for them some fifteen times.
        return tuple(words_of(self.text))

    @property
    def minutes(self) -> float | None:
        """The minutes that were said, or None if there are none or they cannot be read."""
        try:
            return float(self.first("minutes") or "")
        except ValueError:
            return None


def command_of(payload: str) -> Command:
    """The command of a payload, as if a button had sent it."""
    intent, _, entities = payload.removeprefix("/").partition("{")
    values = json.loads("{" + entities) if entities else {}
    return Command(intent, {name: (value,) for name, value in values.items()}, by="button")


def doubt_of(
    command: Command, *, is_addressed: bool = False, is_plain_aside: bool = False, at_a_step: bool = True
) -> Doubt:
    """Why a message should not be taken as its command; empty if it should.

    `is_addressed`: it names the coach. `is_plain_aside`: its words are plainly said to somebody else. Away from a step
    an answer too many costs little.
    """
    acts = command.acts
    if not acts or is_addressed or command.intent.startswith("report_"):
        return ""
    if is_plain_aside and (command.confidence < CERTAIN or command.intent not in HALTING):
        return "aside"
    told = acts.get("not_addressed", 0) + acts.get("statement", 0)
    is_unlikely = command.confidence < LEAST and told >= ASIDE
    if command.intent in HALTING:
        return "aside" if is_unlikely else _doubt_of_halting(command)
    if not at_a_step:
        is_told = told >= REMARK and command.confidence < HARDLY_SURE and command.first("routine") is None
        is_aside = acts.get("not_addressed", 0) >= ASIDE or is_told
        doubt: Doubt = "aside" if is_aside else "unsure" if command.confidence < LEAST else ""
        return doubt if command.intent in MOVING else ""
    if is_unlikely:
        return "aside"
    if command.intent not in MOVING | TALKING:
        return ""
    is_plain = _is_report(command, NEARLY_SURE) or _is_plain_talk(command)
    if acts.get("not_addressed", 0) >= (NEARLY_SURE if is_plain else ASIDE):
        return "aside"
    if command.intent in TALKING:
        return "remark" if command.intent in EMPTY and acts.get("statement", 0) >= REMARK else ""
    if acts.get("statement", 0) >= REMARK and not _is_report(command, REMARK):
        return "remark"
    # "What's next?" is how people ask to go on.
    is_asked = acts.get("question", 0) >= REMARK and not (command.intent == "next_step" and _is_report(command, REMARK))
    # Another massage is asked about before it begins.
    names_routine = command.intent == "start_routine" and command.first("routine") is not None
    return "unsure" if is_asked or (command.confidence < LEAST and not names_routine) else ""


def _doubt_of_halting(command: Command) -> Doubt:
    # "Hang on, there's the door" is a pause, for whomever it is said: one too many costs little.
    is_plain_pause = command.intent == "pause" and command.confidence >= NEARLY_SURE
    least = ASIDE if command.confidence < HARDLY_SURE else NEARLY_SURE if is_plain_pause else ASIDE_HALTING
    if command.acts.get("not_addressed", 0) >= least and command.confidence < CERTAIN:
        return "aside"
    asks_whether = command.has_question_mark and not command.parts and command.confidence < CERTAIN
    is_unsure = command.intent == "stop" and (asks_whether or command.confidence < LEAST_STOP)
    return "unsure" if is_unsure else ""


def _is_report(command: Command, least: float) -> bool:
    """Whether the command is one that is asked for by telling."""
    is_hint = command.intent in HINTED and command.confidence >= NEARLY_SURE
    return is_hint or (command.intent in REPORTED and command.confidence >= least)


def _is_plain_talk(command: Command) -> bool:
    """Whether it is plainly talk that the coach answers: "what's your name"."""
    return command.intent in TALKING - EMPTY and command.confidence >= NEARLY_SURE
