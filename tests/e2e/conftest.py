"""A server that may be killed, beside the one that all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Server


class Mortal:
    """A server on a database that outlives it."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._server = Server(database)

    @property
    def address(self) -> str:
        """Where it is now."""
        return self._server.address

    def kill_and_restart(self) -> None:
        """A power cut, then a new start on the same database."""
        self._server.kill()
        self._server = Server(self._database)

    def stop(self) -> None:
        """The end, which is soon and in order."""
        assert self._server.stop() < 3
        assert self._server.process.returncode == 0


@pytest.fixture(scope="session")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    """One for all tests that kill."""
    running = Mortal(tmp_path_factory.mktemp("mortal") / "conversations.db")
    yield running
    running.stop()
