"""Finds the project's own Python, or fetches it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Iterator

from tools.errors import SetupError
from tools.installer import environment
from tools.workspace import ROOT, answer, run, say

VERSION_FILE = ROOT / ".python-version"


def wanted() -> str:
    """The version that the project runs on, such as 3.10."""
    return VERSION_FILE.read_text(encoding="utf-8").strip()


def version_of(python: str) -> str:
    """The version of an interpreter, such as 3.10; empty when it does not run."""
    return answer([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])


def python(uv: str) -> str:
    """The path of an interpreter of the wanted version; raises SetupError when none is to be had."""
    version = wanted()
    for candidate in _candidates(version, uv):
        if version_of(candidate) == version:
            # A shim's own path is worth nothing to an environment: what it starts is.
            return answer([candidate, "-c", "import sys; print(sys.executable)"])
    say(f"no Python {version} is here; fetching one (about 30 MB, once).")
    trouble = (
        f"Rasa needs Python {version}, which is neither here nor could be fetched. Install it "
        f"(`pyenv install {version}`, or your system's python{version}), then run make again."
    )
    run([uv, "python", "install", "--no-bin", version], trouble, environment())
    fetched = _known_to(uv, version)
    if version_of(fetched) != version:
        raise SetupError(trouble)
    return fetched


def _candidates(version: str, uv: str) -> Iterator[str]:
    """Where a Python of the version may be, the nearest first."""
    name = f"python{version}"
    on_path = shutil.which(name)
    if on_path:
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for place in sorted(pyenv.glob(f"versions/{version}.*/bin/{name}"), reverse=True):
        yield str(place)
    known = _known_to(uv, version)
    if known:
        yield known


def _known_to(uv: str, version: str) -> str:
    return answer([uv, "python", "find", "--no-project", version], environment())
