"""Interpretation: what a message means in the conversation, beyond the intent of its single sentence.

A reader takes the words of a message, the session and the classifier's intent, and gives a command of its own: with
another intent, or with entities that are worked out ("two minutes less" -> the minutes that leaves). The readers of
times, paces and hands are here, those of what is pointed at in `palmwise.coach.references`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property

from palmwise.coach.commands import CERTAIN, URGENT, VAGUE, Command
from palmwise.coach.model import Cues
from palmwise.coach.plan import QUICK, SHORTER, Hand, opposite
from palmwise.coach.scene import Scene
from palmwise.language.marking import MINUTES_MARK, SIDE_MARK, MarkedWords, mark
from palmwise.language.phrase_matching import PhraseMatch, Phrases
from palmwise.language.sentences import asks
from palmwise.language.step_references import GO_TO, find_steps
from palmwise.language.tokens import EntitySpan, begins_with

LONGEST_WISH = 120
"""Minutes above which a time is told, not wished for: "I drive nine hours, what can you do for me"."""
SURE_TO_STAY = 0.9
"""At this probability no reader overrules `stay`: "reset the speed" sounds a little like it."""
PACES = frozenset({"slow_down", "speed_up"})
SURE_AGAIN = 0.8
"""Probability from which on a wish to hear the step again is no wish for another pace."""
GRADUAL = PACES | {"speak_up", "speak_softly"}
"""Intents of what can be done by another degree: "faster" - "more"."""
SHORT_WAIT = 4
"""Words up to which more minutes, asked for in a pause, are a longer pause: "five more minutes"."""
ANY_NUMBER = "<minutes*"
FACTORS: Mapping[str, float] = {"half": 0.5, "double": 2, "triple": 3, "longer": 1.5, "shorter": SHORTER}


@dataclass(frozen=True)
class Said:
    """A message as the readers see it."""

    scene: Scene
    command: Command

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words."""
        return tuple(self.command.words)

    @property
    def cues(self) -> Cues:
        """The content's lists of single words."""
        return self.scene.content.cues

    def has(self, cues: AbstractSet[str]) -> bool:
        """Whether it has one of these words."""
        return not cues.isdisjoint(self.words)

    @cached_property
    def marked(self) -> MarkedWords:
        """Its words with times, numbers and sides marked."""
        return mark(self.words)

    @cached_property
    def asks(self) -> bool:
        """Whether it asks something."""
        return asks(self.words)

    def meaning(self, theme: str) -> str | None:
        """What it says of a theme of the content's readings; None if nothing."""
        found = self._match(theme)
        return found.id if found else None

    def value(self, theme: str, kind: str) -> str | None:
        """Value of the first mark of a kind within what was said of a theme, else in the whole message."""
        found = self._match(theme)
        within = self.marked.first(kind, found.first, found.end) if found else None
        return within or self.marked.first(kind)

    @cached_property
    def steps(self) -> list[EntitySpan]:
        """References to a step in its words, as if it asked to go there."""
        return find_steps(self.words, GO_TO)

    def after(self, theme: str, size: int) -> str:
        """As many words after what was said of a theme."""
        found = self._match(theme)
        return " ".join(self.marked.words[found.end : found.end + size]) if found else ""

    def _match(self, theme: str) -> PhraseMatch | None:
        # The readers ask for the same themes one after the other.
        if theme not in self._matches:
            self._matches[theme] = self.scene.content.readings[theme].match(self.marked.words)
        return self._matches[theme]

    @cached_property
    def _matches(self) -> dict[str, PhraseMatch | None]:
        return {}

    def command_with(self, intent: str, without: Sequence[str] = (), **entities: str | None) -> Command:
        """The command with another intent, more entities (those that are None left out), and without some."""
        kept = {name: values for name, values in self.command.entities.items() if name not in without}
        added = {name: (value,) for name, value in entities.items() if value is not None}
        return replace(self.command, intent=intent, entities={**kept, **added})


Reader = Callable[[Said], Command | None]


def interpret(scene: Scene, command: Command, readers: Sequence[Reader]) -> Command:
    """The command that a message is in the conversation, by the first reader that finds something in its words."""
    flagged = scene.session.flagged and scene.session.state == "stopped"
    is_leave = command.intent == "goodbye" and command.confidence >= CERTAIN
    is_decided = is_leave or command.intent in URGENT
    is_decided = is_decided or (command.intent == "stay" and command.confidence >= SURE_TO_STAY)
    if command.by != "person" or not command.text or command.private or flagged or is_decided:
        return command
    said = Said(scene, command)
    return next((found for read in readers if (found := read(said))), command)


# Time


def read_time(said: Said) -> Command | None:
    """How a time is meant: what somebody has, more or less of it, for this step or each hand; or no wish at all."""
    how, intent = said.meaning("time"), said.command.intent
    is_beyond = intent != "set_duration" and (said.command.minutes or 0) > LONGEST_WISH
    if how in ("habit", "told", "wait") or is_beyond:
        return _no_wish(said, how or "told")
    if (
        how == "have"
        and begins_with(said.words, said.cues.supposing)
        and said.scene.session.state in ("offered", "preparing")
    ):
        return said.command_with("set_duration", ("minutes",), minutes=said.value("time", ANY_NUMBER))
    if how == "quick" and intent in ("report_symptom", "start_routine") and not said.scene.session.at_a_step:
        return said.command_with(intent, minutes=f"{QUICK:g}") if said.command.minutes is None else None
    if said.asks:
        return None
    if _answers_how_many(said):
        return said.command_with("set_duration", ("minutes",), minutes=said.marked.first(ANY_NUMBER))
    if how in ("until", "unread") or (intent == "set_duration" and _tells_no_minutes(said)):
        return said.command_with("ask_minutes", ("minutes",))
    if how == "instead" and said.meaning("extent") in (None, "whole", "rest") and not _names_step(said):
        return said.command_with("set_duration", ("minutes",), minutes=said.value("time", ANY_NUMBER))
    waits = said.has(said.cues.waiting) or len(said.words) <= SHORT_WAIT
    if how == "more" and said.scene.session.state == "paused" and waits:
        return said.command_with("pause", ("minutes",))
    if how in ("longer", "shorter"):
        return _a_bit(said, how)
    return _amount(said, how)


def _no_wish(said: Said, how: str) -> Command | None:
    """A time that is mentioned, not requested: a habit, the past, or time to get ready."""
    intent = said.command.intent
    if how == "wait" and intent in ("go_to_step", "previous_step", "next_step"):  # "back in five"
        return said.command_with("pause", ("minutes", "step_number"))
    if intent != "set_duration":
        return said.command_with(intent, ("minutes",)) if said.command.first("minutes") else None
    if how == "told" and said.command.first("symptom"):
        return said.command_with("report_symptom", ("minutes",))
    meant = {"habit": "faq/how_often", "wait": "pause", "told": "ask_progress" if said.asks else "told_time"}
    return said.command_with(meant[how], ("minutes",))


def _answers_how_many(said: Said) -> bool:
    """Whether it is a bare number of minutes while a plan is made, or answers how many minutes there are."""
    session = said.scene.session
    if session.state in ("offered", "preparing") and said.marked.words == (MINUTES_MARK,) and said.words[0] != "a":
        return True
    asked = session.asked_minutes is not None and session.asked_minutes == session.turns - 1
    return asked and said.marked.first(ANY_NUMBER) is not None and len(said.words) <= 8


def _tells_no_minutes(said: Said) -> bool:
    return said.command.minutes is None and said.meaning("time") is None and not said.has(said.cues.quick)


def _a_bit(said: Said, how: str) -> Command | None:
    """Longer or shorter without a number: the time of a step, of a plan, or the pace of everything that follows."""
    is_planned = said.scene.session.state in ("offered", "screening", "preparing")
    if is_planned and said.command.intent in {*VAGUE, *PACES, "set_duration", "list_routines"}:
        return said.command_with("set_duration", minutes=f"{said.scene.minutes_after('times', FACTORS[how]):g}")
    if said.meaning("extent") == "step" and said.scene.session.at_a_step:
        return said.command_with("set_step_time", ("minutes",), change="times", amount=str(FACTORS[how]))
    expected = "slow_down" if how == "longer" else "speed_up"
    if said.command.intent in {*VAGUE, *PACES, "how_long", "repeat_step", "set_duration"}:
        return said.command_with(expected, ("minutes",))
    return None


def _amount(said: Said, how: str | None) -> Command | None:
    """A number of minutes, or a factor, and what it is for."""
    factor = FACTORS.get(how or "")
    if how is None and said.command.intent == "how_long" and said.command.confidence >= SURE_AGAIN:
        return None  # "Is it really ten seconds on each hand" names a time, and wishes for none.
    wished = said.command.intent == "set_duration"
    hurries = how == "have" and said.command.intent in PACES
    kind = ANY_NUMBER if wished or hurries or how in ("more", "less") else MINUTES_MARK
    number = said.value("time", kind)
    if number is None and factor is None:
        return None
    change = "times" if factor else how if how in ("more", "less") else "to"
    amount = float(factor or number or 0)
    extent = _extent(said, change, amount)
    if (
        extent in ("step", "hand")
        and said.scene.session.steps
        and not (extent == "hand" and not said.scene.session.at_a_step)
    ):
        named = None if _names_step(said) else _step_of_named_part(said)
        timed = said.command_with("set_step_time", ("minutes",), change=change, amount=f"{amount:g}", extent=extent)
        return timed if named is None else replace(timed, entities={**timed.entities, "step_number": (named,)})
    if change == "to" and extent in (None, "rest", "whole") and not wished:
        known = how == "have" or extent is not None
        # "Faster, I have to leave in five minutes" tells what the pace is for.
        gives_way = said.command.intent in VAGUE or hurries
        return said.command_with("set_duration", minutes=number) if known and gives_way else None
    if change == "to" and extent in (None, "rest", "whole"):
        # "Ten is too long, I have four" names two numbers.
        is_other = how == "have" and number is not None and float(number) != said.command.minutes
        return said.command_with("set_duration", minutes=number) if is_other else None
    return said.command_with("set_duration", minutes=f"{said.scene.minutes_after(change, amount, extent):g}")


def _extent(said: Said, change: str, amount: float) -> str | None:
    """What the time is for; a little more time, without saying for what, is for the current step."""
    extent = said.meaning("extent")
    if extent not in ("hand", "each_step") and _names_step(said) and said.scene.session.steps:
        return "step"
    is_allotted = change in ("more", "less") or said.has(said.cues.allotting)
    names_part = is_allotted and _step_of_named_part(said) is not None
    is_little = names_part or (change == "more" and amount <= 1.5 and said.scene.session.at_a_step)
    return "step" if extent is None and is_little else extent


def _names_step(said: Said) -> bool:
    return said.command.first("technique") is not None or said.command.first("step_number") is not None


def _step_of_named_part(said: Said) -> str | None:
    """The step that is named by its part of the hand: "the wrist step", "the thumb one"."""
    part, words = said.command.first("body_part"), said.words
    named = [at for at, word in enumerate(words) if part and word.removesuffix("s") == part]
    if not any(words[at + 1 : at + 2] and words[at + 1] in said.cues.step_words for at in named):
        return None
    steps = enumerate(said.scene.session.steps, 1)
    return next((str(number) for number, step in steps if part in step.technique.split("_")), None)


# Pace


def read_pace(said: Said) -> Command | None:
    """Whether the pace should change, and which way; comparisons, comments and questions change nothing."""
    how, intent = said.meaning("pace"), said.command.intent
    if "more" in said.words and said.cues.degrees.issuperset(said.words) and said.scene.session.last in GRADUAL:
        return said.command_with(said.scene.session.last)
    if said.asks or how == "either":
        is_asked = intent in PACES or (how and intent in {*VAGUE, "how_long", "explain_step", "set_duration"})
        return said.command_with("ask_pace") if is_asked else None
    if how in (None, "mention") or (intent == "report_symptom" and how == "keep"):
        return None
    if how in ("keep", "voice"):
        return said.command_with("keep_pace")
    if how != "normal" and (said.has(said.cues.repeating) or _is_plainly_again(said.command)):
        return said.command_with("repeat_step") if said.scene.session.at_a_step else None
    resumes = said.scene.session.state == "paused" and said.has(said.cues.resuming)
    degree = "much" if how.startswith("much_") else None
    meant = {"normal": "normal_pace", "slower": "slow_down", "faster": "speed_up"}[how.removeprefix("much_")]
    return said.command_with(meant, ("minutes",), degree=degree, then="resume" if resumes else None)


def _is_plainly_again(command: Command) -> bool:
    """Whether something is to be heard again, though a word of it may sound like a pace: "whoa, what was that?"."""
    return command.intent == "repeat_step" and command.confidence >= SURE_AGAIN


# Hands


HAND_QUESTIONS = {
    "which_does": "ask_hand_roles",
    "which_now": "ask_hand",
    "which_first": "ask_hand_order",
    "whether_both": "ask_hand_order",
    "when_to_change": "ask_change_of_hands",
}


def read_step_left_out(said: Said) -> Command | None:
    """A step still to come that is to be left out: "can we skip the kneading today"."""
    named = said.command.first("technique") or _later_technique(said)
    is_named = said.scene.later_step(named) is not None
    is_wished = is_named and said.has(said.cues.leaving_out) and not said.has(said.cues.heading_for)
    is_open = is_wished and not said.asks and said.scene.session.state != "screening"
    return said.command_with("leave_part_out", technique=named) if is_open else None


def _later_technique(said: Said) -> str | None:
    """The technique of the later step for a part of the hand, where the part is not just to be gone round."""
    part, session = said.command.first("body_part"), said.scene.session
    if part is None or said.meaning("hands") is not None:
        return None
    return next((step.technique for step in session.steps[session.step :] if part in step.technique.split("_")), None)


def read_hands(said: Said) -> Command | None:
    """What is said of the hands: which one is meant, done, first, alone, or not yet; which does what."""
    how, scene = said.meaning("hands"), said.scene
    if how in HAND_QUESTIONS:
        return said.command_with(HAND_QUESTIONS[how])
    is_tagged = said.command.has_question_mark and said.words[-1:] and said.words[-1] in said.cues.confirming
    if (is_tagged and (how == "by_turn" or said.command.intent == "switch_hand")) or _asks_if_it_is_time(said):
        return said.command_with("ask_hand")
    if how == "remark":
        return said.command_with("told_time") if said.command.intent == "switch_hand" else None
    if how is None or said.asks or scene.session.state == "screening":
        return None
    hand = hand_meant(scene, said.value("hands", SIDE_MARK), said.cues.turns.named_in(said.words))
    if how in ("first", "only_this", "without", "one_hand", "leave_out", "both_again"):
        return _lasting_wish(said, how, hand)
    if not scene.session.at_a_step:
        return None
    if how == "not_yet" and hand in (None, scene.place.hold.hand, _opposite(said)):
        return said.command_with("stay_on_hand")
    if how in ("by_turn", "not_yet"):
        return said.command_with("switch_hand", ("hand",), hand=hand)
    follows = "next" if how == "done_both" else after_done(scene, hand)
    here = scene.place.hold.hand
    return {
        "next": said.command_with("next_step"),
        "other": said.command_with("switch_hand", ("hand",)),
        "rest": said.command_with("one_hand", ("hand",), hand=here, extent="step"),
        "nothing": said.command_with("stay_on_hand"),
    }[follows]


def _asks_if_it_is_time(said: Said) -> bool:
    """Whether somebody asks if the other hand is due: "now I change hand?"; "can we change hands?" is a wish."""
    is_told_by_them = not {"i", "we"}.isdisjoint(said.words) and not said.has(said.cues.requesting)
    is_asked = said.command.intent == "switch_hand" and said.command.has_question_mark
    return said.scene.session.at_a_step and is_asked and is_told_by_them


def _opposite(said: Said) -> Hand | None:
    """The hand that should wait: "not the right one yet"."""
    waits = said.has(said.cues.postponing) and not said.has(said.cues.over)
    return hand_meant(said.scene, None, "other") if waits else None


def _lasting_wish(said: Said, how: str, hand: Hand | None) -> Command | None:
    """A lasting preference: which hand comes first, one hand only, a part to leave out."""
    extent = "step" if said.meaning("extent") == "step" else None
    if how == "leave_out":
        return said.command_with("leave_part_out", part=_part(said))
    if how == "both_again":
        return said.command_with("both_hands") if said.scene.session.only_hand else None
    if how == "one_hand":
        here = hand_meant(said.scene, None, "this")
        return said.command_with("one_hand" if here else "which_hand", ("hand",), hand=here, extent=extent)
    if hand is None:
        return None
    if how == "without":
        hand = "left" if hand == "right" else "right"
    return said.command_with("hand_first" if how == "first" else "one_hand", ("hand",), hand=hand, extent=extent)


def _part(said: Said) -> str:
    """The part of the hand that is named, in the person's words."""
    reading = said.scene.content.readings["hands"]
    spans = Phrases(reading.sets["parts"]).spans(said.marked.words)
    first, end = max(spans, key=lambda span: span[1] - span[0])
    return " ".join(said.marked.words[first:end])


def hand_meant(scene: Scene, said: str | None, turn: str | None) -> Hand | None:
    """The hand that is named, or told by its turn ("second", "other", "this"); None if that is unclear."""
    session = scene.session
    if said in ("left", "right"):
        return "left" if said == "left" else "right"
    if turn in ("first", "second"):
        return session.first_hand if turn == "first" else opposite(session.first_hand)
    here = scene.place.hold.hand if session.at_a_step else None
    if here in (None, "both"):
        return None
    return here if turn == "this" else opposite(here) if turn == "other" else None


def after_done(scene: Scene, hand: Hand | None) -> str:
    """What follows once a hand is done: "other" hand, "next" step, "rest" of this one alone, or "nothing"."""
    here = scene.place
    is_last = here.index == len(scene.session.holds) - 1
    if here.hold.hand == "both" or (hand in (None, here.hold.hand) and is_last):
        return "next"
    if hand in (None, here.hold.hand):
        return "other"
    return "nothing" if is_last else "rest"
