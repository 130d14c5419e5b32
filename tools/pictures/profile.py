"""Builds a hand seen from its thumb side, bent at the wrist and the finger joints as wished."""

from __future__ import annotations

from dataclasses import dataclass

from tools.pictures.geometry import Point, Points, add, along, smooth, turn
from tools.pictures.parts import define, lines


@dataclass(frozen=True)
class Bend:
    """How far each joint is bent towards the palm, in degrees; the wrist is the origin."""

    wrist: float = 0
    knuckle: float = 8
    middle: float = 10
    end: float = 6
    thumb: float = 0
    arm: float = 110


# Length of each bone from the wrist on, half the thickness at its far end.
HAND = ((30, 18.5), (34, 17.5), (26, 14.5))
FINGER = ((22, 11.6), (22, 10.6), (15, 9.4), (15, 9.2), (12, 8.2), (8, 6.4), (4, 3.2))
THUMB = ((20, 14), (20, 12.4), (16, 11), (14, 10.6), (12, 9.2), (8, 6.6), (3.5, 3.2))


def tube(
    start: Point, first: float, course: list[tuple[float, float, float]], half: float
) -> tuple[list[Point], Point, list[Point], float]:
    """Walk (length, half thickness, turn) from `start`; give upper side, tip, lower side, heading."""
    upper, lower = [], []
    here, heading, last = start, first, half
    for length, thick, bend in course:
        heading += bend / 2
        here = add(here, turn((length, 0), heading))
        heading += bend / 2
        upper.append(add(here, turn((0, -thick), heading)))
        lower.append(add(here, turn((0, thick), heading)))
        last = thick
    return upper, add(here, turn((last * 0.45, 0), heading)), lower[::-1], heading


def course(bend: Bend) -> list[tuple[float, float, float]]:
    """Spread the joints' bends over the pieces of the hand."""
    turns = [bend.wrist * 0.7, bend.wrist * 0.3, bend.knuckle * 0.35]
    turns += [bend.knuckle * 0.65, bend.middle * 0.4, bend.middle * 0.6, bend.end * 0.5, bend.end * 0.5, 0, 0]
    return [(n, w, t) for (n, w), t in zip(HAND + FINGER, turns)]


def side(key: str, bend: Bend) -> str:
    """Define the hand under `key`, the thumb under `key` + `t`: fingers to the right, palm down."""
    upper, tip, lower, _ = tube((0, 0), 0, course(bend), 19)
    arm: list[Point] = [(-bend.arm, -25), (-bend.arm / 2, -22.5), (-14, -19)]
    under: list[Point] = [(-8, 18.5), (-bend.arm / 2, 23), (-bend.arm, 26)]
    edge = smooth([*arm, *upper, tip, *lower, *under])
    return define(key, edge, "", f'<path d="{_folds(upper, lower)}"/>') + _thumb(key + "t", bend)


def _folds(upper: list[Point], lower: list[Point]) -> str:
    below = lower[::-1]
    marks: list[Points] = []
    for i in (4, 6):
        a, b = below[i], upper[i]
        marks.append([_part(a, b, 0.04), _part(a, b, 0.3)])
        marks.append([_part(b, a, 0.08), _part(b, a, 0.26)])
    return lines(marks)


def _part(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _thumb(key: str, bend: Bend) -> str:
    start = turn((6, 4), bend.wrist * 0.5)
    heading = 24 + bend.wrist * 0.85 + bend.thumb
    turns = (-4, -8, -10, -6, -2, 2, 0)
    upper, tip, lower, _ = tube(start, heading, [(n, w, t) for (n, w), t in zip(THUMB, turns)], 15)
    shape = smooth([*upper, tip, *lower, *along([(-12, 18.8)])])
    nail = _nail(upper, lower[::-1])
    folds: list[Points] = [[_part(upper[3], lower[3], 0.1), _part(upper[3], lower[3], 0.4)]]
    return define(key, shape, "", f'<path d="{lines(folds)}"/>', smooth(nail, closed=True))


def _nail(upper: list[Point], lower: list[Point]) -> list[Point]:
    return [
        _part(upper[4], lower[4], 0.08),
        _part(upper[5], lower[5], 0.04),
        _part(upper[6], lower[6], 0.1),
        _part(upper[5], lower[5], 0.36),
        _part(upper[4], lower[4], 0.34),
    ]


def reach(bend: Bend) -> Point:
    """Give where the pad of the fingertip is."""
    return tube((0, 0), 0, course(bend), 19)[2][0]
