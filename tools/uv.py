"""Provides uv, at the version and hash that the project pins, and through it the project's Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator

from tools import packages
from tools.workspace import ROOT, TOOLS, SetupError, digest, output_of, run, say

VERSION_FILE = ROOT / ".python-version"
LOCK = ROOT / "requirements" / "uv.lock"
HOME = TOOLS / "uv"
PROGRAM = HOME / "bin" / "uv"
MARK = HOME / "installed-from"
"""Records the digest of the lock that uv was installed from."""
NO_PIP = (
    "this Python has neither pip nor venv, so nothing can be installed. On Debian or Ubuntu: "
    "sudo apt-get install python3-pip. Elsewhere install uv and put it on the PATH. "
    "Then run make again."
)


def uv() -> str:
    """Return the path of uv, installing it first if needed; raises SetupError if that is impossible."""
    pinned = digest([LOCK])
    if PROGRAM.exists() and MARK.exists() and MARK.read_text(encoding="utf-8") == pinned:
        return str(PROGRAM)
    say("fetching the installer (uv, about 20 MB, once).")
    if _fetch():
        MARK.write_text(pinned, encoding="utf-8")
        return str(PROGRAM)
    own = shutil.which("uv")
    if own:
        say(f"it could not be fetched; using {own} instead.")
        return own
    raise SetupError(NO_PIP)


def environment() -> dict[str, str]:
    """Return the environment variables to run uv with.

    They are the person's own, with pip's index and certificate translated: a company's mirror is often configured
    for pip only, whose settings uv does not read.
    """
    env = dict(os.environ)
    for ours, theirs in (("UV_DEFAULT_INDEX", "PIP_INDEX_URL"), ("SSL_CERT_FILE", "PIP_CERT")):
        # An index given to uv itself has priority over pip's; a certificate is needed for either.
        if theirs in env and not (ours == "UV_DEFAULT_INDEX" and "UV_INDEX_URL" in env):
            env.setdefault(ours, env[theirs])
    env.setdefault("UV_HTTP_TIMEOUT", "180")  # seconds; the largest wheel is 221 MB
    env.setdefault("UV_LINK_MODE", "copy" if _cache_is_on_another_disk(env) else "hardlink")
    env["UV_PYTHON_INSTALL_DIR"] = str(TOOLS / "python")
    env.pop("VIRTUAL_ENV", None)
    return env


def python_version() -> str:
    """Return the version that the project runs on, such as 3.10."""
    return VERSION_FILE.read_text(encoding="utf-8").strip()


def version_of(python: str) -> str:
    """Return the version of an interpreter, such as 3.10; empty if it does not run."""
    return output_of([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])


def python() -> str:
    """Return the path of an interpreter of the project's version, fetching one if this machine has none.

    Raises SetupError if there is none to be had.
    """
    version = python_version()
    for candidate in _interpreters(version):
        if version_of(candidate) == version:
            # An environment needs the interpreter itself, not the path of a version manager's shim.
            return output_of([candidate, "-c", "import sys; print(sys.executable)"])
    say(f"this machine has no Python {version}; fetching one (about 30 MB, once).")
    trouble = (
        f"Rasa needs Python {version}, which is neither here nor could be fetched. Install it "
        f"(`pyenv install {version}`, or your system's python{version}), then run make again."
    )
    run([uv(), "python", "install", "--no-bin", version], trouble, environment())
    fetched = _known_to_uv(version)
    if version_of(fetched) != version:
        raise SetupError(trouble)
    return fetched


def _interpreters(version: str) -> Iterator[str]:
    """Places where a Python of the version may be, the most likely first."""
    name = f"python{version}"
    on_path = shutil.which(name)
    if on_path:
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for place in sorted(pyenv.glob(f"versions/{version}.*/bin/{name}"), reverse=True):
        yield str(place)
    known = _known_to_uv(version)
    if known:
        yield known


def _known_to_uv(version: str) -> str:
    return output_of([uv(), "python", "find", "--no-project", version], environment())


def _cache_is_on_another_disk(env: dict[str, str]) -> bool:
    """Whether files of uv's cache cannot be hard-linked into the project; uv would warn."""
    cache = Path(env.get("UV_CACHE_DIR") or Path.home() / ".cache")
    return not cache.exists() or cache.stat().st_dev != ROOT.stat().st_dev


def _fetch() -> bool:
    """Install uv by the first pip that succeeds; False if none does."""
    pythons = [sys.executable, shutil.which("python3") or sys.executable]
    if any(_by_pip(python) for python in pythons) or any(_by_venv(python) for python in pythons):
        return True
    if packages.can_install():
        packages.install(["python3-pip"])
        return _by_pip("/usr/bin/python3")
    return False


def _by_venv(python: str) -> bool:
    """Install uv by the pip of a temporary environment, for a Python that has venv but no pip."""
    place = TOOLS / "pip"
    made = subprocess.run([python, "-m", "venv", "--clear", str(place)], check=False, capture_output=True)
    done = made.returncode == 0 and _by_pip(str(place / "bin" / "python"))
    shutil.rmtree(place, ignore_errors=True)
    return done


def _by_pip(python: str) -> bool:
    """Install uv into HOME. A folder of its own is allowed where the system's packages are locked (PEP 668)."""
    if subprocess.run([python, "-m", "pip", "--version"], check=False, capture_output=True).returncode:
        return False
    shutil.rmtree(HOME, ignore_errors=True)
    command = [python, "-m", "pip", "install", "--quiet", "--no-user", "--no-deps"]
    command += ["--disable-pip-version-check", "--no-warn-script-location", "--require-hashes"]
    command += ["--target", str(HOME), "--requirement", str(LOCK)]
    env = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore", "PIP_REQUIRE_VIRTUALENV": "0"}
    return subprocess.run(command, check=False, env=env).returncode == 0 and PROGRAM.exists()
