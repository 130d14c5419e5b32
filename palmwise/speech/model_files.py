"""Finds, fetches and verifies the model files of Moonshine."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from palmwise.errors import ModelError
from palmwise.resources import ROOT

MOONSHINE: Mapping[str, str] = {
    "encoder_model.onnx": "1dd9ab0a7f987113d30affcba5a068d11c8f90fa0223caa3e491ade431ad9751",
    "decoder_model_merged.onnx": "cc9f3cd6698a369c6008b41aa60aa3fb3322e7f03c9bdf19d8e6b7200afca4f3",
}
"""SHA-256 of Moonshine base, quantised, as its makers publish it in @usefulsensors/moonshine-js 0.1.9 (MIT licence)."""
MOONSHINE_PACKAGE = "@usefulsensors/moonshine-js@0.1.9"
MOONSHINE_FOLDER = "package/dist/model/base/quantized/"
PACKAGE_BYTES = 73_000_000
"""What npm fetches; 63 MB are kept."""
LOOK_SECONDS = 0.5
"""Between two looks at how much has been fetched."""
LONGEST_FETCH = 1800.0
"""Seconds after which a fetch is given up."""
OWN_NPM = ROOT / ".tools" / "npm"
"""Environment with npm, for machines without it (requirements/npm.in)."""
WITHOUT = "The coach listens with PocketSphinx alone meanwhile, which misses more; the next `make voice` tries again."


def moonshine_folder() -> Path:
    """Return where Moonshine is kept for this user."""
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".local" / "share"
    return Path(base) / "palmwise" / "moonshine"


def find_moonshine(given: Path | None) -> Path | None:
    """Return the folder with the model: the given one, else the user's; None if a file is missing."""
    place = given or moonshine_folder()
    return place if all((place / name).is_file() for name in MOONSHINE) else None


def explain_missing() -> str:
    """Return what to tell a person whose model is not there."""
    return (
        f"Moonshine is not in {moonshine_folder()}: make voice fetches it from its makers' package and checks it, "
        "or name its folder by --model. Until then --ear sphinx works without."
    )


def check(place: Path, sums: Mapping[str, str]) -> None:
    """Raise `ModelError` unless every file is there and has its SHA-256."""
    for name, wanted in sums.items():
        file = place / name
        if not file.is_file():
            raise ModelError(f"{file} is missing. See docs/voice.md for how to get it.")
        if hashlib.sha256(file.read_bytes()).hexdigest() != wanted:
            raise ModelError(f"{file} is damaged or another version: its checksum is not {wanted[:12]}... Get it anew.")


def fetch_moonshine(
    place: Path,
    npm: Sequence[str],
    show: Callable[[float], None],
    sums: Mapping[str, str] = MOONSHINE,
) -> None:
    """Fetch the model into a folder by npm, so that the proxies and mirrors that the person has set are used.

    `npm` is the command; `show` is told the share that has been fetched, 0 to 1. Files are put in place only when they
    have their SHA-256. Raises `ModelError`.
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place) as temporary:
            folder = Path(temporary)
            _unpack(_download(folder, npm, show), folder, sums)
            check(folder, sums)
            for name in sums:
                (folder / name).replace(place / name)
    except (OSError, tarfile.TarError) as error:
        raise ModelError(f"Moonshine cannot be put into {place} ({error}).") from error


def _download(folder: Path, npm: Sequence[str], show: Callable[[float], None]) -> Path:
    # A cache of its own tells how much has arrived, and is gone afterwards.
    cache = folder / "cache"
    command = [*npm, "pack", "--silent", "--cache", str(cache), MOONSHINE_PACKAGE]
    given_up = time.monotonic() + LONGEST_FETCH
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as fetching:  # noqa: S603 -- fixed words
        while fetching.poll() is None:
            show(min(0.99, _size_of(cache) / PACKAGE_BYTES))
            if time.monotonic() > given_up:
                fetching.kill()
            time.sleep(LOOK_SECONDS)
    archives = list(folder.glob("*.tgz"))
    if fetching.returncode or not archives:
        raise ModelError("npm could not fetch Moonshine: is the machine connected? Its own words, if any, are above.")
    show(1.0)
    return archives[0]


def _size_of(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        # npm moves its files about meanwhile.
        with contextlib.suppress(OSError):
            total += sum((Path(root) / name).stat().st_size for name in names)
    return total


def _unpack(archive: Path, folder: Path, sums: Mapping[str, str]) -> None:
    with tarfile.open(archive) as package:
        for name in sums:
            try:
                taken = package.extractfile(MOONSHINE_FOLDER + name)
            except KeyError:
                taken = None
            if taken is None:
                raise ModelError(f"The package has no {name}.")
            with (folder / name).open("wb") as out:
                shutil.copyfileobj(taken, out)


def find_npm() -> list[str]:
    """Return the command npm: the system's, else one of the project's own, which is installed then.

    Raises `ModelError` if there is none and it cannot be installed.
    """
    if found := shutil.which("npm"):
        return [found]
    own = OWN_NPM / "bin" / "npm"
    command = [str(ROOT / "tools" / "python"), "-m", "tools.environment", "npm"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode or not own.is_file():  # noqa: S603 -- fixed words
        raise ModelError("There is no npm, which fetches Moonshine, and it could not be installed.")
    return [str(own)]


class Progress:
    """Writes how far something is: on a terminal in place, elsewhere a line for each quarter."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._told = -1

    def show(self, share: float) -> None:
        """Write the share that is done, 0 to 1."""
        percent = round(100 * share)
        terminal = sys.stdout.isatty()
        if percent == self._told or (not terminal and percent // 25 == self._told // 25):
            return
        self._told = percent
        sys.stdout.write(f"\r{self._what}: {percent} %" if terminal else f"{self._what}: {percent} %\n")
        if terminal and percent == 100:
            sys.stdout.write("\n")
        sys.stdout.flush()


def provide() -> None:
    """Fetch and check Moonshine unless it is there. Raises `ModelError`."""
    if find_moonshine(None) is None:
        fetch_moonshine(moonshine_folder(), find_npm(), Progress("fetching Moonshine (73 MB, once)").show)


def main() -> int:
    """Do so before `make voice`, which goes on without it where that fails."""
    try:
        provide()
    except ModelError as error:
        sys.stdout.write(f"{error}\n{WITHOUT}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
