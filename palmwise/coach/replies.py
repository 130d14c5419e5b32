"""Replies: a draft becomes texts, buttons and a card."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from palmwise.coach.cards import Button, Card, Clock, SessionView
from palmwise.coach.content import Content
from palmwise.coach.model import Spoken
from palmwise.coach.scene import Draft, Scene, counted, inline, lasting

BARE_INTENTS = (
    "start_routine next_step previous_step repeat_step pause resume stop restart switch_hand slow_down speed_up "
    "speak_up speak_softly how_long ask_progress explain_step explain_benefit list_steps list_routines help "
    "report_pain affirm deny undo stay"
).split()
"""Intents that a button may send without entities."""
MOST_BUTTONS = 5
UNDONE_BY_TAP = ("running", "paused", "finished", "stopped")
"""States in which a button takes back what a tap did."""
BUTTONS: dict[str, tuple[tuple[str, str], ...]] = {
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
    "flagged": (("allowed", "/affirm"), ("misheard", "/deny"), ("who_should_not", "/faq/who_should_not")),
    "emergency": (("misheard", "/deny"), ("medical", "/faq/medical_advice")),
    "changing": (("switch_yes", "/affirm"), ("switch_no", "/deny")),
    "easing": (("lighter", "/resume"), ("skip", "/next_step"), ("stop", "/stop")),
}
"""Situation -> the (phrase, payload) of its usual buttons; the phrase is `button_<name>`."""


@dataclass(frozen=True)
class Reply:
    """One turn's answer."""

    texts: tuple[str, ...]
    """What to show, in order."""
    buttons: tuple[Button, ...]
    """The two to five things that make sense now."""
    card: Card

    @property
    def custom(self) -> dict[str, Any]:
        """The contract's `custom` object as plain JSON."""
        return self.card.as_json()


def render(scene: Scene, draft: Draft, asked: str | None = None) -> Reply:
    """The reply for a draft; `scene` has the session after the turn, `asked` is the question that is open then."""
    lines = (*draft.remarks, *draft.lines)
    if draft.tells_place and scene.session.at_a_step:
        lines = (*lines, _place(scene))
    lines = tuple(Spoken(_capitalized(line.text), _capitalized(line.say)) for line in lines)
    buttons = draft.buttons if draft.buttons is not None else usual_buttons(scene)
    say = " ".join(line.say for line in lines)
    card = Card(draft.card, _session_view(scene, asked), say, _clock(scene), draft.body)
    return Reply(tuple(line.text for line in lines), buttons, card)


def _capitalized(text: str) -> str:
    """`text` with a capital at the begin of each sentence: a filled-in one may begin with "half a minute"."""
    return re.sub(r"(^|[.!?]\s+)([a-z])", lambda found: found[1] + found[2].upper(), text)


def _place(scene: Scene) -> Spoken:
    """Where in the routine the person is, in a few words."""
    session = scene.session
    return scene.line(
        "where_paused" if session.state == "paused" else "where",
        step=counted(session.step),
        steps=counted(len(session.steps)),
        title=inline(scene.title_at(session.step)),
        hand=scene.hand,
        left=lasting(scene.hold_left),
    )


def _session_view(scene: Scene, asked: str | None) -> SessionView:
    session = scene.session
    known = session.routine is not None and bool(session.steps)
    begun = known and session.step > 0
    return SessionView(
        state=session.state,
        routine=session.routine if known else None,
        step=session.step if begun else None,
        steps=len(session.steps) if known else None,
        technique=session.current.technique if begun else None,
        hand=scene.place.hold.hand if session.at_a_step else None,
        token=session.token,
        pace=session.pace if known else None,
        minutes=round(session.planned_seconds / 60, 2) if known else None,
        remaining_seconds=round(scene.remaining) if known else None,
        volume=session.volume if known else session.volume or None,
        known=session.known,
        asked=asked,
    )


def _clock(scene: Scene) -> Clock | None:
    session = scene.session
    if not session.at_a_step:
        return None
    lead_in = round(session.lead_in_at(scene.now), 1)
    return Clock(session.timeline.duration, round(scene.elapsed, 1), session.state == "running", lead_in or None)


def usual_buttons(scene: Scene) -> tuple[Button, ...]:
    """The buttons of the situation."""
    session = scene.session
    situation = "changing" if session.switch_to else "easing" if session.easing else scene.situation
    situation = "emergency" if situation == "flagged" and scene.is_emergency else situation
    idle = _idle_buttons(scene) if situation == "running" else frozenset()
    return tuple(
        Button(scene.line(f"button_{name}").text, payload) for name, payload in BUTTONS[situation] if name not in idle
    )


def with_undo(scene: Scene) -> tuple[Button, ...]:
    """The buttons of the situation with one that takes back what a tap did; five at most."""
    usual = usual_buttons(scene)
    kept = tuple(button for button in usual if len(usual) < MOST_BUTTONS or button.payload != "/repeat_step")
    return (*kept, Button(scene.line("button_undo").text, "/undo"))


def _idle_buttons(scene: Scene) -> frozenset[str]:
    """Buttons that would do nothing at this step: back at the first one, the other hand in one for both."""
    session = scene.session
    back = {"back"} if session.step == 1 else set()
    switch = {"switch"} if session.steps and session.current.hands != "each" else set()
    return frozenset(back | switch)


def routine_buttons(content: Content) -> tuple[Button, ...]:
    """A button for each routine."""
    return tuple(
        Button(routine.title, payload("start_routine", routine=id)) for id, routine in content.routines.items()
    )


def payload(intent: str, **entities: str) -> str:
    """`/intent{"entity": "value"}`."""
    return f"/{intent}" + (json.dumps(entities) if entities else "")


def payloads(content: Content) -> frozenset[str]:
    """Every payload that a button or a timer may send."""
    steps = max(len(routine.steps) for routine in content.routines.values())
    return frozenset(
        [payload(intent) for intent in BARE_INTENTS]
        + [payload("start_routine", routine=id) for id in content.routines]
        + [payload("list_steps", routine=id) for id in content.routines]
        + [payload("explain_technique", technique=id) for id in content.techniques]
        + [payload("go_to_step", step_number=str(number)) for number in range(1, steps + 1)]
        + [payload("set_duration", minutes=minutes) for minutes in ("5", "10", "15")]
        + [payload(f"faq/{id}") for id in (*content.faqs, *content.answers, "more")]
    )
