"""A fake text-to-speech service that speaks the real Wyoming protocol."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np


@dataclass
class FakeSpeech:
    """What the service says, what it was asked, and what is to go wrong."""

    url: str = ""
    rate: int = 16_000
    fault: str = ""
    asked: list[str] = field(default_factory=list)
    mono: bytes = (np.arange(1600) % 100).astype("<i2").tobytes()

    @property
    def stereo(self) -> bytes:
        """The same on both channels, as it is sent."""
        return np.repeat(np.frombuffer(self.mono, "<i2"), 2).tobytes()


def serving() -> Iterator[FakeSpeech]:
    """A running service."""
    from wyoming.server import AsyncTcpServer  # noqa: PLC0415 -- only where it is installed

    service = FakeSpeech()
    loop = asyncio.new_event_loop()
    server = AsyncTcpServer("127.0.0.1", 0)

    async def start() -> None:
        await server.start(partial(_handler_class(), service))
        listening: Any = server._server
        service.url = f"wyoming://127.0.0.1:{listening.sockets[0].getsockname()[1]}"

    loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def _handler_class() -> Any:
    from wyoming.audio import AudioChunk, AudioStart, AudioStop  # noqa: PLC0415
    from wyoming.error import Error  # noqa: PLC0415
    from wyoming.event import Event  # noqa: PLC0415
    from wyoming.info import Attribution, Describe, Info, TtsProgram, TtsVoice  # noqa: PLC0415
    from wyoming.server import AsyncEventHandler  # noqa: PLC0415
    from wyoming.tts import Synthesize  # noqa: PLC0415

    by: dict[str, Any] = {"attribution": Attribution("", ""), "installed": True, "description": None, "version": None}
    voice = TtsVoice(name="fake", languages=["en"], **by)

    class Handler(AsyncEventHandler):
        """Answers one client."""

        def __init__(self, service: FakeSpeech, *streams: Any) -> None:
            super().__init__(*streams)
            self.service = service

        async def handle_event(self, event: Event) -> bool:
            """Answer what is asked; False hangs up."""
            if Describe.is_type(event.type):
                voices = [] if self.service.fault == "is_no_voice" else [TtsProgram(name="fake", voices=[voice], **by)]
                await self.write_event(Info(tts=voices).event())
                return True
            if not Synthesize.is_type(event.type) or self.service.fault == "hangs_up":
                return False
            if self.service.fault:
                await self.write_event(Error("broken").event())
                return True
            self.service.asked.append(Synthesize.from_event(event).text)
            form = {"rate": self.service.rate, "width": 2, "channels": 2}
            await self.write_event(AudioStart(**form).event())
            half = len(self.service.stereo) // 2
            for audio in (self.service.stereo[:half], self.service.stereo[half:]):
                await self.write_event(AudioChunk(audio=audio, **form).event())
            await self.write_event(AudioStop().event())
            return True

    return Handler
