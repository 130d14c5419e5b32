"""Builds the hand at work: its thumb in front with the tip at the origin, its fingers behind."""

from __future__ import annotations

from tools.pictures.geometry import Points, smooth
from tools.pictures.parts import define, ellipse, lines

# The hand comes from the lower right, the thumb points left; we look at the thumb's side.
UPPER: list[tuple[float, float]] = [
    (66, -9),
    (57, -3),
    (45, -4),
    (32, -8.5),
    (21, -11),
    (11, -10.5),
    (3.5, -7),
]
LOWER: list[tuple[float, float]] = [
    (0, 0),
    (2, 7),
    (8, 11.5),
    (18, 14),
    (30, 16.5),
    (43, 20),
    (57, 28),
    (72, 40),
    (92, 55),
    (112, 67),
    (134, 81),
    (165, 104),
    (240, 160),
]
ARM: list[tuple[float, float]] = [
    (268, 112),
    (200, 59),
    (170, 37),
    (150, 18),
    (128, -6),
    (108, -28),
    (92, -41),
    (76, -47),
]
INDEX: list[tuple[float, float]] = [
    (58, -46),
    (38, -42),
    (16, -40),
    (-8, -40),
    (-26, -39),
    (-35, -35.5),
    (-39, -29),
    (-35, -22),
    (-26, -19),
    (-14, -18.5),
    (4, -19),
    (28, -19),
    (46, -18),
    (58, -13),
    (66, -9),
]
NAIL: Points = [(5, -1), (7, -6.5), (14, -8), (20, -5), (21, 0), (18, 4.5), (10, 5.5), (6, 3)]
FOLDS: list[Points] = [
    [(30, -6), (31.5, 0), (30, 6)],
    [(34, -5.5), (35.5, 0), (34.5, 5)],
    [(66, -9), (74, -10), (84, -5)],
    [(62, 18), (68, 24), (70, 31)],
]


def front(key: str) -> str:
    """Define the thumb with the back of the hand: what lies before the hand that is held."""
    skin = smooth([*UPPER, *LOWER, *ARM, (70, -40), (66, -24)], closed=True)
    edge = smooth([*UPPER, *LOWER]) + smooth(ARM)
    soft = ellipse(13, 2, 13, 11) + ellipse(72, 12, 22, 16, 35) + ellipse(82, -38, 14, 10, 20)
    drawn = f'<path d="{lines(FOLDS)}"/>'
    whole = define(key, skin, f'<g fill="url(#rose)">{soft}</g>', drawn, smooth(NAIL, closed=True))
    return whole + f'<path id="{key}e" d="{edge}"/>'


def behind(key: str) -> str:
    """Define the index finger and its knuckle: what lies behind the hand that is held."""
    skin = smooth([ARM[-3], ARM[-2], ARM[-1], *INDEX, (80, 0), (100, -10)], closed=True)
    edge = smooth([ARM[-1], *INDEX])
    return (
        f'<path id="{key}" d="{skin}"/><clipPath id="{key}c"><use href="#{key}"/></clipPath>'
        f'<path id="{key}e" d="{edge}"/>'
    )


def layer(key: str, place: str, *, nail: bool = False) -> str:
    """Draw one of the two layers at a place such as `translate(160 150) rotate(20)`."""
    more = f'<use href="#{key}s"/>' if nail else ""
    inner = f'<use href="#{key}l" class="in"/>' if nail else ""
    plate = f'<use href="#{key}n" class="na"/><use href="#{key}n" class="in"/>' if nail else ""
    return (
        f'<g class="b" transform="{place}"><g clip-path="url(#{key}c)"><use href="#{key}" class="lo"/>'
        f'<use href="#{key}" class="hi" transform="translate(-1 -3)"/>{more}</g>{inner}{plate}'
        f'<use href="#{key}e" class="ln"/></g>'
    )
