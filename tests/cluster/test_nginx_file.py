"""The proxy's own check of its configuration."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cluster.services import nginx_files

pytestmark = pytest.mark.services


def test_nginx_accepts_the_configuration(folder: Path) -> None:
    room = folder / "checked"
    room.mkdir()
    told = subprocess.run(
        [*nginx_files(room, [5001, 5002], 8080, 8443), "-t"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert "warn" not in told.stderr
