"""Measures what speaks: how well another program understands it, how soon it begins and falls silent, its memory."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import numpy as np
from speech_recognition import AudioData

from benchmarks.tables import percent, table
from benchmarks.voice.recognizer_results import word_errors
from benchmarks.voice.room import RATE, Room, virtual_room
from palmwise.errors import ModelError
from palmwise.language.reading_aloud import read_aloud
from palmwise.language.tokens import words_of
from palmwise.resources import content
from palmwise.speech.events import Event, LineSpoken, Recognizer
from palmwise.speech.pronunciations import FOR_SYSTEM, Respelling
from palmwise.speech.speaker_process import NATURAL, SYSTEM
from palmwise.speech.synthesis import Speaker, split_lines
from palmwise.speech.voice_driver import write_wave
from palmwise.speech.voices import NaturalVoice
from voice.playback import DEFAULT_RATE, VOLUMES

log = logging.getLogger(__name__)
SENTENCES = 20
TRIALS = 7
FRAME = RATE // 200
LOUD = 60.0
"""Root mean square of a frame of 5 ms in which the coach is heard."""
LOAD_SECONDS = 60.0
HEAD = (
    "mouth", "words misheard, %", "first sound, ms", "silent after a stop, ms", "longest, ms", "ready again, ms",
    "memory, MB",
)  # fmt: skip
Say = Callable[[str, Path], None]


def measure(_: str = "") -> str:
    """Measure the natural voice and the system's."""
    rows = []
    for mouth, say in ((NATURAL, natural_writer()), (SYSTEM, _write_by_system)):
        misheard = intelligibility(say)
        rows.append([mouth, percent(misheard), *_timings(mouth)])
        log.warning("%s", rows[-1])
    return table(HEAD, rows, "The mouth")


def sentences() -> list[str]:
    """Twenty of the coach's sentences: guidance and answers, evenly taken from all."""
    guidance = [line for technique in content().techniques.values() for line in split_lines(technique.say)]
    answers = [line for answer in content().answers.values() for line in split_lines(answer.say)]
    return [*_evenly(guidance, SENTENCES // 2), *_evenly(answers, SENTENCES // 2)]


def intelligibility(say: Say) -> float | None:
    """The share of words that Moonshine mishears; None where it is not installed."""
    from palmwise.speech.recognizers import create_recognizer  # noqa: PLC0415 -- only the voice environment has it

    try:
        recognizer = create_recognizer("moonshine")
    except ModelError as error:
        log.warning("%s", error)
        return None
    errors = words = 0
    for text in sentences():
        wanted, heard = transcribed(recognizer, say, text)
        errors += word_errors(wanted, heard)
        words += len(wanted.split())
        log.info("%s | %s", wanted, heard)
    return errors / words


def transcribed(recognizer: Recognizer, say: Say, text: str) -> tuple[str, str]:
    """What was said and what was heard of it, in the same spelling."""
    with tempfile.TemporaryDirectory() as folder:
        file, raw = Path(folder) / "said.wav", Path(folder) / "said.raw"
        say(text, file)
        subprocess.run(["sox", file, "-r", str(RATE), "-e", "signed", "-b", "16", "-c", "1", raw], check=True)
        heard = recognizer.transcribe(AudioData(raw.read_bytes(), RATE, 2)).text
    return " ".join(words_of(read_aloud(text).replace("-", " "))), " ".join(
        words_of(read_aloud(heard).replace("-", " "))
    )


def natural_writer() -> Say:
    """A function that writes a text in the natural voice."""
    voice = NaturalVoice()

    def say(text: str, file: Path) -> None:
        write_wave(voice.speak(text, DEFAULT_RATE), str(file))

    return say


def _write_by_system(text: str, file: Path) -> None:
    said = Respelling(FOR_SYSTEM).respell(read_aloud(text))
    subprocess.run(["espeak-ng", "-s", str(DEFAULT_RATE), "-w", str(file), said], check=True)


def _evenly(lines: Sequence[str], count: int) -> list[str]:
    return [lines[round(at)] for at in np.linspace(0, len(lines) - 1, count)]


def _timings(mouth: str) -> Iterator[object]:
    firsts, stops, again, memory = [], [], [], 0
    with virtual_room() as room, _inside(room):
        heard: queue.Queue[Event] = queue.Queue()
        speaker = Speaker(heard.put, mouth=mouth)
        try:
            for number, text in enumerate(sentences()[:TRIALS], 1):
                speaker.say(3 * number, "Ready.", rate=DEFAULT_RATE, volume=VOLUMES[0])
                assert isinstance(heard.get(timeout=LOAD_SECONDS), LineSpoken)  # noqa: S101 -- else nothing is measured
                time.sleep(0.5)
                first, stop, ready = _trial(room, speaker, heard, text, 3 * number + 1)
                firsts.append(first)
                stops.append(stop)
                again.append(ready)
            memory = _memory(speaker._child.pid)  # noqa: SLF001 -- nobody else needs it
        finally:
            speaker.close()
    yield round(median(firsts))
    yield round(median(stops))
    yield round(max(stops))
    yield round(median(again))
    yield memory


def _trial(
    room: Room, speaker: Speaker, heard: queue.Queue[Event], text: str, number: int
) -> tuple[float, float, float]:
    """Milliseconds to the first sound, from a stop to silence, and from there until the next line is over."""
    file = room.folder / "mouth.raw"
    with room.recording(file) as began:
        asked = time.monotonic()
        speaker.say(number, text, rate=DEFAULT_RATE, volume=VOLUMES[0])
        time.sleep(1.2)
        cut = time.monotonic()
        speaker.stop()
        time.sleep(0.6)
    at = time.monotonic()
    speaker.say(number + 1, "Yes.", rate=DEFAULT_RATE, volume=VOLUMES[0])
    heard.get(timeout=LOAD_SECONDS)
    ready = time.monotonic() - at
    loud = _loud_frames(file)
    first, last = began + loud[0] * FRAME / RATE, began + (loud[-1] + 1) * FRAME / RATE
    return 1000 * (first - asked), 1000 * max(0.0, last - cut), 1000 * ready


def _loud_frames(file: Path) -> list[int]:
    sound = np.frombuffer(file.read_bytes()[: file.stat().st_size // 2 * 2], np.int16).astype(np.float64)
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    return [int(at) for at in np.flatnonzero(np.sqrt((frames**2).mean(axis=1)) > LOUD)]


@contextlib.contextmanager
def _inside(room: Room) -> Iterator[None]:
    """Have what is started from here play into the room."""
    before = dict(os.environ)
    os.environ.update(room.environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _memory(pid: int) -> int:
    """Most megabytes that a process has had."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024
