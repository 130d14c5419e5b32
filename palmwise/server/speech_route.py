"""GET /coach/speech: what the coach has said, as sound in its own voice, whole or sentence by sentence."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping

from sanic.request import Request
from sanic.response import HTTPResponse, raw

from palmwise.errors import RefusedError
from palmwise.server.limits import RateLimit
from palmwise.server.settings import speaks
from palmwise.server.sounds import Messages, Plan, SoundCache, SoundWorker, SpeechStore
from palmwise.speech.delivery import sentence_at
from palmwise.speech.sound_files import FORMATS
from palmwise.speech.voices import NaturalVoice

USUAL_RATE, SLOWEST_RATE, FASTEST_RATE = 165, 80, 300
"""Words a minute."""
RATE_STEP = 5
"""A rate is rounded to a multiple of it, so that few sounds are made twice."""
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Disposition": "inline",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}


class SpeechRoute:
    """Gives out addresses of sounds, and the sounds. Where there is no voice it does neither."""

    def __init__(self, limit: RateLimit, version: str | None, worker: SoundWorker | None = None) -> None:
        """`limit` is that of clients; `version` is the release of the voice, None without one."""
        self._limit = limit
        self._version = version
        self._store = SpeechStore()
        self._cache = SoundCache(version or "")
        self._worker = worker or SoundWorker()

    def with_addresses(self, conversation: str, messages: Messages) -> Messages:
        """The messages with the addresses of their sounds, if there is a voice."""
        return self._store.with_addresses(conversation, messages) if self._version else messages

    def plan_with_addresses(self, conversation: str, plan: Plan) -> Plan:
        """The steps of a plan with the addresses of their sounds, if there is a voice."""
        return self._store.plan_with_addresses(conversation, plan) if self._version else plan

    def forget(self, conversation: str) -> None:
        """Forget what was said in a conversation."""
        self._store.forget(conversation)

    async def respond(self, request: Request) -> HTTPResponse:
        """GET /coach/speech.

        Raises `RefusedError` 404 for a key that no answer gave or a sentence that its text does not have, 400 for what
        is no rate or no number of a sentence.
        """
        await self._limit.require(str(request.remote_addr or request.ip))
        spoken = self._store.find(request.args.get("key") or "")
        text = _wanted(spoken.text, request.args.get("sentence")) if spoken is not None else None
        if spoken is None or text is None:
            raise RefusedError(404, "unknown_speech", "The coach has not said that of late.")
        rate = _rate(request.args.get("rate"))
        form = _form(request.headers.get("accept", ""))
        rate = round(rate * spoken.pace)
        content = self._cache.get(text, rate, form)
        if content is None:
            content = await self._worker.make(text, rate, form)
            self._cache.put(text, rate, form, content)
        return raw(content, headers=HEADERS, content_type=FORMATS[form])

    async def close(self) -> None:
        """End the process that speaks."""
        await self._worker.close()


def voice_version(environment: Mapping[str, str]) -> str | None:
    """The release of the voice; None where it is not installed, or switched off. Raises `ValueError` as `speaks`."""
    return NaturalVoice.version() if speaks(environment) and importlib.util.find_spec("soundfile") else None


def _wanted(text: str, sentence: str | None) -> str | None:
    """Return the whole text or the sentence that is asked for; None if the text has none of that number."""
    if sentence is None:
        return text
    if not re.fullmatch(r"[0-9]{1,3}", sentence):
        raise RefusedError(400, "malformed", "Sentences are numbered from 0.")
    return sentence_at(text, int(sentence))


def _rate(given: str | None) -> int:
    if given is None:
        return USUAL_RATE
    if not (re.fullmatch(r"[0-9]{2,3}", given) and SLOWEST_RATE <= int(given) <= FASTEST_RATE):
        raise RefusedError(400, "malformed", f"A rate is {SLOWEST_RATE} to {FASTEST_RATE} words a minute.")
    return RATE_STEP * round(int(given) / RATE_STEP)


def _form(accepted: str) -> str:
    """Ogg, unless the browser asks for MP3 only."""
    return "mp3" if FORMATS["mp3"] in accepted and FORMATS["ogg"] not in accepted else "ogg"
