"""Docker's own check of the services, by whichever of its two clients is there; neither needs an engine for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.unit.deploy.test_files import DEPLOY

CLIENTS = (["docker", "compose"], ["docker-compose"])
SECRETS = ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "PALMWISE_TLS_CERTIFICATE", "PALMWISE_TLS_KEY")


def client() -> list[str]:
    """The command, or the test is skipped."""
    for command in CLIENTS:
        # A docker without its plugin is there and knows no such word.
        if shutil.which(command[0]):
            asked = subprocess.run([*command, "version"], capture_output=True, check=False)
            if asked.returncode == 0:
                return command
    pytest.skip("neither docker compose nor docker-compose here; test_files.py reads the file itself")


@pytest.mark.parametrize("missing", [None, *SECRETS])
def test_compose_accepts_the_example_once_it_is_filled_in(missing: str | None, tmp_path: Path) -> None:
    filled_in = tmp_path / ".env"
    example = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    filled_in.write_text(
        "\n".join(
            f"{line}x" if line.endswith("=") else line for line in example.split("\n") if not named(line, missing)
        ),
        encoding="utf-8",
    )
    command = [*client(), "--env-file", str(filled_in), "--file", str(DEPLOY / "compose.yaml"), "config", "--quiet"]
    outside = {name: value for name, value in os.environ.items() if name not in SECRETS}
    told = subprocess.run(command, env=outside, capture_output=True, text=True, check=False)
    assert (told.returncode == 0) == (missing is None), told.stderr
    assert missing is None or "set it in deploy/.env" in told.stderr or "the path of" in told.stderr


def named(line: str, name: str | None) -> bool:
    """Whether the line gives that name a value."""
    return name is not None and line.startswith(f"{name}=")
