"""Hears the wish that what was said be deleted.

It is heard by phrases alone, before anything else: such a message is to be understood, stored or counted by nobody.
"""

from __future__ import annotations

import re

from coach.cards import Reply, reply
from coach.content import Content
from coach.scene import Draft, Scene
from coach.session import Session

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def wished(content: Content, text: str) -> bool:
    """Whether these words of a person ask for that, and for nothing else."""
    words = _WORD.findall(text.casefold().replace("\u2019", "'"))
    return any(rule.match(words) for rule in content.wishes_to_forget)


def done(content: Content, session: Session, now: float) -> Reply:
    """What to say once nothing is left; `session` is a new one, `now` in unix seconds."""
    scene = Scene(content, session, now)
    return reply(scene, Draft("note", (scene.line("forgotten"),), {"forgotten": True}))
