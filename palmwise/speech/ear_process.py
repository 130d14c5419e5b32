"""The child process that listens for a server: reads sound, writes what was said. Nothing is kept, logged or stored.

Each order is a line of JSON (`number`, `bytes`, `asked`) and so many bytes of sound, 16 bit mono at 16 kHz; each answer
is a line of JSON. The first line, without being asked, names the recognizer.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import IO, Any, BinaryIO

from palmwise.errors import VoiceError
from palmwise.speech.endpointing import PIECE, PIECE_SECONDS, RATE
from palmwise.speech.events import Clip, Recognizer

SURE_OF_SPEECH = 0.5
"""Silero's probability from which on a piece is speech."""
LEAST_SPEECH = 0.1
"""Seconds of it in a clip; what has less is a knock or a cough, of which a recognizer would make a word."""


def serve(
    recognizer: Recognizer,
    probability: Callable[[bytes], float],
    clip: Callable[[bytes], Clip],
    orders: BinaryIO,
    answers: IO[str],
) -> None:
    """Answer until there are no more orders. `probability` is of speech in a piece, `clip` wraps sound."""
    _write(answers, {"ear": recognizer.name})
    while line := orders.readline():
        order: dict[str, Any] = json.loads(line)
        sound = orders.read(int(order["bytes"]))
        answer: dict[str, Any] = {"number": order["number"], "text": ""}
        if seconds_of_speech(sound, probability) >= LEAST_SPEECH:
            recognizer.expect(order.get("asked"))
            try:
                transcript = recognizer.transcribe(clip(sound))
            except VoiceError:
                answer["failed"] = True
            else:
                answer |= {
                    "text": transcript.text,
                    "complete": transcript.complete,
                    "doubtful": transcript.doubtful,
                }
        _write(answers, answer)


def seconds_of_speech(sound: bytes, probability: Callable[[bytes], float]) -> float:
    """Return how much of a sound is speech."""
    pieces = (sound[at : at + 2 * PIECE] for at in range(0, len(sound) - 2 * PIECE + 1, 2 * PIECE))
    return PIECE_SECONDS * sum(probability(piece) >= SURE_OF_SPEECH for piece in pieces)


def _write(answers: IO[str], answer: Mapping[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def main() -> int:
    """Listen on standard input; 1 if there is no recognizer."""
    answers = sys.stdout
    # What libraries print must not be taken for an answer.
    sys.stdout = sys.stderr
    try:
        from speech_recognition import AudioData  # noqa: PLC0415 -- where it is missing, that is an answer

        from palmwise.speech.endpointing import silero  # noqa: PLC0415 -- the same
        from palmwise.speech.recognizers import create_recognizer  # noqa: PLC0415 -- the same

        recognizer, probability = create_recognizer("auto"), silero()
    except (ImportError, VoiceError) as error:
        _write(answers, {"reason": str(error)})
        return 1
    serve(recognizer, probability, lambda sound: AudioData(sound, RATE, 2), sys.stdin.buffer, answers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
