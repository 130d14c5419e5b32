"""Measures how soon the coach falls silent, and how soon it answers, in the virtual room."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.voice.room import RATE, Room
from tests.voice.talk import Talk

FRAME = RATE // 100
PAUSE = 0.35
"""Seconds of silence that end a stretch of the coach's speech; its own pauses within a sentence are shorter."""
PERSON_LOUD, COACH_LOUD = 500.0, 30.0
INTERRUPTIONS = 12


@dataclass(frozen=True)
class Times:
    """Seconds, one for each try."""

    silence: tuple[float, ...]
    """From the person's first sound to the coach's silence."""
    answer: tuple[float, ...]
    """From the person's last sound to the coach's first."""
    step: tuple[float, ...]
    """The same where the answer is a step's card."""
    idle_cpu: float
    """Share of one core while nothing happens."""
    memory: float
    """Megabytes of the client and its voice."""


def measure(room: Room, server: str, folder: Path, options: Sequence[str] = ()) -> Times:
    """One talk with many interruptions."""
    talk = Talk(room, server, "--echo", "headset", *options)
    coach, person = folder / "coach.raw", folder / "person.raw"
    try:
        talk.until("Hello")
        time.sleep(8)
        cpu, memory = _idle(talk.process.pid)
        with room.recording(coach) as coach_began, room.recording(person, "voice_user.monitor") as person_began:
            _talk(talk)
    finally:
        talk.close()
    spoken = _stretches(coach, coach_began, COACH_LOUD)
    said = _stretches(person, person_began, PERSON_LOUD)
    silence = [_end_after(spoken, begin) - begin for begin, _ in said if _speaking(spoken, begin)]
    answers = [(end, _begin_after(spoken, end) - end) for _, end in said]
    found = tuple(seconds for _, seconds in answers if seconds < 5)
    return Times(tuple(silence), found, _of_steps(talk, answers), cpu, memory)


def _talk(talk: Talk) -> None:
    for text in ("start the massage", "yes please", "no", "yes"):
        talk.say(text)
        time.sleep(4)
    for number in range(INTERRUPTIONS):
        # A line must be under way, and its next pause not near: instructions begin with their longest one.
        text = ("next", "go back", "what are the steps", "how long")[number % 4]
        talk.say(text, ("slt", "rms")[number % 2])
        time.sleep(2.2)
    time.sleep(3)


def _of_steps(talk: Talk, answers: list[tuple[float, float]]) -> tuple[float, ...]:
    steps = [talk.began + at for at, line in talk.lines if line.startswith("Step ")]
    return tuple(gap for end, gap in answers if gap < 5 and any(0 <= step - end < gap for step in steps))


def _stretches(file: Path, began: float, loud: float) -> list[tuple[float, float]]:
    """When somebody spoke: begin and end by the monotonic clock."""
    sound = np.frombuffer(file.read_bytes()[: file.stat().st_size // 2 * 2], np.int16).astype(np.float64)
    frames: NDArray[np.float64] = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    active = np.flatnonzero(np.sqrt((frames**2).mean(axis=1)) > loud)
    found: list[tuple[float, float]] = []
    for index in active:
        at = began + index * FRAME / RATE
        if found and at - found[-1][1] < PAUSE:
            found[-1] = (found[-1][0], at + FRAME / RATE)
        else:
            found.append((at, at + FRAME / RATE))
    return [stretch for stretch in found if stretch[1] - stretch[0] > 0.08]


def _speaking(stretches: list[tuple[float, float]], at: float) -> bool:
    return any(begin < at < end - 0.03 for begin, end in stretches)


def _end_after(stretches: list[tuple[float, float]], at: float) -> float:
    return next(end for begin, end in stretches if begin < at < end)


def _begin_after(stretches: list[tuple[float, float]], at: float) -> float:
    return next((begin for begin, _ in stretches if begin > at), at + 99)


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
