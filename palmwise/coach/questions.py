"""Answers to questions; none of them changes routine, step, hand or clock."""

from __future__ import annotations

from typing import Any

from palmwise.coach import cards, plan
from palmwise.coach.cards import picture_extra, remaining
from palmwise.coach.commands import Command
from palmwise.coach.model import Routine, Spoken, Technique
from palmwise.coach.pacing import DEFAULT_ROUTINE
from palmwise.coach.scene import Draft, Outcome, Scene, counted, inline, lasting, spoken
from palmwise.coach.wording import brief, listed
from palmwise.language.numbers import write_cardinal
from palmwise.language.step_references import resolve_step


def faq(scene: Scene, command: Command) -> Outcome:
    """A question that the article answers; `command.intent` is `faq/<id>`."""
    entry = scene.content.faqs.get(command.intent.removeprefix("faq/"))
    if entry is None:
        return scene.note("which_question")
    extra: dict[str, Any] = {
        "id": f"faq/{entry.id}",
        "source": entry.source,
        "title": entry.question,
        "belief": entry.belief,
    }
    if entry.id == "sources":
        extra["sources"] = [f"{source.name}: {source.title}" for source in scene.content.sources]
    more = None if scene.session.routine and scene.session.at_a_step else cards.related(scene.content, entry) or None
    return Outcome(scene.session, Draft("faq", (Spoken(entry.text, entry.short),), extra, buttons=more, where=True))


def explain_step(scene: Scene, command: Command) -> Outcome:
    """The current step in more detail."""
    named = scene.content.techniques.get(command.first("technique") or "")
    if not named and scene.session.state == "screening":
        return scene.note("screening_unsure")
    if not named and not scene.session.at_a_step:
        return list_steps(scene, command) if scene.session.steps else scene.note("nothing_to_explain")
    technique = named or scene.technique
    mistakes = Spoken("\n".join(f"- {mistake}" for mistake in technique.mistakes), technique.mistakes[0])
    lines = (Spoken(technique.more, brief(technique.more.replace("**", ""))), scene.line("mistakes", mistakes=mistakes))
    return Outcome(scene.session, _technique_draft(technique, lines))


def explain_technique(scene: Scene, command: Command) -> Outcome:
    """What a named movement is."""
    named = scene.content.techniques.get(command.first("technique") or "")
    if named:
        return _technique(scene, named)
    if scene.session.at_a_step:
        return _technique(scene, scene.technique)
    titles = [inline(technique.title) for technique in scene.content.techniques.values()]
    return scene.note("which_technique", titles=listed(titles))


def _technique(scene: Scene, technique: Technique) -> Outcome:
    point = technique.point
    lines = [spoken(technique.what)]
    if point:
        lines.append(
            spoken(
                f"{point.where} It {point.believed}"
                if point.where.endswith(".")
                else f"{point.where}; it {point.believed}"
            )
        )
    else:
        lines.append(spoken(technique.why))
    return Outcome(scene.session, _technique_draft(technique, tuple(lines)))


def _technique_draft(technique: Technique, lines: tuple[Spoken, ...]) -> Draft:
    extra: dict[str, Any] = {"technique": technique.id, "title": technique.title, "detail": technique.more}
    return Draft("technique", lines, extra | picture_extra(technique), where=True)


def explain_benefit(scene: Scene, command: Command) -> Outcome:
    """Why this step, or a named movement; why at all, away from a step."""
    named = scene.content.techniques.get(command.first("technique") or "")
    technique = named or (scene.technique if scene.session.at_a_step else None)
    if technique:
        return Outcome(scene.session, _technique_draft(technique, (spoken(technique.why),)))
    if scene.session.routine:
        return Outcome(scene.session, Draft("note", (spoken(scene.routine.good_for),)))
    rows = "\n".join(f"- **{benefit.title}**: {benefit.text}" for benefit in scene.content.benefits)
    titles = listed([inline(benefit.title) for benefit in scene.content.benefits])
    return Outcome(scene.session, Draft("note", (scene.line("benefits", rows=Spoken(rows, titles)),)))


def list_steps(scene: Scene, command: Command) -> Outcome:
    """The steps of the routine at hand, of a named one, or of the usual one."""
    named = command.first("routine")
    own = scene.session.routine if scene.session.steps else None
    id = named if named in scene.content.routines else own or DEFAULT_ROUTINE
    routine = scene.content.routines[id or DEFAULT_ROUTINE]
    steps = scene.session.steps if id == own else plan.whole(routine)
    shown: list[dict[str, Any]] = [
        {
            "id": step.technique,
            "title": routine.steps[step.source].title or scene.content.techniques[step.technique].title,
            "seconds": _seconds(scene, number, step) if id == own else step.timeline(1.0).duration,
        }
        for number, step in enumerate(steps, 1)
    ]
    titles = [str(step["title"]) for step in shown]
    rows = "\n".join(
        f"{index}. {step['title']}, {lasting(step['seconds']).text}" for index, step in enumerate(shown, 1)
    )
    told = Spoken(rows, listed([inline(title) for title in titles]))
    line = scene.line(
        "overview",
        title=routine.title,
        count=counted(len(shown)),
        steps=told,
        time=lasting(sum(int(step["seconds"]) for step in shown)),
    )
    extra = {"routine": routine.id, "title": routine.title, "steps": shown}
    return Outcome(scene.session, Draft("overview", (line,), extra, where=True))


def _seconds(scene: Scene, number: int, step: plan.PlannedStep) -> int:
    """What a step of the plan lasts; the one at hand may have been stretched or shortened since it began."""
    session = scene.session
    at_hand = number == session.step and session.holds
    return session.timeline.duration if at_hand else step.timeline(session.pace).duration


def list_routines(scene: Scene, command: Command) -> Outcome:
    """Which routines there are."""
    routines = scene.content.routines.values()
    rows = "\n".join(f"- **{routine.title}**: {routine.summary}" for routine in routines)
    told = Spoken(rows, listed([inline(routine.title) for routine in routines], "or"))
    flagged = scene.mood == "flagged"
    line = scene.line("routines_flagged" if flagged else "routines", rows=told)
    shown: list[dict[str, Any]] = [
        {
            "id": routine.id,
            "title": routine.title,
            "summary": routine.summary,
            "minutes": {"from": routine.minutes.least, "to": routine.minutes.most},
        }
        for routine in routines
    ]
    choosing = not (flagged or scene.session.at_a_step or scene.session.state == "screening")
    offered = cards.choices(scene.content) if choosing else None
    return Outcome(scene.session, Draft("routines", (line,), {"routines": shown}, buttons=offered, where=True))


def help_(scene: Scene, command: Command) -> Outcome:
    """What the coach can do; what can be said just now."""
    return Outcome(scene.session, Draft("help", (scene.line(f"help_{scene.mood}"),), where=True))


def how_long(scene: Scene, command: Command) -> Outcome:
    """A duration, of whatever is meant: a named routine, this step, the routine at hand, a massage in general."""
    session, routine = scene.session, command.first("routine")
    if routine in scene.content.routines and routine != session.routine:
        steps = plan.whole(scene.content.routines[routine or ""])
        return _duration(
            scene, "how_long_routine", "routine", plan.total(steps, 1.0), scene.content.routines[routine or ""]
        )
    if session.at_a_step and routine is None:
        return _how_long_other_step(scene, command) or _how_long_step(scene)
    if session.state in ("offered", "screening", "preparing"):
        return _duration(scene, "how_long_routine", "routine", session.planned_seconds, scene.routine)
    if session.state == "finished":
        return _duration(scene, "how_long_was_it", "routine", session.planned_seconds, scene.routine)
    if session.state in ("stopped", "running", "paused") and session.routine and session.step:
        return _duration(scene, "how_long_left", "remaining", remaining(scene), scene.routine)
    seconds = plan.total(plan.whole(scene.content.routines[DEFAULT_ROUTINE]), 1.0)
    line = scene.content.faqs["session_length"]
    extra = {"seconds": seconds, "of": "general"}
    return Outcome(scene.session, Draft("duration", (Spoken(line.text, line.short),), extra))


def _how_long_other_step(scene: Scene, command: Command) -> Outcome | None:
    """A step of the routine that is named or numbered, other than the current one; None where there is none."""
    session, technique, said = scene.session, command.first("technique"), command.first("step_number")
    wanted = resolve_step(said, session.step, len(session.steps)) if said else None
    for number, step in enumerate(session.steps, 1):
        if number != session.step and (number == wanted or step.technique == technique):
            seconds = step.timeline(session.pace).duration
            line = scene.line("how_long_routine", title=scene.title_at(number), time=lasting(seconds))
            return Outcome(scene.session, Draft("duration", (line,), {"seconds": seconds, "of": "step"}, where=True))
    return None


def _how_long_step(scene: Scene) -> Outcome:
    place, timeline = scene.place, scene.session.timeline
    left = round(timeline.duration - scene.elapsed)
    key = "how_long_step_each" if len(timeline.holds) > 1 else "how_long_step"
    if left <= 0:
        key += "_over"
    line = scene.line(
        key,
        step=counted(scene.session.step),
        steps=counted(len(scene.session.steps)),
        title=inline(scene.title_at(scene.session.step)),
        hold=lasting(place.hold.seconds),
        whole=lasting(timeline.duration),
        on_hand=scene.line(f"on_{place.hold.hand}"),
        left=lasting(scene.hold_left),
    )
    extra = {"seconds": timeline.duration, "of": "step", "left": left}
    return Outcome(scene.session, Draft("duration", (line,), extra))


def _duration(scene: Scene, key: str, of: str, seconds: float, routine: Routine) -> Outcome:
    line = scene.line(key, title=routine.title, time=lasting(seconds))
    return Outcome(
        scene.session,
        Draft("duration", (line,), {"seconds": round(seconds), "of": of, "routine": routine.id}, where=True),
    )


def ask_progress(scene: Scene, command: Command) -> Outcome:
    """Where the person is, what remains."""
    session = scene.session
    if not session.at_a_step:
        stopped = "stopped_flagged" if session.flagged else "progress_stopped"
        key = {"finished": "progress_finished", "stopped": stopped}.get(session.state, "progress_none")
        return Outcome(scene.session, Draft("progress", (scene.line(key),)))
    left = len(session.steps) - session.step
    line = scene.line(
        "progress_last" if left == 0 else "progress",
        step=counted(session.step),
        steps=counted(len(session.steps)),
        title=inline(scene.title_at(session.step)),
        hand=scene.line(f"hand_{scene.place.hold.hand}"),
        after=Spoken(f"{left} more", f"{write_cardinal(left)} more") if left > 1 else "one more",
        left=lasting(remaining(scene)),
    )
    return Outcome(scene.session, Draft("progress", (line,)))
