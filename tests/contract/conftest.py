"""The servers that have to keep the contract: the real one, and the fake that the browser tests use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from palmwise.client.http_client import CoachClient
from tests.web.fake import Coach, Served


@pytest.fixture(scope="session")
def fake_address() -> Iterator[str]:
    served = Served(Coach(voice=b"sound"))
    yield served.address
    served.stop()


@pytest.fixture(params=["real", "fake"], scope="session")
def address(request: pytest.FixtureRequest) -> str:
    """`http://host:port` of a server; each test runs against both."""
    if request.param == "fake":
        return str(request.getfixturevalue("fake_address"))
    return str(request.getfixturevalue("server").address)


@pytest.fixture
def coach(address: str) -> Iterator[CoachClient]:
    """A new conversation."""
    client = CoachClient(address)
    client.open()
    yield client
    client.close()
