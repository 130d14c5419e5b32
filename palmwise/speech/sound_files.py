"""Sound files of texts for the server: synthesis and packing, in a child process so that no turn waits for them.

The child reads orders as lines of JSON, and answers each with a line of JSON and the bytes of the file.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable
from typing import Any, BinaryIO, TextIO

import numpy as np

from palmwise.speech.voices import NaturalVoice, Sound, Voice

FORMATS = {"ogg": "audio/ogg", "mp3": "audio/mpeg"}
"""Name -> media type. Every browser plays MP3; Ogg Vorbis is the smaller one."""
_PACKING = {"ogg": ("OGG", "VORBIS"), "mp3": ("MP3", "MPEG_LAYER_III")}
BLOCK = 1 << 14
"""Samples that are packed at once: libsndfile keeps a copy of a block on its stack."""


def pack(sounds: Iterable[Sound], form: str) -> bytes:
    """Return sounds of the same rate as a file of a format in `FORMATS`."""
    import soundfile  # noqa: PLC0415 -- only where there is a voice

    pieces = list(sounds)
    samples = np.frombuffer(b"".join(piece.pcm for piece in pieces), "<i2")
    container, coding = _PACKING[form]
    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", pieces[0].rate, 1, format=container, subtype=coding) as file:
        for at in range(0, len(samples), BLOCK):
            file.write(samples[at : at + BLOCK])
    return out.getvalue()


def serve(voice: Voice, orders: TextIO, answers: BinaryIO) -> None:
    """Answer orders until there are no more."""
    for line in orders:
        order: dict[str, Any] = json.loads(line)
        try:
            content = pack(voice.speak(order["text"], order["rate"]), order["form"])
            answer: dict[str, Any] = {"size": len(content)}
        except Exception as error:  # noqa: BLE001 -- whatever fails in the synthesis, the server is told, without the text
            content, answer = b"", {"error": type(error).__name__}
        answers.write(json.dumps(answer).encode() + b"\n" + content)
        answers.flush()


if __name__ == "__main__":
    replies = sys.stdout.buffer
    # What a library prints must not be taken for an answer.
    sys.stdout = sys.stderr
    serve(NaturalVoice(), sys.stdin, replies)
