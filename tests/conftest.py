from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from palmwise.client.http_client import CoachClient
from tests.serving import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One real server for all tests; each opens conversations of its own."""
    running = Server(Path(tmp_path_factory.mktemp("server")) / "conversations.db")
    yield running
    running.stop()


@pytest.fixture
def talk(server: Server) -> CoachClient:
    """A new conversation with the real server."""
    return server.talk()
