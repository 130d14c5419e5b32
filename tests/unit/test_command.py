"""The `palmwise` command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from palmwise import __main__, __version__
from palmwise.resources import ROOT
from tools.environment import Environment, write_command


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["palmwise", *arguments])
    return __main__.run()


def test_help_lists_every_subcommand(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--help") == run(monkeypatch) == 0
    text = capsys.readouterr().out
    assert all(f"\n  {name} " in text for name in __main__.SUBCOMMANDS)


def test_every_file_in_the_help_exists(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    run(monkeypatch, "--help")
    documents = [word for word in capsys.readouterr().out.split() if word.endswith(".md")]
    assert documents
    assert [name for name in documents if not (ROOT / name).is_file()] == []


def test_an_unknown_subcommand_is_an_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "sreve") == 2
    assert "'sreve'" in capsys.readouterr().err


def test_wrong_options_of_a_subcommand_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "check", "--no-such-option") == 2
    assert run(monkeypatch, "check", "--help") == 0


def test_the_installed_command_runs_from_any_folder(tmp_path: Path) -> None:
    environment = Environment(tmp_path / "with a blank", ())
    environment.command.parent.mkdir(parents=True)
    python = environment.command.with_name("python")
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    write_command(environment)
    done = subprocess.run([environment.command, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == f"palmwise {__version__}\n"
