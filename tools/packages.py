"""Sees to the Debian packages that some targets need."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import Iterable

from tools.errors import SetupError
from tools.workspace import ROOT, answer, main, run, say


def named(need: str) -> list[str]:
    """The packages of `requirements/<need>.deb`: one a line, `?` after those that are only welcome, and comments."""
    text = (ROOT / "requirements" / f"{need}.deb").read_text(encoding="utf-8")
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


def missing(packages: Iterable[str]) -> list[str]:
    """Those of the packages that dpkg does not have installed."""
    rows = answer(["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n"])
    installed = {row.split()[0] for row in rows.splitlines() if row.endswith(" installed")}
    return [package for package in packages if package not in installed]


def can_install() -> bool:
    """Whether this is Debian, or a child of it, with root at the keyboard."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> None:
    """Install by apt-get, asking nothing; raises SetupError when it fails."""
    say(f"installing {' '.join(packages)} (apt-get).")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    trouble = "apt-get failed: its own words are above. Mend that, then run make again."
    run(["apt-get", "update", "-qq"], trouble, env)
    run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages], trouble, env)


def provide(needs: list[str]) -> None:
    """Install what is missing for the needs, or raise SetupError with the command that does.

    What is only welcome is installed where that can be done, and else done without.
    """
    listed = [package for need in needs for package in named(need)]
    wanted = [package for package in listed if not package.endswith("?")]
    if shutil.which("dpkg-query") is None:
        say(f"this is not Debian: what it calls {', '.join(wanted)} has to be here already.")
        return
    lacking = missing(wanted)
    if lacking and not can_install():
        command = f"sudo apt-get install --no-install-recommends {' '.join(lacking)}"
        raise SetupError(f"some system packages are missing. Please run: {command}")
    if lacking:
        install(lacking)
    for package in missing(name.rstrip("?") for name in listed if name.endswith("?")):
        _try(package)


def _try(package: str) -> None:
    if can_install():
        with suppress(SetupError):
            install([package])
            return
    say(f"going on without {package}, which only some tests look at.")


if __name__ == "__main__":
    main(provide)
