"""The reflexology map: its buttons lie on what is drawn."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from palmwise.resources import ROOT

STYLE = (ROOT / "web" / "widget.css").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"
MAP = ET.parse(ROOT / "content" / "en" / "pictures" / "reflexology_map.svg")  # noqa: S314 - the project's own file
SIZE = 320
"""Width and height of the drawing."""
ALLOWED = 1.0
"""Hundredths of the drawing."""


def drawn(point: str) -> dict[str, float]:
    """Centre, width and height of what can be hit at `point`, in hundredths of the drawing; degrees clockwise."""
    hit = MAP.findall(f".//*[@id='point-{point}']/{SVG}g[@class='ht']/{SVG}ellipse")
    xs, ys = ([float(ellipse.attrib[key]) for ellipse in hit] for key in ("cx", "cy"))
    rx, ry = (float(hit[0].attrib[key]) for key in ("rx", "ry"))
    box = {
        "left": (max(xs) + min(xs)) / 2,
        "top": (max(ys) + min(ys)) / 2,
        "width": max(xs) - min(xs) + 2 * rx,
        "height": max(ys) - min(ys) + 2 * ry,
    }
    turned = re.match(r"rotate\((-?\d+)", hit[0].get("transform", "")) if rx != ry else None
    shares = {key: 100 * value / SIZE for key, value in box.items()}
    return shares | ({"rotate": float(turned[1])} if turned else {})


@pytest.mark.parametrize("point", ["thumb_pad", "finger_bases", "palm_centre", "outer_edge"])
def test_a_button_of_the_map_lies_on_its_point(point: str) -> None:
    rule = re.search(rf"#point-{point} \{{(.+?)\}}", STYLE)
    assert rule is not None
    styled = {key: float(value) for key, value in re.findall(r"([a-z]+): (-?[\d.]+)(?:%|deg)", rule[1])}
    assert styled == pytest.approx(drawn(point), abs=ALLOWED)
