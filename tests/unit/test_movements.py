"""The movements of the living picture: one file for every technique, with names and numbers that make sense."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from palmwise.resources import ROOT, content

SCENE = ROOT / "web" / "scene"
FILES = sorted((SCENE / "movements").glob("*.json"))
FINGERS = ("thumb", "index", "middle", "ring", "little")
FURTHEST = 140
"""Degrees; no joint bends further."""
MOVEMENT_KEYS = {"arrows", "beat", "both", "handed", "view", "places", "worked", "working", "parts", "picture"}
PART_KEYS = {
    *(
        "arrows",
        "beat",
        "circles",
        "frames",
        "lit",
        "mirrors",
        "still",
        "sways",
        "travels",
        "view",
        "worked",
        "working",
    ),
}
HAND_KEYS = {"pose", "turn", "at", "root", "anchor", "touch"}
TOUCH_KEYS = {"with", "on", "along", "lift", "circle", "aside"}


def movement(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCENE / "movements" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def places() -> set[str]:
    """The names that web/scene/landmarks.js knows."""
    code = (SCENE / "landmarks.js").read_text(encoding="utf-8")
    of_all = set(re.findall(r"PLACES\[`\$\{finger\}_(\w+)`\]", code))
    return {*re.findall(r"^  (\w+): \[", code, re.MULTILINE), *(f"{f}_{kind}" for f in FINGERS for kind in of_all)}


def hands(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Everything that is told of a hand."""
    for part in data["parts"]:
        for level in (data, part, *part.get("frames", ())):
            yield from (level[name] for name in ("worked", "working") if name in level)


def test_every_technique_has_a_movement_with_as_many_parts_as_are_told() -> None:
    shown = {file.stem: len(movement(file.stem)["parts"]) for file in FILES}
    assert shown == {id: max(1, len(technique.parts)) for id, technique in content().techniques.items()}


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_a_movement_tells_only_what_is_known(name: str) -> None:
    data = movement(name)
    assert set(data) <= MOVEMENT_KEYS
    for part in data["parts"]:
        assert set(part) <= PART_KEYS
        times = [frame["at"] for frame in part.get("frames", [{"at": 0}])]
        assert times[0] == 0
        assert times == sorted(set(times))
        assert times[-1] < 1
        lit = part.get("lit", [])
        assert all(0 <= at < len(data.get("places", [])) for at in (lit if isinstance(lit, list) else [lit]))
    for hand in hands(data):
        assert set(hand) <= HAND_KEYS
        assert set(hand.get("touch", ())) <= TOUCH_KEYS


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_a_movement_names_places_of_the_hand(name: str) -> None:
    data = movement(name)
    named = {place["on"] for place in data.get("places", [])}
    for hand in hands(data):
        touch = hand.get("touch", {})
        on = touch.get("on", [])
        named |= {*(on if isinstance(on, list) else [on]), *filter(None, (touch.get("with"), hand.get("anchor")))}
    assert named <= places()
    assert len(data.get("places", [])) <= 6


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_no_joint_bends_further_than_a_hand_can(name: str) -> None:
    for hand in hands(movement(name)):
        for joint, angles in hand.get("pose", {}).items():
            if joint != "from":
                assert joint in {"wrist", *FINGERS}
                assert len(angles) == (3 if joint == "wrist" else 5)
                assert all(abs(angle) <= FURTHEST for angle in angles)
