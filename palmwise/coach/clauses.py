"""Clauses: what a message is as a whole, by what is said beside its commands: for others, for later, a goodbye."""

from __future__ import annotations

from collections.abc import Sequence

from palmwise.coach.commands import ANSWERING, CERTAIN, HALTING, LEAVING, MOVING, URGENT, Command
from palmwise.coach.content import Content
from palmwise.coach.session import Session
from palmwise.language.tokens import words_of

SURE = 0.9
"""Probability at which a goodbye is plain, whatever is told beside it."""


def insists(content: Content, session: Session, command: Command) -> bool:
    """Whether a move is said twice with a no between: "other side, no, the other side", as people guide a hand."""
    if command.across or not command.meant or command.intent not in MOVING - ANSWERING or command.intent in HALTING:
        return False
    support = content.corrections.support
    said = [word for word in command.words if word not in support]
    meant = [word for word in words_of(command.meant) if word not in support]
    return bool(meant) and session.at_a_step and all(said.count(word) > 1 for word in meant)


def is_for_others(content: Content, session: Session, command: Command, wanted: Sequence[Command]) -> bool:
    """Whether a clause is plainly said to somebody else, and nothing beside it plainly to the coach."""
    is_obeyed = command.intent in URGENT or (command.intent in HALTING and command.confidence >= CERTAIN)
    if is_obeyed or len(command.parts) < 2 or session.state == "screening":
        return False
    aside = content.readings["aside"]
    rest = [part for part in command.parts if aside.match(part.words) is None]
    return len(rest) < len(command.parts) and not any(part.counts for part in rest) and len(wanted) == 1


def takes_leave(command: Command, sure: Sequence[Command]) -> bool:
    """Whether it is a goodbye, whatever else is told beside it: "we are finished now. until tomorrow"."""
    is_plain = command.intent == "goodbye" and command.confidence >= SURE
    asks_nothing = is_plain and not any(part.asks_outright or part.intent in URGENT for part in sure)
    says_goodbye = any(part.intent == "goodbye" for part in sure)
    if all(part.intent in LEAVING for part in sure):
        return says_goodbye or (asks_nothing and len(command.parts) > 1)
    return says_goodbye and asks_nothing


def is_for_later(content: Content, command: Command) -> bool:
    """Whether the last thing that is said is to follow the one before: "the other hand, and then we stop"."""
    words = " ".join(command.words)
    return any(f" {cue} " in f" {words} " for cue in content.clauses.following)
