"""Brings each drawing together with its name and its words."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Callable

from tools.pictures import bent, chart, held, stroked
from tools.pictures.style import Drawing, page

CONTENT = Path(__file__).resolve().parents[2] / "content/en"
FOLDER = CONTENT / "pictures"
TECHNIQUES: dict[str, Callable[[], Drawing]] = {
    draw.__name__: draw
    for draw in (
        held.finger_bases,
        held.finger_rolling,
        held.outer_edge,
        held.palm_centre,
        held.petrissage,
        held.tension_circles,
        held.thumb_pad,
        held.thumb_pressing,
        held.wrist_mobilization,
        bent.bend_and_extend,
        stroked.effleurage,
        stroked.gentle_strokes,
        bent.light_finish,
        bent.relaxation_strokes,
    )
}


def album() -> dict[str, str]:
    """Give every picture's file name and text."""
    pages = {}
    for key, draw in TECHNIQUES.items():
        title, alt = _words(key)
        pages[f"{key}.svg"] = page(title, alt, draw())
    pages["welcome.svg"] = page("Two hands", "Two open hands side by side.", stroked.welcome())
    pages["reflexology_map.svg"] = chart.reflexology_map()
    pages["logo.svg"] = page("Palmwise", "A hand with a circle in its palm.", stroked.logo())
    return pages


def _words(key: str) -> tuple[str, str]:
    """Take a technique's title and alternative text from its file."""
    text = (CONTENT / "techniques" / f"{key}.yml").read_text(encoding="utf-8")
    title = re.search(r"^title: (.+)$", text, re.MULTILINE)
    alt = re.search(r"^  alt: >-\n((?:    .+\n?)+)", text, re.MULTILINE)
    if title is None or alt is None:
        raise ValueError(f"{key}.yml has no title or no folded alt text")
    return escape(title[1], quote=False), escape(" ".join(alt[1].split()), quote=False)
