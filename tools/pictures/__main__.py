"""Writes all pictures: `python -m tools.pictures` in the project's folder."""

from __future__ import annotations

from tools.pictures.album import FOLDER, album

for name, text in album().items():
    (FOLDER / name).write_text(text, encoding="utf-8")
