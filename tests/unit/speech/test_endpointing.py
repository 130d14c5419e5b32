"""Where speech begins and ends."""

from __future__ import annotations

import pytest

from palmwise.speech.endpointing import PIECE, SileroEndpointer, Thresholds, loudness
from palmwise.speech.events import Event, SpeechBegan, SpeechEnded, SpeechPaused
from tests.unit.voice.scripted import Sound
from voice import devices


def pieces(*runs: tuple[float, int]) -> list[tuple[float, bytes]]:
    """Probability of speech and a piece of sound, for runs of so many pieces."""
    loud = {0.9: b"\x00\x20", 0.6: b"\x00\x20", 0.1: b"\x05\x00"}
    return [(chance, loud[chance] * PIECE) for chance, count in runs for _ in range(count)]


def fed(policy: str, run: list[tuple[float, bytes]], *, speaking: bool = False) -> list[Event]:
    chances = iter([chance for chance, _ in run])
    endpointer = SileroEndpointer(policy, Sound, lambda _: next(chances), Thresholds())  # type: ignore[arg-type]
    endpointer.set_speaking(speaking=speaking)
    return [event for _, piece in run for event in endpointer.feed(piece)]


def test_a_phrase_has_a_beginning_and_an_end_and_what_came_before() -> None:
    began, paused, ended = fed("headset", pieces((0.1, 30), (0.9, 20), (0.1, 30)))
    assert began == SpeechBegan(0x2000)
    assert isinstance(paused, SpeechPaused)
    assert isinstance(ended, SpeechEnded)
    assert ended.pause == paused.pause
    assert isinstance(ended, SpeechEnded)
    assert ended.seconds == pytest.approx(20 * 0.032, abs=0.04)
    assert len(ended.clip.get_raw_data(16_000, 2)) > 20 * 2 * PIECE


def test_a_click_is_no_speech_and_a_short_pause_is_no_end() -> None:
    assert fed("headset", pieces((0.6, 2), (0.1, 30))) == []
    events = fed("headset", pieces((0.9, 10), (0.1, 10), (0.9, 10), (0.1, 30)))
    assert [type(event) for event in events] == [SpeechBegan, SpeechPaused, SpeechPaused, SpeechEnded]
    assert isinstance(events[-1], SpeechEnded)
    assert events[-1].pause == 2


def test_with_half_nothing_is_heard_while_the_coach_speaks() -> None:
    assert fed("half", pieces((0.9, 100), (0.1, 30)), speaking=True) == []


def test_with_half_somebody_who_calls_out_over_the_coach_is_heard() -> None:
    def heard(level: int) -> list[Event]:
        echo, voice = (b"\x00\x01" * PIECE, level.to_bytes(2, "little") * PIECE)
        run = [(0.95, echo)] * 60 + [(0.95, voice)] * 12 + [(0.1, b"\x05\x00" * PIECE)] * 30
        return fed("half", run, speaking=True)

    assert heard(0x300) == []
    assert [type(event) for event in heard(0x1000)] == [SpeechBegan, SpeechPaused, SpeechEnded]


def test_with_gate_a_voice_must_be_louder_than_the_echo() -> None:
    steady = fed("gate", pieces((0.9, 200)), speaking=True)
    assert sum(isinstance(event, SpeechBegan) for event in steady) <= 1
    assert isinstance(fed("gate", pieces((0.1, 100), (0.9, 20), (0.1, 30)), speaking=True)[0], SpeechBegan)


NEAR, FAR, NOBODY = 4000, 1000, 5
"""Root mean squares of a person, of a television 12 dB below, of a quiet room."""


def talk(*runs: tuple[int, int]) -> list[tuple[float, bytes]]:
    """Probability of speech and a piece of sound, for runs of so many pieces of a level."""
    return [
        (0.1 if level == NOBODY else 0.9, level.to_bytes(2, "little") * PIECE)
        for level, count in runs
        for _ in range(count)
    ]


def ended(events: list[Event]) -> list[SpeechEnded]:
    return [event for event in events if isinstance(event, SpeechEnded)]


def test_a_voice_near_by_gets_a_clip_of_its_own_among_others_who_never_pause() -> None:
    events = fed("headset", talk((NOBODY, 20), (FAR, 60), (NEAR, 20), (FAR, 100)))
    near, aside = ended(events)[:2]
    assert near.level == pytest.approx(NEAR, rel=0.01)
    assert near.seconds == pytest.approx(20 * 0.032, abs=0.4)
    assert near.pause
    assert aside.level == pytest.approx(FAR, rel=0.01)
    levels = [loudness(near.clip.get_raw_data()[at : at + 2 * PIECE]) for at in range(0, 20 * 2 * PIECE, 2 * PIECE)]
    assert max(levels) == pytest.approx(NEAR, rel=0.01)
    assert levels[0] < FAR / 2, "what is left of the others is lowered"


def test_a_voice_near_by_is_reported_when_it_joins_in() -> None:
    levels = [event.level for event in fed("headset", talk((NOBODY, 20), (FAR, 60), (NEAR, 20)))
              if isinstance(event, SpeechBegan)]  # fmt: skip
    assert levels[0] == FAR
    assert levels[-1] > 2 * FAR


def test_a_voice_near_by_is_not_cut_with_the_long_talk_of_others() -> None:
    longest = round(Thresholds().longest / 0.032)
    near, aside, *_ = ended(fed("headset", talk((NOBODY, 20), (FAR, longest - 10), (NEAR, 20), (FAR, 100))))
    assert near.level == pytest.approx(NEAR, rel=0.01)
    assert near.seconds < 2
    assert aside.level == pytest.approx(FAR, rel=0.01)


def test_the_sound_of_a_voice_alone_is_left_as_it_is() -> None:
    """Also where parts of it are weak."""
    run = talk((NOBODY, 20), (NEAR, 6), (FAR, 8), (NEAR, 6), (FAR, 4), (NOBODY, 30))
    (alone,) = ended(fed("headset", run))
    said = b"".join(piece for _, piece in run)
    assert alone.clip.get_raw_data() in said
    assert len(alone.clip.get_raw_data()) > 24 * 2 * PIECE


def test_endless_speech_is_cut() -> None:
    events = fed("headset", pieces((0.9, 400)))
    assert any(isinstance(event, SpeechEnded) for event in events)


@pytest.mark.parametrize(
    ("sink", "policy"),
    [
        ("alsa_output.pci", "half"),
        ("echo-cancel-sink", "half"),
        ("bluez_output.AirPods", "headset"),
        ("", "half"),
    ],
)
def test_the_echo_policy_is_what_the_machine_allows(sink: str, policy: str) -> None:
    """A canceller must show that it works before it is relied on."""
    assert devices.echo_policy("auto", lambda _: sink) == policy
    assert devices.echo_policy("gate", lambda _: sink) == "gate"


def test_sure_speech_begins_sooner() -> None:
    assert fed("headset", pieces((0.9, 2))) == [SpeechBegan(0x2000)]
    assert fed("headset", pieces((0.6, 2))) == []
    assert fed("headset", pieces((0.6, 3))) == [SpeechBegan(0x2000)]


@pytest.mark.parametrize(("which", "ends"), [(1, True), (2, False)])
def test_a_complete_command_needs_less_silence_after_it(which: int, *, ends: bool) -> None:
    run = pieces((0.9, 10), (0.1, 15))
    chances = iter([chance for chance, _ in run])
    endpointer = SileroEndpointer("headset", Sound, lambda _: next(chances))
    events = []
    for _, piece in run:
        found = endpointer.feed(piece)
        events += found
        if any(isinstance(event, SpeechPaused) for event in found):
            endpointer.complete(which)
    assert isinstance(events[-1], SpeechEnded) == ends
