"""Builds the outline of an open hand, seen flat, from the bones' directions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Sequence

from tools.pictures.geometry import Point, Points, add, turn

# Distance from the base as a share of the length, half the breadth as a share of the base's.
FINGER = ((0.06, 1.0), (0.2, 0.95), (0.37, 0.97), (0.53, 0.9), (0.66, 0.91), (0.8, 0.87), (0.91, 0.71), (0.975, 0.4))
THUMB = ((0.14, 1.0), (0.32, 0.88), (0.5, 0.9), (0.64, 0.95), (0.78, 0.92), (0.9, 0.72), (0.97, 0.42))


@dataclass(frozen=True)
class Digit:
    """A finger: where it begins, degrees off straight up, length, half the breadth, sideways bow."""

    base: Point
    angle: float
    length: float
    half: float
    bow: float = 0.0
    profile: Sequence[Point] = FINGER

    def at(self, share: float, aside: float = 0.0) -> Point:
        """Give the point at a share of the length, `aside` half-breadths right of the axis."""
        x = aside * self.half + self.bow * share * share * self.length
        return add(self.base, turn((x, -share * self.length), self.angle))

    def left(self) -> list[Point]:
        """Give the left side, from the base up."""
        return [self.at(u, -w) for u, w in self.profile]

    def right(self) -> list[Point]:
        """Give the right side, from the tip down."""
        return [self.at(u, w) for u, w in reversed(self.profile)]


@dataclass(frozen=True)
class Pose:
    """A hand with its thumb to the left; the wrist is the origin, the middle finger ends at -187."""

    thumb: Digit
    fingers: tuple[Digit, Digit, Digit, Digit]
    fork: tuple[Point, ...]
    """The landmarks of the skin between thumb and index finger."""
    web: float = 4.0
    """How far the skin between two fingers lies below their bases."""
    arm: float = 66.0
    """How much of the forearm is drawn."""


OPEN = Pose(
    Digit((-46, -44), -36, 73, 12.8, -0.08, THUMB),
    (
        Digit((-30, -99), -8, 73, 10.2, 0.03),
        Digit((-8.5, -106), -1.5, 81, 10.5),
        Digit((13.5, -103.5), 5, 75, 10, -0.01),
        Digit((34, -90.5), 14, 59, 8.7, -0.04),
    ),
    fork=((-47, -66.5), (-43.5, -69.5), (-41.5, -79)),
)
TOGETHER = Pose(
    Digit((-44, -46), -21, 70, 12.4, 0.02, THUMB),
    (
        Digit((-30, -99), -1.5, 74, 10.1, 0.01),
        Digit((-8.5, -106), 0.5, 81, 10.4),
        Digit((13, -103.5), 2, 75, 9.9, -0.01),
        Digit((33, -91), 5, 59, 8.6, -0.03),
    ),
    fork=((-40.2, -70), (-40.4, -82)),
    web=7,
)
RELAXED = replace(
    TOGETHER,
    thumb=Digit((-45, -44), -26, 66, 12.4, 0.03, THUMB),
    fingers=(
        Digit((-30, -99), -5, 66, 10.2, 0.06),
        Digit((-8.5, -105), -1, 71, 10.5, 0.03),
        Digit((13, -102), 3.5, 66, 10, -0.02),
        Digit((33.5, -90), 10, 52, 8.7, -0.06),
    ),
    fork=((-43, -68.5), (-41, -72), (-41, -84)),
    web=6,
)


def outline(pose: Pose) -> list[Point]:
    """Give the landmarks of the whole outline, from the arm's left side round to its right."""
    arm, thumb = pose.arm, pose.thumb
    dots: list[Point] = [(-25, arm), (-25, arm / 2), (-25.5, 12), (-28.5, -2), (-36, -18)]
    dots.append((-46.5, -32.5))
    dots += [*thumb.left(), thumb.at(1), *thumb.right()[:-1]]
    dots += pose.fork
    for i, digit in enumerate(pose.fingers):
        dots += [*digit.left(), digit.at(1), *digit.right()]
        if i < len(pose.fingers) - 1:
            following = pose.fingers[i + 1]
            dots.append(add(_middle(digit.at(0.06, 1), following.at(0.06, -1)), (0, pose.web)))
    dots += [(45.8, -77), (47.6, -60), (46.8, -42), (41.5, -22), (32.5, -4), (27, 10), (26, arm / 2)]
    return [*dots, (27, arm)]


def _middle(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def digits(pose: Pose) -> tuple[Digit, ...]:
    """Give the thumb, then the fingers."""
    return (pose.thumb, *pose.fingers)


def creases(pose: Pose) -> list[Points]:
    """Give the lines of the fingers' joints on the palm side."""
    lines: list[Points] = []
    for digit in pose.fingers:
        for share, bend, wide in ((0.0, 0.02, 0.72), (0.37, -0.02, 0.62), (0.41, -0.018, 0.4), (0.66, -0.02, 0.6)):
            lines.append(_bowed(digit, share, bend, wide))
    return [*lines, _bowed(pose.thumb, 0.56, -0.02, 0.6), _bowed(pose.thumb, 0.17, -0.015, 0.55)]


def wrinkles(pose: Pose) -> list[Points]:
    """Give the lines of the fingers' joints on the back of the hand."""
    lines: list[Points] = []
    for digit in pose.fingers:
        for share, bend, wide in ((0.375, -0.02, 0.5), (0.405, 0.012, 0.46), (0.665, -0.008, 0.46)):
            lines.append(_bowed(digit, share, bend, wide))
    return [*lines, _bowed(pose.thumb, 0.52, -0.015, 0.5), _bowed(pose.thumb, 0.56, 0.01, 0.4)]


def nails(pose: Pose) -> list[Points]:
    """Give the closed outlines of the nails; the thumb's is seen a little from its side."""
    shape = (
        (0.8, 0),
        (0.812, -0.38),
        (0.86, -0.52),
        (0.935, -0.44),
        (0.972, 0),
        (0.935, 0.44),
        (0.86, 0.52),
        (0.812, 0.38),
    )
    return [[d.at(u, v) for u, v in shape] for d in digits(pose)]


def _bowed(digit: Digit, share: float, bend: float, wide: float) -> Points:
    return [digit.at(share, -wide), digit.at(share + bend, 0), digit.at(share, wide)]
