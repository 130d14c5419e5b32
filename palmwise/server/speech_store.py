"""What may be had as sound: the texts that the coach has said of late, by keys that only its answers give."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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
