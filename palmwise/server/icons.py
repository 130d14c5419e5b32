"""The mark as PNG, drawn from the widget's `icon.svg`: some systems put nothing else on their home screens."""

from __future__ import annotations

import math
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from palmwise.resources import ROOT

ICON = ROOT / "web" / "icon.svg"
SIZES = {"icon-192.png": (192, True), "icon-512.png": (512, True), "icon-maskable.png": (512, False)}
"""File -> width in pixels, and whether the corners are cut; where they are not, the system cuts them itself."""
CURVE_PIECES = 16
"""Straight pieces of a curve."""
_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")

Point = tuple[float, float]
Samples = NDArray[np.float64]


def makers() -> dict[str, Callable[[], bytes]]:
    """The files by their names, with what makes each of them."""
    return {name: partial(icon, name) for name in SIZES}


@cache
def icon(name: str) -> bytes:
    """The PNG file of one of `SIZES`."""
    width, rounded = SIZES[name]
    return _png(_drawing(ICON, width, rounded=rounded))


def _drawing(file: Path, width: int, *, rounded: bool) -> NDArray[np.uint8]:
    """Pixels (height, width, RGBA) of an SVG file that has one rounded square and one stroked path on it."""
    text = file.read_text(encoding="utf-8")
    size = _numbers(text, r'viewBox="0 0 (\S+)')[0]
    radius, *moved = _numbers(text, r'rx="(\S+?)"') + _numbers(text, r"translate\((\S+) (\S+)\)")
    stroke = _numbers(text, r'stroke-width="(\S+?)"')[0]
    ground = [int(pair, 16) for pair in re.findall("..", re.findall(r'fill="#(\w{6})"', text)[0])]
    path = re.findall(r' d="([^"]+)"', text)[0]
    scale = width / size
    y, x = (np.mgrid[0:width, 0:width] + 0.5) / scale
    line = _share((_distance(x - moved[0], y - moved[1], path) - stroke / 2) * scale)
    pixels = np.empty((width, width, 4))
    for channel, value in enumerate(ground):
        pixels[..., channel] = value + (255 - value) * line
    inside = np.hypot(*(np.maximum(abs(one - size / 2) - size / 2 + radius, 0.0) for one in (x, y))) - radius
    pixels[..., 3] = 255 * (_share(inside * scale) if rounded else 1.0)
    return pixels.round().astype(np.uint8)


def _numbers(text: str, pattern: str) -> list[float]:
    found = re.search(pattern, text)
    return [float(one) for one in found.groups()] if found else []


def _share(pixels: Samples) -> Samples:
    """How much of a pixel is covered by a shape whose edge is so many pixels away, negative inside."""
    return np.clip(0.5 - pixels, 0.0, 1.0)


def _distance(x: Samples, y: Samples, path: str) -> Samples:
    """Distance of each point from the line of a path."""
    nearest = np.full(x.shape, np.inf)
    for (ax, ay), (bx, by) in _pieces(path):
        dx, dy = bx - ax, by - ay
        along = np.clip(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy or 1.0), 0.0, 1.0)
        nearest = np.minimum(nearest, np.hypot(x - ax - along * dx, y - ay - along * dy))
    return nearest


def _pieces(path: str) -> Iterator[tuple[Point, Point]]:
    """The straight pieces of a path of M, L, V, A (of circles), C and Z, absolute or relative.

    Raises `ValueError` for any other command.
    """
    tokens = _TOKEN.findall(path)
    at = begin = (0.0, 0.0)
    command = ""
    while tokens:
        if tokens[0].isalpha():
            command = tokens.pop(0)
        points = _points(command, at, begin, tokens)
        if command.upper() == "M":
            at = begin = points[0]
            command = "L" if command == "M" else "l"
            continue
        yield from zip([at, *points[:-1]], points, strict=True)
        at = points[-1]


def _points(command: str, at: Point, begin: Point, tokens: list[str]) -> list[Point]:
    """The points that one command goes through; takes its numbers from `tokens`."""
    x, y = at if command.islower() else (0.0, 0.0)

    def take(count: int) -> list[float]:
        taken = [float(token) for token in tokens[:count]]
        del tokens[:count]
        return taken

    match command.upper():
        case "M" | "L":
            dx, dy = take(2)
            return [(x + dx, y + dy)]
        case "V":
            return [(at[0], y + take(1)[0])]
        case "A":
            radius, _, _, _, sweep, dx, dy = take(7)
            return _arc(at, (x + dx, y + dy), radius, clockwise=bool(sweep))
        case "C":
            a, b, c, d, e, f = take(6)
            return _curve(at, (x + a, y + b), (x + c, y + d), (x + e, y + f))
        case "Z":
            return [begin]
    raise ValueError(f"The icon's path has a {command!r}.")


def _arc(start: Point, end: Point, radius: float, *, clockwise: bool) -> list[Point]:
    """The smaller arc of a circle, clockwise as it is seen, from `start` to `end`."""
    (ax, ay), (bx, by) = start, end
    chord = math.hypot(bx - ax, by - ay)
    radius = max(radius, chord / 2)
    off = math.sqrt(radius**2 - (chord / 2) ** 2) * (1 if clockwise else -1) / chord
    cx, cy = (ax + bx) / 2 - (by - ay) * off, (ay + by) / 2 + (bx - ax) * off
    first, last = math.atan2(ay - cy, ax - cx), math.atan2(by - cy, bx - cx)
    turn = (last - first) % math.tau if clockwise else -((first - last) % math.tau)
    angles = (first + turn * step / CURVE_PIECES for step in range(1, CURVE_PIECES + 1))
    return [(cx + radius * math.cos(angle), cy + radius * math.sin(angle)) for angle in angles]


def _curve(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    """A cubic Bézier curve."""
    found = []
    for step in range(1, CURVE_PIECES + 1):
        t = step / CURVE_PIECES
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x, y = (
            sum(weight * point[axis] for weight, point in zip(weights, (a, b, c, d), strict=True)) for axis in (0, 1)
        )
        found.append((x, y))
    return found


def _png(pixels: NDArray[np.uint8]) -> bytes:
    height, width, _ = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
