"""Imports point one way: `docs/architecture.md` says which package may import which."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from palmwise.resources import ROOT

ROW = re.compile(r"^\| `([\w/]+)/` \|[^|]*\| ([^|]*) \|$", re.MULTILINE)
TABLE = {
    folder.replace("/", "."): {folder.replace("/", "."), *re.findall(r"`([\w.]+)`", allowed)}
    for folder, allowed in ROW.findall((ROOT / "docs/architecture.md").read_text(encoding="utf-8"))
}


def test_every_package_has_a_row() -> None:
    folders = [ROOT / "actions", ROOT / "voice", *(path for path in (ROOT / "palmwise").iterdir() if path.is_dir())]
    packages = {".".join(path.relative_to(ROOT).parts) for path in folders if any(path.glob("*.py"))}
    assert packages == set(TABLE)


@pytest.mark.parametrize("package", sorted(TABLE))
def test_a_package_imports_only_what_its_row_allows(package: str) -> None:
    files = (ROOT / package.replace(".", "/")).rglob("*.py")
    found = {_package(module) for path in files for module in _imported(path)} & {
        *TABLE,
        "tests",
        "tools",
        "benchmarks",
    }
    assert found <= TABLE[package]


def _package(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "palmwise" else parts[0]


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)
