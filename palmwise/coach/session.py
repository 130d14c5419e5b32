"""Session: everything that the coach remembers of one conversation, in one frozen value."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from palmwise.coach.commands import ClockReport, State
from palmwise.coach.plan import Hand, Hold, PlannedStep, Steps, Timeline, total
from palmwise.language.step_references import resolve_step

AT_A_STEP = ("running", "paused")
CHOSEN = ("offered", "screening", "preparing", *AT_A_STEP)
"""States in which a routine is on offer or under way."""
LEAD_IN = 3.0
"""Seconds to put the hands back before the clock goes on, as exercise timers give after a pause."""
SILENCE = 3600.0
"""A conversation starts over after this many seconds of silence, plus the time left of a running step."""


MEMORY = frozenset(
    "misses turns seen last doubted before changed answered_yes answered answered_at told plain listed "
    "asked_minutes listed_steps listed_routine listed_at mentioned mentioned_at wondered wondered_at "
    "known permitted".split()
)
"""Fields that hold what was said rather than where the person is: a change of these alone is not undone."""
_NAMES = ("left_out", "listed", "listed_steps", "permitted", "known", "wondered")
"""Fields that hold several names."""
TIMES = frozenset({"elapsed", "since"})


@dataclass(frozen=True)
class KeptPlace:
    """The place in a stopped massage, kept while another one is on offer; fields as in `Session`."""

    routine: str | None
    steps: Steps
    step: int
    holds: tuple[Hold, ...]
    elapsed: float
    wish: float | None


@dataclass(frozen=True)
class Session:
    """State of one conversation. Times are unix seconds. The field names are those of the stored JSON."""

    seed: str
    """Random token of which the step tokens are derived."""
    state: State = "none"
    routine: str | None = None
    """Id of the current routine, or of the one on offer."""
    steps: Steps = ()
    """The plan of the routine."""
    step: int = 0
    """The current step, counted from 1; 0 before the first."""
    visit: int = 0
    """Number of times that a step was begun; it makes the tokens of two visits to one step differ."""
    holds: tuple[Hold, ...] = ()
    """Holds of the current step."""
    elapsed: float = 0.0
    """Seconds into the step at the time `since`."""
    since: float = 0.0
    """When `elapsed` was true; in the future during a lead-in."""
    pace: float = 1.0
    """Factor on what a hold lasts, 0.5 to 2."""
    volume: int = 0
    """Loudness of the voice, -3 to 3."""
    wish: float | None = None
    """Minutes that the person said they have."""
    complaint: str | None = None
    """Symptom that suggested the routine on offer."""
    kept: KeptPlace | None = None
    """Place in a stopped massage, until the offer that followed it is answered."""
    screened: bool = False
    """True once the safety question was answered with a clear no."""
    flagged: bool = False
    """True after a red flag, until the person reports a doctor's permission, or that it was a misunderstanding."""
    flag: str | None = None
    """Id of that red flag; None after a yes to the safety question."""
    permitted: tuple[str, ...] = ()
    """Red flags for which a doctor has said yes to a massage."""
    known: tuple[str, ...] = ()
    """What the person has told of themselves: ids of red flags and symptoms."""
    answered_yes: int | None = None
    """`turns` when the safety question was answered with a yes, which can be taken back in the next turn."""
    easing: bool = False
    """True while paused because the massage hurt."""
    switch_to: str | None = None
    """Id of the routine that the coach asked whether to change to."""
    switch_wish: float | None = None
    """Minutes that were said together with that change."""
    answered: str | None = None
    """What was answered last: the id of an answer, or `faq/<id>`."""
    answered_at: int = 0
    """`turns` at that answer."""
    told: Literal["said", "short", "more"] = "said"
    """How it was told."""
    plain: bool = False
    """True once simple words were asked for."""
    listed: tuple[str, ...] = ()
    """Ids of the routines that were listed, compared or recommended last, in the order shown."""
    misses: int = 0
    """Number of messages in a row that were not understood."""
    first_hand: Hand = "left"
    """The hand with which each step begins."""
    only_hand: Hand | None = None
    """The hand that alone is massaged."""
    left_out: tuple[str, ...] = ()
    """Parts of the hand to be left out, as the person calls them."""
    listed_steps: tuple[str, ...] = ()
    """Techniques of the steps that were listed since, in the order shown."""
    listed_routine: str | None = None
    """Routine whose steps were listed."""
    listed_at: int = 0
    """`turns` when routines or steps were listed."""
    mentioned: str | None = None
    """Technique that was spoken of last, beside the current one."""
    mentioned_at: int = 0
    """`turns` when it was spoken of."""
    came_from: int | None = None
    """The step that was left by going to another one."""
    asked_minutes: int | None = None
    """`turns` when the coach asked how many minutes the person has."""
    wondered: tuple[str, ...] = ()
    """Ids of the answers that come near what was told in passing."""
    wondered_at: int = 0
    """`turns` when it was told."""
    turns: int = 0
    """Number of turns; it selects the variant of a phrase."""
    seen: float = 0.0
    """When the last turn was taken."""
    doubted: str = ""
    """Payload of the command that the coach asked to confirm; empty if there is none."""
    last: str = ""
    """Intent of the last command, which a fragment such as "and the whole thing" goes on with."""
    before: Session | None = None
    """The session before the last turn that changed more than its memory, to be had back by `undo`."""
    changed: int = -1
    """`turns` of that turn."""

    @staticmethod
    def new(seed: str) -> Session:
        """A fresh session; `seed` is a random token of 16 characters or more."""
        return Session(seed=seed)

    @property
    def token(self) -> str | None:
        """Token of this visit to the current step; None away from a step."""
        if not self.at_a_step:
            return None
        return hashlib.sha256(f"{self.seed}:{self.visit}".encode()).hexdigest()[:16]

    @property
    def at_a_step(self) -> bool:
        """True while running or paused."""
        return self.state in AT_A_STEP

    @property
    def timeline(self) -> Timeline:
        """Timeline of the current step."""
        return Timeline(self.holds)

    @property
    def current(self) -> PlannedStep:
        """The current step of the plan; the first one if none has begun."""
        return self.steps[max(0, self.step - 1)]

    @property
    def planned_seconds(self) -> int:
        """Seconds of the whole plan, with the current step as long as it now is."""
        others = tuple(step for index, step in enumerate(self.steps, 1) if index != self.step or not self.holds)
        return total(others, self.pace) + (self.timeline.duration if self.holds and self.step else 0)

    def timeline_of(self, number: int) -> Timeline:
        """Timeline of a step (from 1); the current one may have been stretched or shortened since it began."""
        return self.timeline if number == self.step and self.holds else self.steps[number - 1].timeline(self.pace)

    def fresh_holds(self, number: int) -> tuple[Hold, ...]:
        """The holds of a step (from 1) as it begins, with the first hand first."""
        holds = self.steps[number - 1].timeline(self.pace).holds
        return holds[::-1] if self.first_hand == "right" else holds

    def seconds_of_step(self, number: int) -> int:
        """Seconds of a step (from 1)."""
        return self.timeline_of(number).duration

    def step_of(self, reference: str) -> int | None:
        """The step meant by "4", "last-1" or "-2"; None if it cannot be read. The number may lie outside the plan."""
        return resolve_step(reference, self.step, len(self.steps))

    def elapsed_at(self, now: float) -> float:
        """Seconds into the step at `now`, by the coach's own time."""
        running = max(0.0, now - self.since) if self.state == "running" else 0.0
        return min(self.elapsed + running, float(self.timeline.duration))

    def remaining_at(self, now: float) -> float:
        """Seconds until the routine ends."""
        if self.state == "finished":
            return 0.0
        if not (self.step and self.holds):
            return float(self.planned_seconds)
        rest = total(self.steps[self.step :], self.pace)
        return self.timeline.duration - self.elapsed_at(now) + rest

    def frozen_at(self, now: float) -> Session:
        """The session with `elapsed` as the clock shows it at `now`, a lead-in kept; unchanged away from a step."""
        return replace(self, elapsed=self.elapsed_at(now), since=max(now, self.since)) if self.at_a_step else self

    def lead_in_at(self, now: float) -> float:
        """Seconds until the clock goes on; 0 if it runs already or is paused."""
        return max(0.0, self.since - now) if self.state == "running" else 0.0

    def renewed_at(self, now: float) -> Session:
        """A new session if the person was silent for too long, else this one."""
        return replace(Session.new(self.seed), visit=self.visit) if self.is_expired_at(now) else self

    def with_clock_report(self, report: ClockReport | None, now: float) -> Session:
        """The session with the client's reported elapsed time, limited to the step and never decreasing.

        A client that has led the massage on by itself is followed to its step.
        """
        if report is None or report.token != self.token or not report.elapsed >= 0:  # NaN as well
            return self
        if report.step not in (None, self.step):
            return self.led_to(report.step or 0, report.elapsed, now)
        if self.state != "running":
            return self
        elapsed = min(max(report.elapsed, self.elapsed), float(self.timeline.duration))
        return replace(self, elapsed=elapsed, since=max(now, self.since))

    def led_to(self, step: int, elapsed: float, now: float) -> Session:
        """The session so many seconds into another step (from 1); unchanged if the plan has no such step."""
        if not (self.at_a_step and 1 <= step <= len(self.steps)):
            return self
        there = replace(self, step=step, visit=self.visit + 1, holds=self.fresh_holds(step), easing=False, since=now)
        return replace(there, elapsed=min(elapsed, float(there.timeline.duration)))

    def advanced_to(self, now: float) -> Session:
        """The session with `elapsed` brought up to `now`.

        This is done at every turn, so that a server clock that is set back costs one turn at most.
        """
        if self.state != "running":
            return self
        is_set_back = self.since > now + LEAD_IN
        return replace(self, since=now) if is_set_back else self.frozen_at(now)

    def is_expired_at(self, now: float) -> bool:
        """Whether the person was silent for too long; a running step may be longer than the limit itself."""
        step_left = self.timeline.duration - self.elapsed if self.state == "running" else 0.0
        return bool(self.seen) and now - self.seen > SILENCE + step_left

    def without_open_question(self) -> Session:
        """The session with nothing left that waits for an answer."""
        return replace(self, complaint=None, kept=None, easing=False, switch_to=None, switch_wish=None)

    def knowing(self, told: str | None) -> Session:
        """The session with something remembered that the person told of themselves."""
        return self if told is None or told in self.known else replace(self, known=(*self.known, told))

    def with_kept_place(self) -> Session:
        """The session with the place of a stopped massage kept; unchanged if there is none, or one is kept already."""
        if self.kept or self.state != "stopped" or not self.step:
            return self
        return replace(self, kept=KeptPlace(self.routine, self.steps, self.step, self.holds, self.elapsed, self.wish))

    def at_kept_place(self) -> Session:
        """The session back at the kept place, stopped; unchanged if none is kept."""
        if not self.kept:
            return self
        place = {field.name: getattr(self.kept, field.name) for field in fields(KeptPlace)}
        return replace(self, state="stopped", complaint=None, kept=None, **place)

    @property
    def has_just_changed(self) -> bool:
        """Whether the turn before changed more than the memory of the conversation, so that it can be taken back."""
        return self.before is not None and self.changed == self.turns - 1

    def is_same_as(self, other: Session) -> bool:
        """Whether the two differ in time and memory only."""
        names = (field.name for field in fields(Session) if field.name not in MEMORY | TIMES)
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def remembering(self, before: Session) -> Session:
        """The session with the one before the turn kept, if the turn changed anything; `undo` keeps its own."""
        if self.is_same_as(before) or self.changed == self.turns:
            return self
        return replace(self, before=replace(before, before=None), changed=self.turns)

    def restored_at(self, now: float, current: Session) -> Session:
        """The session as it was, in place of `current`; a running clock goes on after a lead-in."""
        place = {field.name: getattr(self, field.name) for field in fields(Session) if field.name not in MEMORY}
        place |= {"visit": current.visit + 1, "since": now + LEAD_IN if self.state == "running" else now}
        return replace(current, **place, before=replace(current, before=None), changed=current.turns)

    def to_json(self) -> dict[str, Any]:
        """The session as plain JSON; of the one before it only the fields that differ."""
        data = _plain(vars(self))
        if self.before is not None:
            earlier = {name: value for name, value in vars(self.before).items() if value != getattr(self, name)}
            data["before"] = _plain({**earlier, "before": None})
        return data

    @staticmethod
    def from_json(data: dict[str, Any]) -> Session:
        """The session that `to_json` wrote; unknown keys are ignored.

        Raises `KeyError`, `TypeError` or `ValueError` if the data cannot be a session.
        """
        known = _read_fields(data)
        before = known.pop("before", None)
        earlier = Session(**{**known, **_read_fields(before), "before": None}) if before else None
        return Session(**known, before=earlier)


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a session or of a kept place as plain JSON; `dataclasses.asdict` would take ten times as long."""
    data = dict(fields)
    data |= {name: [dict(vars(each)) for each in data[name]] for name in ("steps", "holds") if name in data}
    if data.get("kept") is not None:
        data["kept"] = _plain(vars(data["kept"]))
    return data


def _read_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """Those fields of a session that the data has, but for `before` with their values."""
    known = {name: value for name, value in data.items() if name in Session.__dataclass_fields__}
    known |= {name: tuple(known[name]) for name in _NAMES if name in known}
    if known.get("kept"):
        known["kept"] = KeptPlace(**_with_plan({"steps": (), "holds": (), **known["kept"]}))
    return _with_plan(known)


def _with_plan(data: dict[str, Any]) -> dict[str, Any]:
    """`data` with its steps and holds, if it has any, read from plain JSON."""
    kinds = (("steps", PlannedStep), ("holds", Hold))
    return {**data, **{name: tuple(kind(**each) for each in data[name]) for name, kind in kinds if name in data}}
