"""The child process that makes sound files: started with the first order, ended when nobody wants any more."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence

from palmwise.errors import RefusedError
from palmwise.resources import ROOT

COMMAND = (sys.executable, "-m", "palmwise.speech.sound_files")
LONGEST_START, LONGEST_ORDER = 30.0, 10.0
"""Seconds for the first order, which loads the voice, and for any other."""
IDLE_SECONDS = 600.0
"""After which the child ends, and its 200 MB are free."""
MOST_WAITING = 16
"""Orders that wait for the child; more are refused."""
REST_SECONDS = 60.0
"""After a failed start, until the next one is tried."""

logger = logging.getLogger(__name__)


class SoundWorker:
    """Makes one file after the other. Used from one event loop."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._process: Process | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._rests_until = 0.0

    async def make(self, text: str, rate: int, form: str) -> bytes:
        """Return a file of a format in `sound_files.FORMATS`. Raises `RefusedError` 503 if that cannot be had now."""
        if self._waiting >= MOST_WAITING or time.monotonic() < self._rests_until:
            raise _busy()
        self._waiting += 1
        # An order that nobody waits for any more is carried out, or the next one would get its answer.
        return await asyncio.shield(asyncio.ensure_future(self._in_turn({"text": text, "rate": rate, "form": form})))

    async def _in_turn(self, order: dict[str, object]) -> bytes:
        try:
            async with self._lock:
                return await self._order(order)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """End the child."""
        if self._idle is not None:
            self._idle.cancel()
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _order(self, order: dict[str, object]) -> bytes:
        if self._idle is not None:
            self._idle.cancel()
        begins = self._process is None or self._process.returncode is not None
        try:
            content = await asyncio.wait_for(self._exchange(order), LONGEST_START if begins else LONGEST_ORDER)
        except (OSError, ValueError, KeyError, asyncio.TimeoutError, asyncio.IncompleteReadError) as error:
            logger.warning("The voice failed: %s", type(error).__name__)
            await self.close()
            if begins:
                self._rests_until = time.monotonic() + REST_SECONDS
            raise _busy() from error
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(IDLE_SECONDS, lambda: loop.create_task(self._end_if_idle()))
        return content

    async def _exchange(self, order: dict[str, object]) -> bytes:
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=ROOT
            )
        if process.stdin is None or process.stdout is None:
            raise ValueError("no pipes")
        process.stdin.write(json.dumps(order).encode() + b"\n")
        await process.stdin.drain()
        answer = json.loads(await process.stdout.readuntil(b"\n"))
        return await process.stdout.readexactly(answer["size"])

    async def _end_if_idle(self) -> None:
        if not self._waiting:
            await self.close()


def _busy() -> RefusedError:
    return RefusedError(503, "unavailable", "The voice is not available just now.", 5)
