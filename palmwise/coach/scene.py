"""Scene: what a handler sees (content, session, time); draft and outcome: what it answers with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from palmwise.coach.cards import NOTHING, Body, Button, CardKind
from palmwise.coach.content import DEFAULT_ROUTINE, Content
from palmwise.coach.model import RedFlag, Routine, RoutineStep, Spoken, Symptom, Technique
from palmwise.coach.plan import Place, total, whole
from palmwise.coach.session import CHOSEN, Session
from palmwise.language.numbers import shown_seconds, spoken_seconds, write_cardinal
from palmwise.language.phrase_matching import is_denied
from palmwise.language.tokens import words_of

HEALING = "open_wound"
"""Red flag that is over once the skin has closed, without a doctor."""
DISTRESS = frozenset({"self_harm", "abuse"})
"""Red flags of people who need somebody to talk to."""
HEALING_LINES = {"stopped_flagged": "stopped_healing", "ask_permission": "ask_healing"}
"""Key of a sentence about a red flag -> its key for what has to heal."""
STEM = 4
"""Letters by which a word of a message is compared with the titles of the items of the safety question."""


@dataclass(frozen=True)
class Draft:
    """An answer before session and clock are added."""

    card: CardKind
    lines: tuple[Spoken, ...]
    body: Body = NOTHING
    buttons: tuple[Button, ...] | None = None
    """None: the usual buttons of the state."""
    tells_place: bool = False
    """True if the answer ends with where in the routine the person is."""
    remarks: tuple[Spoken, ...] = ()
    """What is said before the lines, whatever card they become."""


@dataclass(frozen=True)
class Outcome:
    """What a handler decided."""

    session: Session
    draft: Draft

    def after(self, *remarks: Spoken) -> Outcome:
        """The outcome with something said before it."""
        return replace(self, draft=replace(self.draft, remarks=(*remarks, *self.draft.remarks)))


@dataclass(frozen=True)
class Scene:
    """The situation at a moment."""

    content: Content
    session: Session
    now: float
    """Unix seconds."""

    def with_session(self, session: Session) -> Scene:
        """The same moment with another session."""
        return replace(self, session=session)

    def line(self, key: str, **values: object) -> Spoken:
        """The coach's sentence of a key, in the variant whose turn it is."""
        return self.content.phrases.line(key, self.session.turns, **values)

    @property
    def situation(self) -> str:
        """The state, or "flagged" if a red flag ended the massage; part of the keys of phrases."""
        return "flagged" if self.session.flagged and self.session.state == "stopped" else self.session.state

    @property
    def red_flag(self) -> RedFlag | None:
        """The red flag that ended the massage; None if none did, or it was a yes to the safety question."""
        return self.content.red_flags.get(self.session.flag or "") if self.session.flagged else None

    @property
    def is_emergency(self) -> bool:
        """Whether that red flag is one that nobody's permission outweighs."""
        return self.red_flag is not None and self.red_flag.level == "emergency"

    def flag_line(self, key: str = "stopped_flagged", flag: RedFlag | None = None) -> Spoken:
        """A sentence about the red flag that ended the massage, or another one."""
        flag = flag or self.red_flag
        reason = Spoken(flag.reason, flag.reason) if flag else self.line("contraindicated")
        if key == "stopped_flagged" and self.is_emergency:
            key = "stopped_distress" if self.session.flag in DISTRESS else "stopped_emergency"
        if flag and flag.id == HEALING and key in HEALING_LINES:
            key = HEALING_LINES[key]
        return self.line(key, reason=reason)

    @property
    def routine(self) -> Routine:
        """The current routine; to be asked for only if there is one."""
        return self.content.routines[self.session.routine or ""]

    @property
    def technique(self) -> Technique:
        """The technique of the current step."""
        return self.content.techniques[self.session.current.technique]

    @property
    def routine_step(self) -> RoutineStep:
        """The current step as the routine's file has it."""
        return self.step_at(max(1, self.session.step))

    def step_at(self, number: int) -> RoutineStep:
        """A step of the plan (from 1) as the routine's file has it."""
        return self.routine.steps[self.session.steps[number - 1].source]

    def title_at(self, number: int) -> str:
        """Title of a step of the plan (from 1)."""
        return self.title_of(self.step_at(number))

    def title_of(self, step: RoutineStep) -> str:
        """Title of a step: its own, or that of its technique."""
        return step.title or self.content.techniques[step.technique].title

    def symptom(self, id: str | None) -> Symptom | None:
        """The symptom of an id, or None."""
        return self.content.symptoms.get(id or "")

    def later_step(self, technique: str | None) -> int | None:
        """Number of the step still to come that has a technique; None if there is none."""
        steps = enumerate(self.session.steps, 1)
        return next((at for at, step in steps if at > self.session.step and step.technique == technique), None)

    @property
    def elapsed(self) -> float:
        """Seconds into the current step."""
        return self.session.elapsed_at(self.now)

    @property
    def remaining(self) -> float:
        """Seconds until the routine ends."""
        return self.session.remaining_at(self.now)

    def minutes_after(self, change: str, amount: float, extent: str | None = None) -> float:
        """Minutes of what remains, or of the plan, once it is changed ("to", "more", "less", "times").

        `extent` is what the amount is of: "each_step", one "hand", else the whole. After the end, nothing remains.
        """
        session = self.session
        if session.at_a_step:
            base, steps = self.remaining / 60, len(session.steps) - session.step + 1
        elif session.state in CHOSEN:
            base, steps = session.planned_seconds / 60, len(session.steps)
        else:
            written = whole(self.content.routines[session.routine or DEFAULT_ROUTINE].steps)
            base, steps = (0.0 if session.state == "finished" else total(written, 1.0) / 60), len(written)
        many = {"each_step": steps, "hand": 2}.get(extent or "", 1)
        after = {"to": amount * many, "more": base + amount * many, "less": base - amount * many}
        return round(max(0.5, base * amount if change == "times" else after[change]), 2)

    @property
    def place(self) -> Place:
        """Position in the current step."""
        return self.session.timeline.place(self.elapsed)

    @property
    def hold_left(self) -> float:
        """Seconds left of the current hold, at least one; all of it during the swap that leads to it."""
        return max(1.0, min(self.place.left, self.place.hold.seconds))

    @property
    def hand(self) -> Spoken:
        """Name of the hand, or hands, of the current hold."""
        return self.line(f"hand_{self.place.hold.hand}")

    @property
    def on_hand(self) -> Spoken:
        """The same with its preposition: "on both hands"."""
        return self.line(f"on_{self.place.hold.hand}")


def lasting(seconds: float) -> Spoken:
    """A duration, to be read and to be heard."""
    return Spoken(shown_seconds(seconds), spoken_seconds(seconds))


def counted(count: int) -> Spoken:
    """A number of steps, or of one step: digits to be read, words to be heard."""
    return Spoken(str(count), write_cardinal(count, zero="no"))


def inline(title: str) -> str:
    """A title in the middle of a sentence."""
    return title[:1].lower() + title[1:]


def spoken(text: str) -> Spoken:
    """A text of the content, to be read and to be heard."""
    return Spoken(text, text.replace("**", ""))


def brief(text: str, most: int = 50) -> str:
    """The first sentences of a text, up to `most` words, and at least one sentence: short enough to be said aloud."""
    kept: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        if kept and len(" ".join([*kept, sentence]).split()) > most:
            break
        kept.append(sentence)
    return " ".join(kept)


def listed(items: Sequence[str], last: str = "and") -> str:
    """The items as they are listed in a sentence: "a, b and c"; `last` is the word before the last one."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


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
