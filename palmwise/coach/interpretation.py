"""Interpretation: what a message means in the light of the conversation, beyond the intent of its single sentence.

A reader takes the words of a message, the session and the classifier's intent, and gives a command of its own: with
another intent, or with entities that are worked out ("two minutes less" -> the minutes that leaves).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from palmwise.coach.commands import Command
from palmwise.coach.scene import Scene
from palmwise.language.asking import asks
from palmwise.language.marking import MarkedWords, mark
from palmwise.language.tokens import words_of

DECIDED = frozenset({"report_red_flag", "report_pain", "stay"})
"""Intents that no reader overrules."""
UNSURE = frozenset({"nlu_fallback", "out_of_scope", "deny", "affirm", "praise", "thank", "complain", "greet", "chat"})
"""Intents that say little about what is wished."""


@dataclass(frozen=True)
class Said:
    """A message, as the readers look at it."""

    scene: Scene
    command: Command

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words."""
        return tuple(words_of(self.command.text))

    @cached_property
    def marked(self) -> MarkedWords:
        """Its words with times, numbers and sides marked."""
        return mark(self.words)

    @cached_property
    def asks(self) -> bool:
        """Whether it asks something."""
        return asks(self.words)

    def meaning(self, theme: str) -> str | None:
        """What it says of a theme of the content's readings; None if nothing."""
        found = self.scene.content.readings[theme].match(self.marked.words)
        return found.id if found else None

    def value(self, theme: str, kind: str) -> str | None:
        """Value of the first mark of a kind within what was said of a theme, else in the whole message."""
        found = self.scene.content.readings[theme].match(self.marked.words)
        within = self.marked.first(kind, found.first, found.end) if found else None
        return within or self.marked.first(kind)

    def command_with(self, intent: str, without: Sequence[str] = (), **entities: str | None) -> Command:
        """The command with another intent, more entities (those that are None left out), and without some."""
        kept = {name: values for name, values in self.command.entities.items() if name not in without}
        added = {name: (value,) for name, value in entities.items() if value is not None}
        return replace(self.command, intent=intent, entities={**kept, **added})


Reader = Callable[[Said], Command | None]


def interpret(scene: Scene, command: Command, readers: Sequence[Reader]) -> Command:
    """The command that a message is in the conversation, by the first reader that finds something in its words."""
    flagged = scene.session.flagged and scene.session.state == "stopped"
    if command.by != "person" or not command.text or command.private or flagged or command.intent in DECIDED:
        return command
    said = Said(scene, command)
    return next((found for read in readers if (found := read(said))), command)
