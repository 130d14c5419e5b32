"""The heart imports no Rasa, no web, no audio, no clock, no chance."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from palmwise.resources import ROOT

ALLOWED = {
    "__future__", "ast", "palmwise", "collections", "dataclasses", "difflib", "functools", "hashlib", "json", "pathlib",
    "re", "string", "sys", "types", "typing", "yaml",
}  # fmt: skip
FILES = sorted((ROOT / "palmwise/coach").glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_heart_is_pure(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported <= ALLOWED


def test_there_is_a_heart() -> None:
    assert len(FILES) > 10
