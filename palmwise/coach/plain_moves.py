"""Plain moves: what the form of a sentence tells, whatever its words sound like beside it (`readings/wishes.yml`)."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach.commands import COURTEOUS, HALTING, HARDLY_SURE, MOVING, VAGUE, Command
from palmwise.coach.interpretation import LONGEST_WISH, Said
from palmwise.language.marking import MINUTES_MARK, NUMBER_MARK, SIDE_MARK

CHECKED = frozenset({"only", "really", "just", "so", "honestly"})
"""With one of these a time at whose end "is it" stands is told back."""
SHORTEST_CHECK = 6
"""Words from which on what begins with "so I" repeats a movement: "so I go from here to the wrist, yes"."""


def read_wish_beside_told(said: Said) -> Command | None:
    """The one time that may be wished for, beside a longer one that is told: "a ten hour day, I have five minutes"."""
    named = said.command.entities.get("minutes", ()) if said.command.intent == "set_duration" else ()
    is_told = any(float(minutes) > LONGEST_WISH for minutes in named)
    marks = zip(said.marked.words, said.marked.values, strict=True)
    counted = {value for word, value in marks if word in (MINUTES_MARK, NUMBER_MARK)} if is_told else set()
    wished = {minutes for minutes in (*named, *counted) if float(minutes) <= LONGEST_WISH}
    is_one = is_told and len({float(minutes) for minutes in wished}) == 1
    return said.command_with("set_duration", ("minutes",), minutes=wished.pop()) if is_one else None


def read_whether_enough(said: Said) -> Command | None:
    """Whether a time will do for what is left: "five minutes to the news, will we be done"."""
    is_asked = said.meaning("time") == "enough" and said.scene.session.at_a_step
    return said.command_with("how_long", ("minutes",), extent="rest") if is_asked else None


def read_checked_time(said: Said) -> Command | None:
    """Whether a step takes a time that is told back: "only ten seconds a hand, is it" changes nothing."""
    is_time = said.command.intent in ("set_duration", "how_long") and MINUTES_MARK in said.marked.words
    is_checked = _is_checked(said) and not CHECKED.isdisjoint(said.words)
    is_here = said.scene.session.at_a_step and is_time and is_checked
    return said.command_with("how_long", ("minutes",), extent="step") if is_here else None


def _is_checked(said: Said) -> bool:
    """Whether it ends as what is told back to be confirmed does."""
    return any(said.words[-len(end.split()) :] == tuple(end.split()) for end in said.cues.checking)


def read_end_after(said: Said) -> Command | None:
    """An end that is to come after the step that follows, or after this one: "one more and then I'm done"."""
    found = said.meaning("wishes")
    if found not in ("one_more", "this_one") or said.asks or not said.scene.session.at_a_step:
        return None
    return said.command_with("end_after", ("step_number", "minutes"), extent=found)


def read_check(said: Said) -> Command | None:
    """What somebody repeats to hear whether it is right is no move: "so I go up to the wrist and back, yes"."""
    is_repeated = (
        said.words[:1] == ("so",) and said.words[1:2] in (("i",), ("we",)) and len(said.words) >= SHORTEST_CHECK
    )
    is_checked = _is_checked(said) or said.command.has_question_mark
    is_move = said.command.intent in MOVING - HALTING - COURTEOUS and said.command.minutes is None
    is_here = said.scene.session.at_a_step and is_repeated and is_checked and is_move
    return said.command_with("explain_step", ("technique", "body_part", "step_number")) if is_here else None


def read_same_elsewhere(said: Said) -> Command | None:
    """The same movement on another part of the hand is no change of hands: "and the same on the thumb side"."""
    is_open = said.command.intent in {"switch_hand", "report_symptom", *VAGUE} and not said.command.first("symptom")
    is_said = is_open and said.meaning("wishes") == "same_elsewhere"
    is_here = is_said and said.scene.session.at_a_step and SIDE_MARK not in said.marked.words
    return said.command_with("explain_step", ("technique", "body_part")) if is_here else None


def read_other_things(said: Said) -> Command | None:
    """Other things than a hand, which nobody calls "them" or "ones": "have you seen my keys, no, the other ones"."""
    is_of_things = (bool({"ones", "them", "those"} & set(said.words)) or said.asks) and "hands" not in said.words
    is_guess = said.command.intent == "switch_hand" and said.command.confidence < HARDLY_SURE
    return replace(said.command_with("out_of_scope"), doubt="aside") if is_of_things and is_guess else None


PLAIN_READERS = (
    read_wish_beside_told,
    read_whether_enough,
    read_checked_time,
    read_end_after,
    read_check,
    read_same_elsewhere,
    read_other_things,
)
"""What the form of a sentence tells; asked before the other readers."""
