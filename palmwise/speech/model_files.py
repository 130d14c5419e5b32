"""Finds, fetches and verifies the model files of Moonshine."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from palmwise.errors import ModelError

MOONSHINE: Mapping[str, str] = {
    "encoder_model.onnx": "1dd9ab0a7f987113d30affcba5a068d11c8f90fa0223caa3e491ade431ad9751",
    "decoder_model_merged.onnx": "cc9f3cd6698a369c6008b41aa60aa3fb3322e7f03c9bdf19d8e6b7200afca4f3",
}
"""SHA-256 of Moonshine base, quantised, as its makers publish it in @usefulsensors/moonshine-js 0.1.9 (MIT licence)."""


def moonshine_folder() -> Path:
    """Return where Moonshine is kept for this user."""
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".local" / "share"
    return Path(base) / "palmwise" / "moonshine"


def find_moonshine(given: Path | None) -> Path | None:
    """Return the folder with the model: the given one, else the user's; None if it is missing or empty."""
    place = given or moonshine_folder()
    return place if place.is_dir() and any(place.iterdir()) else None


def explain_missing() -> str:
    """Return what to tell a person whose model is not there."""
    return (
        f"Moonshine is not in {moonshine_folder()}: make voice-extra fetches it from its makers' package and checks "
        "it, or name its folder by --model. Until then --ear sphinx works without."
    )


def check(place: Path, sums: Mapping[str, str]) -> None:
    """Raise `ModelError` unless every file is there and has its SHA-256."""
    for name, wanted in sums.items():
        file = place / name
        if not file.is_file():
            raise ModelError(f"{file} is missing. See docs/voice.md for how to get it.")
        if hashlib.sha256(file.read_bytes()).hexdigest() != wanted:
            raise ModelError(f"{file} is damaged or another version: its checksum is not {wanted[:12]}... Get it anew.")


MOONSHINE_PACKAGE = "@usefulsensors/moonshine-js@0.1.9"
MOONSHINE_FOLDER = "package/dist/model/base/quantized/"


def fetch_moonshine(place: Path) -> None:
    """Fetch the model into a folder: 73 MB by npm, of which 63 are kept. Raises `ModelError`."""
    npm = shutil.which("npm")
    if npm is None:
        raise ModelError(
            f"npm is needed to fetch Moonshine (Debian: apt install npm). Or put {' and '.join(MOONSHINE)} "
            f"of {MOONSHINE_PACKAGE} into {place} yourself."
        )
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place) as folder:
        # By npm itself, so that the proxies and mirrors that the person has set are used.
        found = subprocess.run([npm, "pack", "--silent", MOONSHINE_PACKAGE], cwd=folder, check=False)  # noqa: S603 -- fixed words
        archives = list(Path(folder).glob("*.tgz"))
        if found.returncode or not archives:
            raise ModelError("npm could not fetch Moonshine: its own words are above.")
        with tarfile.open(archives[0]) as package:
            for name in MOONSHINE:
                taken = package.extractfile(MOONSHINE_FOLDER + name)
                if taken is None:
                    raise ModelError(f"The package has no {name}.")
                with (Path(folder) / name).open("wb") as out:
                    shutil.copyfileobj(taken, out)
        check(Path(folder), MOONSHINE)
        for name in MOONSHINE:
            (Path(folder) / name).replace(place / name)


def main() -> int:
    """Fetch and check Moonshine unless it is there: `make voice-extra`."""
    target = moonshine_folder()
    try:
        if find_moonshine(None) is None:
            fetch_moonshine(target)
        check(target, MOONSHINE)
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Moonshine is in {target}: make voice takes it by itself.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
