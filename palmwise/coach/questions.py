"""Handlers of questions; none of them changes routine, step, hand or clock."""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach import plan
from palmwise.coach.cards import (
    DurationBody,
    DurationOf,
    OverviewBody,
    RoutinesBody,
    TechniqueBody,
)
from palmwise.coach.commands import Command
from palmwise.coach.content import DEFAULT_ROUTINE
from palmwise.coach.model import Routine, Spoken, Technique
from palmwise.coach.replies import routine_buttons
from palmwise.coach.scene import Draft, Outcome, Scene, brief, counted, inline, lasting, listed, spoken
from palmwise.coach.transitions import instruction, note, picture, routine_summaries, step_summaries
from palmwise.language.numbers import write_cardinal

NEARLY_ALL = 0.95
"""Share of a massage from which on what is left is all of it."""

WHOLE_STEP = 5
"""Words up to which a question asks for a movement, or the benefits, as a whole; a longer one for a part of it."""
SOME_OF_IT = 45
"""Words of the explanation for who asked for a part."""

# Techniques


def explain_step(scene: Scene, command: Command) -> Outcome:
    """Explains the current step, or a named technique, in more detail; briefly if something else is asked of it."""
    named = _named_technique(scene, command)
    # "Do I do circles or what?" is of this step, though another massage has a step of that name.
    is_of_this_one = named is not None and any(step.technique == named.id for step in scene.session.steps)
    technique = named if named and is_of_this_one else scene.technique
    if command.is_asked and len(command.words) > WHOLE_STEP:
        return _technique_card(scene, technique, spoken(brief(technique.more, SOME_OF_IT)))
    return _explain(scene, technique)


def explain_step_ahead(scene: Scene, command: Command) -> Outcome:
    """Explains a named technique in more detail; lists the steps if none is named."""
    named = _named_technique(scene, command)
    if named:
        return _explain(scene, named)
    return list_steps(scene, command) if scene.session.steps else note(scene, "nothing_to_explain")


def explain_step_while_screening(scene: Scene, command: Command) -> Outcome:
    """Explains a named technique; takes anything else for doubt about the safety question."""
    named = _named_technique(scene, command)
    return _explain(scene, named) if named else note(scene, "screening_unsure")


def _explain(scene: Scene, technique: Technique) -> Outcome:
    mistakes = Spoken("\n".join(f"- {mistake}" for mistake in technique.mistakes), technique.mistakes[0])
    more = Spoken(technique.more, brief(technique.more.replace("**", "")))
    return _technique_card(scene, technique, more, scene.line("mistakes", mistakes=mistakes))


def explain_technique(scene: Scene, command: Command) -> Outcome:
    """Tells what a named technique, or that of the current step, is."""
    technique = _named_technique(scene, command) or (scene.technique if scene.session.at_a_step else None)
    if technique is None:
        titles = [inline(technique.title) for technique in scene.content.techniques.values()]
        return note(scene, "which_technique", titles=listed(titles))
    return _technique_card(scene, technique, spoken(technique.what), spoken(_purpose(technique)))


def _purpose(technique: Technique) -> str:
    point = technique.point
    if not point:
        return technique.why
    return f"{point.where}{' It' if point.where.endswith('.') else '; it'} {point.believed}"


def explain_benefit(scene: Scene, command: Command) -> Outcome:
    """Tells what the current step, a named technique, the routine, or hand massage is good for."""
    technique = _named_technique(scene, command) or (scene.technique if scene.session.at_a_step else None)
    if technique:
        return _technique_card(scene, technique, spoken(technique.why))
    if scene.session.routine:
        return Outcome(scene.session, Draft("note", (spoken(scene.routine.good_for),)))
    if len(command.words) > WHOLE_STEP:
        return Outcome(scene.session, Draft("note", (spoken(scene.content.faqs["benefits"].short),)))
    rows = "\n".join(f"- **{benefit.title}**: {brief(benefit.text)}" for benefit in scene.content.benefits)
    titles = listed([inline(benefit.title) for benefit in scene.content.benefits])
    return Outcome(scene.session, Draft("note", (scene.line("benefits", rows=Spoken(rows, titles)),)))


def _named_technique(scene: Scene, command: Command) -> Technique | None:
    return scene.content.techniques.get(command.first("technique") or "")


def _technique_card(scene: Scene, technique: Technique, *lines: Spoken) -> Outcome:
    body = TechniqueBody(technique.id, technique.title, technique.more, picture(technique))
    return Outcome(scene.session, Draft("technique", lines, body, tells_place=True))


# Lists


def list_steps(scene: Scene, command: Command) -> Outcome:
    """Lists the steps of a named routine, of the current one, or of the usual one."""
    own = scene.session.routine if scene.session.steps else None
    named = _named_routine(scene, command) or scene.content.routines.get(scene.session.switch_to or "")
    routine = named or scene.content.routines[own or DEFAULT_ROUTINE]
    is_own = routine.id == own
    whole = replace(scene.session, routine=routine.id, steps=plan.whole(routine.steps), step=0, holds=(), pace=1.0)
    shown = step_summaries(scene if is_own else scene.with_session(whole))
    rows = "\n".join(f"{index}. {step.title}, {lasting(step.seconds).text}" for index, step in enumerate(shown, 1))
    line = scene.line(
        "overview",
        title=routine.title,
        count=counted(len(shown)),
        steps=Spoken(rows, listed([inline(step.title) for step in shown])),
        time=lasting(sum(step.seconds for step in shown)),
    )
    body = OverviewBody(routine.id, routine.title, shown)
    return Outcome(scene.session, Draft("overview", (line,), body, tells_place=True))


def list_routines(scene: Scene, command: Command) -> Outcome:
    """Lists the routines."""
    routines = scene.content.routines.values()
    rows = "\n".join(f"- **{routine.title}**: {routine.summary}" for routine in routines)
    titles = Spoken(rows, listed([inline(routine.title) for routine in routines], "or"))
    flagged = scene.situation == "flagged"
    line = scene.line("routines_flagged" if flagged else "routines", rows=titles)
    body = RoutinesBody(routine_summaries(scene))
    can_choose = not (flagged or scene.session.at_a_step or scene.session.state == "screening")
    buttons = routine_buttons(scene.content) if can_choose else None
    session = replace(scene.session, listed=tuple(routine.id for routine in routines))
    return Outcome(session, Draft("routines", (line,), body, buttons=buttons, tells_place=True))


def explain_help(scene: Scene, command: Command) -> Outcome:
    """Tells what the coach can do, and what can be said just now."""
    line = scene.line(f"help_{scene.situation}")
    return Outcome(scene.session, Draft("help", (line,), tells_place=True))


# Durations and progress


def how_long_step(scene: Scene, command: Command) -> Outcome:
    """Tells the time of the current step, of all that is left, or of another step or routine that is named."""
    named = _named_routine(scene, command)
    is_all = command.first("extent") in ("rest", "whole") and not command.first("technique")
    if is_all and named is None:
        named = scene.routine
    if named and named.id == scene.session.routine:
        is_whole = command.first("extent") == "whole" and scene.remaining < scene.session.planned_seconds * NEARLY_ALL
        return _routine_duration(
            scene, "how_long_whole" if is_whole else "how_long_left", "remaining", scene.remaining, named
        )
    if named:
        return _whole_routine(scene, named)
    return _other_step_duration(scene, command) or _current_step_duration(scene)


def how_long_planned(scene: Scene, command: Command) -> Outcome:
    """Tells the time of the planned routine, or of another one that is named."""
    named = _named_routine(scene, command)
    if named and named.id != scene.session.routine:
        return _whole_routine(scene, named)
    return _routine_duration(scene, "how_long_routine", "routine", scene.session.planned_seconds, scene.routine)


def how_long_finished(scene: Scene, command: Command) -> Outcome:
    """Tells how long the massage was, or how long another one that is named takes."""
    named = _named_routine(scene, command)
    if named and named.id != scene.session.routine:
        return _whole_routine(scene, named)
    return _routine_duration(scene, "how_long_was_it", "routine", scene.session.planned_seconds, scene.routine)


def how_long_stopped(scene: Scene, command: Command) -> Outcome:
    """Tells what remains of the stopped massage, or how long another one that is named takes."""
    named = _named_routine(scene, command)
    if scene.session.routine and scene.session.step and (named is None or named.id == scene.session.routine):
        return _routine_duration(scene, "how_long_left", "remaining", scene.remaining, scene.routine)
    return how_long_in_general(scene, command)


def how_long_in_general(scene: Scene, command: Command) -> Outcome:
    """Tells how long a named routine, or a massage in general, takes."""
    named = _named_routine(scene, command)
    if named and named.id != scene.session.routine:
        return _whole_routine(scene, named)
    seconds = plan.routine_seconds(scene.content.routines[DEFAULT_ROUTINE])
    answer = scene.content.faqs["session_length"]
    body = DurationBody(seconds, "general")
    told = spoken(answer.short) if command.text else Spoken(answer.text, answer.short)
    return Outcome(scene.session, Draft("duration", (told,), body))


def tell_technique_time(scene: Scene, command: Command) -> Outcome:
    """Tells how long a step takes that is not in the plan."""
    technique = command.first("technique") or ""
    routine = scene.content.routines[_routine_with(scene, technique)]
    step = next(step for step in plan.whole(routine.steps) if step.technique == technique)
    key = "holds_each" if step.hands == "each" else "holds_both"
    title = scene.title_of(routine.steps[step.source])
    line = scene.line(
        "step_time_in", title=title, routine=inline(routine.title), holds=scene.line(key, time=lasting(step.base))
    )
    body = DurationBody(step.timeline(1.0).duration, "step")
    return Outcome(scene.session, Draft("duration", (line,), body, tells_place=True))


def _routine_with(scene: Scene, technique: str) -> str:
    """A routine that has a technique: the current or listed one if it does, else the first that does."""
    routines = scene.content.routines
    wanted = [scene.session.routine, scene.session.listed_routine, DEFAULT_ROUTINE, *routines]
    has = (
        id for id in wanted if id in routines and any(step.technique == technique for step in routines[id or ""].steps)
    )
    return next(has, None) or DEFAULT_ROUTINE


def tell_step(scene: Scene, command: Command) -> Outcome:
    """Tells the name of the step that is pointed at, and what it is."""
    technique = scene.content.techniques[command.first("technique") or ""]
    return _technique_card(
        scene, technique, scene.line("step_is", title=inline(technique.title)), spoken(technique.what)
    )


def tell_now(scene: Scene, command: Command) -> Outcome:
    """Tells which hand it is, how long it has still to go, and what to do with it."""
    line = scene.line("hand_now", on_hand=scene.on_hand, left=lasting(scene.hold_left))
    return Outcome(replace(scene.session, misses=0), Draft("progress", (line, instruction(scene))))


def tell_following(scene: Scene, command: Command) -> Outcome:
    """Tells what comes after the current step."""
    steps, step = scene.session.steps, scene.session.step
    if step >= len(steps):
        return tell_finish(scene, command)
    return tell_step(scene, replace(command, entities={"technique": (steps[step].technique,)}))


def tell_where_stopped(scene: Scene, command: Command) -> Outcome:
    """Tells where the massage was stopped, and that it can be picked up."""
    session, line = scene.session, scene.line("progress_stopped")
    at = {"step": counted(session.step), "title": inline(scene.title_at(session.step))} if session.step else {}
    lines = (scene.line("stopped_at", **at), line) if at else (line,)
    return Outcome(session, Draft("progress", lines))


def tell_hand(scene: Scene, command: Command) -> Outcome:
    """Tells which hand is massaged now."""
    line = scene.line("hand_now", on_hand=scene.on_hand, left=lasting(scene.hold_left))
    return Outcome(scene.session, Draft("progress", (line,)))


def tell_when(scene: Scene, command: Command) -> Outcome:
    """Tells where in the routine a step comes."""
    session, number = scene.session, int(command.first("step_number") or 1)
    before = plan.total(session.steps[session.step : number - 1], session.pace)
    seconds = before + (session.timeline.duration - scene.elapsed if session.holds and session.step else 0)
    key = "step_when_now" if number == session.step else "step_when_past" if number < session.step else "step_when"
    line = scene.line(
        key,
        title=scene.title_at(number),
        step=counted(number),
        steps=counted(len(session.steps)),
        time=lasting(max(1.0, seconds)),
    )
    return Outcome(session, Draft("note", (line,), tells_place=True))


def tell_finish(scene: Scene, command: Command) -> Outcome:
    """Tells what follows the last step."""
    return Outcome(scene.session, Draft("note", (scene.line("after_all"), scene.routine.finish), tells_place=True))


def _named_routine(scene: Scene, command: Command) -> Routine | None:
    return scene.content.routines.get(command.first("routine") or "")


def _whole_routine(scene: Scene, routine: Routine) -> Outcome:
    seconds = plan.routine_seconds(routine)
    return _routine_duration(scene, "how_long_routine", "routine", seconds, routine)


def _routine_duration(scene: Scene, key: str, of: DurationOf, seconds: float, routine: Routine) -> Outcome:
    whole = {"whole": lasting(scene.session.planned_seconds)} if key == "how_long_whole" else {}
    line = scene.line(key, title=routine.title, time=lasting(seconds), **whole)
    body = DurationBody(round(seconds), of, routine.id)
    return Outcome(scene.session, Draft("duration", (line,), body, tells_place=True))


def _other_step_duration(scene: Scene, command: Command) -> Outcome | None:
    """The time of another step of the routine that is named or numbered; None if there is none."""
    session, technique, said = scene.session, command.first("technique"), command.first("step_number")
    wanted = session.step_of(said) if said else None
    for index, step in enumerate(session.steps, 1):
        if index != session.step and (index == wanted or step.technique == technique):
            seconds = step.timeline(session.pace).duration
            line = scene.line("how_long_routine", title=scene.title_at(index), time=lasting(seconds))
            draft = Draft("duration", (line,), DurationBody(seconds, "step"), tells_place=True)
            return Outcome(session, draft)
    return None


def _current_step_duration(scene: Scene) -> Outcome:
    session, timeline = scene.session, scene.session.timeline
    left = round(timeline.duration - scene.elapsed)
    key = "how_long_step_each" if len(timeline.holds) > 1 else "how_long_step"
    line = scene.line(
        key if left > 0 else f"{key}_over",
        step=counted(session.step),
        steps=counted(len(session.steps)),
        title=inline(scene.title_at(session.step)),
        hold=lasting(scene.place.hold.seconds),
        whole=lasting(timeline.duration),
        on_hand=scene.on_hand,
        left=lasting(scene.hold_left),
    )
    return Outcome(session, Draft("duration", (line,), DurationBody(timeline.duration, "step", left=left)))


def tell_progress(scene: Scene, command: Command) -> Outcome:
    """Tells where the person is and what remains."""
    session = scene.session
    left = len(session.steps) - session.step
    line = scene.line(
        "progress_last" if left == 0 else "progress",
        step=counted(session.step),
        steps=counted(len(session.steps)),
        title=inline(scene.title_at(session.step)),
        hand=scene.hand,
        after=Spoken(f"{left} more", f"{write_cardinal(left)} more") if left > 1 else "one more",
        left=lasting(scene.remaining),
    )
    return Outcome(session, Draft("progress", (line,)))
