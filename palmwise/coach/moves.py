"""Handlers of moves, from the wish for a massage to its end.

Before the first step: a routine is asked for, offered, agreed to, prepared. Then next, back, to a step, again, pause,
resume, stop, from the top, the other hand, undo.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from palmwise.coach.commands import ALONE, Command
from palmwise.coach.content import DEFAULT_ROUTINE
from palmwise.coach.interpretation import FACTORS
from palmwise.coach.model import Spoken
from palmwise.coach.plan import Hold, clamp_minutes, one_handed, whole
from palmwise.coach.scene import Draft, Outcome, Scene, counted, inline, lasting
from palmwise.coach.session import Session
from palmwise.coach.transitions import (
    ask_which_step,
    begun,
    change_question,
    clamped,
    current_draft,
    finished_draft,
    instruction,
    left_out,
    note,
    offer,
    offer_for,
    planned,
    prepare,
    replan,
    resume,
    shown,
    step_draft,
    stop,
    to_step,
    wished_seconds,
    with_minutes,
)

UNDONE_FOR = 6
"""Number of turns for which a change can be taken back."""
SURE_CHOICE = 0.9
"""Probability at which a message counts as the choice of a listed routine, even if it sounds like a remark."""


# Before the first step


def start(scene: Scene, command: Command) -> Outcome:
    """Prepares the named routine; offers one if none is named."""
    scene, routine = with_minutes(scene, command), command.first("routine")
    if routine in scene.content.routines:
        outcome = prepare_anew(scene, routine)
    elif symptom := scene.symptom(command.first("symptom")):
        outcome = offer_for(scene, symptom.id)
    else:
        outcome = offer(scene, scene.session.routine or DEFAULT_ROUTINE)
    return outcome.after(*clamped(scene, command.minutes))


def start_offered(scene: Scene, command: Command) -> Outcome:
    """Prepares the routine on offer, or another one that is named."""
    scene, routine = with_minutes(scene, command), command.first("routine")
    symptom = scene.symptom(command.first("symptom")) if scene.session.state == "offered" else None
    if routine in scene.content.routines:
        outcome = prepare_anew(scene, routine)
    elif symptom:
        outcome = offer_for(scene, symptom.id)
    else:
        outcome = prepare(scene).after(*_newly_left_out(scene, command))
    return outcome.after(*clamped(scene, command.minutes))


def start_prepared(scene: Scene, command: Command) -> Outcome:
    """Begins the first step, or prepares another routine that is named."""
    scene, routine = with_minutes(scene, command), command.first("routine")
    if routine in scene.content.routines and routine != scene.session.routine:
        outcome = prepare_anew(scene, routine)
    else:
        outcome = first_step(scene, command).after(*_newly_left_out(scene, command))
    return outcome.after(*clamped(scene, command.minutes))


def start_another(scene: Scene, command: Command) -> Outcome:
    """Asks whether to change to another routine that is named; resumes if paused."""
    session, routine, minutes = scene.session, command.first("routine"), command.minutes
    if routine in scene.content.routines and routine != session.routine:
        wish = session.switch_wish if minutes is None else clamp_minutes(minutes)
        asked = scene.with_session(replace(session, switch_to=routine, switch_wish=wish))
        return Outcome(asked.session, change_question(asked)).after(*clamped(scene, minutes))
    if command.first("minutes"):
        return replan(scene, wished_seconds(command)).after(*clamped(scene, minutes))
    if session.state == "paused":
        return resume(scene)
    return note(scene, "already_in_it")


def insist_on_change(scene: Scene, command: Command) -> Outcome:
    """Changes to the routine that was asked about; asks about another one that is named."""
    session, minutes = scene.session, command.minutes
    named = command.first("routine")
    if named == session.routine:
        return keep_routine(scene, command)
    if named == session.switch_to or (named is None and command.first("minutes") is None):
        wish = session.switch_wish if minutes is None else clamp_minutes(minutes)
        changing = scene.with_session(replace(session, switch_wish=wish))
        return change(changing, command).after(*clamped(scene, minutes))
    return start_another(scene, command)


def change(scene: Scene, command: Command) -> Outcome:
    """Prepares the routine that was asked about."""
    session = scene.session
    wish = session.wish if session.switch_wish is None else session.switch_wish
    return prepare_anew(scene.with_session(replace(session, wish=wish)), session.switch_to)


def keep_routine(scene: Scene, command: Command) -> Outcome:
    """Stays with the routine under way."""
    session = replace(scene.session, switch_to=None, switch_wish=None)
    return note(scene, "stay_with_it", session, current=inline(scene.routine.title))


def accept_offer(scene: Scene, command: Command) -> Outcome:
    """Prepares the routine on offer."""
    return prepare(scene)


def offer_default(scene: Scene, command: Command) -> Outcome:
    """Offers the usual routine."""
    return offer(scene, DEFAULT_ROUTINE)


def decline_offer(scene: Scene, command: Command) -> Outcome:
    """Goes back to where the offer was made: a stopped massage, a red flag, or nowhere."""
    session = scene.session
    if session.kept:
        after = scene.with_session(session.at_kept_place())
        declined = scene.line("declined_kept", title=inline(after.routine.title))
        return Outcome(after.session, Draft("note", (scene.flag_line() if session.flagged else declined,)))
    gone = replace(session.without_open_question(), routine=None, steps=(), wish=None)
    if session.flagged:
        return Outcome(replace(gone, state="stopped"), Draft("note", (scene.flag_line(),)))
    return Outcome(replace(gone, state="none"), Draft("note", (scene.line("declined"),)))


def first_step(scene: Scene, command: Command) -> Outcome:
    """Begins the first step, or the one where the massage was stopped."""
    return to_step(scene, max(1, scene.session.step))


def restart_offered(scene: Scene, command: Command) -> Outcome:
    """Offers the routine again."""
    return offer(scene, scene.session.routine or DEFAULT_ROUTINE)


def restart_before_begin(scene: Scene, command: Command) -> Outcome:
    """Plans the routine afresh."""
    return prepare_anew(scene, scene.session.routine)


def prepare_anew(scene: Scene, routine: str | None) -> Outcome:
    """Plans and prepares a routine."""
    after = planned(scene, routine)
    return prepare(after).after(*left_out(after))


def _newly_left_out(scene: Scene, command: Command) -> tuple[Spoken, ...]:
    """A remark on steps left out; without minutes the plan is the one that was told before."""
    return () if command.minutes is None else left_out(scene)


_STARTS = {
    "none": start,
    "finished": start,
    "stopped": start,
    "offered": start_offered,
    "preparing": start_prepared,
    "running": start_another,
    "paused": start_another,
}
"""State -> what begins a routine that was recommended."""


def talks_of_routine(scene: Scene, command: Command) -> bool:
    """Whether a routine is talked about, not wished for: "the classic one is without pressure points"."""
    words, cues = set(command.words), scene.content.cues
    return bool(command.first("routine")) and bool(words & cues.telling) and not words & cues.wishing


def read_choice(scene: Scene, command: Command) -> str | None:
    """`chosen` if a message surely names one of the listed routines as the wanted one, else None."""
    is_wish = command.intent == "start_routine" and command.first("routine") is not None and command.answer is None
    is_sure = command.learned("routine_choice", SURE_CHOICE) is not None and not talks_of_routine(scene, command)
    return "chosen" if is_wish and is_sure and not command.private and not scene.session.flagged else None


def start_chosen(scene: Scene, command: Command) -> Outcome:
    """Prepares the routine that was chosen from a list; asks first whether to leave the current one."""
    return _STARTS[scene.session.state](scene, command)


def start_recommended(scene: Scene, command: Command) -> Outcome:
    """Prepares the routine that was recommended; asks first whether to leave the current one."""
    chosen = Command("start_routine", {"routine": scene.session.listed[:1]})
    return _STARTS[scene.session.state](scene, chosen) if scene.session.state in _STARTS else note(scene, "not_begun")


# Through the steps


def following_step(scene: Scene, command: Command) -> Outcome:
    """Goes to the following step; finishes after the last one."""
    session = scene.session
    if session.step < len(session.steps):
        return to_step(scene, session.step + 1)
    finished = replace(session.without_open_question(), state="finished", holds=(), elapsed=0.0, wish=None)
    after = scene.with_session(finished)
    return Outcome(finished, finished_draft(after))


def step_before(scene: Scene, command: Command) -> Outcome:
    """Goes to the step before; stays at the first one."""
    step = scene.session.step
    return to_step(scene, step - 1) if step > 1 else note(scene, "first_step_already")


def last_step(scene: Scene, command: Command) -> Outcome:
    """Goes to the last step."""
    return to_step(scene, len(scene.session.steps))


def go_to_step(scene: Scene, command: Command) -> Outcome:
    """Goes to the step of a number, of a technique or of a part of the hand; stays if there is none.

    With `ALONE` as its extent the plan ends there: "just the wrists, skip the rest".
    """
    session = scene.session
    said, technique = command.first("step_number"), command.first("technique")
    if said is None and technique is not None:
        return _go_to_technique(scene, technique)
    wanted = _step_of_part(session, command.first("body_part")) if said is None else session.step_of(said)
    if wanted is None:
        return ask_which_step(scene)
    if not 1 <= wanted <= len(session.steps):
        return note(scene, "no_such_step", steps=counted(len(session.steps)))
    steps = session.steps[:wanted] if command.first("extent") == ALONE else session.steps
    return to_step(scene.with_session(replace(session, steps=steps)), wanted)


def _go_to_technique(scene: Scene, technique: str) -> Outcome:
    steps = [number for number, step in enumerate(scene.session.steps, 1) if step.technique == technique]
    if steps:
        return to_step(scene, steps[0])
    known = scene.content.techniques.get(technique)
    title = inline(known.title) if known else technique
    if any(step.technique == technique for step in scene.routine.steps):
        return note(scene, "left_out_for_time", title=title)
    return note(scene, "not_in_this_one", title=title, current=inline(scene.routine.title))


def put_back(scene: Scene, command: Command) -> Outcome:
    """Takes a step that was left out for time back into the plan."""
    session = scene.session
    step = next(each for each in whole(scene.routine.steps) if each.technique == command.first("technique"))
    done, later = session.steps[: session.step], session.steps[session.step :]
    rest = tuple(sorted((*later, *one_handed((step,), session.only_hand)), key=lambda each: each.source))
    after = scene.with_session(replace(session, steps=(*done, *rest)))
    line = after.line(
        "put_back", title=after.title_of(scene.routine.steps[step.source]), minutes=lasting(after.remaining)
    )
    return shown(after, line)


def _step_of_part(session: Session, part: str | None) -> int | None:
    """The first step named after a part of the hand ("the wrist" is wrist_mobilization), or None."""
    named = (number for number, step in enumerate(session.steps, 1) if part in step.technique.split("_"))
    return next(named, None)


def show_current(scene: Scene, command: Command) -> Outcome:
    """Repeats the current step or question."""
    return Outcome(scene.session, current_draft(scene))


def pause(scene: Scene, command: Command) -> Outcome:
    """Pauses: the clock freezes."""
    session = replace(scene.session.frozen_at(scene.now), state="paused", switch_to=None, switch_wish=None)
    after = scene.with_session(session)
    return Outcome(session, step_draft(after, after.line("paused")))


def still_paused(scene: Scene, command: Command) -> Outcome:
    """Stays paused."""
    return Outcome(scene.session, step_draft(scene, scene.line("still_paused")))


def resume_paused(scene: Scene, command: Command) -> Outcome:
    """Resumes with what was left, after a lead-in."""
    return resume(scene)


def resume_lighter(scene: Scene, command: Command) -> Outcome:
    """Resumes with what was left, and says how to do it more gently."""
    return resume(scene, scene.line("lighter", how=scene.technique.lighter))


def resume_stopped(scene: Scene, command: Command) -> Outcome:
    """Picks the stopped massage up where it was."""
    scene = scene.with_session(scene.session.at_kept_place())
    session = scene.session
    if not session.routine:
        return note(scene, "already_stopped")
    if not session.step:
        return prepare(scene)
    outcome = resume(scene) if session.holds else to_step(scene, session.step)
    return outcome.after(scene.line("welcome_back"))


def resume_offered(scene: Scene, command: Command) -> Outcome:
    """Picks up the massage that was stopped before the offer; without one, prepares the routine on offer."""
    return resume_stopped(scene, command) if scene.session.kept else prepare(scene)


def keep_going(scene: Scene, command: Command) -> Outcome:
    """Encourages; goes to the following step once the time of this one is over."""
    if scene.elapsed >= scene.session.timeline.duration:
        return following_step(scene, command)
    return note(scene, "keep_going")


def stop_massage(scene: Scene, command: Command) -> Outcome:
    """Stops at once; the place is kept."""
    return stop(scene, "stopped")


def say_goodbye(scene: Scene, command: Command) -> Outcome:
    """Stops at once with a goodbye; the place is kept."""
    return stop(scene, "stopped_goodbye")


def restart(scene: Scene, command: Command) -> Outcome:
    """Begins the routine from its first step."""
    fresh = planned(scene, scene.session.routine)
    if not fresh.session.screened:
        return prepare(fresh).after(*left_out(fresh))
    return to_step(fresh, 1).after(fresh.line("from_the_top"), *left_out(fresh))


def restart_for(how: str) -> Callable[[Scene, Command], Outcome]:
    """The handler that begins the routine again, "shorter" or "longer" than it was."""
    share = FACTORS[how]

    def handler(scene: Scene, command: Command) -> Outcome:
        wish = clamp_minutes(scene.session.planned_seconds / 60 * share)
        return restart(scene.with_session(replace(scene.session, wish=wish)), command)

    handler.__doc__ = f"Begins the routine again, for {share:g} of the time that it took."
    return handler


def switch_hand(scene: Scene, command: Command) -> Outcome:
    """Goes to the other hand with its full hold, which ends the step."""
    session, here = scene.session, scene.place.hold.hand
    if here == "both" or session.current.hands in ("left", "right"):
        return note(scene, "both_hands" if here == "both" else "one_hand", hand=scene.hand)
    if command.first("hand") == here:
        return note(scene, "already_that_hand", hand=scene.hand)
    hold = Hold("right" if here == "left" else "left", session.current.seconds(session.pace))
    after = scene.with_session(replace(begun(scene, session.step), holds=(hold,)))
    line = after.line("other_hand", hand=after.hand)
    return Outcome(after.session, step_draft(after, line, instruction(after)))


def undo(scene: Scene, command: Command) -> Outcome:
    """Takes the last change back; a second time, it is made again."""
    session = scene.session
    if session.before is None or session.turns - session.changed > UNDONE_FOR:
        return note(scene, "nothing_to_undo")
    # Undo takes back neither what was reported about health nor the end of a massage by a red flag.
    if session.flagged:
        return note(scene, "nothing_to_undo")
    restored = session.before.restored_at(scene.now, session)
    after = scene.with_session(restored)
    draft = current_draft(after)
    if restored.state == "paused":
        draft = replace(draft, lines=draft.lines[1:])
    return Outcome(restored, draft).after(after.line("undone"))


def stay(scene: Scene, command: Command) -> Outcome:
    """Leaves everything as it is, and says so."""
    if scene.session.state == "paused":
        return Outcome(scene.session, step_draft(scene, scene.line("still_paused")))
    return note(scene, "stays")
