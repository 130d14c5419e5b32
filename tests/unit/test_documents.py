"""The documents name files and make targets that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from palmwise.resources import ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
NAME = re.compile(r"`([\w./-]+/|[\w./-]+\.(?:py|js|yml|yaml|md|toml|json|jsonl|lock|in|sh))`|\]\((?!http)([^)#]+)")
MADE = re.compile(r"\.palmwise/|results/|content/en/(?:faq|routines)/\w+\.yml|/coach/")
"""Files that appear when the program runs, examples of new files, and addresses of the server."""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_files_exist(document: Path) -> None:
    named = {match[1] or match[2] for match in NAME.finditer(document.read_text(encoding="utf-8"))}
    folders = (ROOT, document.parent, ROOT / "palmwise", ROOT / "content" / "en", ROOT / "deploy")
    missing = {
        name for name in named if not MADE.search(name) and not any((folder / name).exists() for folder in folders)
    }
    assert missing == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_make_targets_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", document.read_text(encoding="utf-8"))) <= targets
