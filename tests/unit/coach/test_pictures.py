"""The pictures are there for every technique, have a title, are small, and are safe to show on any page."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from palmwise.resources import ROOT

FOLDER = ROOT / "content" / "en" / "pictures"
TECHNIQUES = sorted((FOLDER.parent / "techniques").glob("*.yml"))
OF_TECHNIQUES = {path.stem for path in TECHNIQUES}
PICTURES = sorted(FOLDER.glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
POINTS = ("thumb_pad", "finger_bases", "palm_centre", "outer_edge")


def name(path: Path) -> str:
    return path.stem


def read(path: Path) -> ET.Element:
    return ET.parse(path).getroot()  # noqa: S314 - the project's own files


@pytest.mark.parametrize("path", TECHNIQUES, ids=name)
def test_the_description_of_a_picture_is_the_alternative_text_of_its_technique(path: Path) -> None:
    picture = yaml.safe_load(path.read_text(encoding="utf-8"))["picture"]

    drawing = read(FOLDER / picture["src"])

    assert drawing.findtext(f"{SVG}desc") == picture["alt"].strip()


def test_there_are_a_map_a_welcome_picture_and_a_logo() -> None:
    assert {"reflexology_map", "welcome", "logo"} <= {p.stem for p in PICTURES}


@pytest.mark.parametrize("path", PICTURES, ids=name)
def test_a_picture_has_its_shape_is_small_and_has_a_title(path: Path) -> None:
    drawing = read(path)

    assert drawing.get("viewBox") == ("0 0 320 240" if path.stem in OF_TECHNIQUES else "0 0 320 320")
    assert drawing.findtext(f"{SVG}title")
    assert drawing.findtext(f"{SVG}desc")
    assert path.stat().st_size < 13_000


@pytest.mark.parametrize("path", PICTURES, ids=name)
def test_a_picture_runs_no_script_and_loads_nothing(path: Path) -> None:
    for element in read(path).iter():
        assert element.tag not in {f"{SVG}script", f"{SVG}foreignObject", f"{SVG}image", f"{SVG}text"}
        for key, value in element.attrib.items():
            assert not key.startswith("on")
            assert not key.endswith("href") or value.startswith("#")
            assert "url(" not in value or re.fullmatch(r"url\(#[\w-]+\)", value)
    assert not re.search(r"@import|url\((?!#)", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PICTURES, ids=name)
def test_ids_are_unique_and_every_reference_has_its_target(path: Path) -> None:
    elements = list(read(path).iter())
    ids = [element.get("id") for element in elements if element.get("id")]
    text = path.read_text(encoding="utf-8")

    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([\w-]+)', text)) <= set(ids)


@pytest.mark.parametrize("path", PICTURES, ids=name)
def test_a_picture_has_dark_colours_and_respects_reduced_motion(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert "prefers-color-scheme:dark" in text
    assert ("@keyframes" in text) == ("prefers-reduced-motion:reduce" in text)


def test_the_points_of_the_map_have_ids_and_colours_without_a_style_sheet() -> None:
    chart = read(FOLDER / "reflexology_map.svg")

    for key in POINTS:
        point = chart.find(f".//*[@id='point-{key}']")
        assert point is not None
        assert all(part.get("fill") for part in point)
