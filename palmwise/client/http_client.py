"""HTTP client of the coach: the one that the terminal, the voice client, the benchmarks and the tests use."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx

from palmwise.client.answers import is_readable
from palmwise.client.untrusted import MAX_BYTES, clean_json, clean_text
from palmwise.errors import RefusedError, UnreachableError

CONVERSATION_HEADER = "X-Palmwise-Conversation"
"""Carries the conversation's id. It never goes into the query, which proxies and servers write to their logs."""
TIMEOUT = 30.0
"""Seconds to wait for an answer."""
MAX_DETAIL = 300
"""Characters of an error's sentence that are shown."""
MAX_WAIT = 60
"""Seconds that a server may ask a client to wait."""
Messages = list[dict[str, Any]]
"""Rasa's message objects, in order; the last one carries the card under `custom`."""


class CoachClient:
    """One conversation with the coach.

    Every request raises `UnreachableError` when no coach answers, and `RefusedError` when it answers with an error.
    """

    def __init__(
        self,
        address: str,
        *,
        conversation: str | None = None,
        timeout: float = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Send nothing yet.

        `address` is a URL such as `http://127.0.0.1:5005`; `conversation` continues one that was opened before;
        `transport` replaces the network in tests.
        """
        self.conversation = conversation
        self._timeout = timeout
        self._http = httpx.Client(
            base_url=address,
            timeout=timeout,
            verify=_tls(),
            # The coach runs on this machine or in this network: a proxy would only be in the way.
            trust_env=False,
            # Messages are many seconds apart, so the server would close an idle connection anyway.
            limits=httpx.Limits(max_keepalive_connections=0),
            transport=transport,
        )

    def open(self) -> None:
        """Open a new conversation."""
        self.conversation = None
        opened = self.request("POST", "/coach/conversation", {}).get("conversation")
        if not isinstance(opened, str):
            raise self._not_the_coach()
        self.conversation = opened

    def say(self, text: str, **fields: Any) -> Messages:
        """Send what a person said, with further fields of the contract; return the answer."""
        return self._message({"text": text, **fields})

    def press(self, payload: str, **fields: Any) -> Messages:
        """Send the payload of a button; return the answer."""
        return self._message({"payload": payload, "by": "button", **fields})

    def end_step(self, token: str, **fields: Any) -> Messages:
        """Send that the time of a step is over; return the answer, empty if that step is not on any more."""
        return self._message({"payload": "/next_step", "by": "timer", "token": token, **fields})

    def look(self) -> dict[str, Any]:
        """Return `session` and `messages` of the card that is on now."""
        return self.request("GET", "/coach/conversation")

    def forget(self) -> None:
        """Have the server delete the conversation."""
        self.request("DELETE", "/coach/conversation")

    def is_healthy(self) -> bool:
        """Return whether a server answers and could answer a message."""
        try:
            self.request("GET", "/coach/health")
        except (UnreachableError, RefusedError):
            return False
        return True

    def send(self, message: Mapping[str, Any]) -> Messages:
        """Send a message of the contract; open a conversation first where the server knows none.

        Servers forget a conversation after some hours of silence. What a person says is repeated in the new one. The
        timer of a step means nothing there, so the current card is returned instead.
        """
        if self.conversation is None:
            self.open()
        try:
            return self._message(message)
        except RefusedError as error:
            if error.status != httpx.codes.NOT_FOUND:
                raise
        self.open()
        return self._message(message) if "text" in message else self._card()

    def current_card(self) -> Messages:
        """Return the messages of the card that is on now; open a conversation first where the server knows none."""
        if self.conversation is None:
            self.open()
        try:
            return self._card()
        except RefusedError as error:
            if error.status != httpx.codes.NOT_FOUND:
                raise
        self.open()
        return self._card()

    def request(self, method: str, path: str, content: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Send any request; return the JSON object of the answer, empty if it has no body."""
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if self.conversation:
            headers[CONVERSATION_HEADER] = self.conversation
        # Not by httpx's `json`, which cannot send the half of a surrogate pair that a terminal may pass on.
        body = None if content is None else json.dumps(content)
        try:
            with self._http.stream(method, path, content=body, headers=headers) as response:
                text = self._read(response)
            found = clean_json(json.loads(text)) if text else {}
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
            raise UnreachableError(f"The coach does not answer at {self._http.base_url}.") from error
        finally:
            # The server also sets the id as a cookie, which would outlive `open`.
            self._http.cookies.clear()
        if not isinstance(found, dict):
            raise self._not_the_coach()
        if response.is_error:
            raise RefusedError(
                response.status_code,
                str(found.get("error")),
                clean_text(str(found.get("detail")), MAX_DETAIL),
                _seconds(response.headers.get("Retry-After", "")),
            )
        return found

    def close(self) -> None:
        """Close the client for good."""
        self._http.close()

    def _message(self, message: Mapping[str, Any]) -> Messages:
        return self._messages(self.request("POST", "/coach/message", {"conversation": self.conversation, **message}))

    def _card(self) -> Messages:
        return self._messages(self.look())

    def _messages(self, answer: dict[str, Any]) -> Messages:
        messages = answer.get("messages")
        if not isinstance(messages, list) or not is_readable(messages):
            raise self._not_the_coach()
        return messages

    def _read(self, response: httpx.Response) -> bytes:
        """The body. Raises `UnreachableError` for one that is too long, packed, or takes too long to arrive."""
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise self._not_the_coach()
        deadline = time.monotonic() + self._timeout
        body = b""
        for piece in response.iter_bytes():
            body += piece
            if len(body) > MAX_BYTES or time.monotonic() > deadline:
                raise self._not_the_coach()
        return body

    def _not_the_coach(self) -> UnreachableError:
        return UnreachableError(f"What answers at {self._http.base_url} is not the coach.")


def _seconds(wait: str) -> int | None:
    """The seconds of a `Retry-After`, at most `MAX_WAIT`; None for anything else."""
    return min(int(wait[:9]), MAX_WAIT) if wait.isascii() and wait.isdecimal() else None


@cache
def _tls() -> ssl.SSLContext:
    """The certificates that are trusted, which take a tenth of a second to read."""
    return httpx.create_ssl_context(trust_env=False)
