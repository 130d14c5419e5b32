"""Fetches Moonshine from its makers' own package, and checks it: `python -m voice.fetch`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from voice.ears import weights
from voice.errors import ModelError

PACKAGE = "@usefulsensors/moonshine-js@0.1.9"
INSIDE = "package/dist/model/base/quantized/"


def moonshine(place: Path) -> None:
    """Puts the model into a folder (73 MB are fetched by npm, 63 kept). Raises `ModelError`."""
    npm = shutil.which("npm")
    if npm is None:
        raise ModelError(
            f"npm is needed to fetch Moonshine (Debian: apt install npm). Or put {' and '.join(weights.MOONSHINE)} "
            f"of {PACKAGE} into {place} yourself."
        )
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place) as folder:
        # Its ordinary client: proxies, mirrors and checksums are as the person has set them.
        found = subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=False)  # noqa: S603 -- fixed words
        archives = list(Path(folder).glob("*.tgz"))
        if found.returncode or not archives:
            raise ModelError("npm could not fetch Moonshine: its own words are above.")
        with tarfile.open(archives[0]) as package:
            for name in weights.MOONSHINE:
                taken = package.extractfile(INSIDE + name)
                if taken is None:
                    raise ModelError(f"The package has no {name}.")
                with (Path(folder) / name).open("wb") as out:
                    shutil.copyfileobj(taken, out)
        weights.check(Path(folder), weights.MOONSHINE)
        for name in weights.MOONSHINE:
            (Path(folder) / name).replace(place / name)


def main() -> int:
    """Fetches what is not there yet."""
    target = weights.models_folder() / "moonshine"
    try:
        if weights.folder("moonshine", None) is None:
            moonshine(target)
        weights.check(target, weights.MOONSHINE)
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Moonshine is in {target}: make voice takes it by itself.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
