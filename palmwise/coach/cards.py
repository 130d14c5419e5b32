"""Cards: what a reply consists of, and the buttons of each state."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from palmwise.coach.content import Content
from palmwise.coach.cues import cues
from palmwise.coach.model import Faq, Spoken, Technique
from palmwise.coach.scene import Button, Draft, Scene, counted, inline, lasting

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


PICTURES = "/coach/pictures/"


@dataclass(frozen=True)
class Reply:
    """One turn's answer."""

    texts: tuple[str, ...]
    buttons: tuple[Button, ...]
    custom: Mapping[str, Any]


def reply(scene: Scene, draft: Draft) -> Reply:
    """The reply for a draft; `scene` has the session after the turn."""
    lines = draft.lines
    if draft.where and scene.session.at_a_step:
        lines = (*lines, where(scene))
    lines = tuple(Spoken(_capitals(line.text), _capitals(line.say)) for line in lines)
    offered = draft.buttons if draft.buttons is not None else usual(scene)
    custom = {
        "card": draft.card,
        "session": session_json(scene),
        "say": " ".join(line.say for line in lines),
        **clock_json(scene),
        **draft.extra,
    }
    return Reply(tuple(line.text for line in lines), offered, custom)


def _capitals(text: str) -> str:
    """A filled-in sentence may begin with "half a minute": gives every sentence its capital."""
    return re.sub(r"(^|[.!?]\s+)([a-z])", lambda found: found[1] + found[2].upper(), text)


def session_json(scene: Scene) -> dict[str, Any]:
    """The contract's `session`."""
    session = scene.session
    known = session.routine is not None and bool(session.steps)
    at = known and session.step > 0
    return {
        "state": session.state,
        "routine": session.routine if known else None,
        "step": session.step if at else None,
        "steps": len(session.steps) if known else None,
        "technique": session.current.technique if at else None,
        "hand": scene.place.hold.hand if session.at_a_step else None,
        "token": session.token,
        "pace": session.pace if known else None,
        "minutes": round(session.planned_seconds / 60, 2) if known else None,
        "remaining_seconds": round(remaining(scene)) if known else None,
        "volume": session.volume if known else session.volume or None,
    }


def remaining(scene: Scene) -> float:
    """Seconds until the routine ends; 0 when it has."""
    return 0.0 if scene.session.state == "finished" else scene.session.remaining_at(scene.now)


def clock_json(scene: Scene) -> dict[str, Any]:
    """The contract's `clock`, at a step only; `lead_in` seconds pass before it goes on."""
    session = scene.session
    if not session.at_a_step:
        return {}
    clock = {
        "duration": session.timeline.duration,
        "elapsed": round(scene.elapsed, 1),
        "running": session.state == "running",
    }
    lead_in = round(session.lead_in_at(scene.now), 1)
    return {"clock": clock | ({"lead_in": lead_in} if lead_in else {})}


def where(scene: Scene) -> Spoken:
    """Where in the routine the person is, in a few words."""
    session = scene.session
    key = "where_paused" if session.state == "paused" else "where"
    return scene.line(
        key,
        step=counted(session.step),
        steps=counted(len(session.steps)),
        title=inline(scene.title_at(session.step)),
        hand=scene.line(f"hand_{scene.place.hold.hand}"),
        left=lasting(scene.hold_left),
    )


def step_extra(scene: Scene) -> dict[str, Any]:
    """What a step card has beside session and clock."""
    session = scene.session
    following = scene.title_at(session.step + 1) if session.step < len(session.steps) else None
    return {
        "cues": [cue.as_json() for cue in cues(scene)],
        "title": scene.title_at(session.step),
        "detail": scene.technique.more,
        "following": following,
        **picture_extra(scene.technique),
    }


def picture_extra(technique: Technique) -> dict[str, Any]:
    """The drawing of a technique."""
    return {"picture": {"src": PICTURES + technique.picture.src, "alt": technique.picture.alt}}
