"""Recognition of a phrase before it is known to be over."""

from __future__ import annotations

from palmwise.errors import VoiceError
from palmwise.speech.events import Clip, Transcript
from tests.unit.voice.scripted import Sound
from voice.microphone import EarlyRecognition


class ScriptedRecognizer:
    """Returns one text after the other; fails where there is None."""

    name = "scripted"

    def __init__(self, *texts: str | None) -> None:
        self.texts = list(texts)

    def transcribe(self, clip: Clip) -> Transcript:
        assert clip.get_raw_data() is not None
        text = self.texts.pop(0)
        if text is None:
            raise VoiceError("It does not work.")
        return Transcript(text, complete=text == "next")

    def expect(self, question: str | None) -> None:
        raise AssertionError(question)


def test_a_clip_that_ends_at_the_pause_is_not_recognized_again() -> None:
    early = EarlyRecognition(ScriptedRecognizer("go", "go back"))
    assert not early.is_complete(Sound(), 1)
    assert not early.is_complete(Sound(), 2)
    assert early.transcribe(Sound(), 2).text == "go back"


def test_speech_that_goes_on_after_a_pause_is_recognized_as_a_whole() -> None:
    early = EarlyRecognition(ScriptedRecognizer("go", "go back", "cut off"))
    early.is_complete(Sound(), 1)
    assert early.transcribe(Sound(), 2).text == "go back"
    assert early.transcribe(Sound(), 0).text == "cut off"


def test_a_complete_command_is_known_at_the_pause() -> None:
    assert EarlyRecognition(ScriptedRecognizer("next")).is_complete(Sound(), 1)


def test_a_recognizer_that_fails_early_is_tried_again() -> None:
    early = EarlyRecognition(ScriptedRecognizer(None, "next"))
    assert not early.is_complete(Sound(), 1)
    assert early.transcribe(Sound(), 1).text == "next"
