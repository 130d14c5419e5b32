"""Installs the Debian packages that some targets need: `python -m tools.packages voice test`."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import Iterable

from tools.workspace import ROOT, SetupError, main, output_of, run, say


def named(need: str) -> list[str]:
    """Packages in `requirements/<need>.deb`, one per line; a `?` marks optional ones, a `#` begins a comment."""
    text = (ROOT / "requirements" / f"{need}.deb").read_text(encoding="utf-8")
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


def missing(packages: Iterable[str]) -> list[str]:
    """Return those of the packages that dpkg does not list as installed."""
    rows = output_of(["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n"])
    installed = {row.split()[0] for row in rows.splitlines() if row.endswith(" installed")}
    return [package for package in packages if package not in installed]


def can_install() -> bool:
    """Whether this is Debian or a derivative, and the user is root."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> None:
    """Install by apt-get without prompts; raises SetupError if it fails."""
    say(f"installing {' '.join(packages)} (apt-get).")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    trouble = "apt-get failed: its message is above. Fix that, then run make again."
    run(["apt-get", "update", "-qq"], trouble, env)
    run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages], trouble, env)


def provide(needs: list[str]) -> None:
    """Install the missing packages of the needs, or raise SetupError with the command to run.

    Optional packages are installed where that is possible, and skipped elsewhere.
    """
    listed = [package for need in needs for package in named(need)]
    required = [package for package in listed if not package.endswith("?")]
    if shutil.which("dpkg-query") is None:
        say(f"this is not Debian: what Debian calls {', '.join(required)} has to be installed already.")
        return
    lacking = missing(required)
    if lacking and not can_install():
        command = f"sudo apt-get install --no-install-recommends {' '.join(lacking)}"
        raise SetupError(f"some system packages are missing. Please run: {command}")
    if lacking:
        install(lacking)
    for package in missing(name.rstrip("?") for name in listed if name.endswith("?")):
        _install_optional(package)


def _install_optional(package: str) -> None:
    if can_install():
        with suppress(SetupError):
            install([package])
            return
    say(f"going on without {package}, which only some tests need.")


if __name__ == "__main__":
    main(provide)
