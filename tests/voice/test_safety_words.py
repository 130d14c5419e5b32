"""The built-in recognizer knows the safety words. Clips instead of a room, so that it always hears the same samples."""

from __future__ import annotations

import pytest

from benchmarks.voice.room import RATE, VOICES, missing_programs, spoken_clip
from palmwise.speech.events import Transcript
from palmwise.speech.recognizers import CoachRecognizer, create_recognizer
from voice.relevance import HALTING_INTENTS, Situation, Verdict, halting_reply, judge

pytestmark = pytest.mark.audio
SILENCE = 2 / 3
"""Seconds around the speech in a clip."""
NOISY = 20.0
"""Decibels of the voice above the noise."""
PHRASES = ("stop", "stop now", "please stop", "that's enough", "goodbye", "that hurts", "it hurts", "too much pressure")
"""Understood in noise."""
SINGLE_WORDS = ("stop", "pause", "wait", "ouch", "goodbye")
"""Understood in a quiet room; how often they are missed in noise is measured by `make bench-voice`."""


@pytest.fixture(scope="module")
def recognizer() -> CoachRecognizer:
    if missing_programs():
        pytest.skip(f"the clips need {', '.join(missing_programs())}")
    return create_recognizer("sphinx")


def recognize(recognizer: CoachRecognizer, text: str, voice: str, snr: float | None) -> tuple[Transcript, float]:
    clip = spoken_clip(text, voice, snr)
    return recognizer.transcribe(clip), len(clip.get_raw_data()) / 2 / RATE - SILENCE


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("text", PHRASES)
def test_safety_phrases_are_understood_in_noise(recognizer: CoachRecognizer, text: str, voice: str) -> None:
    transcript, seconds = recognize(recognizer, text, voice, NOISY)
    assert transcript.intent in HALTING_INTENTS
    assert halting_reply(transcript)
    for state in ("running", "paused"):
        if state == "running" or transcript.intent != "pause":
            assert judge(transcript, seconds, Situation(state)) is Verdict.SEND


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("word", SINGLE_WORDS)
def test_single_safety_words_are_understood_in_a_quiet_room(recognizer: CoachRecognizer, word: str, voice: str) -> None:
    transcript, _ = recognize(recognizer, word, voice, None)
    assert transcript.intent in HALTING_INTENTS
