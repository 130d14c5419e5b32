"""Measures how soon the coach falls silent, and how soon it answers, in the virtual room."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.voice.recorded import Recording, Stretch
from benchmarks.voice.stages import stages, told
from tests.voice.room import Room, spoken
from tests.voice.talk import Talk

INTERRUPTIONS = 16
COMMANDS = ("next", "go back", "what are the steps", "how long")
BEGINNING = ("start the massage", "yes please", "no", "yes")
VOICES = ("slt", "rms")
LATE = 0.3
"""Seconds after the first sound in which a busy machine may still be writing down what is said."""
ANSWERED = 5.0
"""Seconds after which a sound of the coach is no answer."""


@dataclass(frozen=True)
class Times:
    """Seconds, one for each try."""

    silence: tuple[float, ...]
    """From the person's first sound to the coach's silence."""
    answer: tuple[float, ...]
    """From the person's last sound to the coach's first."""
    step: tuple[float, ...]
    """The same where the answer is a step's card."""
    stages: dict[str, float]
    """Medians of what these are made of."""
    idle_cpu: float
    """Share of one core while nothing happens."""
    memory: float
    """Megabytes of the client and its voice."""
    load: float
    """Of the machine, over the minute at the end: processes that wanted a core."""


@dataclass(frozen=True)
class _Said:
    text: str
    voice: str
    asked: float


def measure(room: Room, server: str, folder: Path, options: Sequence[str] = ()) -> Times:
    """One talk with many interruptions."""
    talk = Talk(room, server, "--echo", "headset", "--verbose", *options)
    coach, person = folder / "coach.raw", folder / "person.raw"
    try:
        talk.until("Hello")
        time.sleep(8)
        cpu, memory = _idle(talk.process.pid)
        with room.recording(coach) as coach_began, room.recording(person, "voice_user.monitor") as person_began:
            every = _talk(talk)
    finally:
        talk.close()
    heard = Recording(person, person_began)
    said = [heard.person(spoken(one.text, one.voice, room.cache)[0], one.asked) for one in every]
    return _times(talk, said, Recording(coach, coach_began).coach(), (cpu, memory))


def _times(talk: Talk, said: list[Stretch], coach: list[Stretch], idle: tuple[float, float]) -> Times:
    silence = [end - one.begin for one in said if (end := _cut(coach, one.begin)) is not None]
    answers = [(one.end, _after(coach, one.end) - one.end) for one in said]
    shown = [talk.began + at for at, line in talk.lines if "Step " in line and not line.startswith("PERSON")]
    answered = [(end, gap) for end, gap in answers if gap < ANSWERED]
    return Times(
        tuple(silence),
        tuple(gap for _, gap in answered),
        tuple(gap for end, gap in answered if any(0 <= step - end < gap + LATE for step in shown)),
        stages(told([line for _, line in talk.lines]), said, coach),
        *idle,
        os.getloadavg()[0],
    )


def _talk(talk: Talk) -> list[_Said]:
    every = []
    for number, text in enumerate((*BEGINNING, *COMMANDS * (INTERRUPTIONS // len(COMMANDS)))):
        every.append(_Said(text, VOICES[number // 2 % 2], time.monotonic()))
        talk.say(text, every[-1].voice)
        # A line must be under way, and its next pause not near: instructions begin with their longest one.
        time.sleep(4 if number < len(BEGINNING) else 2.2)
    time.sleep(3)
    return every


def _cut(coach: list[Stretch], at: float) -> float | None:
    """When the coach fell silent who was speaking at that time."""
    return next((one.end for one in coach if one.begin < at < one.end - 0.03), None)


def _after(coach: list[Stretch], at: float) -> float:
    return next((one.begin for one in coach if one.begin > at), at + 2 * ANSWERED)


def _idle(pid: int) -> tuple[float, float]:
    """Over ten seconds, with its children."""
    pids = [pid, *_children(pid)]
    before, began = sum(map(_ticks, pids)), time.monotonic()
    time.sleep(10)
    used = (sum(map(_ticks, pids)) - before) / 100 / (time.monotonic() - began)
    return used, sum(map(_resident, pids))


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split()]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
