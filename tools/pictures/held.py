"""Draws the techniques in which the thumb of the other hand works on a place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tools.pictures import grip, hand, marks, motion, parts
from tools.pictures.geometry import along
from tools.pictures.style import Drawing

PALM = "translate(140 262) scale(1.2)"
# The back of the same left hand: the palm's mirror image, so that the thumb is on the right.
BACK = "translate(128 262) scale(-1.2 1.2)"


@dataclass(frozen=True)
class Grip:
    """Where the tip of the working thumb lies in the picture, and how the hand is turned."""

    x: float
    y: float
    degrees: float = 0
    scale: float = 1.2

    def place(self) -> str:
        """Give it as an SVG transform."""
        return f"translate({self.x:g} {self.y:g}) rotate({self.degrees:g}) scale({self.scale:g})"


def _around(held: str, under: str, at: Grip, over: str = "") -> str:
    """Lay index finger, held hand, marks and thumb over one another."""
    index = grip.layer("q", at.place())
    thumb = grip.layer("g", at.place(), nail=True)
    return f'<g class="mv">{index}</g>{held}{under}<g class="mv">{thumb}</g>{over}'


def _still(held: str, under: str, at: Grip, over: str = "") -> str:
    """Do the same with only the thumb moving."""
    index = grip.layer("q", at.place())
    thumb = grip.layer("g", at.place(), nail=True)
    return f'{index}{held}{under}<g class="mv">{thumb}</g>{over}'


def _palm() -> str:
    return parts.show("p", "a", PALM)


def _defs(pose: hand.Pose = hand.OPEN) -> str:
    return parts.palm("p", pose) + grip.front("g") + grip.behind("q")


def _back_defs() -> str:
    return parts.back("p", hand.OPEN) + grip.front("g") + grip.behind("q")


def thumb_pressing() -> Drawing:
    """Press the centre of the palm, steadily."""
    rings = "".join(
        f'<circle class="pr rg" cx="143" cy="203" r="{r}" opacity="{o}"/>' for r, o in ((25, 0.8), (34, 0.45))
    )
    body = _still(_palm(), marks.area(143, 203, 25, 25) + rings, Grip(141, 202))
    press = """.mv{transform-origin:143px 203px;animation:m 6s ease-in-out infinite}
@keyframes m{0%,100%{transform:translate(3px,-2px)}35%,65%{transform:none}}
.rg{transform-origin:143px 203px;animation:r 6s ease-in-out infinite}
@keyframes r{0%,100%{transform:scale(.75)}35%,65%{transform:none}}"""
    return Drawing(body, _defs(), press)


def palm_centre() -> Drawing:
    """Circle on the hollow of the palm."""
    marked = marks.spot(143, 203, 17) + marks.circle((143, 203), 31, 70, 225)
    return Drawing(_still(_palm(), marked, Grip(141, 202)), _defs(), motion.CIRCLING)


def finger_bases() -> Drawing:
    """Circle on the cushion below each finger in turn."""
    dots = "".join(marks.spot(*_on(x, -96 + y), 9) for x, y in ((-8, -4), (13.5, -2), (33.5, 9)))
    first = _on(-29, -94)
    marked = marks.spot(*first, 11) + dots + marks.circle(first, 21, 90, 190)
    return Drawing(_still(_palm(), marked, Grip(*first, 27)), _defs(), motion.CIRCLING)


def outer_edge() -> Drawing:
    """Circle down the little finger's side of the hand."""
    dots = "".join(marks.spot(*_on(x, y), 8) for x, y in ((43, -48), (40, -30), (33, -13)))
    first = _on(41, -71)
    marked = marks.area(*_on(39, -44), 14, 54, 9) + dots + marks.circle(first, 23, 70, 225)
    over = marks.arrow([(216, 210), (211, 236), (199, 258)])
    return Drawing(_still(_palm(), marked, Grip(*first, -24), over), _defs(), motion.CIRCLING)


def petrissage() -> Drawing:
    """Knead the mound below the thumb, then the other side of the palm."""
    marked = marks.area(*_on(-30, -42), 23, 38, -32) + marks.area(*_on(31, -38), 16, 36, 12)
    at = _on(-22, -39)
    marked += marks.circle(at, 29, 70, 225)
    return Drawing(_still(_palm(), marked, Grip(*at, 12)), _defs(), motion.CIRCLING)


def thumb_pad() -> Drawing:
    """Circle on the soft pad of the thumb; the fingers hold it from behind."""
    (x, y), scale = (192, 262), 1.2
    palm = parts.show("p", "a", f"translate({x} {y}) scale({scale})")
    pad = along([hand.OPEN.thumb.at(0.8)], (x, y), 0, scale)[0]
    thumb = f'<g clip-path="url(#tc)">{palm}</g>'
    marked = marks.spot(*pad, 14) + marks.circle(pad, 28, 70, 225)
    at = Grip(*pad, 46).place()
    index = grip.layer("q", at)
    whole = grip.layer("g", at, nail=True)
    body = f'{palm}{index}{thumb}{marked}<g class="mv">{whole}</g>'
    clip = '<clipPath id="tc"><path d="M0 60H114L148 200L132 320H0z"/></clipPath>'
    return Drawing(body, _defs() + clip, motion.CIRCLING)


def tension_circles() -> Drawing:
    """Circle on thumb joint, knuckles and wrist, seen from the back of the hand."""
    held = parts.show("p", "a", BACK, "3 -1.5", nails=True)
    knuckles = (digit.at(-0.2) for digit in hand.OPEN.fingers)
    places = "".join(marks.spot(128 - 1.2 * x, 262 + 1.2 * y, 9) for x, y in knuckles)
    joint = (191, 208)
    marked = places + marks.area(128, 262, 31, 12) + marks.spot(*joint, 12)
    marked += marks.circle(joint, 26, 70, 225)
    return Drawing(_still(held, marked, Grip(*joint)), _back_defs(), motion.CIRCLING)


def finger_rolling() -> Drawing:
    """Roll a finger between thumb and index finger, from its base to its tip."""
    held = parts.show("p", "a", "translate(112 284) scale(-1.2 1.2)", "3 -1.5", nails=True)
    way = marks.arrow([(155, 134), (160, 106), (166, 64)])
    return Drawing(_around(held, "", Grip(147, 152, -34), way), _back_defs(), motion.sliding(6, -62, 6))


def wrist_mobilization() -> Drawing:
    """Hold the arm above the wrist and let the hand circle, both ways."""
    held = f'<g class="rk">{parts.show("p", "a", "translate(136 214) scale(1.02)")}</g>'
    ring = '<ellipse class="go" cx="140" cy="92" rx="108" ry="30" stroke-dasharray=".1 9"/>'
    arrows = marks.circle((140, 92), 108, 84, -72, 0.28) + marks.circle((140, 92), 108, 96, 72, 0.28)
    body = ring + _still(held, "", Grip(128, 252, 4), arrows)
    pose = replace(hand.RELAXED, arm=130)
    return Drawing(body, _defs(pose), motion.rocking("rk", 5, 136, 240))


def _on(x: float, y: float) -> tuple[float, float]:
    """Turn a place on the palm into one in the picture."""
    return 140 + 1.2 * x, 262 + 1.2 * y
