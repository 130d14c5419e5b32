from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from palmwise.server.assets import BUNDLE_RECORD, KEPT_FOR_GOOD, NEVER_KEPT, Assets, digest_of

LAUNCHER = b'import("v/0/panel.js"); // ' + b"x" * 600


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    folder = tmp_path / "web"
    (folder / "scene").mkdir(parents=True)
    (folder / "widget.js").write_bytes(LAUNCHER)
    (folder / "panel.js").write_text("export const panel = 1;", encoding="utf-8")
    (folder / "scene" / "scene.js").write_text("export const scene = 1;", encoding="utf-8")
    (folder / ".hidden.js").write_text("no", encoding="utf-8")
    (folder / "notes.txt").write_text("no", encoding="utf-8")
    (tmp_path / "secret.js").write_text("no", encoding="utf-8")
    return Assets(folder, folder / "dist", {"phrases.json": lambda: b"{}"})


def content(assets: Assets, path: str) -> bytes:
    asset = assets.get(path)
    assert asset is not None
    return asset.content


def caching(assets: Assets, path: str) -> str:
    asset = assets.get(path)
    assert asset is not None
    return asset.caching


def bundle(assets: Assets) -> None:
    assets.bundle.mkdir(exist_ok=True)
    (assets.bundle / "panel.js").write_text("bundled", encoding="utf-8")
    record = {"sources": digest_of(assets.folder, frozenset({"dist"}))}
    (assets.bundle / BUNDLE_RECORD).write_text(json.dumps(record), encoding="utf-8")


def test_what_names_other_files_is_asked_for_each_time_and_says_which_version(assets: Assets) -> None:
    assert f"v/{assets.version()}/panel.js".encode() in content(assets, "widget.js")
    assert caching(assets, "widget.js") == NEVER_KEPT


@pytest.mark.parametrize("path", ["panel.js", "scene/scene.js", "phrases.json"])
def test_what_has_its_version_in_the_address_is_kept_for_good(assets: Assets, path: str) -> None:
    assert caching(assets, f"v/{assets.version()}/{path}") == KEPT_FOR_GOOD
    assert caching(assets, f"v/0/{path}") == NEVER_KEPT
    assert caching(assets, path) == NEVER_KEPT
    assert content(assets, f"v/{assets.version()}/{path}") == content(assets, path)


def test_the_list_for_the_time_without_a_network_has_files_and_drawings(assets: Assets, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "effleurage.svg").write_text("<svg/>", encoding="utf-8")
    drawn = Assets(assets.folder, assets.bundle, assets.made, tmp_path / "pictures")
    names = json.loads(content(drawn, "files.json"))
    files = ["panel.js", "phrases.json", "scene/scene.js", "widget.js"]
    assert names == ["../../pictures/effleurage.svg", *files]
    assert json.loads(content(assets, "files.json")) == files


def test_another_version_begins_when_a_file_or_the_phrases_change(assets: Assets, tmp_path: Path) -> None:
    first = assets.version()
    (assets.folder / "scene" / "scene.js").write_text("export const scene = 2;", encoding="utf-8")
    second = assets.version()
    third = Assets(assets.folder, assets.bundle, {"phrases.json": lambda: b"[]"}).version()
    assert len({first, second, third}) == 3
    assert caching(assets, f"v/{first}/panel.js") == NEVER_KEPT


@pytest.mark.parametrize(
    "path",
    ["../secret.js", ".hidden.js", "notes.txt", "scene", "v/0/../secret.js", "v/0/", "", "none.js", "scene//x.js"],
)
def test_nothing_else_is_served(assets: Assets, path: str) -> None:
    assert assets.get(path) is None


def test_a_bundle_is_served_as_long_as_the_sources_are_those_that_it_was_made_of(assets: Assets) -> None:
    plain = assets.version()
    bundle(assets)
    assert content(assets, "panel.js") == b"bundled"
    assert content(assets, "scene/scene.js") == b"export const scene = 1;"
    assert assets.version() != plain
    (assets.folder / "panel.js").write_text("export const panel = 2;", encoding="utf-8")
    assert content(assets, "panel.js") == b"export const panel = 2;"


def test_what_is_worth_it_is_compressed(assets: Assets) -> None:
    large, small = assets.get("widget.js"), assets.get("panel.js")
    assert large is not None
    assert large.compressed is not None
    assert gzip.decompress(large.compressed) == large.content
    assert small is not None
    assert small.compressed is None


def test_a_page_without_a_network_gets_the_names_of_all_that_it_may_want(assets: Assets) -> None:
    (assets.folder / "service_worker.js").write_text("no", encoding="utf-8")
    assert json.loads(content(assets, "files.json")) == ["panel.js", "phrases.json", "scene/scene.js", "widget.js"]
    (assets.folder / "scene" / "one.json").write_text("{}", encoding="utf-8")
    bundle(assets)
    assert json.loads(content(assets, "files.json")) == ["panel.js", "phrases.json", "scene/one.json"]
