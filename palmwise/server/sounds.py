"""What the coach has said, as sound: the keys that its answers give, the cache, and the child process that speaks."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging
import secrets
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palmwise.errors import RefusedError
from palmwise.resources import ROOT
from palmwise.speech.delivery import CALM, GUIDING_CARDS, PLAIN, Delivery, with_pauses

Messages = list[dict[str, Any]]
"""Rasa's message objects."""
Plan = list[dict[str, Any]]
"""Steps as `PlanStep` has them, as JSON."""
ADDRESS = "/coach/speech?key="
KEY_CHARACTERS = 32
KEPT_SECONDS = 3600.0
"""For which a text can be had as sound, and a sound is cached."""
MOST_TEXTS = 20_000
"""Of all conversations; the oldest go first."""
CACHE_BYTES = 16 << 20
"""Of cached sounds: about an hour of speech."""


@dataclass(frozen=True)
class SpokenText:
    """A text that the coach has said, with marks for its pauses."""

    text: str
    pace: float
    """Factor on the rate."""
    conversation: str
    until: float
    """Second of the clock in use until which it can be had."""


class SpeechStore:
    """Keys and their texts, in memory only. A key cannot be guessed, and tells nothing about its text."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives monotonic seconds."""
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._texts: OrderedDict[str, SpokenText] = OrderedDict()

    def with_addresses(self, conversation: str, messages: Messages) -> Messages:
        """The messages with the address of the sound beside each text that is for the ear.

        They are copied where they change: the originals are stored and sent again.
        """
        return [self._with_address(conversation, message) for message in messages]

    def plan_with_addresses(self, conversation: str, plan: Plan) -> Plan:
        """The steps of a plan with the address of the sound beside each text, for a client that may lose its server."""
        return [self._spoken(conversation, step, CALM) for step in plan]

    def find(self, key: str) -> SpokenText | None:
        """The text of a key; None if it was never given out, or too long ago."""
        found = self._texts.get(key)
        return found if found is not None and self._clock() < found.until else None

    def forget(self, conversation: str) -> None:
        """Forget the texts of a conversation."""
        for key in [key for key, text in self._texts.items() if text.conversation == conversation]:
            del self._texts[key]

    def _with_address(self, conversation: str, message: dict[str, Any]) -> dict[str, Any]:
        card = message.get("custom")
        if not isinstance(card, Mapping) or not card.get("say"):
            return message
        if card.get("forgotten"):
            self.forget(conversation)
        delivery = CALM if card.get("card") in GUIDING_CARDS else PLAIN
        return {**message, "custom": self._spoken(conversation, card, delivery)}

    def _spoken(self, conversation: str, said: Mapping[str, Any], delivery: Delivery) -> dict[str, Any]:
        """A card, or a step of a plan, with the addresses of what it says and of its cues."""
        spoken = {**said, "speech": self._address(conversation, str(said["say"]), delivery)}
        if said.get("cues"):
            spoken["cues"] = [
                {**cue, "speech": self._address(conversation, cue["say"], CALM, swaps="hand" in cue)}
                for cue in said["cues"]
            ]
        return spoken

    def _address(self, conversation: str, say: str, delivery: Delivery, *, swaps: bool = False) -> str:
        text = with_pauses(say, delivery, swaps=swaps)
        content = f"{conversation}\n{delivery.pace}\n{text}".encode()
        key = hmac.digest(self._secret, content, "sha256").hex()[:KEY_CHARACTERS]
        self._texts.pop(key, None)
        self._texts[key] = SpokenText(text, delivery.pace, conversation, self._clock() + KEPT_SECONDS)
        if len(self._texts) > MOST_TEXTS:
            self._texts.popitem(last=False)
        return ADDRESS + key


class SoundCache:
    """Sounds by what they are made of, at most `CACHE_BYTES`. It holds no texts."""

    def __init__(self, version: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`version` is that of the voice."""
        self._version = version
        self._clock = clock
        self._sounds: OrderedDict[bytes, tuple[bytes, float]] = OrderedDict()
        self._size = 0

    def get(self, text: str, rate: int, form: str) -> bytes | None:
        """The sound, None if it is not there or too old."""
        name = self._name(text, rate, form)
        content, until = self._sounds.get(name, (b"", 0.0))
        if self._clock() >= until:
            self._remove(name)
            return None
        self._sounds.move_to_end(name)
        return content

    def put(self, text: str, rate: int, form: str, content: bytes) -> None:
        """Keep a sound; the least recently used ones make room."""
        name = self._name(text, rate, form)
        self._remove(name)
        self._sounds[name] = content, self._clock() + KEPT_SECONDS
        self._size += len(content)
        while self._size > CACHE_BYTES:
            self._remove(next(iter(self._sounds)))

    def _remove(self, name: bytes) -> None:
        content, _ = self._sounds.pop(name, (b"", 0.0))
        self._size -= len(content)

    def _name(self, text: str, rate: int, form: str) -> bytes:
        return hashlib.sha256(f"{self._version}\n{rate}\n{form}\n{text}".encode()).digest()


# The child process


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
