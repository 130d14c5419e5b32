"""Chooses what to say of how it stands with the server."""

from __future__ import annotations

from voice import words
from voice.asking import Asked, Asking


def lost(asking: Asking, asked: Asked) -> str:
    """After nobody answered; empty where all that was said already."""
    if not asking.gone:
        asking.gone = True
        return asking.halting or words.GONE
    return words.GONE_BEFORE if asked.by_person and asked.tries == 1 and not asked.halting else ""


def back(asking: Asking) -> str:
    """After somebody answered; empty where nothing had been amiss."""
    told = [words.BACK] if asking.gone else []
    told += [words.LOST_WORDS] if asking.dropped else []
    asking.gone = asking.dropped = False
    return " ".join(told)
