"""Hears the wish that what was said be deleted, and questions about what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from palmwise.coach.cards import Reply, reply
from palmwise.coach.content import Content
from palmwise.coach.safety import Rule
from palmwise.coach.scene import Draft, Outcome, Scene
from palmwise.coach.session import Session

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def wished(content: Content, text: str) -> bool:
    """Whether these words of a person plainly ask that all they said be deleted.

    It is heard by phrases alone, before anything else: such a message is to be understood, stored or counted by nobody.
    Where the same message speaks of a danger or of pain, that goes first.
    """
    return _heard(content.wishes_to_forget, text) and not _heard(content.dangers, text)


def asked(content: Content, text: str) -> bool:
    """Whether they ask for it less plainly, or what becomes of what they say: to be told how it is kept and deleted."""
    return _heard(content.questions_of_privacy, text)


def deleted(content: Content, session: Session, now: float) -> Reply:
    """What to say once nothing is left; `session` is a new one, `now` in unix seconds."""
    scene = Scene(content, session, now)
    return reply(scene, Draft("note", (scene.line("forgotten"),), {"forgotten": True}))


def kept(scene: Scene) -> Outcome:
    """How what is said is kept, and with which words it is deleted."""
    return Outcome(scene.session, Draft("note", (scene.line("kept"),), where=True))


def kept_as_well(scene: Scene, outcome: Outcome) -> Outcome:
    """Another answer with the same at its end: "delete everything" is easily understood as the massage's end."""
    return replace(outcome, draft=replace(outcome.draft, lines=(*outcome.draft.lines, scene.line("kept"))))


def _heard(rules: Sequence[Rule], text: str) -> bool:
    words = _WORD.findall(text.casefold().replace("\u2019", "'"))
    return any(rule.match(words) for rule in rules)
