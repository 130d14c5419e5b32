"""Measures how soon the coach falls silent and how soon it answers, in the virtual room."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.voice.recorded import Recording, Stretch
from benchmarks.voice.room import VOICES, Room, synthesize
from benchmarks.voice.voice_session import VoiceSession

BEGINNING = ("start the massage", "yes please", "no", "yes")
COMMANDS = ("next", "go back", "what are the steps", "how long") * 4
LATE = 0.3
"""Seconds after the first sound in which a busy machine may still be writing what is said."""
ANSWER_SECONDS = 5.0
"""After which a sound of the coach is no answer."""
STAGE_SECONDS = 3.0
"""Within which a stage must follow the one before."""
_LOG_LINE = re.compile(r"^(\d+\.\d+) ([a-z ]+)$")
INTERRUPTION_STAGES = (
    ("person begins - speech noticed", "speech began"),
    ("noticed - voice stopped", "stopping"),
)
STOPPED = "stopped - silence"
ANSWER_STAGES = (
    ("person ends - end of speech decided", "speech ended"),
    ("decided - recognized", "recognized"),
    ("recognized - server's answer", "answered"),
    ("answer - given to the voice", "speaking"),
)
SOUNDED = "given to the voice - first sound"
"""Stages, and the line of the client's log (`voice.loop.LOGGED`) that ends each."""


@dataclass(frozen=True)
class Times:
    """Seconds, one for each try."""

    silence: tuple[float, ...]
    """From the person's first sound to the coach's silence."""
    answer: tuple[float, ...]
    """From the person's last sound to the coach's first."""
    step: tuple[float, ...]
    """The same where the answer is the card of a step."""
    stages: dict[str, float]
    """Medians of what these are made of."""
    idle_cpu: float
    """Share of one core while nothing happens."""
    memory: float
    """Megabytes of the client and its voice."""
    load: float
    """Of the machine: processes that wanted a core, over the last minute."""


def measure(room: Room, server: str, folder: Path, options: Sequence[str] = ()) -> Times:
    """Measure one conversation with many interruptions."""
    session = VoiceSession(room, server, "--echo", "headset", "--verbose", *options)
    coach, person = folder / "coach.raw", folder / "person.raw"
    try:
        session.wait_for("Hello")
        time.sleep(8)
        idle = _idle(session.process.pid)
        with room.recording(coach) as coach_began, room.recording(person, "voice_user.monitor") as person_began:
            asked = _talk(session)
    finally:
        session.close()
    recording = Recording(person, person_began)
    said = [recording.person(synthesize(text, voice, room.cache)[0], at) for text, voice, at in asked]
    return _times(session, said, Recording(coach, coach_began).coach(), idle)


def _talk(session: VoiceSession) -> list[tuple[str, str, float]]:
    """Say everything; return each text, its voice and the time at which it was to be played."""
    asked = []
    for number, text in enumerate((*BEGINNING, *COMMANDS)):
        voice = VOICES[number // 2 % 2]
        asked.append((text, voice, time.monotonic()))
        session.say(text, voice)
        # A line must be under way, and its next pause not near: instructions begin with their longest one.
        time.sleep(4 if number < len(BEGINNING) else 2.2)
    time.sleep(3)
    return asked


def _times(session: VoiceSession, said: list[Stretch], coach: list[Stretch], idle: tuple[float, float]) -> Times:
    answers = [(one.end, next((sound.begin for sound in coach if sound.begin > one.end), None)) for one in said]
    gaps = [(end, begin - end) for end, begin in answers if begin is not None and begin - end < ANSWER_SECONDS]
    steps = [session.began + at for at, line in session.lines if "Step " in line and not line.startswith("PERSON")]
    return Times(
        tuple(end - one.begin for one in said if (end := _interrupted_at(coach, one)) is not None),
        tuple(gap for _, gap in gaps),
        tuple(gap for end, gap in gaps if any(0 <= step - end < gap + LATE for step in steps)),
        _stages([line for _, line in session.lines], said, coach),
        *idle,
        os.getloadavg()[0],
    )


def _interrupted_at(coach: Sequence[Stretch], person: Stretch) -> float | None:
    """Return when the coach fell silent who was speaking when the person began."""
    return next((one.end for one in coach if one.begin < person.begin < one.end - 0.03), None)


def _stages(log: Sequence[str], said: Sequence[Stretch], coach: Sequence[Stretch]) -> dict[str, float]:
    """Return the median seconds of each stage."""
    events = [(float(match[1]), match[2]) for line in log if (match := _LOG_LINE.match(line))]
    names = [name for name, _ in INTERRUPTION_STAGES] + [STOPPED] + [name for name, _ in ANSWER_STAGES] + [SOUNDED]
    found: dict[str, list[float]] = {name: [] for name in names}

    def follow(at: float, stages: Sequence[tuple[str, str]]) -> float | None:
        """Note the seconds of each stage; return when the last ended, None if one did not come."""
        for name, wanted in stages:
            ended = next((time for time, what in events if what == wanted and at <= time < at + STAGE_SECONDS), None)
            if ended is None:
                return None
            found[name].append(ended - at)
            at = ended
        return at

    for person in said:
        silent = _interrupted_at(coach, person)
        if silent is not None and (stopped := follow(person.begin, INTERRUPTION_STAGES)) is not None:
            found[STOPPED].append(silent - stopped)
        if (given := follow(person.end, ANSWER_STAGES)) is not None:
            found[SOUNDED] += [one.begin - given for one in coach if 0 < one.begin - given < STAGE_SECONDS][:1]
    return {name: median(times) for name, times in found.items() if times}


def _idle(pid: int) -> tuple[float, float]:
    """Return the share of a core over ten seconds, and the megabytes, of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    pids = [pid, *map(int, children.split())]
    before, began = sum(map(_ticks, pids)), time.monotonic()
    time.sleep(10)
    share = (sum(map(_ticks, pids)) - before) / os.sysconf("SC_CLK_TCK") / (time.monotonic() - began)
    return share, sum(map(_megabytes, pids))


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
