"""Sound files for the server: packing, and the child that makes them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from palmwise.errors import LoudspeakerError
from palmwise.speech.sound_files import FORMATS, pack, serve
from palmwise.speech.voices import Sound, silence

RATE = 24_000
MAGIC = {"ogg": (b"OggS",), "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")}


class FakeVoice:
    """Is silent for a second, or fails."""

    name = "fake"

    def speak(self, text: str, rate: int) -> Iterator[Sound]:
        if text == "fail":
            raise LoudspeakerError(text)
        yield silence(rate / 165, RATE)


@pytest.mark.parametrize("form", FORMATS)
def test_a_packed_sound_is_of_its_format(form: str) -> None:
    soundfile = pytest.importorskip("soundfile")
    content = pack([silence(1.5, RATE), silence(0.5, RATE)], form)
    assert content.startswith(MAGIC[form])
    samples, rate = soundfile.read(io.BytesIO(content))
    assert rate == RATE
    assert len(samples) == pytest.approx(2 * RATE, rel=0.1)


def test_the_child_answers_each_order_and_names_no_text_that_failed() -> None:
    pytest.importorskip("soundfile")
    orders = [{"text": text, "rate": 165, "form": "ogg"} for text in ("hello", "fail", "hello")]
    out = io.BytesIO()
    serve(FakeVoice(), io.StringIO("".join(json.dumps(order) + "\n" for order in orders)), out)
    out.seek(0)
    heard = []
    while line := out.readline():
        answer = json.loads(line)
        heard.append(out.read(answer["size"])[:4] if "size" in answer else answer["error"])
    assert heard == [b"OggS", "LoudspeakerError", b"OggS"]
