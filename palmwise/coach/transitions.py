"""Transitions: the changes of state that handlers share, each with the card that shows it.

Whether the safety question has to come first is not decided here: `turns` guards it.
"""

from __future__ import annotations

from dataclasses import replace

from palmwise.coach import plan
from palmwise.coach.cards import (
    Button,
    HoldSpan,
    NoteBody,
    OfferBody,
    PictureLink,
    PlanStep,
    RoutineSummary,
    ScreeningBody,
    StepBody,
    StepSummary,
    TitleBody,
)
from palmwise.coach.commands import Command
from palmwise.coach.content import DEFAULT_ROUTINE
from palmwise.coach.model import ScreeningItem, Spoken, Technique
from palmwise.coach.scene import Draft, Outcome, Scene, counted, inline, lasting, listed, spoken
from palmwise.coach.session import CHOSEN, LEAD_IN, Session
from palmwise.language.numbers import shown_minutes

FOR_OTHER = "for_other"
"""What is known where the hands are somebody else's."""
TOLERANCE = 0.1
"""Share of the minutes asked for by which a plan may miss them without a word."""
PICTURES = "/coach/pictures/"
"""Address of the drawings."""


# Planning


def planned(scene: Scene, routine: str | None) -> Scene:
    """The scene with a plan for a routine that fits the minutes the person has."""
    id = routine or DEFAULT_ROUTINE
    session = scene.session
    steps = plan.one_handed(plan.whole(scene.content.routines[id].steps), session.only_hand)
    if session.wish is not None:
        steps = plan.fit(steps, session.wish * 60, session.pace)
    return scene.with_session(replace(session, routine=id, steps=steps, step=0, holds=(), elapsed=0.0))


def with_minutes(scene: Scene, command: Command) -> Scene:
    """The scene with the minutes that were said in passing remembered and planned for, if any were."""
    if command.minutes is None:
        return scene
    wish = plan.clamp_minutes(command.minutes)
    scene = scene.with_session(replace(scene.session.with_kept_place(), wish=wish))
    return planned(scene, scene.session.routine) if scene.session.routine and scene.session.state in CHOSEN else scene


def wished_seconds(command: Command) -> float:
    """Seconds that the person has, limited to what a plan can have; `plan.QUICK` minutes if none can be read."""
    return plan.clamp_minutes(plan.QUICK if command.minutes is None else command.minutes) * 60


def clamped(scene: Scene, minutes: float | None) -> tuple[Spoken, ...]:
    """A remark on minutes that are too few or too many, if they are."""
    if minutes is None or plan.clamp_minutes(minutes) == minutes:
        return ()
    return (scene.line("minutes_clamped", minutes=shown_minutes(plan.clamp_minutes(minutes))),)


def left_out(scene: Scene, after: int = -1) -> tuple[Spoken, ...]:
    """A remark on steps that there is no time for, if any; only on those `after` an index in the routine's file."""
    kept = {step.source for step in scene.session.steps}
    steps = [step for index, step in enumerate(scene.routine.steps) if index > after and index not in kept]
    titles = [inline(scene.title_of(step)) for step in steps]
    return (scene.line("left_out", titles=listed(titles)),) if titles else ()


def replan(scene: Scene, seconds: float) -> Outcome:
    """Fits what remains of the routine under way into `seconds`; steps that were left out before may come back."""
    session = replace(scene.session.frozen_at(scene.now), wish=seconds / 60)
    source = session.current.source
    whole = plan.one_handed(plan.whole(scene.routine.steps), session.only_hand)
    share = max(hold.seconds for hold in session.holds) / session.pace / whole[source].base
    rest = plan.scaled(whole[source + 1 :], share)
    here, later = plan.refit(session.timeline, session.elapsed, rest, seconds, session.pace)
    # Going to the other hand, or to this step again, takes the step's base.
    current = replace(session.current, base=here.holds[-1].seconds / session.pace)
    steps = (*session.steps[: session.step - 1], current, *later)
    after = scene.with_session(replace(session, steps=steps, holds=here.holds))
    key = "replanned" if abs(after.remaining - seconds) <= TOLERANCE * seconds else "replanned_nearly"
    lines = (after.line(key, minutes=lasting(after.remaining)), *left_out(after, source))
    return Outcome(after.session, step_draft(after, *lines))


# Before the first step


def offer(scene: Scene, routine: str, *, symptom: str | None = None) -> Outcome:
    """Offers a routine; the place in a stopped massage is kept until the offer is answered."""
    scene = planned(scene.with_session(scene.session.with_kept_place()), routine)
    scene = scene.with_session(replace(scene.session, state="offered", complaint=symptom))
    return Outcome(scene.session, offer_draft(scene))


def offer_for(scene: Scene, symptom: str) -> Outcome:
    """Offers the routine that suits a symptom."""
    return offer(scene, scene.content.symptoms[symptom].routine, symptom=symptom)


def offer_draft(scene: Scene) -> Draft:
    """The card of the routine on offer, with the reason."""
    session, routine = scene.session, scene.routine
    symptom = scene.symptom(session.complaint)
    because = symptom.because if symptom else routine.good_for
    question = scene.line(
        "offer", title=inline(routine.title), minutes=lasting(session.planned_seconds), steps=len(session.steps)
    )
    care = (spoken(symptom.care),) if symptom and symptom.care else ()
    lines = (spoken(because), *care, *left_out(scene), question)
    return Draft("offer", lines, OfferBody(routine.id, because, routine.title, step_summaries(scene)))


def screening_draft(scene: Scene) -> Draft:
    """The safety question."""
    asked = scene.content.contraindications
    lines = (asked.question, *((scene.line("screening_other"),) if FOR_OTHER in scene.session.known else ()))
    return Draft("screening", lines, ScreeningBody(asked.items, asked.question.text, asked.conditions))


def to_permission(scene: Scene, wished: str | None = None) -> Outcome:
    """Asks whether a doctor has allowed a massage, of the wished routine, with what was told; not in an emergency."""
    if scene.is_emergency:
        return still_flagged(scene)
    if not scene.session.steps or wished in scene.content.routines:
        scene = planned(scene, wished if wished in scene.content.routines else scene.session.routine)
    session = replace(scene.session.without_open_question(), state="screening")
    return Outcome(session, permission_draft(scene.with_session(session)))


def permission_draft(scene: Scene) -> Draft:
    """The question whether a doctor has allowed a massage."""
    flag = scene.red_flag
    items = (ScreeningItem(flag.id, flag.reason[:1].upper() + flag.reason[1:], flag.text),) if flag else ()
    payloads = {"allowed": "/affirm", "not_allowed": "/deny", "who_should_not": "/faq/who_should_not"}
    buttons = tuple(Button(scene.line(f"button_{name}").text, payload) for name, payload in payloads.items())
    return Draft("screening", (scene.flag_line("ask_permission"),), ScreeningBody(items), buttons)


def prepare(scene: Scene) -> Outcome:
    """Shows what to get ready for the planned routine; the step where a massage was stopped is kept."""
    after = scene.with_session(replace(scene.session.without_open_question(), state="preparing"))
    return Outcome(after.session, prepare_draft(after))


def prepare_draft(scene: Scene, *, is_told: bool = False) -> Draft:
    """The card of what to get ready, in few words if that was told before."""
    told = () if is_told else (*mindful(scene), scene.routine.prepare)
    lines = (*told, scene.line("prepare_ask"))
    return Draft(
        "prepare", lines, TitleBody(scene.routine.title, scene.content.preparation.text, step_summaries(scene))
    )


def mindful(scene: Scene) -> tuple[Spoken, ...]:
    """What is to be minded of all that the person has told."""
    content, told = scene.content, scene.session.known
    symptoms = [symptom.title.lower() for symptom in map(content.symptoms.get, told) if symptom and symptom.care]
    things = [*(content.red_flags[id].reason for id in told if id in content.red_flags), *symptoms]
    lines = (scene.line("mindful", told=listed(things)),) if things else ()
    return (*lines, scene.line("for_other")) if FOR_OTHER in told else lines


def change_question(scene: Scene) -> Draft:
    """The question whether to leave the current routine for another one."""
    routine = scene.content.routines[scene.session.switch_to or ""]
    line = scene.line("ask_switch", title=inline(routine.title), current=inline(scene.routine.title))
    body = OfferBody(routine.id, line.text, inline(routine.title), step_summaries(planned(scene, routine.id)))
    return Draft("offer", (line,), body)


# At a step


def begun(scene: Scene, step: int) -> Session:
    """The session at the first second of a step (from 1)."""
    session = scene.session
    return replace(
        session.without_open_question(),
        state="running",
        step=step,
        visit=session.visit + 1,
        holds=session.fresh_holds(step),
        elapsed=0.0,
        since=scene.now,
    )


def to_step(scene: Scene, step: int) -> Outcome:
    """Goes to a step (from 1) and shows it."""
    after = scene.with_session(begun(scene, step))
    mind = [each.text for each in heading_and_instruction(after)]
    parts = [part for part in after.session.left_out if part.split()[-1].removesuffix("s") in " ".join(mind).lower()]
    remarks = [after.line("mind_part", part=listed(parts))] if parts else []
    if FOR_OTHER in after.session.known and step == 1:
        remarks.append(after.line("for_other_step"))
    return Outcome(after.session, step_draft(after, *heading_and_instruction(after), *remarks))


def resume(scene: Scene, way: Spoken | None = None) -> Outcome:
    """Lets the clock of the current step go on with what was left, after a lead-in; `way` replaces the instruction."""
    session = replace(scene.session.without_open_question(), state="running", since=scene.now + LEAD_IN)
    after = scene.with_session(session)
    title = inline(after.title_at(session.step))
    if after.elapsed >= session.timeline.duration:
        return Outcome(session, step_draft(after, after.line("resumed_over", title=title)))
    left = lasting(max(1.0, after.hold_left))
    line = after.line("resumed", title=title, hand=after.hand, left=left)
    return Outcome(session, step_draft(after, line, way or instruction(after)))


def step_draft(scene: Scene, *lines: Spoken) -> Draft:
    """The card of the current step, with what is to be said about it now."""
    session, technique = scene.session, scene.technique
    body = StepBody(
        cues=step_cues(scene),
        holds=hold_spans(scene),
        instruction=instruction(scene).text,
        title=scene.title_at(session.step),
        detail=technique.more,
        following=following_title(scene),
        picture=picture(technique),
        steps=step_summaries(scene),
    )
    return Draft("paused" if session.state == "paused" else "step", lines, body)


def following_title(scene: Scene) -> str | None:
    """Title of the step after the current one; None at the last one."""
    session = scene.session
    return scene.title_at(session.step + 1) if session.step < len(session.steps) else None


def step_cues(scene: Scene) -> tuple[plan.Cue, ...]:
    """What to say at which second of the current step."""
    following = following_title(scene)
    ending = scene.line("cue_last", title=inline(following)) if following else scene.line("cue_last_of_all")
    return plan.cues(scene.session.timeline, scene.technique, scene.line, ending)


def hold_spans(scene: Scene) -> tuple[HoldSpan, ...]:
    """The seconds of the current step in which each hand is massaged."""
    return tuple(HoldSpan(hold.hand, start, start + hold.seconds) for hold, start in scene.session.timeline.spans())


def plan_steps(scene: Scene) -> tuple[PlanStep, ...]:
    """Every step of the plan as a client leads it while it cannot reach the coach; nothing away from a step."""
    if not scene.session.at_a_step:
        return ()
    numbers = range(1, len(scene.session.steps) + 1)
    return tuple(_plan_step(scene.with_session(begun(scene, number))) for number in numbers)


def _plan_step(scene: Scene) -> PlanStep:
    told = instruction(scene)
    return PlanStep(
        id=scene.session.current.technique,
        title=scene.title_at(scene.session.step),
        instruction=told.text,
        say=told.say,
        seconds=scene.session.timeline.duration,
        holds=hold_spans(scene),
        cues=step_cues(scene),
        picture=picture(scene.technique),
    )


def heading_and_instruction(scene: Scene) -> tuple[Spoken, Spoken]:
    """The heading of the current step and what to do."""
    session, holds = scene.session, scene.session.timeline.holds
    heading = scene.line(
        "step_heading",
        step=counted(session.step),
        steps=counted(len(session.steps)),
        title=scene.title_at(session.step),
        holds=scene.line("holds_each" if len(holds) > 1 else f"holds_{holds[0].hand}", time=lasting(holds[-1].seconds)),
    )
    return heading, instruction(scene)


def instruction(scene: Scene) -> Spoken:
    """What to do in the current step: the routine's own words, or those of the technique."""
    step, technique = scene.routine_step, scene.technique
    return Spoken(step.text or technique.text, step.say or technique.say)


def step_summaries(scene: Scene) -> tuple[StepSummary, ...]:
    """The steps of the plan, each with the time that it takes."""
    session = scene.session
    return tuple(
        StepSummary(
            step.technique,
            scene.title_at(number),
            session.seconds_of_step(number),
            picture(scene.content.techniques[step.technique]),
        )
        for number, step in enumerate(session.steps, 1)
    )


def routine_summaries(scene: Scene) -> tuple[RoutineSummary, ...]:
    """Every routine as a list shows it."""
    return tuple(
        RoutineSummary(
            routine.id,
            routine.title,
            routine.summary,
            routine.minutes,
            picture(scene.content.techniques[routine.steps[0].technique]),
        )
        for routine in scene.content.routines.values()
    )


def picture(technique: Technique) -> PictureLink:
    """The drawing of a technique."""
    return PictureLink(PICTURES + technique.picture.src, technique.picture.alt)


# The end


def finished_draft(scene: Scene) -> Draft:
    """The card after the last step: how to look after the hands now."""
    lines = (scene.line("finished"), scene.routine.finish)
    return Draft("finished", lines, TitleBody(scene.routine.title, scene.content.aftercare.text, step_summaries(scene)))


def stop(scene: Scene, key: str) -> Outcome:
    """Stops at once with the coach's sentence of `key`; the place is kept."""
    session = scene.session
    stopped = replace(session.frozen_at(scene.now).at_kept_place().without_open_question(), state="stopped")
    after = scene.with_session(stopped)
    lines = [after.flag_line() if after.situation == "flagged" and key == "stopped" else after.line(key)]
    if session.at_a_step:
        lines.append(after.line("stopped_at", step=counted(session.step), title=inline(after.title_at(session.step))))
    return Outcome(stopped, Draft("stopped", tuple(lines)))


def flagged(scene: Scene, flag: str | None = None) -> Session:
    """The session stopped by a red flag: the safety question comes again before anything else."""
    session = scene.session.frozen_at(scene.now).at_kept_place().without_open_question().knowing(flag)
    return replace(session, state="stopped", screened=False, flagged=True, flag=flag)


def still_flagged(scene: Scene) -> Outcome:
    """Stays stopped by a red flag, and says why."""
    return Outcome(replace(scene.session, state="stopped"), Draft("note", (scene.flag_line(),)))


# Anywhere


def note(scene: Scene, key: str, session: Session | None = None, **values: object) -> Outcome:
    """The simplest outcome: one sentence, then where the person is."""
    return Outcome(session or scene.session, Draft("note", (scene.line(key, **values),), tells_place=True))


def ask_which_step(scene: Scene) -> Outcome:
    """Asks which step is meant, by the names of all of them."""
    titles = [inline(scene.title_at(number)) for number in range(1, len(scene.session.steps) + 1)]
    return note(scene, "which_step", titles=listed(titles, "or"))


def shown(scene: Scene, line: Spoken) -> Outcome:
    """A change of the plan, told in one sentence: with the card of the step at a step, else as a note."""
    if scene.session.at_a_step:
        return Outcome(scene.session, step_draft(scene, line))
    return Outcome(scene.session, Draft("note", (line,)))


def current_draft(scene: Scene) -> Draft:
    """The current card again, for a person who comes back to it."""
    session = scene.session
    match session.state:
        case "none":
            return Draft("note", (scene.line("welcome"),), NoteBody(routines=routine_summaries(scene)))
        case "offered":
            return offer_draft(scene)
        case "screening":
            return permission_draft(scene) if session.flagged else screening_draft(scene)
        case "preparing":
            return prepare_draft(scene)
        case "running":
            return step_draft(scene, *heading_and_instruction(scene))
        case "paused":
            return step_draft(scene, scene.line("still_paused"), *heading_and_instruction(scene))
        case "finished":
            return finished_draft(scene)
        case "stopped":
            return Draft("stopped", (scene.flag_line() if session.flagged else scene.line("stopped"),))
