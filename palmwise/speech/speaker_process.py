"""The child process that speaks: reads orders as lines of JSON, speaks each with pyttsx3, reports when it is done."""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any, TextIO

DONE, FAILED = "done", "failed"


class _Engine:
    """The pyttsx3 engine. There is one for the life of the process: a second one loses lines or crashes."""

    def __init__(self, voice: str | None) -> None:
        """`voice` is an id or a part of a name. Raises whatever pyttsx3 does where there is no voice."""
        import pyttsx3  # noqa: PLC0415 -- only the child needs it, and it is slow to load

        self._engine: Any = pyttsx3.init()
        self._finished = threading.Event()
        self._error = ""
        self._engine.connect("finished-utterance", lambda **_: self._finished.set())
        self._engine.connect("error", lambda **fields: self._fail(fields.get("exception")))
        if voice:
            self._engine.setProperty("voice", find_voice(self._engine.getProperty("voices"), voice))

    def say(self, text: str, rate: int, volume: float) -> str | None:
        """Speak; return when it was heard, with what went wrong if anything."""
        self._finished.clear()
        self._error = ""
        self._engine.setProperty("rate", int(rate))
        self._engine.setProperty("volume", float(volume))
        self._engine.say(text)
        # The first call of a process returns at once while the voice speaks on, so only the event counts.
        self._engine.runAndWait()
        finished = self._finished.wait(5 + len(text) / 5)
        return self._error or (None if finished else "the voice did not come to an end.")

    def _fail(self, error: object) -> None:
        self._error = str(error) or "the voice failed."
        self._finished.set()


def find_voice(voices: list[Any], name: str) -> str:
    """Return the id of the voice with that id or name, else of one with it as a part; ValueError if there is none."""
    for voice in voices:
        if name.lower() in (str(voice.id).lower(), str(voice.name).lower()):
            return str(voice.id)
    for voice in voices:
        if name.lower() in f"{voice.id} {voice.name}".lower():
            return str(voice.id)
    raise ValueError(f'there is no voice "{name}".')


def serve(voice: str | None, orders: TextIO, answers: TextIO) -> None:
    """Speak until there are no more orders."""

    def answer(**fields: Any) -> None:
        answers.write(json.dumps(fields) + "\n")
        answers.flush()

    try:
        engine = _Engine(voice)
    except Exception as error:  # noqa: BLE001 -- whatever a driver raises, the parent tells the person
        answer(event=FAILED, number=0, reason=str(error))
        return
    for line in orders:
        order = json.loads(line)
        began = time.monotonic()
        reason = engine.say(order["text"], order["rate"], order["volume"])
        if reason is None:
            answer(event=DONE, number=order["number"], seconds=time.monotonic() - began)
        else:
            answer(event=FAILED, number=order["number"], reason=reason)


if __name__ == "__main__":
    replies = sys.stdout
    # What pyttsx3 prints now and then must not be taken for an answer.
    sys.stdout = sys.stderr
    serve(sys.argv[1] if len(sys.argv) > 1 else None, sys.stdin, replies)
