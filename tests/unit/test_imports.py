"""Imports point one way: `docs/architecture.md` says who may know whom."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.heart import ROOT

ROW = re.compile(r"^\| `(\w+)/` \|[^|]*\| ([^|]*) \|$", re.MULTILINE)
TABLE = dict(ROW.findall((ROOT / "docs/architecture.md").read_text(encoding="utf-8")))
PACKAGES = sorted(name for name in TABLE if any((ROOT / name).glob("*.py")))


def test_the_table_names_every_package() -> None:
    assert {"actions", "channel", "coach", "engine", "nlu", "voice"} <= set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_knows_only_those_that_the_table_allows(package: str) -> None:
    allowed = {package, *re.findall(r"`(\w+)`", TABLE[package])}
    known = {name for path in (ROOT / package).rglob("*.py") for name in _imported(path)} & {*PACKAGES, "tests"}
    assert known <= allowed


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]
