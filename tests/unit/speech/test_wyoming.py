"""A voice over the Wyoming protocol, from a fake service that speaks the real one."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from palmwise.errors import LoudspeakerError
from palmwise.speech.wyoming_voice import WyomingVoice, service_address
from tests.unit.speech.wyoming_service import FakeSpeech, serving


@pytest.fixture
def service() -> Iterator[FakeSpeech]:
    pytest.importorskip("wyoming")
    yield from serving()


def test_the_sound_of_each_part_comes_from_the_service(service: FakeSpeech) -> None:
    sounds = list(WyomingVoice(service.url).speak("Hello. <pause 0.5> 5 min.", 165))
    assert service.asked == ["Hello.", "five minutes."]
    assert [sound.rate for sound in sounds] == [service.rate] * 3
    assert len(sounds[1].pcm) == service.rate
    assert sounds[0].pcm == service.mono


def speak(url: str) -> int:
    return len(list(WyomingVoice(url).speak("Hello.", 165)))


@pytest.mark.parametrize("fault", ["hangs_up", "reports_an_error", "is_no_voice"])
def test_a_service_that_fails_is_told_of(service: FakeSpeech, fault: str) -> None:
    service.fault = fault
    with pytest.raises(LoudspeakerError, match="cannot be had"):
        speak(service.url)


def test_a_service_that_is_not_there_is_told_of() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(LoudspeakerError, match="cannot be had"):
        WyomingVoice(f"wyoming://127.0.0.1:{port}")


@pytest.mark.parametrize(
    "url", ["wyoming://", "wyoming://home", "http://home:1", "wyoming://home:x", "wyoming://a:1/b"]
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        service_address(url)
