"""The reflexology map: its buttons lie on what is drawn."""

from __future__ import annotations

import re

import pytest

from palmwise.resources import ROOT
from tools.pictures.chart import MARKS

STYLE = (ROOT / "web" / "widget.css").read_text(encoding="utf-8")
ALLOWED = 1.0
"""Hundredths of the drawing."""


@pytest.mark.parametrize("point", MARKS)
def test_a_button_of_the_map_lies_on_its_point(point: str) -> None:
    rule = re.search(rf"#point-{point} \{{(.+?)\}}", STYLE)
    assert rule is not None
    styled = {key: float(value) for key, value in re.findall(r"([a-z]+): (-?[\d.]+)(?:%|deg)", rule[1])}
    drawn = MARKS[point].target()
    shares = {"left": drawn.x, "top": drawn.y, "width": drawn.width, "height": drawn.height}
    assert {key: styled[key] for key in shares} == pytest.approx({k: v * 100 for k, v in shares.items()}, abs=ALLOWED)
    assert styled.get("rotate", 0) == drawn.turn
