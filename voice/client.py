"""One conversation with the server, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from voice.errors import RefusedError, UnreachableError

PATIENCE = 10.0
"""Seconds to wait for an answer."""
REFUSED = 400
UNKNOWN = 404


class HttpClient:
    """Opens its conversation with the first message. Used from one thread."""

    def __init__(self, address: str) -> None:
        """`address` as in `http://127.0.0.1:5005`."""
        # No proxy: the coach is on this machine or in this house.
        self._http = httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False)
        self.conversation: str | None = None

    def ask(self, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The answer to a message. Raises `UnreachableError`, `RefusedError`."""
        if self.conversation is None:
            self.conversation = str(self._request("POST", "/coach/conversation", {})["conversation"])
        try:
            return self._messages("POST", "/coach/message", {"conversation": self.conversation, **message})
        except RefusedError as error:
            if error.status == UNKNOWN:
                self.conversation = None
            raise

    def look(self) -> list[dict[str, Any]]:
        """The current card. Raises the same."""
        return self._messages("GET", f"/coach/conversation?conversation={self.conversation}", None)

    def healthy(self) -> bool:
        """Whether a server answers."""
        try:
            self._request("GET", "/coach/health", None)
        except (UnreachableError, RefusedError):
            return False
        return True

    def close(self) -> None:
        """Ends the connection."""
        self._http.close()

    def _messages(self, method: str, path: str, content: Mapping[str, Any] | None) -> list[dict[str, Any]]:
        messages = self._request(method, path, content).get("messages")
        if not isinstance(messages, list):
            raise RefusedError(0, "no_messages", "The server's answer is none.")
        return messages

    def _request(self, method: str, path: str, content: Mapping[str, Any] | None) -> dict[str, Any]:
        try:
            response = self._http.request(method, path, json=content)
            found = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise UnreachableError(f"Nobody answers at {self._http.base_url}.") from error
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise UnreachableError(f"{self._http.base_url} cannot answer now.")
        if response.status_code >= REFUSED:
            raise RefusedError(response.status_code, str(found.get("error")), str(found.get("detail")))
        if not isinstance(found, dict):
            raise RefusedError(0, "no_answer", "The server's answer is none.")
        return found
