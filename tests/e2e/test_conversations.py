"""Whole conversations, as files, against a real server over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.e2e.walker import Server, Walker

FILES = sorted((Path(__file__).parent / "conversations").glob("*.yml"))
pytestmark = pytest.mark.server


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_conversation(path: Path, request: pytest.FixtureRequest) -> None:
    lines = yaml.safe_load(path.read_text(encoding="utf-8"))
    server: Server = request.getfixturevalue("mortal" if any("kill" in line for line in lines) else "server")
    walker = Walker(server)
    for line in lines:
        walker.turn(line)
