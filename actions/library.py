"""The content that this process coaches from, read once."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from palmwise.coach.content import Content, load_content

FOLDER = Path(__file__).resolve().parent.parent / "content"


def folder() -> Path:
    """Where the content lies: `PALMWISE_CONTENT`, or `content/` beside this package."""
    return Path(os.environ.get("PALMWISE_CONTENT") or FOLDER)


@functools.cache
def library() -> Content:
    """All content, the same object at every call. Raises `ContentError` with every mistake at once."""
    return load_content(folder())
