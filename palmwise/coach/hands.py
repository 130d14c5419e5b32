"""Handlers of what is said of the hands: the first one, one only, which does what, a part to leave out."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach.commands import Command
from palmwise.coach.content import DEFAULT_ROUTINE
from palmwise.coach.plan import Hand, Hold, one_handed, opposite, whole
from palmwise.coach.scene import Outcome, Scene, lasting
from palmwise.coach.transitions import note, offer, shown, to_step


def start_with_hand(scene: Scene, command: Command) -> Outcome:
    """Remembers the hand that comes first in each step; begins the current one anew with it if it has just begun."""
    hand = _hand(command)
    after = scene.with_session(replace(scene.session, first_hand=hand))
    line = after.line("hand_first", hand=after.line(f"hand_{hand}"))
    session = scene.session
    if session.at_a_step and scene.place.index == 0 and len(session.holds) > 1 and session.holds[0].hand != hand:
        return to_step(after, session.step).after(line)
    return _told(after, "hand_first", hand=after.line(f"hand_{hand}"))


def massage_one_hand(scene: Scene, command: Command) -> Outcome:
    """Leaves the other hand out, in the current step or in all of them."""
    hand, session = _hand(command), scene.session
    if command.first("extent") != "step":
        steps = one_handed(session.steps, hand)
        session = replace(session, only_hand=hand, steps=steps)
    if session.at_a_step:
        session = replace(session.frozen_at(scene.now), holds=_holds_of(scene, hand))
        if scene.place.hold.hand not in (hand, "both"):
            session = replace(session, elapsed=0.0, since=scene.now, visit=session.visit + 1)
    after = scene.with_session(session)
    return _told(after, "one_hand", hand=after.line(f"hand_{hand}"))


def _holds_of(scene: Scene, hand: Hand) -> tuple[Hold, ...]:
    """The holds of the current step up to now, and what is left of them for that hand alone."""
    here, holds = scene.place, scene.session.holds
    if here.hold.hand == hand:
        return holds[: here.index + 1]
    return (replace(here.hold, hand=hand),)


def massage_both_hands(scene: Scene, command: Command) -> Outcome:
    """Lets both hands have their turn again, from the following step on."""
    session = scene.session
    written = whole(scene.routine.steps)
    steps = tuple(replace(step, hands=written[step.source].hands) for step in session.steps)
    return _told(scene.with_session(replace(session, only_hand=None, steps=steps)), "both_again")


def leave_part_out(scene: Scene, command: Command) -> Outcome:
    """Remembers a part of the hand that is to be left out."""
    part = command.first("part") or ""
    session = scene.session
    kept = replace(session, left_out=(*(each for each in session.left_out if each != part), part))
    return _told(scene.with_session(kept), "part_left_out", part=part)


def _told(after: Scene, key: str, **values: object) -> Outcome:
    """A change that is told in one sentence; without a plan a massage is offered with it."""
    line = after.line(key, **values)
    if not after.session.steps:
        return offer(after, after.session.routine or DEFAULT_ROUTINE).after(line)
    return shown(after, line)


def tell_hand_roles(scene: Scene, command: Command) -> Outcome:
    """Tells which hand is massaged and which one works."""
    if not scene.session.at_a_step:
        return note(scene, "hand_roles", hand=scene.line(f"hand_{scene.session.first_hand}"))
    if scene.place.hold.hand == "both":
        return note(scene, "both_hands")
    return note(scene, "hand_roles_now", hand=scene.hand, other=scene.line(f"hand_{opposite(scene.place.hold.hand)}"))


def tell_hand_order(scene: Scene, command: Command) -> Outcome:
    """Tells which hand comes first, and that the other one follows."""
    session = scene.session
    if session.at_a_step and session.current.hands == "both":
        return note(scene, "both_hands")
    first = session.only_hand or session.first_hand
    key = "one_hand" if session.only_hand else "hand_order"
    return note(scene, key, hand=scene.line(f"hand_{first}"), other=scene.line(f"hand_{opposite(first)}"))


def tell_change_of_hands(scene: Scene, command: Command) -> Outcome:
    """Tells when the hands are changed."""
    if not scene.session.at_a_step:
        return tell_hand_order(scene, command)
    if scene.place.hold.hand == "both":
        return note(scene, "both_hands")
    if scene.place.index == len(scene.session.holds) - 1:
        return note(scene, "no_more_change", hand=scene.hand)
    return note(scene, "change_in", time=lasting(max(1.0, scene.hold_left)))


def _hand(command: Command) -> Hand:
    return "right" if command.first("hand") == "right" else "left"
