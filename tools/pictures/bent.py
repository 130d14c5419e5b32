"""Draws the techniques in which hands are seen from the side."""

from __future__ import annotations

from tools.pictures import grip, hand, marks, motion, parts, profile
from tools.pictures.geometry import Point, turn
from tools.pictures.style import Drawing

SLIDE = """
.up,.dn{animation:u 6s ease-in-out infinite alternate}
.dn{animation-name:w}
@keyframes u{from{transform:translateY(6px)}to{transform:translateY(-6px)}}
@keyframes w{from{transform:translateY(-6px)}to{transform:translateY(6px)}}
"""


def _side(key: str, tone: str, place: str, light: str = "0 -2.5") -> str:
    """Draw a hand from its thumb side, the thumb before it."""
    inside = parts.show(key, tone, "", light) + parts.show(key + "t", tone, "", light, nails=True)
    return f'<g transform="{place}">{inside}</g>'


def bend_and_extend() -> Drawing:
    """Bend and straighten the fingers, above; the wrist, below."""
    defs = profile.side("c", profile.Bend(0, 62, 74, 34, 4))
    defs += profile.side("w", profile.Bend(46, 6, 10, 6, arm=130)) + profile.side(
        "e", profile.Bend(-34, 8, 10, 6, arm=130)
    )
    above, below = "translate(92 56) scale(.86)", "translate(92 204) scale(.8)"
    at = "translate(178 92) rotate(-36) scale(.8)"
    drawn = grip.layer("q", at) + _side("c", "a", above) + grip.layer("g", at, nail=True)
    drawn += f'<g opacity=".4">{_side("e", "a", below)}</g>' + _side("w", "a", below)
    ways = marks.arrow([(222, 108), (214, 128), (196, 140), (172, 142)])
    ways += marks.arrow([(268, 214), (264, 190), (253, 170)])
    ways += marks.arrow([(268, 214), (264, 240), (251, 264)])
    return Drawing(drawn + ways, defs + grip.front("g") + grip.behind("q"))


def relaxation_strokes() -> Drawing:
    """Shake both hands out, then press the fingertips together."""
    left = parts.show("q", "a", "translate(92 18) rotate(186) scale(.66)", "3 1.5", nails=True)
    right = parts.show("q", "b", "translate(228 18) rotate(174) scale(-.66 .66)", "-3 1.5", nails=True)
    waves = "".join(
        f'<path class="go" d="M{x} 88q{d} 11 0 22q{-d} 11 0 22"/>'
        for x, d in ((30, -8), (16, -8), (160, 8), (290, 8), (304, 8))
    )
    bend = profile.Bend(-14, 18, 12, 6, -6, 150)
    touch = _pair("s", bend, 62, 0.66, (162, 176))
    touch += marks.spot(160, 184, 9)
    body = f'<g class="s1">{left}</g><g class="s2">{right}</g>{waves}{touch}'
    moves = motion.rocking("s1", 3, 92, 0, 0.8) + motion.rocking("s2", 3, 228, 0, 0.8)
    return Drawing(body, parts.back("q", hand.RELAXED) + profile.side("s", bend), moves)


def light_finish() -> Drawing:
    """Slide palm over palm, then rest both hands in the lap."""
    bend = profile.Bend(-24, 2, 2, 1, -10, 150)
    press = _pair("s", bend, 68, 0.6, (157.5, 26))
    ways = marks.arrow([(98, 86), (98, 60), (98, 34)], light=True)
    ways += marks.arrow([(222, 34), (222, 60), (222, 86)], light=True)
    lap = '<path class="cl" d="M0 214c52-22 108-20 160-4c52-16 108-18 160 4v106H0z"/>'
    lap += '<path class="cs" d="M160 210c-6 40-6 74-2 110h4c4-36 4-70-2-110z"/>'
    left = parts.show("q", "a", "translate(36 300) rotate(58) scale(.64)")
    right = parts.show("q", "b", "translate(284 300) rotate(-58) scale(-.64 .64)", "3 -1.5")
    return Drawing(press + ways + lap + left + right, profile.side("s", bend) + parts.palm("q", hand.RELAXED), SLIDE)


def _pair(key: str, bend: profile.Bend, lean: float, scale: float, tip: Point) -> str:
    """Draw two hands palm to palm, mirrored about the middle; `tip` is where the left one's ends."""
    end = turn(profile.reach(bend), -lean)
    x, y = tip[0] - end[0] * scale, tip[1] - end[1] * scale
    left = _side(key, "a", f"translate({x:.1f} {y:.1f}) rotate({-lean:g}) scale({scale:g})")
    turned = f"rotate({lean:g}) scale({-scale:g} {scale:g})"
    right = _side(key, "b", f"translate({320 - x:.1f} {y:.1f}) {turned}")
    return f'<g class="up">{left}</g><g class="dn">{right}</g>'
