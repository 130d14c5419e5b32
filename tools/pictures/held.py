"""Draws the techniques in which the thumb of the other hand works on a place."""

from __future__ import annotations

from dataclasses import dataclass

from tools.pictures import grip, hand, marks, motion, parts
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
    marked = marks.spot(143, 203, 17) + marks.circle((143, 203), 31, 40, 285)
    return Drawing(_still(_palm(), marked, Grip(141, 202)), _defs(), motion.CIRCLING)


def finger_bases() -> Drawing:
    """Circle on the cushion below each finger in turn."""
    dots = "".join(marks.spot(x, y, 10) for x, y in ((133, 148), (158, 151), (179, 166)))
    marked = marks.spot(108, 153, 12) + dots + marks.circle((108, 153), 25, 70, 265)
    return Drawing(_still(_palm(), marked, Grip(106, 152, 14)), _defs(), motion.CIRCLING)


def outer_edge() -> Drawing:
    """Circle down the little finger's side of the hand."""
    dots = "".join(marks.spot(x, y, 8) for x, y in ((191, 203), (186, 226), (176, 247)))
    marked = marks.area(184, 206, 14, 52, 8) + dots + marks.circle((187, 173), 22, 60, 265)
    over = marks.arrow([(214, 218), (209, 240), (198, 262)])
    return Drawing(_still(_palm(), marked, Grip(187, 174, -24), over), _defs(), motion.CIRCLING)


def petrissage() -> Drawing:
    """Knead the mound below the thumb, then the other side of the palm."""
    marked = marks.area(103, 212, 23, 38, -32) + marks.area(176, 218, 17, 36, 12)
    marked += marks.circle((112, 216), 29, 70, 265)
    return Drawing(_still(_palm(), marked, Grip(112, 216, 12)), _defs(), motion.CIRCLING)


def thumb_pad() -> Drawing:
    """Circle on the soft pad of the thumb; the fingers hold it from behind."""
    at = Grip(88, 156, -20)
    held = "translate(200 300) rotate(-12) scale(1.45)"
    palm = parts.show("p", "a", held)
    thumb = f'<g clip-path="url(#tc)">{palm}</g>'
    marked = marks.spot(92, 156, 15) + marks.circle((90, 158), 29, 60, 265)
    index = grip.layer("q", at.place())
    whole = grip.layer("g", at.place(), nail=True)
    body = f'{palm}{index}{thumb}{marked}<g class="mv">{whole}</g>'
    clip = '<clipPath id="tc"><path d="M0 90L100 100L150 230L60 300L0 300z"/></clipPath>'
    return Drawing(body, _defs() + clip, motion.CIRCLING)


def tension_circles() -> Drawing:
    """Circle on thumb joint, knuckles and wrist, seen from the back of the hand."""
    held = parts.show("p", "a", BACK, "3 -1.5", nails=True)
    places = "".join(marks.spot(x, y, 10) for x, y in ((174, 160), (141, 151), (111, 155), (80, 172)))
    marked = places + marks.area(128, 262, 34, 13) + marks.spot(186, 205, 13)
    marked += marks.circle((186, 205), 27, 60, 265)
    return Drawing(_still(held, marked, Grip(186, 205, 0)), _back_defs(), motion.CIRCLING)


def finger_rolling() -> Drawing:
    """Roll a finger between thumb and index finger, from its base to its tip."""
    held = parts.show("p", "a", "translate(118 280) scale(-1.2 1.2)", "3 -1.5", nails=True)
    at = Grip(154, 146, -38)
    way = marks.arrow([(139, 140), (145, 105), (151, 68)])
    return Drawing(_around(held, "", at, way), _back_defs(), motion.sliding(12, -62, 6))


def wrist_mobilization() -> Drawing:
    """Hold the arm above the wrist and let the hand circle, both ways."""
    held = f'<g class="rk">{parts.show("p", "a", "translate(140 216) scale(1.02)")}</g>'
    arrows = marks.circle((140, 96), 100, -150, 50) + marks.circle((140, 96), 100, -30, -50)
    at = Grip(132, 250, 4)
    body = _still(held, "", at, arrows)
    return Drawing(body, _defs(hand.RELAXED), motion.rocking("rk", 6, 140, 216))
