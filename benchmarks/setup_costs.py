"""What an environment costs: packages, disk, and the seconds to install it once its packages have been fetched."""

from __future__ import annotations

import subprocess
import tempfile
import time
from importlib.metadata import distributions
from pathlib import Path

from palmwise.resources import ROOT
from tools import uv


def setup_costs(name: str) -> tuple[int, int, float]:
    """Install a lock of requirements/ anew; return its packages, their megabytes, and the seconds that it took."""
    lock = ROOT / "requirements" / f"{name}.lock"
    with tempfile.TemporaryDirectory(prefix="palmwise-setup-") as scratch:
        folder = Path(scratch) / "env"
        began = time.monotonic()
        for command in (
            ["venv", "--quiet", "--no-project", "--python", uv.python(), str(folder)],
            ["pip", "sync", "--quiet", "--python", str(folder / "bin" / "python"), "--require-hashes", str(lock)],
        ):
            subprocess.run([uv.uv(), *command], env=uv.environment(), check=True)
        seconds = time.monotonic() - began
        packages = list(distributions(path=[str(next(folder.glob("lib/*/site-packages")))]))
        files = (Path(file.locate()) for package in packages for file in package.files or ())
        size = sum(file.stat().st_size for file in files if file.is_file())
    return len(packages), size >> 20, seconds
