"""A few known words, for tests of recognizers."""

from __future__ import annotations

from palmwise import resources
from palmwise.speech.known_words import KnownWords


def known_words() -> KnownWords:
    """Commands, an answer and alarms, with the real lists of dangers."""
    commands = {"next step": "next_step", "stop": "stop", "hold on": "pause", "go back": "previous_step"}
    content = resources.content()
    return KnownWords(
        commands=commands,
        usual=tuple(commands),
        sentences=dict.fromkeys(commands, 1),
        dictionary="",
        names=("classic massage",),
        answers={"ready": {"hell no": "no"}},
        alarms=("stop", "ouch"),
        red_flags=content.alarms["red_flag"],
        deletion_requests=content.forgetting,
    )
