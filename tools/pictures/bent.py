"""Draws the techniques in which hands are seen from the side."""

from __future__ import annotations

from dataclasses import replace

from tools.pictures import hand, marks, motion, parts, profile
from tools.pictures.geometry import turn
from tools.pictures.style import Drawing


def _side(key: str, tone: str, place: str, light: str = "0 -2.5") -> str:
    """Draw a hand from its thumb side, the thumb before it."""
    inside = parts.show(key, tone, "", light) + parts.show(key + "t", tone, "", light, nails=True)
    return f'<g transform="{place}">{inside}</g>'


def bend_and_extend() -> Drawing:
    """Bend and straighten the fingers, above; the wrist, below."""
    defs = profile.side("c", profile.Bend(0, 62, 74, 34, 4)) + profile.side("s", profile.Bend(0, 0, 2, 2))
    defs += profile.side("d", profile.Bend(52, 6, 10, 6)) + profile.side("u", profile.Bend(-46, 6, 10, 6))
    above, below = "translate(92 78) scale(.98)", "translate(92 226) scale(.98)"
    ghost = f'<g opacity=".4">{_side("s", "a", above)}</g>' + _side("c", "a", above)
    ghost += f'<g opacity=".4">{_side("u", "a", below)}</g>' + _side("d", "a", below)
    ways = marks.arrow([(284, 96), (276, 122), (252, 142), (224, 146)])
    ways += marks.arrow([(262, 246), (268, 222), (262, 196)]) + marks.arrow([(262, 222), (258, 252), (240, 282)])
    return Drawing(ghost + ways, defs)


def relaxation_strokes() -> Drawing:
    """Shake both hands out, then press the fingertips together."""
    left = parts.show("q", "a", "translate(92 18) rotate(186) scale(.66)", "3 1.5", nails=True)
    right = parts.show("q", "b", "translate(228 18) rotate(174) scale(-.66 .66)", "-3 1.5", nails=True)
    waves = "".join(
        f'<path class="go" d="M{x} 88q{d} 11 0 22q{-d} 11 0 22"/>'
        for x, d in ((30, -8), (16, -8), (160, 8), (290, 8), (304, 8))
    )
    bend = profile.Bend(-14, 18, 12, 6, -6, 60)
    touch = _pair("s", bend, 62, 0.66, (160, 176), 0)
    body = f'<g class="s1">{left}</g><g class="s2">{right}</g>{waves}{touch}'
    moves = motion.rocking("s1", 3, 92, 0, 0.8) + motion.rocking("s2", 3, 228, 0, 0.8)
    return Drawing(body, parts.back("q", hand.RELAXED) + profile.side("s", bend), moves)


def light_finish() -> Drawing:
    """Slide palm over palm, then rest both hands in the lap."""
    bend = profile.Bend(-24, 2, 2, 1, -10, 70)
    press = _pair("s", bend, 68, 0.6, (160, 22), 12)
    ways = marks.arrow([(98, 86), (98, 60), (98, 34)], light=True)
    ways += marks.arrow([(222, 34), (222, 60), (222, 86)], light=True)
    lap = '<path class="cl" d="M0 214c52-22 108-20 160-4c52-16 108-18 160 4v106H0z"/>'
    lap += '<path class="cs" d="M160 210c-6 40-6 74-2 110h4c4-36 4-70-2-110z"/>'
    left = parts.show("q", "a", "translate(36 300) rotate(58) scale(-.62 .62)")
    right = parts.show("q", "b", "translate(284 300) rotate(-58) scale(.62)", "3 -1.5")
    return Drawing(press + ways + lap + left + right, profile.side("s", bend) + parts.palm("q", hand.RELAXED))


def _pair(key: str, bend: profile.Bend, lean: float, scale: float, tip: tuple[float, float], apart: float) -> str:
    """Draw two hands whose fingertips meet at `tip`, one `apart` units higher than the other."""
    end = turn(profile.reach(bend), -lean)
    x, y = end[0] * scale + 1, tip[1] - end[1] * scale
    left = _side(key, "a", f"translate({tip[0] - x:.1f} {y + apart:.1f}) rotate({-lean:g}) scale({scale:g})")
    right = _side(key, "b", f"translate({tip[0] + x:.1f} {y:.1f}) rotate({lean:g}) scale({-scale:g} {scale:g})")
    return left + right
