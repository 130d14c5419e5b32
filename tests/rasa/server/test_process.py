from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from palmwise.resources import ROOT


def fails(*arguments: str, **environment: str) -> str:
    """The one line that it ends with."""
    ended = subprocess.run(
        [sys.executable, "-m", "palmwise", "serve", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    return line


@pytest.fixture
def model(tmp_path: Path) -> str:
    """Something that looks like a model."""
    (tmp_path / "model.tar.gz").write_bytes(b"")
    return str(tmp_path)


def test_a_missing_model_is_reported_in_one_line(tmp_path: Path) -> None:
    assert "make train" in fails("--model", str(tmp_path / "nowhere"))


def test_an_occupied_port_is_reported_in_one_line(model: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = fails("--model", model, "--port", port, "--database", str(tmp_path / "c.db"))
    assert line.startswith(f"Port {port}")


def test_broken_content_is_reported_in_one_line(model: str, tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content/en", content)
    (content / "routines" / "classic.yml").write_text("steps: 3\n", encoding="utf-8")
    line = fails("--model", model, "--database", str(tmp_path / "c.db"), PALMWISE_CONTENT=str(content))
    assert "classic.yml" in line


def test_an_invalid_limit_is_reported_in_one_line(model: str) -> None:
    assert "PALMWISE_CLIENT_RATE" in fails("--model", model, PALMWISE_CLIENT_RATE="0")


def test_an_occupied_metrics_port_is_reported_in_one_line(model: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert fails("--model", model, PALMWISE_METRICS_PORT=port).startswith(f"Port {port}")


def test_missing_addresses_are_reported_in_one_line(model: str) -> None:
    line = fails("--model", model, "--endpoints", "deploy/endpoints.yml", PALMWISE_REDIS_URL="redis://127.0.0.1:1")
    assert "PALMWISE_DATABASE_URL" in line
    assert "PALMWISE_REDIS_URL" not in line
