"""One conversation with the server, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from palmwise.errors import ServerRefusedError, ServerUnreachableError

PATIENCE = 10.0
"""Seconds to wait for an answer."""
REFUSED = 400
UNKNOWN = 404


class HttpClient:
    """Opens its conversation with the first message, and anew where the server forgot it. Used from one thread."""

    def __init__(self, address: str, transport: httpx.BaseTransport | None = None) -> None:
        """`address` as in `http://127.0.0.1:5005`; `transport` in place of the network."""
        # No proxy: the coach is on this machine or in this house.
        self._http = httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False, transport=transport)
        self.conversation: str | None = None

    def ask(self, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The answer to a message. Raises `UnreachableError`, `RefusedError`.

        In a new conversation a person's words count as well as in the old one; of a timer's step it knows nothing,
        so that the answer is its card.
        """
        try:
            return self._said(message)
        except ServerRefusedError as error:
            self._forgotten(error)
        return self._said(message) if "text" in message else self._seen()

    def look(self) -> list[dict[str, Any]]:
        """The current card. Raises the same."""
        try:
            return self._seen()
        except ServerRefusedError as error:
            self._forgotten(error)
        return self._seen()

    def healthy(self) -> bool:
        """Whether a server answers."""
        try:
            self._request("GET", "/coach/health", None)
        except (ServerUnreachableError, ServerRefusedError):
            return False
        return True

    def close(self) -> None:
        """Ends the connection."""
        self._http.close()

    def _said(self, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        return self._messages("POST", "/coach/message", {"conversation": self._opened(), **message})

    def _seen(self) -> list[dict[str, Any]]:
        return self._messages("GET", f"/coach/conversation?conversation={self._opened()}", None)

    def _opened(self) -> str:
        if self.conversation is None:
            self.conversation = str(self._request("POST", "/coach/conversation", {})["conversation"])
        return self.conversation

    def _forgotten(self, error: ServerRefusedError) -> None:
        """The server keeps a conversation for a day or so. Raises the error when it says anything else."""
        if error.status != UNKNOWN or self.conversation is None:
            raise error
        self.conversation = None

    def _messages(self, method: str, path: str, content: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        messages = self._request(method, path, content).get("messages")
        if not isinstance(messages, list):
            raise ServerRefusedError(0, "no_messages", "The server's answer is none.")
        return messages

    def _request(self, method: str, path: str, content: Mapping[str, Any] | None) -> dict[str, Any]:
        try:
            response = self._http.request(method, path, json=content)
            found = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ServerUnreachableError(f"Nobody answers at {self._http.base_url}.") from error
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ServerUnreachableError(f"{self._http.base_url} cannot answer now.")
        if response.status_code >= REFUSED:
            raise ServerRefusedError(response.status_code, str(found.get("error")), str(found.get("detail")))
        if not isinstance(found, dict):
            raise ServerRefusedError(0, "no_answer", "The server's answer is none.")
        return found
