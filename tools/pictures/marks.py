"""Draws what explains: arrows, highlighted places, rings."""

from __future__ import annotations

import math

from tools.pictures.geometry import Point, Points, along, number, pair, smooth
from tools.pictures.parts import ellipse

HEAD: Points = [(9, 0), (-5, -8), (-5, 8)]


def arrow(points: Points, *, light: bool = False) -> str:
    """Draw an arrow along landmarks; a light one is dashed, for a light touch."""
    (x0, y0), (x1, y1) = points[-2], points[-1]
    degrees = math.degrees(math.atan2(y1 - y0, x1 - x0))
    head = "M" + "L".join(pair(p) for p in along(HEAD, points[-1], degrees)) + "z"
    line = smooth(points)
    dash = ' stroke-dasharray=".1 9"' if light else ""
    return (
        f'<path class="ha" d="{line}"/><path class="hh" d="{head}"/>'
        f'<path class="go" d="{line}"{dash}/><path class="hd" d="{head}"/>'
    )


def circle(centre: Point, radius: float, start: float, sweep: float, flat: float = 1) -> str:
    """Draw an arrow round a centre, from `start` over `sweep` degrees, clockwise when positive."""
    steps = max(5, round(abs(sweep) / 40))
    dots = []
    for i in (*range(steps), steps - 0.15, steps):
        angle = math.radians(start + sweep * i / steps)
        dots.append((centre[0] + radius * math.cos(angle), centre[1] + radius * flat * math.sin(angle)))
    return arrow(dots)


def spot(x: float, y: float, radius: float) -> str:
    """Mark a place with a soft disc and a ring."""
    centre = f'cx="{number(x)}" cy="{number(y)}"'
    return f'<circle class="pt" {centre} r="{number(radius)}"/><circle class="pr" {centre} r="{number(radius)}"/>'


def area(x: float, y: float, rx: float, ry: float, degrees: float = 0) -> str:
    """Mark a region with a soft ellipse."""
    return f'<g class="pt">{ellipse(x, y, rx, ry, degrees)}</g>'
