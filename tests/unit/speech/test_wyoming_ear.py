"""The ear at a Wyoming service: a fake one that speaks the real protocol."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import async_read_event, async_write_event

from palmwise.errors import ModelError
from palmwise.speech import wyoming_ear
from palmwise.speech.ears import CheckedEar
from palmwise.speech.wyoming_ear import WyomingEar
from tests.unit.voice.scripted import Sound

SOUND = bytes(range(256)) * 100


class Service:
    """Answers every clip with the same words, or hangs up."""

    def __init__(self, words: str | None) -> None:
        self.words = words
        self.heard = b""
        self.port = 0
        self.began: list[str] = []
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._run, daemon=True).start()
        self._ready.wait(5)

    def _run(self) -> None:
        async def serve() -> None:
            server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()

        self._loop.run_until_complete(serve())
        self._loop.run_forever()

    async def _answer(self, reader: Any, writer: Any) -> None:
        while event := await async_read_event(reader):
            if Transcribe.is_type(event.type) or AudioStart.is_type(event.type):
                self.began.append(event.type)
            elif AudioChunk.is_type(event.type):
                self.heard += AudioChunk.from_event(event).audio
            elif AudioStop.is_type(event.type):
                if self.words is not None:
                    await async_write_event(Transcript(self.words).event(), writer)
                break
        writer.close()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)


class Words:
    """A backend that always hears the same."""

    def __init__(self, words: str) -> None:
        self.words = words

    def text(self, _: Any) -> str:
        return self.words


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service("Next step, please.")
    yield running
    running.close()


def test_a_clip_is_sent_whole_and_its_words_come_back(service: Service) -> None:
    ear = WyomingEar(f"wyoming://127.0.0.1:{service.port}", Words(""))
    assert ear.text(Sound(SOUND)) == "Next step, please."
    assert service.heard == SOUND
    assert service.began == ["transcribe", "audio-start"]


def test_its_words_are_checked_like_any_others(service: Service) -> None:
    service.words = "Nest step."
    open_ear = WyomingEar(f"wyoming://127.0.0.1:{service.port}", Words(""))
    ear = CheckedEar(open_ear, [(Words("next step"), 0.45)], {"next step": "next_step"})
    assert ear.hear(Sound(SOUND), None).text == "next step"


def test_a_service_that_hangs_up_or_is_gone_is_stood_in_for(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(wyoming_ear, "ANSWER_SECONDS", 2.0)
    ear = WyomingEar(f"wyoming://127.0.0.1:{service.port}", Words("stop"))
    service.words = None
    assert [ear.text(Sound(SOUND)) for _ in range(2)] == ["stop", "stop"]
    assert len(caplog.records) == 1
    service.words = "Go back."
    assert ear.text(Sound(SOUND)) == "Go back."


@pytest.mark.parametrize("address", ["wyoming://", "wyoming://here", "wyoming://:1", "wyoming://here:x"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ModelError):
        WyomingEar(address, Words(""))
