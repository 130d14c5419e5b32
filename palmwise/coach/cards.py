"""Turns a draft into the reply that clients get: texts, buttons, the contract's one custom object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from palmwise.coach import buttons
from palmwise.coach.cues import cues
from palmwise.coach.model import Spoken, Technique
from palmwise.coach.scene import Button, Draft, Scene, counted, inline, lasting

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
    offered = draft.buttons if draft.buttons is not None else buttons.usual(scene)
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
