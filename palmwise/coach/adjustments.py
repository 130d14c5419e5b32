"""Handlers of adjustments: minutes, pace, volume of the voice, which hand, a part to leave out."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach.commands import Command
from palmwise.coach.content import DEFAULT_ROUTINE
from palmwise.coach.plan import PACE_STEP, SHORTER, Hand, Hold, Timeline, clamp_pace, one_handed, opposite, whole
from palmwise.coach.scene import Draft, Outcome, Scene, inline, lasting
from palmwise.coach.session import Session
from palmwise.coach.transitions import (
    ask_which_step,
    clamped,
    left_out,
    note,
    offer,
    offer_draft,
    offer_for,
    planned,
    prepare_draft,
    replan,
    resume,
    screening_draft,
    shown,
    step_draft,
    to_step,
    wished_seconds,
)

LONGEST_HOLD = 1200
"""Seconds on one hand that a person can ask for."""
LEAST_MORE = 20.0
"""Seconds that a step gets at least where it is to be longer: one second at its end would be none."""
LOUDEST = 3
"""Bound of the volume either way."""


def offer_for_minutes(scene: Scene, command: Command) -> Outcome:
    """Offers a routine that fits the minutes."""
    scene = _with_wish(scene, command)
    routine, symptom = command.first("routine"), scene.symptom(command.first("symptom"))
    if routine is None and symptom:
        outcome = offer_for(scene, symptom.id)
    else:
        known = routine if routine in scene.content.routines else scene.session.routine
        outcome = offer(scene, known or DEFAULT_ROUTINE)
    return outcome.after(*clamped(scene, command.minutes))


def plan_for_minutes(scene: Scene, command: Command) -> Outcome:
    """Plans the routine, or another one that is named, for the minutes."""
    scene = _with_wish(scene, command)
    before, named = scene.session, command.first("routine")
    routine = named if named in scene.content.routines else before.routine
    complaint = before.complaint if routine == before.routine else None
    after = planned(scene, routine)
    after = after.with_session(replace(after.session, state=before.state, complaint=complaint))
    fitted = after.line("planned", minutes=lasting(after.session.planned_seconds))
    remarks = (*clamped(scene, command.minutes), fitted)
    if before.state == "offered":
        draft = offer_draft(after)
    else:
        is_told = routine == before.routine
        draft = screening_draft(after) if before.state == "screening" else prepare_draft(after, is_told=is_told)
        remarks += left_out(after)
    return Outcome(after.session, draft).after(*remarks)


def shorten_offer(scene: Scene, command: Command) -> Outcome:
    """Offers the routine in little more than half the time.

    This is what the reader of times makes of "shorter" wherever something is planned. At an offer it is an answer as
    well, since answers are read first: "sounds good but shorter" would be a yes.
    """
    minutes = scene.minutes_after("times", SHORTER)
    return plan_for_minutes(scene, replace(command, entities={"minutes": (f"{minutes:g}",)}))


def replan_rest(scene: Scene, command: Command) -> Outcome:
    """Replans what remains for the minutes."""
    return replan(scene, wished_seconds(command)).after(*clamped(scene, command.minutes))


def _with_wish(scene: Scene, command: Command) -> Scene:
    wish = wished_seconds(command) / 60
    return scene.with_session(replace(scene.session.with_kept_place(), wish=wish))


def ask_minutes(scene: Scene, command: Command) -> Outcome:
    """Asks how many minutes the person has."""
    return note(scene, "ask_minutes", replace(scene.session, asked_minutes=scene.session.turns))


def set_step_time(scene: Scene, command: Command) -> Outcome:
    """Gives the current step, or another one that is named, the time that was wished for it."""
    session, number = scene.session, _step_meant(scene.session, command)
    if number is None:
        return ask_which_step(scene)
    timeline, elapsed = session.timeline_of(number), scene.elapsed if number == session.step else 0.0
    timeline = _timed(timeline, elapsed, command)
    hold = min(timeline.holds[-1].seconds, LONGEST_HOLD)
    timeline = timeline.lasting(elapsed, hold)
    step = replace(session.steps[number - 1], base=hold / session.pace)
    steps = (*session.steps[: number - 1], step, *session.steps[number:])
    frozen = replace(session.frozen_at(scene.now), steps=steps)
    after = scene.with_session(replace(frozen, holds=timeline.holds) if number == session.step else frozen)
    key = "holds_each" if len(timeline.holds) > 1 else f"holds_{timeline.holds[0].hand}"
    line = after.line("step_time", title=after.title_at(number), holds=after.line(key, time=lasting(hold)))
    return shown(after, line)


def _step_meant(session: Session, command: Command) -> int | None:
    """The step that is named or numbered, else the current one; None if there is no such step."""
    technique, said = command.first("technique"), command.first("step_number")
    if technique or said:
        named = [number for number, step in enumerate(session.steps, 1) if step.technique == technique]
        number = session.step_of(said) if said else next(iter(named), None)
        return number if number and 1 <= number <= len(session.steps) else None
    return session.step or None


def _timed(timeline: Timeline, elapsed: float, command: Command) -> Timeline:
    """The timeline with its remaining time changed as requested."""
    change, amount = command.first("change"), float(command.first("amount") or 0)
    if change == "times":
        rescaled = timeline.rescaled(elapsed, amount)
        is_hardly_more = amount > 1 and rescaled.duration < timeline.duration + LEAST_MORE
        return timeline.ending(elapsed, timeline.duration + LEAST_MORE - elapsed) if is_hardly_more else rescaled
    signed = {"more": 60 * amount, "less": -60 * amount}.get(change or "")
    if command.first("extent") == "hand":
        hold = timeline.place(elapsed).hold.seconds
        return timeline.lasting(elapsed, 60 * amount if signed is None else hold + signed)
    end = 60 * amount if signed is None else timeline.duration + signed
    return timeline.ending(elapsed, end - elapsed)


def end_after(scene: Scene, command: Command) -> Outcome:
    """Lets the massage end after this step, or after one more."""
    session = scene.session
    last = min(session.step + (command.first("extent") == "one_more"), len(session.steps))
    after = scene.with_session(replace(session, steps=session.steps[:last]))
    key = "end_after_this" if last == session.step else "end_after_one_more"
    return shown(after, after.line(key, title=inline(after.title_at(last))))


def slow_down(scene: Scene, command: Command) -> Outcome:
    """Makes the remaining holds longer."""
    change = PACE_STEP * (2 if command.first("degree") else 1)
    return _change_pace(scene, command, scene.session.pace + change, "slower", "slowest")


def speed_up(scene: Scene, command: Command) -> Outcome:
    """Makes the remaining holds shorter."""
    change = PACE_STEP * (2 if command.first("degree") else 1)
    return _change_pace(scene, command, scene.session.pace - change, "faster", "fastest")


def normal_pace(scene: Scene, command: Command) -> Outcome:
    """Goes back to the usual pace."""
    return _change_pace(scene, command, 1.0, "usual_pace", "usual_already")


def _change_pace(scene: Scene, command: Command, wanted: float, key: str, at_the_end: str) -> Outcome:
    session = scene.session
    pace = clamp_pace(wanted)
    if pace == session.pace:
        return note(scene, at_the_end)
    if not session.at_a_step:
        return Outcome(replace(session, pace=pace), Draft("note", (scene.line(f"{key}_from_the_start"),)))
    frozen = session.frozen_at(scene.now)
    timeline = frozen.timeline.rescaled(frozen.elapsed, pace / session.pace)
    after = scene.with_session(replace(frozen, pace=pace, holds=timeline.holds))
    if command.first("then") == "resume":
        return resume(after).after(after.line(key))
    left = after.line("left_on_hand", on_hand=after.on_hand, left=lasting(max(1.0, after.hold_left)))
    return Outcome(after.session, step_draft(after, after.line(key), left))


def speak_up(scene: Scene, command: Command) -> Outcome:
    """Makes the voice louder."""
    return _change_volume(scene, 1, "louder")


def speak_softly(scene: Scene, command: Command) -> Outcome:
    """Makes the voice softer; "softer" without a word of the voice also says how to make the touch lighter."""
    outcome = _change_volume(scene, -1, "softer")
    means_touch = scene.session.at_a_step and scene.content.readings["touch"].match(command.words)
    return outcome.after(scene.line("softer_touch", lighter=scene.technique.lighter)) if means_touch else outcome


def _change_volume(scene: Scene, change: int, key: str) -> Outcome:
    volume = max(-LOUDEST, min(LOUDEST, scene.session.volume + change))
    return note(scene, key, replace(scene.session, volume=volume))


# Hands


def start_with_hand(scene: Scene, command: Command) -> Outcome:
    """Remembers the hand that comes first in each step; restarts the current one with it if that has just begun."""
    hand = _hand(command)
    after = scene.with_session(replace(scene.session, first_hand=hand))
    line = after.line("hand_first", hand=after.line(f"hand_{hand}"))
    session = scene.session
    if session.at_a_step and scene.place.index == 0 and len(session.holds) > 1 and session.holds[0].hand != hand:
        return to_step(after, session.step).after(line)
    return _told(after, "hand_first", hand=after.line(f"hand_{hand}"))


def hand_before_begin(scene: Scene, command: Command) -> Outcome:
    """Remembers a hand that is named before the first step; without one, says that nothing has begun."""
    return start_with_hand(scene, command) if command.first("hand") else note(scene, "not_begun")


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
    """Remembers a part of the hand that is to be left out; takes a later step that is named out of the plan."""
    part = command.first("part") or ""
    session = scene.session
    if (later := scene.later_step(command.first("technique"))) and len(session.steps) > 1:
        title = inline(scene.title_at(later))
        steps = (*session.steps[: later - 1], *session.steps[later:])
        return _told(scene.with_session(replace(session, steps=steps)), "step_left_out", title=title)
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
