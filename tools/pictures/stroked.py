"""Draws the techniques in which a whole hand strokes, shakes or rests."""

from __future__ import annotations

from tools.pictures import hand, marks, motion, parts
from tools.pictures.style import Drawing


def _two() -> str:
    return parts.back("p", hand.OPEN) + parts.back("q", hand.TOGETHER)


def effleurage() -> Drawing:
    """Glide over the back of the hand from the fingertips to the wrist."""
    held = parts.show("p", "a", "translate(128 272) scale(-1.2 1.2)", "3 -1.5", nails=True)
    over = parts.show("q", "b", "translate(268 150) rotate(-78) scale(1.2)", "2 -3", nails=True)
    way = marks.arrow([(36, 92), (26, 150), (34, 214), (58, 262)])
    return Drawing(f'{held}<g class="mv">{over}</g>{way}', _two(), motion.sliding(0, 62, 5))


def gentle_strokes() -> Drawing:
    """Stroke lightly over a hand that rests on a cushion."""
    cushion = (
        '<path class="cs" d="M10 210c-8 40-6 80 6 100c60 12 230 12 288 0c12-24 14-64 6-100z"/>'
        '<path class="cl" d="M10 200c60-16 240-16 300 0c10 26 8 66-2 88c-60 14-236 14-296 0c-10-24-12-62-2-88z"/>'
    )
    held = parts.show("p", "a", "translate(76 246) rotate(62) scale(-1.1 1.1)", "3 -1.5", nails=True)
    over = parts.show("q", "b", "translate(282 60) rotate(-52) scale(1.1)", "2 -3", nails=True)
    way = marks.arrow([(252, 262), (200, 284), (140, 290)], light=True)
    return Drawing(f'{cushion}{held}<g class="mv">{over}</g>{way}', _two(), motion.sliding(-50, 26, 6))


def relaxation_strokes() -> Drawing:
    """Shake both hands out, then press the fingertips together."""
    left = parts.show("q", "a", "translate(84 60) rotate(176) scale(-.8 .8)", nails=True)
    right = parts.show("q", "b", "translate(236 60) rotate(184) scale(.8)", nails=True)
    waves = "".join(
        f'<path class="go" d="M{x} 120q{d} 14 0 28q{-d} 14 0 28"/>' for x, d in ((22, -9), (146, 9), (174, -9), (298, 9))
    )
    body = f'<g class="s1">{left}</g><g class="s2">{right}</g>{waves}'
    moves = motion.rocking("s1", 4, 84, 40, 0.7) + motion.rocking("s2", 4, 236, 40, 0.7)
    return Drawing(body, parts.back("q", hand.RELAXED), moves)


def light_finish() -> Drawing:
    """Rest both hands in the lap, palms up."""
    left = parts.show("q", "a", "translate(70 250) rotate(40) scale(.9)")
    right = parts.show("q", "b", "translate(250 250) rotate(-40) scale(-.9 .9)", "3 -1.5")
    return Drawing(left + right, parts.palm("q", hand.RELAXED))


def bend_and_extend() -> Drawing:
    """Bend and extend fingers and wrist."""
    return Drawing(parts.show("q", "a", "translate(160 250) scale(1.2)"), parts.palm("q", hand.RELAXED))


def welcome() -> Drawing:
    """Two open hands."""
    left = parts.show("q", "a", "translate(120 270) rotate(-14)")
    right = parts.show("q", "b", "translate(200 270) rotate(14) scale(-1 1)", "3 -1.5")
    return Drawing(left + right, parts.palm("q", hand.RELAXED))
