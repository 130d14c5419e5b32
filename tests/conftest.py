from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from palmwise.client.http_client import CoachClient
from tests.serving import Server

# `make test` takes the second, by --hypothesis-profile. A busy machine may take long for an example.
SLOW_MACHINE = [HealthCheck.too_slow]
settings.register_profile("quick", max_examples=40, deadline=None, suppress_health_check=SLOW_MACHINE)
settings.register_profile("thorough", max_examples=300, deadline=None, suppress_health_check=SLOW_MACHINE)
settings.load_profile("quick")


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
