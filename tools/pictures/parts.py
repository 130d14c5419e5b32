"""Makes drawn hands out of outlines: skin, shade, creases, nails."""

from __future__ import annotations

from tools.pictures import hand
from tools.pictures.geometry import Points, number, pair, smooth

PALM_LINES: list[Points] = [
    [(46, -67), (33, -72), (14, -75), (-2, -81), (-12, -92)],
    [(-40, -76), (-24, -75), (-4, -67), (14, -57), (28, -46)],
    [(-41, -75), (-25, -71), (-11, -55), (-5, -34), (-8, -14), (-12, -4)],
]
WRIST_LINES: list[Points] = [[(-18, 3), (0, 5.5), (18, 3)], [(-14, 8), (0, 10), (13, 8.5)]]
# Centre, radii, turn: the fleshy mounds, a touch redder than the rest.
MOUNDS = ((-31, -42, 19, 34, -32), (32, -38, 16, 34, 12), (4, -90, 44, 15, 6))


def ellipse(x: float, y: float, rx: float, ry: float, degrees: float = 0) -> str:
    """Write an ellipse turned around its own centre."""
    turned = f' transform="rotate({number(degrees)} {pair((x, y))})"' if degrees else ""
    return f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="{number(rx)}" ry="{number(ry)}"{turned}/>'


def lines(curves: list[Points]) -> str:
    """Write many open curves as one path's data."""
    return "".join(smooth(curve) for curve in curves)


def palm(key: str, pose: hand.Pose) -> str:
    """Define a hand seen from its palm; `use` draws it."""
    tips = "".join(ellipse(*d.at(0.82), d.half * 0.8, d.half * 1.3, d.angle) for d in hand.digits(pose))
    soft = f'<g fill="url(#rose)">{tips}{"".join(ellipse(*m) for m in MOUNDS)}</g>'
    soft += f'<g fill="url(#glow)">{ellipse(4, -50, 20, 22)}</g>'
    drawn = lines([*hand.creases(pose), *PALM_LINES, *WRIST_LINES])
    return define(key, smooth(hand.outline(pose)), soft, f'<path d="{drawn}"/>')


def back(key: str, pose: hand.Pose) -> str:
    """Define a hand seen from its back; `use` draws it."""
    knuckles = [d.at(-0.2) for d in pose.fingers]
    soft = "".join(ellipse(x, y, 9, 8) for x, y in knuckles)
    soft += "".join(ellipse(*d.at(0.4), d.half * 0.9, d.half) for d in pose.fingers)
    tendons: list[Points] = [[(x * 0.98, y + 12), (x * 0.8, y + 30), (x * 0.6, y + 50)] for x, y in knuckles]
    bows: list[Points] = [[(x - 6, y + 1), (x, y - 1), (x + 6, y + 1)] for x, y in knuckles]
    drawn = f'<path d="{lines([*hand.wrinkles(pose), *bows])}"/>'
    drawn += f'<path d="{lines(tendons)}" opacity=".35"/>'
    plates = "".join(smooth(n, closed=True) for n in hand.nails(pose))
    return define(key, smooth(hand.outline(pose)), f'<g fill="url(#rose)">{soft}</g>', drawn, plates)


def define(key: str, shape: str, soft: str, drawn: str, plates: str = "") -> str:
    """Define an outline with its soft shading, inner lines and nails under the id `key`."""
    nails = f'<path id="{key}n" d="{plates}"/>' if plates else ""
    return (
        f'<path id="{key}" d="{shape}"/><clipPath id="{key}c"><use href="#{key}"/></clipPath>'
        f'<g id="{key}s">{soft}</g><g id="{key}l">{drawn}</g>{nails}'
    )


def show(key: str, tone: str, place: str = "", light: str = "-3 -1.5", *, nails: bool = False) -> str:
    """Draw a defined hand in the tone `a` (the one treated) or `b` (the one at work)."""
    where = f' transform="{place}"' if place else ""
    plates = f'<use href="#{key}n" class="na"/><use href="#{key}n" class="in"/>' if nails else ""
    return (
        f'<g class="{tone}"{where}><g clip-path="url(#{key}c)"><use href="#{key}" class="lo"/>'
        f'<use href="#{key}" class="hi" transform="translate({light})"/><use href="#{key}s"/></g>'
        f'<use href="#{key}l" class="in"/>{plates}<use href="#{key}" class="ln"/></g>'
    )
