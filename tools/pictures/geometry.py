"""Turns a few landmarks into smooth SVG paths."""

from __future__ import annotations

import math
from typing import Sequence, Tuple

Point = Tuple[float, float]
Points = Sequence[Point]


def number(value: float) -> str:
    """Write a coordinate with one decimal and without needless characters."""
    text = f"{value:.1f}"
    if text.endswith(".0"):
        text = text[:-2]
    return {"-0": "0"}.get(text, text).replace("0.", ".", 1) if abs(value) < 1 else text


def pair(point: Point) -> str:
    """Write a point the shortest way that SVG reads: a minus sign needs no separator."""
    x, y = number(point[0]), number(point[1])
    return x + y if y.startswith("-") else f"{x} {y}"


def add(a: Point, b: Point) -> Point:
    """Move a point."""
    return a[0] + b[0], a[1] + b[1]


def turn(point: Point, degrees: float) -> Point:
    """Turn a point around the origin, clockwise on the screen."""
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    return point[0] * cos - point[1] * sin, point[0] * sin + point[1] * cos


def along(points: Points, move: Point = (0, 0), degrees: float = 0, scale: float = 1) -> list[Point]:
    """Scale, turn and move landmarks, in this order."""
    return [add(turn((x * scale, y * scale), degrees), move) for x, y in points]


def _handle(before: Point, here: Point, after: Point) -> Point:
    """Give the control point that leaves `here` towards `after` (centripetal Catmull-Rom)."""
    d1, d2 = math.dist(before, here) ** 0.5, math.dist(here, after) ** 0.5
    if d1 == 0:
        return here
    a, b, c = d1 * d1, d2 * d2, 2 * d1 * d1 + 3 * d1 * d2 + d2 * d2
    low = 3 * d1 * (d1 + d2)
    return (
        (a * after[0] - b * before[0] + c * here[0]) / low,
        (a * after[1] - b * before[1] + c * here[1]) / low,
    )


def smooth(points: Points, *, closed: bool = False) -> str:
    """Lay a smooth curve through the landmarks and give it as SVG path data."""
    dots = [(round(x, 1), round(y, 1)) for x, y in points]
    count = len(dots)

    def at(i: int) -> Point:
        return dots[i % count] if closed else dots[max(0, min(count - 1, i))]

    parts = ["M" + pair(dots[0])]
    for i in range(count if closed else count - 1):
        here, there = at(i), at(i + 1)
        first = _handle(at(i - 1), here, there)
        second = _handle(at(i + 2), there, here)
        steps = [(p[0] - here[0], p[1] - here[1]) for p in (first, second, there)]
        text = "".join(t if k == 0 or t.startswith("-") else " " + t for k, t in enumerate(map(pair, steps)))
        parts.append("c" + text)
    return "".join(parts) + ("z" if closed else "")
