"""The proxy's own check of its configuration, and Docker's of the services where its client is there."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cluster.services import ROOT, nginx_files

pytestmark = pytest.mark.services


def test_nginx_takes_it(folder: Path) -> None:
    room = folder / "checked"
    room.mkdir()
    told = subprocess.run(
        [*nginx_files(room, [5001, 5002], 8080, 8443), "-t"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert "warn" not in told.stderr


def test_compose_takes_it() -> None:
    try:
        found = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        found = False
    if not found:
        pytest.skip("no docker compose here; tests/unit/deploy reads the file itself")
    secrets = dict.fromkeys(("POSTGRES_PASSWORD", "REDIS_PASSWORD"), "x")
    paths = dict.fromkeys(("PALMWISE_TLS_CERTIFICATE", "PALMWISE_TLS_KEY"), "/dev/null")
    command = ["docker", "compose", "--file", str(ROOT / "deploy" / "compose.yaml"), "config", "--quiet"]
    subprocess.run(command, check=True, env={**os.environ, **secrets, **paths})
