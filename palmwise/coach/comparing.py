"""Comparisons: of routines by their minutes and firmness, of techniques, and of the steps that are planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from palmwise.coach import plan
from palmwise.coach.cards import Button
from palmwise.coach.commands import Command
from palmwise.coach.model import Measure, Routine, Spoken
from palmwise.coach.replies import payload
from palmwise.coach.scene import Draft, Outcome, Scene, inline, lasting, spoken
from palmwise.language.marking import mark
from palmwise.language.sentences import is_question
from palmwise.language.tokens import has_all_of

SURE_ORDER = 0.8
"""Probability of the act of speech at which something is ordered, though it has the form of a question."""
SURE_WISH = 0.7
"""At this probability of `set_duration` nothing is compared: "can we stay longer on this one"."""


@dataclass(frozen=True)
class Comparison:
    """What is compared, and by what."""

    routines: tuple[str, ...]
    """Routines that are named, in order of mention."""
    techniques: tuple[str, ...]
    measure: Measure | None
    """None: the difference in general is asked for."""
    of_current: bool
    """Whether the current routine or step is the one that is asked about."""
    wants_yes_or_no: bool
    is_superlative: bool


def read_comparison(scene: Scene, command: Command) -> str | None:
    """`compare` if a message asks how routines, techniques or steps compare, and there is something to compare."""
    asked = _comparison(scene, command.words)
    # "Can you spend more time on this one" is a wish.
    orders = command.acts.get("command", 0.0) >= SURE_ORDER
    wishes = orders or (command.intent == "set_duration" and command.confidence >= SURE_WISH)
    if asked is None or wishes or len(asked.routines) > 2:
        return None
    if asked.measure is None:
        return "compare" if len(asked.routines) == 2 or len(asked.techniques) == 2 else None
    others = len(asked.routines) + (asked.of_current and scene.session.routine not in (None, *asked.routines))
    is_of_step = asked.of_current and scene.session.at_a_step and asked.measure.of == "minutes"
    # "Can I do that one for longer" wants it longer.
    is_of_step = is_of_step and scene.content.cues.requesting.isdisjoint(command.words[:3])
    return "compare" if others == 2 or asked.is_superlative or is_of_step or asked.routines else None


def compare(scene: Scene, command: Command) -> Outcome:
    """Compares routines, techniques or steps: one sentence, which begins with yes or no if asked for it."""
    asked = _comparison(scene, command.words)
    if asked is None:
        return Outcome(scene.session, Draft("note", (scene.line("which_question"),)))
    if asked.measure is None:
        return _difference(scene, asked)
    if asked.of_current and not asked.routines and scene.session.at_a_step and asked.measure.of == "minutes":
        return _among_steps(scene, asked.measure)
    return _among_routines(scene, asked, asked.measure)


def _comparison(scene: Scene, words: Sequence[str]) -> Comparison | None:
    lists = scene.content.comparing
    measures = [lists.by_word[word] for word in words if word in lists.by_word]
    measures += [each for each in lists.measures if has_all_of(words, each.also)]
    if not (measures or lists.differences.intersection(words)) or not is_question(" ".join(words)):
        return None
    if mark(words).first("<minutes*"):  # "two minutes longer"
        return None
    routines = _named(scene, "routine", words)
    listed = scene.session.listed if len(scene.session.listed) > 1 else tuple(scene.content.routines)
    if not routines or measures or lists.between.intersection(words):
        named = [lists.places[word] for word in words if word in lists.places]
        places = [place - 1 if place > 0 else place for place in named]
        routines = (*routines, *(listed[at] for at in places if -len(listed) <= at < len(listed)))
    return Comparison(
        tuple(dict.fromkeys(routines)),
        _named(scene, "technique", words),
        measures[0] if measures else None,
        not lists.current.isdisjoint(words),
        words[0] in lists.whether,
        any(word in each.superlatives for each in lists.measures for word in words),
    )


def _named(scene: Scene, entity: str, words: Sequence[str]) -> tuple[str, ...]:
    """The things of a kind that are named, in order; where names overlap, the longest."""
    text = f" {' '.join(words)} "
    found: list[tuple[int, str]] = []
    names = [(name, id) for id, each in scene.content.vocabulary[entity].items() for name in (id, *each)]
    for name, id in sorted(names, key=lambda pair: -len(pair[0])):
        at = text.find(f" {name.replace('_', ' ')} ")
        if at >= 0:
            found.append((at, id))
            text = text.replace(f" {name.replace('_', ' ')} ", f" {'_' * len(name)} ", 1)
    return tuple(dict.fromkeys(id for _, id in sorted(found)))


def _difference(scene: Scene, asked: Comparison) -> Outcome:
    if len(asked.routines) == 2:
        one, other = (scene.content.routines[id] for id in asked.routines)
        lines = (_contrast(scene, one, other),)
    else:
        first, second = (scene.content.techniques[id] for id in asked.techniques)
        lines = (spoken(f"{first.title}: {first.why} {second.title}: {second.why}"),)
    return _note(scene, lines, asked.routines)


def _contrast(scene: Scene, one: Routine, other: Routine) -> Spoken:
    return scene.line(
        "contrast", title=one.title, contrast=one.contrast, other=inline(other.title), other_contrast=other.contrast
    )


def _among_routines(scene: Scene, asked: Comparison, measure: Measure) -> Outcome:
    what, sign = measure.of, 1 if measure.more else -1
    current = (scene.session.routine,) if asked.of_current and scene.session.routine else ()
    subjects = tuple(dict.fromkeys((*current, *asked.routines)))
    compared = subjects if len(subjects) > 1 and not asked.is_superlative else tuple(scene.content.routines)
    if len(subjects) == 1 and not asked.is_superlative and scene.session.routine not in (None, *subjects):
        compared = (*subjects, scene.session.routine or "")
    order = sorted(compared, key=lambda id: -sign * _value(scene.content.routines[id], what))
    best, other = (scene.content.routines[id] for id in order[:2])
    lead = ""
    if asked.wants_yes_or_no and subjects:
        subject = asked.routines[0] if asked.routines and not asked.of_current else subjects[0]
        lead = "Yes, " if subject == best.id else "No, "
    if what == "minutes" and lasting(_value(best, what)) == lasting(_value(other, what)):
        return _note(scene, (_equally_long(scene, asked, best, other, measure),), (best.id, other.id))
    line = scene.line(
        f"compared_{what}",
        lead=lead,
        title=inline(best.title) if lead else best.title,
        word=measure.comparatives[0],
        time=lasting(_value(best, "minutes")),
        other=inline(other.title),
        other_time=lasting(_value(other, "minutes")),
        contrast=best.contrast,
    )
    return _note(scene, (line,), (best.id,))


def _equally_long(scene: Scene, asked: Comparison, one: Routine, other: Routine, measure: Measure) -> Spoken:
    """Says that two routines take the same time, or of all of them, that both are the shortest or longest."""
    time = lasting(_value(one, "minutes"))
    if asked.is_superlative and not asked.wants_yes_or_no:
        superlative = measure.superlatives[0]
        return scene.line(
            "compared_equal_most", title=one.title, other=inline(other.title), word=superlative, time=time
        )
    lead = "No, " if asked.wants_yes_or_no else ""
    title = inline(one.title) if lead else one.title
    return scene.line("compared_equal", lead=lead, title=title, other=inline(other.title), time=time)


def _value(routine: Routine, what: str) -> float:
    return plan.routine_seconds(routine) if what == "minutes" else routine.firmness


def _among_steps(scene: Scene, measure: Measure) -> Outcome:
    session = scene.session
    seconds = {number: session.seconds_of_step(number) for number in range(1, len(session.steps) + 1)}
    best = max(seconds, key=lambda number: ((1 if measure.more else -1) * seconds[number], number == session.step))
    word = measure.superlatives[0]
    lead = "Yes, " if best == session.step else "No, "
    is_alone = list(seconds.values()).count(seconds[best]) == 1
    line = scene.line(
        "compared_step" if is_alone else "compared_step_equal",
        lead=lead,
        title=inline(scene.title_at(best)),
        word=word,
        time=lasting(seconds[best]),
    )
    return _note(scene, (line,), ())


def _note(scene: Scene, lines: tuple[Spoken, ...], routines: Sequence[str]) -> Outcome:
    session = replace(scene.session, misses=0, listed=tuple(routines) or scene.session.listed)
    at_rest = session.state in ("none", "finished", "stopped") and scene.situation != "flagged"
    titles = scene.content.routines
    buttons = tuple(Button(titles[id].title, payload("start_routine", routine=id)) for id in routines if at_rest)
    return Outcome(session, Draft("note", lines, buttons=buttons or None, tells_place=True))
