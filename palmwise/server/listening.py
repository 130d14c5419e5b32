"""The ear for browsers: sound goes to a process of its own on this machine, and comes back as words.

The process starts when the first browser asks for it, and needs the voice client's environment. Sound is held in memory
for as long as it is listened to; neither sound nor words are logged or stored.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import shutil
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from palmwise.errors import RefusedError
from palmwise.resources import ROOT

if TYPE_CHECKING:
    from sanic.request import Request

COMMAND = (str(ROOT / ".venv-voice" / "bin" / "python"), "-m", "palmwise.speech.ear_process")
MEDIA_TYPE = "audio/pcm"
"""Samples of 16 bit, little end first, mono, 16,000 a second."""
LONGEST_SECONDS = 12
MOST_BYTES = LONGEST_SECONDS * 32_000
START_SECONDS = 240.0
"""For loading the models, on a slow machine."""
ANSWER_SECONDS = 10.0
MOST_WAITING = 8
"""Clips that may wait for the ear at once; more are refused with 503."""
REST_SECONDS = 60.0
"""After a failed start, until the next try."""
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto")

logger = logging.getLogger(__name__)


class EarService:
    """The process that listens: started once, started again when it dies, asked one thing at a time."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._process: Process | None = None
        self._name = ""
        self._failed_at: float | None = None
        self._starting: asyncio.Future[None] | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._count = 0

    def begin(self) -> str | None:
        """Start it in the background; return which recognizer listens, empty while it starts, None if there is none."""
        if self._rests() or shutil.which(self._command[0]) is None:
            return None
        if self._process is None and (self._starting is None or self._starting.done()):
            self._starting = asyncio.ensure_future(self._warm_up())
        return self._name

    async def _warm_up(self) -> None:
        with suppress(RefusedError):
            await self.name()

    async def name(self) -> str:
        """Return which recognizer listens, once it does. Raises `RefusedError` 404 where there is none."""
        async with self._turn:
            await self._start()
            return self._name

    def _rests(self) -> bool:
        return self._failed_at is not None and time.monotonic() - self._failed_at < REST_SECONDS

    async def listen(self, sound: bytes, asked: str | None) -> Mapping[str, Any]:
        """Return what was said while a question of the coach was open. Raises `RefusedError` 404 or 503."""
        if self._waiting >= MOST_WAITING:
            raise RefusedError(503, "busy", "Too many people are speaking at once.", 1)
        self._waiting += 1
        try:
            async with self._turn:
                process = await self._start()
                try:
                    return await asyncio.wait_for(self._ask(process, sound, asked), ANSWER_SECONDS)
                except (OSError, ValueError, asyncio.TimeoutError):
                    await self._end()
                    raise RefusedError(503, "unavailable", "The ear failed. It is started again.", 1) from None
                except asyncio.CancelledError:
                    # Its answer would be taken for that to the next question.
                    await self._end()
                    raise
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """End the process."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await self._end()

    async def _start(self) -> Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        if self._rests():
            raise _no_ear()
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=ROOT
            )
            self._process = process
            said = await asyncio.wait_for(_read(process), START_SECONDS)
            self._name = str(said["ear"])
        except (OSError, ValueError, KeyError, asyncio.TimeoutError) as error:
            self._failed_at = time.monotonic()
            await self._end()
            logger.warning("Browsers are not listened to: the ear does not start (%s).", type(error).__name__)
            raise _no_ear() from None
        self._failed_at = None
        return process

    async def _ask(self, process: Process, sound: bytes, asked: str | None) -> Mapping[str, Any]:
        assert process.stdin is not None  # noqa: S101 -- it was started with a pipe
        self._count += 1
        order = {"number": self._count, "bytes": len(sound), "asked": asked}
        process.stdin.write(json.dumps(order).encode() + b"\n" + sound)
        await process.stdin.drain()
        answer = await _read(process)
        if answer.get("number") != self._count or answer.get("failed"):
            raise ValueError("not an answer")
        return {key: answer.get(key, empty) for key, empty in (("text", ""), ("complete", False), ("doubtful", False))}

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _read(process: Process) -> dict[str, Any]:
    """Return its next line. Raises `ValueError` if it is none, as at its end."""
    assert process.stdout is not None  # noqa: S101 -- it was started with a pipe
    answer = json.loads(await process.stdout.readline())
    if not isinstance(answer, dict):
        raise ValueError("not an answer")  # noqa: TRY004 -- one error for whatever is no answer
    return answer


def _no_ear() -> RefusedError:
    return RefusedError(404, "no_ear", "This server does not listen: `make voice-env` installs what it needs.")


def is_private(request: Request) -> bool:
    """Return whether a request came from this machine, or encrypted.

    A proxy says by a header how it was asked; who lies there only harms themselves.
    """
    if request.scheme == "https" or request.headers.get("x-forwarded-proto") == "https":
        return True
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.ip).is_loopback
    except ValueError:
        return False


def require_private(request: Request) -> None:
    """Raise `RefusedError` 403 unless `is_private`."""
    if is_private(request):
        return
    raise RefusedError(403, "insecure", "Sound is only taken from this machine, or over https.")


def read_sound(request: Request) -> bytes:
    """Return the samples in a request. Raises `RefusedError` 415, 413 or 400."""
    if str(request.content_type).partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise RefusedError(415, "not_sound", f"Send the sound as {MEDIA_TYPE};rate=16000.")
    sound: bytes = request.body
    if len(sound) > MOST_BYTES:
        raise RefusedError(413, "too_long", f"A sound lasts {LONGEST_SECONDS} s at most.")
    if not sound or len(sound) % 2:
        raise RefusedError(400, "malformed", "A sound has samples of two bytes.")
    return sound
