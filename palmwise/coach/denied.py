"""Denied: what is left of a message without the conditions that it denies."""

from __future__ import annotations

from collections.abc import Sequence

from palmwise.coach.scene import Scene
from palmwise.language.phrase_matching import is_denied
from palmwise.language.tokens import words_of

STEM = 4
"""Letters by which a word of a message is compared with the titles of the items."""


def without_denied(scene: Scene, words: Sequence[str]) -> list[str]:
    """The words less each condition that is denied: "no fever, I haven't had surgery" -> "no i haven't had"."""
    hints = scene.content.alarms["red_flag"].resolved_hints.values()
    items = frozenset[str]().union(*(stems_of(scene, item.title) for item in scene.content.contraindications.items))
    spans = [span for phrases in hints for span in phrases.spans(words)]
    spans += [(index, index + 1) for index, word in enumerate(words) if word[:STEM] in items and len(word) >= STEM]
    denied = {index for first, end in spans if is_denied(words, first) for index in range(first, end)}
    return [word for index, word in enumerate(words) if index not in denied]


def stems_of(scene: Scene, text: str) -> set[str]:
    """The first letters of the words that can tell one item of the safety question from another."""
    words = set(words_of(text)) - scene.content.contraindications.shared
    return {word[:STEM] for word in words if len(word) >= STEM}
