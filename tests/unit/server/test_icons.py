from __future__ import annotations

import json
import struct
import zlib

import numpy as np
import pytest

from palmwise.resources import ROOT
from palmwise.server.icons import SIZES, icon

GREEN, WHITE = (0x2C, 0x6A, 0x5C, 255), (255, 255, 255, 255)


@pytest.mark.parametrize("name", SIZES)
def test_an_icon_has_the_mark_in_white_on_green(name: str) -> None:
    data = icon(name)
    width = struct.unpack(">I", data[16:20])[0]
    assert width == SIZES[name][0]
    begin = data.index(b"IDAT") + 4
    rows = np.frombuffer(zlib.decompress(data[begin:-16]), np.uint8).reshape(width, -1)[:, 1:]
    pixels = rows.reshape(width, width, 4)
    assert tuple(pixels[width // 2, width // 10]) == GREEN
    assert 0.03 < (pixels == WHITE).all(axis=2).mean() < 0.2
    assert tuple(pixels[0, 0]) == (*GREEN[:3], 255 if name == "icon-maskable.png" else 0)


def test_the_manifest_names_files_that_there_are_in_their_sizes() -> None:
    manifest = json.loads((ROOT / "web" / "manifest.webmanifest").read_text(encoding="utf-8"))
    icons = {one["src"]: one["sizes"] for one in manifest["icons"]}
    assert (ROOT / "web" / "icon.svg").exists()
    assert icons == {"icon.svg": "any"} | {name: f"{width}x{width}" for name, (width, _) in SIZES.items()}
    assert manifest["start_url"] == manifest["scope"] == "/"
