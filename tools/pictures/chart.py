"""Draws the palm whose reflex points can be chosen."""

from __future__ import annotations

import re

from tools.pictures import hand, parts
from tools.pictures.style import Drawing, page

# The widget takes over shapes and their attributes, but no style element: these stand in for it.
PLAIN = {
    "bg": 'fill="#e8f0ec"',
    "lo": 'fill="#e0ab8b"',
    "hi": 'fill="#f5d3b9"',
    "ln": 'fill="none" stroke="#85533a" stroke-width="1.7" stroke-linejoin="round"',
    "in": 'fill="none" stroke="#a86b4b" stroke-width="1.2" stroke-linecap="round" opacity=".8"',
    "pt": 'fill="#14b8a6" opacity=".5"',
    "pr": 'fill="none" stroke="#0f766e" stroke-width="2.5"',
    "ht": 'fill="#fff" fill-opacity="0"',
}


def reflexology_map() -> str:
    """Give the map: four groups with ids, each with an unseen disc that is easy to hit."""
    body = parts.show("p", "a", "translate(160 264) scale(1.24)")
    pad = hand.OPEN.thumb.at(0.8)
    points = _point("thumb_pad", [pad], (11, 14, -38), (30, 30))
    bases = [digit.at(-0.03) for digit in hand.OPEN.fingers]
    points += _point("finger_bases", bases, (8.5, 7.5, 0), (13, 21))
    points += _point("palm_centre", [(3, -48)], (16, 16, 0), (22, 23))
    points += _point("outer_edge", [(38, -42)], (8, 36, 9), (15, 40))
    desc = "A palm faces up. Four places are marked: thumb pad, finger bases, palm centre, outer edge."
    defs = parts.palm("p", hand.OPEN)
    text = page("Reflex points of the palm", desc, Drawing(body + points, defs))
    text = re.sub(r' role="img" aria-labelledby="t d"', "", text)
    return re.sub(r'class="(\w\w)"', lambda m: f"{m[0]} {PLAIN[m[1]]}", text)


def _point(
    key: str, places: list[tuple[float, float]], shape: tuple[float, float, float], hit: tuple[float, float]
) -> str:
    """Draw one reflex point, at one place or several, under the id `point-key`."""
    marked = "".join(
        parts.ellipse(160 + 1.24 * x, 264 + 1.24 * y, shape[0] * 1.24, shape[1] * 1.24, shape[2]) for x, y in places
    )
    wide = "".join(
        parts.ellipse(160 + 1.24 * x, 264 + 1.24 * y, hit[0] * 1.24, hit[1] * 1.24, shape[2]) for x, y in places
    )
    return f'<g id="point-{key}"><g class="ht">{wide}</g><g class="pt">{marked}</g><g class="pr">{marked}</g></g>'
