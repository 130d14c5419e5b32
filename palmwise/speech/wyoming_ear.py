"""A recognizer that is in the house already and speaks Wyoming, the protocol of Home Assistant's voice services."""

from __future__ import annotations

import asyncio
import logging

from palmwise.errors import ModelError, VoiceError
from palmwise.speech.ears import Backend
from palmwise.speech.endpointing import PIECE, RATE
from palmwise.speech.events import Clip
from palmwise.speech.wyoming_voice import service_address

log = logging.getLogger(__name__)
ANSWER_SECONDS = 8.0
"""For a transcript; a person who waits longer says it again."""
CONNECT_SECONDS = 2.0


class WyomingEar:
    """Sends each clip to a Wyoming service, and takes another backend's word while that does not answer."""

    def __init__(self, address: str, fallback: Backend) -> None:
        """`address` is like `wyoming://homeassistant.local:10300`. Raises `ModelError` if it is not."""
        try:
            import wyoming.asr  # noqa: F401, PLC0415 -- a missing package is reported in words
        except ImportError as error:
            raise ModelError("The package wyoming is missing: make voice-env") from error
        try:
            self._host, self._port = service_address(address)
        except ValueError as error:
            raise ModelError(f"{address} is no address of a recognizer, {error}.") from error
        self._fallback = fallback
        self._missing = False

    def text(self, clip: Clip) -> str:
        """Return what was said. Raises `VoiceError` if the backend that stands in fails as well."""
        try:
            found = asyncio.run(asyncio.wait_for(self._transcribe(clip), ANSWER_SECONDS))
        except (OSError, asyncio.TimeoutError, VoiceError) as error:
            if not self._missing:
                log.warning("%s:%s does not answer (%s): it listens by itself.", self._host, self._port, error)
            self._missing = True
            return self._fallback.text(clip)
        self._missing = False
        return found

    async def _transcribe(self, clip: Clip) -> str:
        from wyoming.asr import Transcribe, Transcript  # noqa: PLC0415 -- checked above
        from wyoming.audio import AudioChunk, AudioStart, AudioStop  # noqa: PLC0415
        from wyoming.client import AsyncTcpClient  # noqa: PLC0415

        sound = clip.get_raw_data(RATE, 2)
        client = AsyncTcpClient(self._host, self._port, connect_timeout=CONNECT_SECONDS)
        await client.connect()
        try:
            await client.write_event(Transcribe(language="en").event())
            await client.write_event(AudioStart(rate=RATE, width=2, channels=1).event())
            for at in range(0, len(sound), 2 * PIECE):
                piece = sound[at : at + 2 * PIECE]
                await client.write_event(AudioChunk(rate=RATE, width=2, channels=1, audio=piece).event())
            await client.write_event(AudioStop().event())
            while event := await client.read_event():
                if Transcript.is_type(event.type):
                    return str(Transcript.from_event(event).text)
        finally:
            await client.disconnect()
        raise VoiceError("it hung up")
