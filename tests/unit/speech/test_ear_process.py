"""The process that listens for a server, without a process and without models."""

from __future__ import annotations

import io
import json
from typing import Any

from palmwise.errors import VoiceError
from palmwise.speech.ear_process import seconds_of_speech, serve
from palmwise.speech.endpointing import PIECE
from palmwise.speech.events import Clip, Transcript
from tests.unit.voice.scripted import Sound

LOUD, QUIET = b"\x01\x01" * PIECE, bytes(2 * PIECE)


class Listening:
    """A recognizer that hears the question it was told, or fails."""

    name = "scripted"

    def __init__(self) -> None:
        self.question: str | None = ""
        self.clips = 0

    def expect(self, question: str | None) -> None:
        self.question = question

    def transcribe(self, clip: Clip) -> Transcript:
        self.clips += bool(clip.get_raw_data())
        if self.question == "broken":
            raise VoiceError("broken")
        return Transcript(f"to {self.question}", complete=True, doubtful=self.question == "step")


def probability(piece: bytes) -> float:
    return 0.9 if any(piece) else 0.1


def ask(recognizer: Listening, *asked: tuple[bytes, str | None]) -> list[dict[str, Any]]:
    orders = b"".join(
        json.dumps({"number": number, "bytes": len(sound), "asked": question}).encode() + b"\n" + sound
        for number, (sound, question) in enumerate(asked, 1)
    )
    answers = io.StringIO()
    serve(recognizer, probability, Sound, io.BytesIO(orders), answers)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_it_names_itself_and_answers_in_order() -> None:
    answers = ask(Listening(), (8 * LOUD, "ready"), (8 * LOUD, "broken"), (8 * LOUD, None))
    assert answers == [
        {"ear": "scripted"},
        {"number": 1, "text": "to ready", "complete": True, "doubtful": False},
        {"number": 2, "text": "", "failed": True},
        {"number": 3, "text": "to None", "complete": True, "doubtful": False},
    ]


def test_a_knock_is_not_recognized() -> None:
    recognizer = Listening()
    assert ask(recognizer, (QUIET + LOUD + 8 * QUIET, None))[1]["text"] == ""
    assert recognizer.clips == 0


def test_speech_is_counted_by_whole_pieces() -> None:
    assert seconds_of_speech(2 * LOUD + QUIET + LOUD[:10], probability) == 0.064
