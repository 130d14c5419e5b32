"""The buttons of each state, the only payloads that a client may send."""

from __future__ import annotations

import json

from palmwise.coach.content import Content
from palmwise.coach.model import Faq
from palmwise.coach.scene import Button, Scene

PLAIN = (
    "start_routine next_step previous_step repeat_step pause resume stop restart switch_hand slow_down speed_up "
    "speak_up speak_softly how_long ask_progress explain_step explain_benefit list_steps list_routines help "
    "report_pain affirm deny"
).split()
"""Intents that a button may send bare."""


def payload(intent: str, **entities: str) -> str:
    """`/intent{"entity": "value"}`."""
    return f"/{intent}" + (json.dumps(entities) if entities else "")


def payloads(content: Content) -> frozenset[str]:
    """Every payload that a button or a timer may send."""
    steps = max(len(routine.steps) for routine in content.routines.values())
    return frozenset(
        [payload(intent) for intent in PLAIN]
        + [payload("start_routine", routine=id) for id in content.routines]
        + [payload("list_steps", routine=id) for id in content.routines]
        + [payload("explain_technique", technique=id) for id in content.techniques]
        + [payload("go_to_step", step_number=str(number)) for number in range(1, steps + 1)]
        + [payload("set_duration", minutes=minutes) for minutes in ("5", "10", "15")]
        + [payload(f"faq/{id}") for id in content.faqs]
    )


def usual(scene: Scene) -> tuple[Button, ...]:
    """What makes sense in the session's state."""
    session = scene.session
    if session.switch_to:
        return named(scene, ("switch_yes", "/affirm"), ("switch_no", "/deny"))
    if session.easing:
        return named(scene, ("lighter", "/resume"), ("skip", "/next_step"), ("stop", "/stop"))
    if scene.mood == "flagged":
        return named(scene, *_AFTER_RED_FLAG)
    pairs = _OF_STATE[session.state]
    if session.state == "running":
        pairs = tuple(pair for pair in pairs if pair[0] not in _idle(scene))
    return named(scene, *pairs)


def _idle(scene: Scene) -> set[str]:
    """The buttons that would do nothing at this step: back from the first one, the other hand of both."""
    session = scene.session
    first = {"back"} if session.step == 1 else set()
    return first | ({"switch"} if session.steps and session.current.hands == "both" else set())


def named(scene: Scene, *pairs: tuple[str, str]) -> tuple[Button, ...]:
    """Buttons with their titles out of the phrases, by the key `button_…`."""
    return tuple(Button(scene.line(f"button_{name}").text, send) for name, send in pairs)


def choices(content: Content) -> tuple[Button, ...]:
    """A button for each routine."""
    return tuple(
        Button(routine.title, payload("start_routine", routine=id)) for id, routine in content.routines.items()
    )


def related(content: Content, faq: Faq) -> tuple[Button, ...]:
    """A button for each question near to this one."""
    return tuple(Button(content.faqs[id].question, payload(f"faq/{id}")) for id in faq.related)


_OF_STATE: dict[str, tuple[tuple[str, str], ...]] = {
    "none": (("start", "/start_routine"), ("routines", "/list_routines"), ("help", "/help")),
    "offered": (
        ("yes_please", "/affirm"),
        ("routines", "/list_routines"),
        ("steps", "/list_steps"),
        ("not_now", "/deny"),
    ),
    "screening": (("none_of_these", "/deny"), ("one_of_these", "/affirm"), ("who_should_not", "/faq/who_should_not")),
    "preparing": (("ready", "/affirm"), ("steps", "/list_steps"), ("oils", "/faq/oils")),
    "running": (
        ("back", "/previous_step"),
        ("pause", "/pause"),
        ("again", "/repeat_step"),
        ("switch", "/switch_hand"),
        ("done", "/next_step"),
    ),
    "paused": (("go_on", "/resume"), ("again", "/repeat_step"), ("done", "/next_step"), ("stop", "/stop")),
    "finished": (("restart", "/restart"), ("routines", "/list_routines"), ("how_often", "/faq/how_often")),
    "stopped": (("go_on", "/resume"), ("restart", "/restart"), ("routines", "/list_routines")),
}
_AFTER_RED_FLAG = (("who_should_not", "/faq/who_should_not"), ("medical", "/faq/medical_advice"))
