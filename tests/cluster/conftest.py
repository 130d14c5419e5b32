"""The services, each started once for all tests that use them."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import running, services


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without the packages there is nothing to test here."""
    missing = services.lacking()
    for item in items:
        if missing and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=f"not installed: {', '.join(missing)}"))


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder that the database's own user may enter, which pytest's are not."""
    made = Path(tempfile.mkdtemp(prefix="palmwise-"))
    made.chmod(0o755)
    yield made
    if os.environ.get("PALMWISE_KEEP_LOGS") is None:
        shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def redis(folder: Path) -> Iterator[tuple[services.Service, str]]:
    """Redis, and its address."""
    service, url = services.redis(folder)
    service.start()
    yield service, url
    service.stop()


@pytest.fixture(scope="session")
def postgres(folder: Path) -> Iterator[tuple[services.Service, str]]:
    """PostgreSQL, and the address of its database."""
    room = folder / "database"
    room.mkdir()
    service, url = services.postgres(room)
    service.start()
    yield service, url
    service.stop()


@pytest.fixture(scope="session")
def cluster(
    folder: Path, postgres: tuple[services.Service, str], redis: tuple[services.Service, str]
) -> Iterator[running.Cluster]:
    """Everything at once, with a proxy in front."""
    with running.cluster(folder, postgres, redis) as started:
        yield started
