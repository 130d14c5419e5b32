"""The child process that speaks: reads orders as lines of JSON, speaks each with pyttsx3, reports when it is done.

It takes the first of several mouths that works, and the one after it when that fails: see `mouths`.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any, TextIO

from palmwise.errors import LoudspeakerError, PlayerError
from palmwise.language.reading_aloud import read_aloud
from palmwise.speech.delivery import pause_mark
from palmwise.speech.player import Player, alsa_command
from palmwise.speech.pronunciations import FOR_SYSTEM, Respelling
from palmwise.speech.voice_driver import register
from palmwise.speech.voices import NaturalVoice, Voice
from palmwise.speech.wyoming_voice import SCHEME, WyomingVoice

READY, DONE, FAILED, STOPPED, CHANGED = "ready", "done", "failed", "stopped", "changed"
"""Answers: a mouth is loaded, a line was heard, a line was not, a line was cut off, another mouth takes over."""
AUTO, NATURAL, SYSTEM = "auto", "natural", "system"


def mouths(chosen: str, voice: str | None) -> tuple[str, ...]:
    """Return the mouths to try, in order.

    `auto` is the natural voice, unless one of the system's is named by `voice`. The system's voice (eSpeak NG on Linux)
    takes the place of any other one.
    """
    if chosen == SYSTEM or (chosen == AUTO and voice):
        return (SYSTEM,)
    return (NATURAL, SYSTEM) if chosen in (AUTO, NATURAL) else (chosen, NATURAL, SYSTEM)


class _Engine:
    """The pyttsx3 engine of a mouth. There is one of a driver in a process: a second one loses lines or crashes."""

    def __init__(self, mouth: str, voice: str | None) -> None:
        """`voice` is an id of the system's voices or a part of a name. Raises whatever pyttsx3 and the voice do."""
        import pyttsx3  # noqa: PLC0415 -- only the child needs it, and it is slow to load

        self.mouth = mouth
        self.stops = mouth != SYSTEM
        """Whether `stop` silences it; otherwise only the end of the process does."""
        self._player = Player()
        self._finished = threading.Event()
        self._error = ""
        self.mute = False
        """Whether it was the loudspeaker that failed last, which another mouth could not help."""
        self._respelling = Respelling(FOR_SYSTEM)
        self._engine: Any = pyttsx3.init(register(_open(mouth), self._player) if self.stops else None)
        self._engine.connect("finished-utterance", lambda **_: self._finished.set())
        self._engine.connect("error", lambda **fields: self._fail(fields.get("exception")))
        if self.stops:
            # Before its first loop pyttsx3 keeps what it is given from the driver.
            self._engine.runAndWait()
        elif voice:
            self._engine.setProperty("voice", find_voice(self._engine.getProperty("voices"), voice))

    def order(self, text: str, rate: int, volume: float, pause: float) -> None:
        """Hand over what `run` will speak: a stop from now on holds for it."""
        self._finished.clear()
        self._error, self.mute = "", False
        self._engine.setProperty("rate", int(rate))
        self._engine.setProperty("volume", float(volume))
        if self.stops:
            self._engine.say(f"{text} {pause_mark(pause)}" if pause else text)
        else:
            self._engine.say(self._respelling.respell(read_aloud(text)))

    def run(self, longest: float) -> str | None:
        """Speak; return when it was heard or stopped, with what went wrong if anything."""
        self._engine.runAndWait()
        # With eSpeak the first call of a process returns at once while the voice speaks on, so only the event counts.
        finished = self.stops or self._finished.wait(longest)
        return self._error or (None if finished else "the voice did not come to an end.")

    def stop(self) -> None:
        """Fall silent, from another thread than `run`."""
        self._player.stop()

    def _fail(self, error: object) -> None:
        self._error = str(error) or "the voice failed."
        self.mute = isinstance(error, PlayerError)
        self._finished.set()


def _open(mouth: str) -> Voice:
    alsa_command(1)  # raises where there is nothing to play with
    return WyomingVoice(mouth) if mouth.startswith(SCHEME) else NaturalVoice()


def find_voice(voices: list[Any], name: str) -> str:
    """Return the id of the voice with that id or name, else of one with it as a part; ValueError if there is none."""
    for voice in voices:
        if name.lower() in (str(voice.id).lower(), str(voice.name).lower()):
            return str(voice.id)
    for voice in voices:
        if name.lower() in f"{voice.id} {voice.name}".lower():
            return str(voice.id)
    raise ValueError(f'there is no voice "{name}".')


class SpeakerProcess:
    """Speaks one order after the other in the main thread, while another thread reads what comes."""

    def __init__(self, mouths: Sequence[str], voice: str | None, answers: TextIO) -> None:
        self._mouths = list(mouths)
        self._voice = voice
        self._answers = answers
        self._orders: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._lock = threading.Lock()
        self._stopped = 0
        """Number of the last line that was stopped."""
        self._engine: _Engine | None = None

    def serve(self, orders: TextIO) -> None:
        """Speak until there are no more orders, or no mouth is left."""
        threading.Thread(target=self._read, args=(orders,), daemon=True, name="orders").start()
        reason = self._open_next("")
        while self._engine is not None and (order := self._orders.get()) is not None:
            began = time.monotonic()
            reason = self._say(order)
            while reason is not None and self._mouths and not self._engine.mute:
                reason = self._open_next(reason) or self._say(order)
            if reason is None:
                self._answer(event=DONE, number=order["number"], seconds=time.monotonic() - began)
            else:
                self._answer(event=FAILED, number=order["number"], reason=reason)
        if self._engine is None:
            self._answer(event=FAILED, number=0, reason=reason)

    def _open_next(self, reason: str) -> str | None:
        """Open the first mouth that is left and works; return what went wrong with the last one if none does."""
        self._engine = None
        while self._engine is None and self._mouths:
            mouth = self._mouths.pop(0)
            if reason:
                self._answer(event=CHANGED, mouth=mouth, reason=reason)
            try:
                self._engine = _Engine(mouth, self._voice)
            except Exception as error:  # noqa: BLE001 -- whatever a driver raises, the parent tells the person
                reason = str(error)
        if self._engine is None:
            return reason
        self._answer(event=READY, mouth=self._engine.mouth, stops=self._engine.stops)
        return None

    def _say(self, order: dict[str, Any]) -> str | None:
        engine = self._engine
        if engine is None:
            raise LoudspeakerError("There is no voice.")
        with self._lock:
            if order["number"] <= self._stopped:
                return None
            engine.order(order["text"], order["rate"], order["volume"], order["pause"])
        return engine.run(5 + len(order["text"]) / 5)

    def _read(self, orders: TextIO) -> None:
        for line in orders:
            order: dict[str, Any] = json.loads(line)
            if "stop" not in order:
                self._orders.put(order)
                continue
            with self._lock:
                self._stopped = order["stop"]
                if self._engine is not None:
                    self._engine.stop()
            self._answer(event=STOPPED, number=order["stop"])
        self._orders.put(None)

    def _answer(self, **fields: Any) -> None:
        self._answers.write(json.dumps(fields) + "\n")
        self._answers.flush()


if __name__ == "__main__":
    replies = sys.stdout
    # What pyttsx3 prints now and then must not be taken for an answer.
    sys.stdout = sys.stderr
    SpeakerProcess(mouths(*json.loads(sys.argv[1])), json.loads(sys.argv[1])[1], replies).serve(sys.stdin)
