"""A voice that is in the house already: any text-to-speech service that speaks the Wyoming protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from palmwise.errors import LoudspeakerError
from palmwise.language.reading_aloud import read_aloud
from palmwise.speech.delivery import parts
from palmwise.speech.voices import Sound, silence

SCHEME = "wyoming://"
CONNECT_SECONDS, READ_SECONDS = 2.0, 6.0
"""How long a service may take to be reached, and for each piece of its answer."""
_BROKEN = (OSError, ValueError, asyncio.TimeoutError, asyncio.IncompleteReadError)


def service_address(url: str) -> tuple[str, int]:
    """Host and port of `wyoming://host:port`. Raises `ValueError`."""
    address = urlsplit(url)
    if address.scheme != "wyoming" or not address.hostname or not address.port or address.path.strip("/"):
        raise ValueError("such as wyoming://homeassistant.local:10200")
    return address.hostname, address.port


class WyomingVoice:
    """The service's voice. Its speed is the service's own: the protocol has no word for it."""

    def __init__(self, url: str) -> None:
        """Ask the service whether it is there. Raises `LoudspeakerError`."""
        self.name = url
        try:
            self._host, self._port = service_address(url)
        except ValueError as error:
            raise LoudspeakerError(f"{url} is no address of a voice, {error}.") from error
        self._rate = 0
        self._run(self._greet())

    def speak(self, text: str, rate: int) -> Iterator[Sound]:  # noqa: ARG002 -- see the class
        """Yield the sound of each part of the text, and each pause. Raises `LoudspeakerError`."""
        for part in parts(text):
            if not isinstance(part, float):
                sound = self._run(self._synthesize(read_aloud(part)))
                self._rate = sound.rate
                yield sound
            elif self._rate:
                yield silence(part, self._rate)

    def _run(self, work: Any) -> Any:
        try:
            return asyncio.run(work)
        except _BROKEN as error:
            reason = str(error) or "it does not answer"
            raise LoudspeakerError(f"The voice at {self.name} cannot be had: {reason}.") from error

    async def _greet(self) -> None:
        from wyoming.info import Describe, Info  # noqa: PLC0415 -- only for those who have such a voice

        async with self._client() as client:
            await client.write_event(Describe().event())
            while (event := await client.read_event()) is not None:
                if Info.is_type(event.type):
                    if not Info.from_event(event).tts:
                        raise ValueError("that service does not speak")
                    return
        raise ValueError("it hung up")

    async def _synthesize(self, text: str) -> Sound:
        from wyoming.audio import AudioChunk, AudioStop  # noqa: PLC0415
        from wyoming.error import Error  # noqa: PLC0415
        from wyoming.tts import Synthesize  # noqa: PLC0415

        pieces: list[bytes] = []
        rate = 0
        async with self._client() as client:
            await client.write_event(Synthesize(text=text).event())
            while (event := await client.read_event()) is not None:
                if AudioChunk.is_type(event.type):
                    chunk = AudioChunk.from_event(event)
                    pieces.append(_mono(chunk.audio, chunk.width, chunk.channels))
                    rate = chunk.rate
                elif Error.is_type(event.type):
                    raise ValueError("it reports an error")
                elif AudioStop.is_type(event.type) and pieces:
                    return Sound(b"".join(pieces), rate)
        raise ValueError("it hung up")

    def _client(self) -> Any:
        from wyoming.client import AsyncTcpClient  # noqa: PLC0415

        return AsyncTcpClient(self._host, self._port, connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS)


def _mono(pcm: bytes, width: int, channels: int) -> bytes:
    if width != 2:
        raise ValueError(f"its samples have {8 * width} bits instead of 16")
    if channels == 1:
        return pcm
    mixed = np.frombuffer(pcm, "<i2").reshape(-1, channels).mean(axis=1)
    return bytes(mixed.astype("<i2").tobytes())
