"""The contract from the client's side, for the terminal and for tests: opens a conversation and talks in it."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from palmwise.errors import RefusedError, UnreachableError

HEADER = "X-Palmwise-Conversation"
PATIENCE = 30.0
"""Seconds to wait for an answer."""


class Talk:
    """One conversation with a server."""

    def __init__(self, address: str) -> None:
        """`address` as in `http://127.0.0.1:5005`; nothing is sent yet."""
        self._host = urlsplit(address).netloc
        self.conversation: str | None = None

    def open(self) -> None:
        """Begins a new one. Raises `UnreachableError`, `RefusedError`."""
        self.conversation = self.ask("POST", "/coach/conversation", {})["conversation"]

    def say(self, text: str, **more: Any) -> list[dict[str, Any]]:
        """The answer to what a person says; `more` goes along as it is."""
        return self._message({"text": text, **more})

    def press(self, payload: str, **more: Any) -> list[dict[str, Any]]:
        """The answer to a button."""
        return self._message({"payload": payload, "by": "button", **more})

    def ring(self, token: str, **more: Any) -> list[dict[str, Any]]:
        """The answer to the end of a step's time; nothing when that step is over."""
        return self._message({"payload": "/next_step", "by": "timer", "token": token, **more})

    def look(self) -> dict[str, Any]:
        """The session and the current card."""
        return self.ask("GET", "/coach/conversation")

    def forget(self) -> None:
        """Ends it; the server keeps nothing."""
        self.ask("DELETE", "/coach/conversation")

    def ask(self, method: str, path: str, content: dict[str, Any] | None = None) -> dict[str, Any]:
        """Any request; its JSON answer, or an empty one. Raises `UnreachableError`, `RefusedError`."""
        connection = http.client.HTTPConnection(self._host, timeout=PATIENCE)
        body = None if content is None else json.dumps(content)
        # Not in the query, which proxies write down.
        named = {HEADER: self.conversation} if self.conversation else {}
        try:
            connection.request(method, path, body, {"Content-Type": "application/json", **named})
            response = connection.getresponse()
            found: dict[str, Any] = json.loads(response.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise UnreachableError(f"Nobody answers at {self._host}.") from error
        finally:
            connection.close()
        if response.status >= http.client.BAD_REQUEST:
            wait = response.getheader("Retry-After")
            raise RefusedError(response.status, found["error"], found["detail"], int(wait) if wait else None)
        return found

    def _message(self, content: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.ask("POST", "/coach/message", {"conversation": self.conversation, **content})
        messages: list[dict[str, Any]] = answer["messages"]
        return messages
