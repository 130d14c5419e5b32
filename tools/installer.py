"""Provides uv, the installer, at the release and hash that the project names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import packages
from tools.errors import SetupError
from tools.workspace import ROOT, TOOLS, digest, say

LOCK = ROOT / "requirements" / "uv.lock"
HOME = TOOLS / "uv"
PROGRAM = HOME / "bin" / "uv"
MARK = HOME / "installed-from"

NO_PIP = (
    "this Python can install nothing: neither pip nor venv is there. On Debian or Ubuntu: "
    "sudo apt-get install python3-pip. Elsewhere install uv and put it on the PATH. "
    "Then run make again."
)


def uv() -> str:
    """The path of a usable uv, fetched at first; raises SetupError where nothing can fetch it."""
    wanted = digest([LOCK])
    if PROGRAM.exists() and MARK.exists() and MARK.read_text(encoding="utf-8") == wanted:
        return str(PROGRAM)
    say("fetching the installer (uv, about 20 MB, once).")
    if _fetch():
        MARK.write_text(wanted, encoding="utf-8")
        return str(PROGRAM)
    own = shutil.which("uv")
    if own:
        say(f"it could not be fetched; using {own} instead.")
        return own
    raise SetupError(NO_PIP)


def environment() -> dict[str, str]:
    """The variables that uv runs with: the person's own, and what they told pip where uv lacks it.

    uv does not read pip's settings, and a company's mirror or certificate is often told to pip only.
    """
    env = dict(os.environ)
    for ours, theirs in (("UV_DEFAULT_INDEX", "PIP_INDEX_URL"), ("SSL_CERT_FILE", "PIP_CERT")):
        # An index told to uv itself goes before pip's; a certificate is wanted by whichever index it is.
        if theirs in env and not (ours == "UV_DEFAULT_INDEX" and "UV_INDEX_URL" in env):
            env.setdefault(ours, env[theirs])
    env.setdefault("UV_HTTP_TIMEOUT", "180")  # seconds; the largest wheel is 221 MB
    env.setdefault("UV_LINK_MODE", "copy" if _apart(env) else "hardlink")
    env["UV_PYTHON_INSTALL_DIR"] = str(TOOLS / "python")
    env.pop("VIRTUAL_ENV", None)
    return env


def _apart(env: dict[str, str]) -> bool:
    """Whether uv's cache lies on another disk, where files cannot be linked (uv would warn)."""
    cache = Path(env.get("UV_CACHE_DIR") or Path.home() / ".cache")
    return not cache.exists() or cache.stat().st_dev != ROOT.stat().st_dev


def _fetch() -> bool:
    """Install uv by the first pip that manages to; false when there is none."""
    pythons = [sys.executable, shutil.which("python3") or sys.executable]
    if any(_by_pip(python) for python in pythons) or any(_by_venv(python) for python in pythons):
        return True
    if packages.can_install():
        packages.install(["python3-pip"])
        return _by_pip("/usr/bin/python3")
    return False


def _by_venv(python: str) -> bool:
    """Install uv by the pip of a throw-away environment, where Python brings one along."""
    place = TOOLS / "pip"
    made = subprocess.run([python, "-m", "venv", "--clear", str(place)], check=False, capture_output=True)
    done = made.returncode == 0 and _by_pip(str(place / "bin" / "python"))
    shutil.rmtree(place, ignore_errors=True)
    return done


def _by_pip(python: str) -> bool:
    """Install uv into HOME; a folder of its own is allowed where the system's is closed (PEP 668)."""
    if subprocess.run([python, "-m", "pip", "--version"], check=False, capture_output=True).returncode:
        return False
    shutil.rmtree(HOME, ignore_errors=True)
    command = [python, "-m", "pip", "install", "--quiet", "--no-user", "--no-deps"]
    command += ["--disable-pip-version-check", "--no-warn-script-location", "--require-hashes"]
    command += ["--target", str(HOME), "--requirement", str(LOCK)]
    env = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore", "PIP_REQUIRE_VIRTUALENV": "0"}
    return subprocess.run(command, check=False, env=env).returncode == 0 and PROGRAM.exists()
