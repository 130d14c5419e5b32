"""Measures how soon the coach falls silent and how soon it answers, in the virtual room."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import numpy as np

from benchmarks.tables import cpu_seconds, megabytes, table
from benchmarks.voice.room import LEVEL, RATE, VOICES, Sound, synthesize, virtual_room
from benchmarks.voice.voice_session import VoiceSession

BEGINNING = ("start the massage", "yes please", "no", "yes")
COMMANDS = ("next", "go back", "what are the steps", "how long") * 4
ANSWER_SECONDS, STAGE_SECONDS = 5.0, 3.0
"""After which a sound of the coach is no answer, and within which a stage must follow the one before."""
INTERRUPTION = {"person begins - speech noticed": "speech began", "noticed - voice stopped": "stopping"}
ANSWER = {
    "person ends - end of speech decided": "speech ended",
    "decided - recognized": "recognized",
    "recognized - server's answer": "answered",
    "answer - given to the voice": "speaking",
}
"""Stages, and the line of the client's log (`voice.loop.LOGGED`) that ends each."""
FRAME = RATE // 100
PAUSE = 0.35
"""Seconds of silence that end a stretch of the coach's speech; its own pauses within a sentence are shorter."""
COACH_LOUD, PERSON_LOUD = 30.0, 0.1 * LEVEL
"""Root mean square from which on somebody speaks: in the recording of the loudspeaker, in a clip without noise."""
EARLY, LATE = 0.3, 1.5
"""Seconds before and after the time it was asked for in which a clip begins to be played."""
_LOG_LINE = re.compile(r"^(\d+\.\d+) ([a-z ]+)$")


@dataclass(frozen=True)
class Stretch:
    """A stretch of speech, in seconds of the monotonic clock."""

    begin: float
    end: float


def measure(server: str) -> str:
    """Measure one conversation with many interruptions, with the ear and the mouth that are the default."""
    with virtual_room() as room, room.noise(), tempfile.TemporaryDirectory() as folder:
        session = VoiceSession(room, server, "--echo", "headset", "--verbose")
        coach, person = Path(folder) / "coach.raw", Path(folder) / "person.raw"
        try:
            session.wait_for("Hello")
            time.sleep(8)
            idle = _idle(session.process.pid)
            with room.recording(coach) as coach_began, room.recording(person, "voice_user.monitor") as person_began:
                asked = _talk(session)
        finally:
            session.close()
        room_sound = _samples(person)
        said = [_found(room_sound, person_began, synthesize(text, voice)[0], at)
                for text, voice, at in asked]  # fmt: skip
        return _tables([line for _, line in session.lines], said, _stretches(_samples(coach), coach_began)) + idle


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


def _tables(log: Sequence[str], said: Sequence[Stretch], coach: Sequence[Stretch]) -> str:
    events = [(float(match[1]), match[2]) for line in log if (match := _LOG_LINE.match(line))]
    tries: dict[str, list[float]] = {"person's first sound to the coach's silence": []}
    tries["person's last sound to the coach's first"] = []
    tries |= {name: [] for name in (*INTERRUPTION, *ANSWER, "given to the voice - first sound")}
    silence, answer, *_, sounded = tries.values()

    def follow(at: float, stages: dict[str, str]) -> float:
        """Note the seconds of each stage; return when the last one ended."""
        for name, wanted in stages.items():
            ended = next((time for time, what in events if what == wanted and at <= time < at + STAGE_SECONDS), None)
            if ended is None:
                break
            tries[name].append(ended - at)
            at = ended
        return at

    for person in said:
        silence += [one.end - person.begin for one in coach if one.begin < person.begin < one.end - 0.03]
        answer += [one.begin - person.end for one in coach if 0 < one.begin - person.end < ANSWER_SECONDS][:1]
        follow(person.begin, INTERRUPTION)
        given = follow(person.end, ANSWER)
        sounded += [one.begin - given for one in coach if 0 < one.begin - given < STAGE_SECONDS][:1]
    rows = [(name, len(every), round(1000 * median(every)), round(1000 * quantiles(every, n=10)[-1]))
            for name, every in tries.items() if len(every) > 1]  # fmt: skip
    return table(("from - to, and the stages of it", "tries", "median, ms", "90 %"), rows, "Times")


def _samples(file: Path) -> Sound:
    raw = file.read_bytes()
    return np.frombuffer(raw[: len(raw) // 2 * 2], np.int16).astype(np.float64)


def _levels(sound: Sound) -> Sound:
    """Return the root mean square of each hundredth of a second."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(np.sqrt((frames**2).mean(axis=1)), np.float64)


def _stretches(sound: Sound, began: float) -> list[Stretch]:
    """Return when the coach spoke in the recording of its loudspeaker."""
    found: list[Stretch] = []
    for index in np.flatnonzero(_levels(sound) > COACH_LOUD):
        at, end = began + float(index) * FRAME / RATE, began + float(index + 1) * FRAME / RATE
        if found and at - found[-1].end < PAUSE:
            found[-1] = Stretch(found[-1].begin, end)
        else:
            found.append(Stretch(at, end))
    return [stretch for stretch in found if stretch.end - stretch.begin > 0.08]


def _found(sound: Sound, began: float, clean: Sound, asked: float) -> Stretch:
    """Return when the person said what was to be played at `asked`; `clean` are its samples without noise.

    Noise hides where a voice begins, but the known samples can be found in it by correlation.
    """
    first = max(0, round((asked - began - EARLY) * RATE))
    window = sound[first : first + len(clean) + round((EARLY + LATE) * RATE)]
    size = len(window) + len(clean)
    alike = np.fft.irfft(np.fft.rfft(window, size) * np.conj(np.fft.rfft(clean, size)), size)
    start = began + (first + int(np.argmax(alike[: len(window)]))) / RATE
    voiced = np.flatnonzero(_levels(clean) > PERSON_LOUD)
    return Stretch(start + voiced[0] * FRAME / RATE, start + (voiced[-1] + 1) * FRAME / RATE)


def _idle(pid: int) -> str:
    """What the client and its voice take of a core over ten seconds, and of memory."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    pids = [pid, *map(int, children.split())]
    before, began = sum(map(cpu_seconds, pids)), time.monotonic()
    time.sleep(10)
    share = (sum(map(cpu_seconds, pids)) - before) / (time.monotonic() - began)
    memory, load = sum(map(megabytes, pids)), os.getloadavg()[0]
    return f"\nIdle, listening: {share:.0%} of a core, {memory} MB with the voice's process. Load: {load:.1f}.\n"
