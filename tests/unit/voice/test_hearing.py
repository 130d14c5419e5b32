"""Understanding a phrase before it is known to be over."""

from __future__ import annotations

from palmwise.errors import VoiceError
from palmwise.speech.events import Clip, Heard
from tests.unit.voice.stage import Sound
from voice.microphone import Hearing


class Ear:
    """Hears what it is told, so many times."""

    name = "scripted"

    def __init__(self, *texts: str | None) -> None:
        self.texts = list(texts)

    def hear(self, clip: Clip) -> Heard:
        assert clip.get_raw_data() is not None
        text = self.texts.pop(0)
        if text is None:
            raise VoiceError("It does not work.")
        return Heard(text, complete=text == "next")


def test_what_was_heard_before_the_last_pause_is_not_heard_again() -> None:
    hearing = Hearing(Ear("go", "go back"))
    assert not hearing.early(Sound(), 1)
    assert not hearing.early(Sound(), 2)
    assert hearing.hear(Sound(), 2).text == "go back"


def test_what_went_on_after_the_pause_is_heard_as_a_whole() -> None:
    hearing = Hearing(Ear("go", "go back", "cut off"))
    hearing.early(Sound(), 1)
    assert hearing.hear(Sound(), 2).text == "go back"
    assert hearing.hear(Sound(), 0).text == "cut off"


def test_a_whole_command_is_told_early() -> None:
    assert Hearing(Ear("next")).early(Sound(), 1)


def test_an_ear_that_fails_early_is_tried_again() -> None:
    hearing = Hearing(Ear(None, "next"))
    assert not hearing.early(Sound(), 1)
    assert hearing.hear(Sound(), 1).text == "next"
