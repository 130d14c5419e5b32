"""Draws the techniques in which a whole hand strokes, shakes or rests."""

from __future__ import annotations

from dataclasses import replace

from tools.pictures import hand, marks, motion, parts
from tools.pictures.geometry import smooth
from tools.pictures.style import Drawing


def effleurage() -> Drawing:
    """Glide over the back of the hand from the fingertips to the wrist."""
    held = parts.show("q", "a", "translate(132 276) scale(-1.2 1.2)", "3 -1.5", nails=True)
    over = parts.show("q", "b", "translate(272 148) rotate(-78) scale(1.2)", "2 -3", nails=True)
    way = marks.arrow([(46, 78), (30, 140), (36, 206), (66, 258)])
    motions = motion.sliding(0, 58, 5)
    return Drawing(f'{held}<g class="mv">{over}</g>{way}', parts.back("q", hand.TOGETHER), motions)


def gentle_strokes() -> Drawing:
    """Stroke lightly over a hand that rests on a cushion."""
    cushion = (
        '<path class="cs" d="M14 190c-10 40-8 84 4 112c62 14 222 14 284 0c12-28 14-72 4-112z"/>'
        '<path class="cl" d="M14 170c62-18 230-18 292 0c10 30 10 82-2 118c-62-14-226-14-288 0c-12-36-12-88-2-118z"/>'
    )
    held = parts.show("q", "a", "translate(70 268) rotate(52) scale(-1.1 1.1)", "3 -1.5", nails=True)
    over = parts.show("q", "b", "translate(286 232) rotate(-66) scale(1.1)", "2 -3", nails=True)
    way = marks.arrow([(196, 62), (140, 98), (92, 146), (66, 190)], light=True)
    motions = motion.sliding(-46, 32, 6)
    return Drawing(
        f'{cushion}{held}<g class="mv">{over}</g>{way}', parts.back("q", replace(hand.TOGETHER, arm=140)), motions
    )


def welcome() -> Drawing:
    """Lay two open hands side by side before a soft disc."""
    sun = '<circle class="cl" cx="160" cy="150" r="118"/>'
    left = parts.show("q", "a", "translate(106 268) rotate(-7) scale(1.02)")
    right = parts.show("q", "a", "translate(214 268) rotate(7) scale(-1.02 1.02)", "3 -1.5")
    return Drawing(sun + left + right, parts.palm("q", replace(hand.RELAXED, arm=90)))


def logo() -> Drawing:
    """Show a hand with a circle in its palm, plain enough for 32 pixels."""
    pose = replace(hand.OPEN, arm=60)
    shape = smooth(hand.outline(pose))
    body = (
        '<path fill="#0f766e" d="M0 0h320v320H0z"/>'
        f'<path fill="#fff" stroke="#fff" stroke-width="5" transform="translate(166 268) scale(1.26)" d="{shape}"/>'
        '<circle cx="170" cy="204" r="26" fill="none" stroke="#0f766e" stroke-width="13"/>'
    )
    return Drawing(body, "")
