"""Draws the palm whose reflex points can be chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.pictures import hand, parts
from tools.pictures.geometry import Point
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


SCALE = 1.24
WRIST = (160, 264)


@dataclass(frozen=True)
class Target:
    """What may be tapped for one point: centre, breadth, height as shares of the drawing; degrees clockwise."""

    x: float
    y: float
    width: float
    height: float
    turn: float


@dataclass(frozen=True)
class Mark:
    """A reflex point, at one place of the hand or several: half axes and degrees of what is drawn, of what is hit."""

    places: tuple[Point, ...]
    shape: tuple[float, float, float]
    hit: tuple[float, float]

    def target(self) -> Target:
        """Give the one oblong around all that is hit."""
        xs, ys = zip(*self.places)
        width = (max(xs) - min(xs)) + 2 * self.hit[0]
        height = (max(ys) - min(ys)) + 2 * self.hit[1]
        x = WRIST[0] + SCALE * (max(xs) + min(xs)) / 2
        y = WRIST[1] + SCALE * (max(ys) + min(ys)) / 2
        turn = self.shape[2] if len(self.places) == 1 and self.hit[0] != self.hit[1] else 0
        return Target(x / 320, y / 320, width * SCALE / 320, height * SCALE / 320, turn)


MARKS = {
    "thumb_pad": Mark((hand.OPEN.thumb.at(0.8),), (11, 14, -38), (30, 30)),
    "finger_bases": Mark(tuple(digit.at(-0.03) for digit in hand.OPEN.fingers), (8.5, 7.5, 0), (13, 21)),
    "palm_centre": Mark(((3, -48),), (16, 16, 0), (22, 23)),
    "outer_edge": Mark(((38, -42),), (8, 36, 9), (15, 40)),
}


def reflexology_map() -> str:
    """Give the map: four groups with ids, each with an unseen disc that is easy to hit."""
    body = parts.show("p", "a", f"translate({WRIST[0]} {WRIST[1]}) scale({SCALE})")
    body += "".join(_point(key, mark) for key, mark in MARKS.items())
    desc = "A palm faces up. Four places are marked: thumb pad, finger bases, palm centre, outer edge."
    text = page("Reflex points of the palm", desc, Drawing(body, parts.palm("p", hand.OPEN)))
    text = re.sub(r' role="img" aria-labelledby="t d"', "", text)
    return re.sub(r'class="(\w\w)"', lambda m: f"{m[0]} {PLAIN[m[1]]}", text)


def _point(key: str, mark: Mark) -> str:
    """Draw one reflex point under the id `point-key`."""

    def ellipses(rx: float, ry: float) -> str:
        at = [(WRIST[0] + SCALE * x, WRIST[1] + SCALE * y) for x, y in mark.places]
        return "".join(parts.ellipse(x, y, rx * SCALE, ry * SCALE, mark.shape[2]) for x, y in at)

    wide, marked = ellipses(*mark.hit), ellipses(*mark.shape[:2])
    return f'<g id="point-{key}"><g class="ht">{wide}</g><g class="pt">{marked}</g><g class="pr">{marked}</g></g>'
