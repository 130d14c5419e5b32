"""What the tests in the virtual room share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from palmwise.resources import ROOT
from tests.voice.room import Room, missing, room
from tests.voice.talk import coach


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    if running := os.environ.get("PALMWISE_SERVER"):
        yield running
        return
    model = Path(os.environ.get("PALMWISE_MODEL") or ROOT / "models" / "palmwise.tar.gz")
    if not model.exists():
        pytest.skip("there is no model: make train")
    with coach(model) as address:
        yield address


@pytest.fixture
def virtual() -> Iterator[Room]:
    if missing():
        pytest.skip(f"the virtual room needs {', '.join(missing())}")
    with room() as ready, ready.noise():
        yield ready
