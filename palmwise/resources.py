"""Where the project's files are, and the content, loaded once per process."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from palmwise.coach.content import Content
from palmwise.coach.content_loader import load_content

ROOT = Path(__file__).resolve().parents[1]
"""The project's folder: `config.yml`, `data/`, `content/`, `web/`, `models/`."""
CONVERSATION = ROOT / "data" / "conversation"
"""Folder of the sentences in context: answers to the coach's questions, acts of speech."""
CONTENT_VARIABLE = "PALMWISE_CONTENT"
"""Environment variable that names another content folder, for every part of the program."""


def content_folder() -> Path:
    """The content folder: `PALMWISE_CONTENT` if set (a relative one is within the project), else `content/en`."""
    return ROOT / (os.environ.get(CONTENT_VARIABLE) or "content/en")


@functools.cache
def content() -> Content:
    """The content, the same object at every call.

    Raises `ContentError` with every mistake at once.
    """
    return load_content(content_folder())
