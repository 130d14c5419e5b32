"""What the tests in the virtual room share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.voice.room import Room, missing_programs, virtual_room
from benchmarks.voice.voice_session import temporary_server
from palmwise.resources import ROOT


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    if running := os.environ.get("PALMWISE_SERVER"):
        yield running
        return
    model = Path(os.environ.get("PALMWISE_MODEL") or ROOT / "models" / "palmwise.tar.gz")
    if not model.exists():
        pytest.skip("there is no model: make train")
    with temporary_server(model) as address:
        yield address


@pytest.fixture
def room() -> Iterator[Room]:
    if missing_programs():
        pytest.skip(f"the virtual room needs {', '.join(missing_programs())}")
    with virtual_room() as ready, ready.noise():
        yield ready
