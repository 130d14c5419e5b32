"""Required Debian packages must be installed; optional ones never stop a target."""

from __future__ import annotations

import shutil
from collections.abc import Iterable

import pytest

from tools import packages
from tools.workspace import SetupError


class Machine:
    """A Debian with some packages, and an archive with some."""

    def __init__(self, here: Iterable[str], archive: Iterable[str], *, root: bool) -> None:
        self.here = set(here)
        self._archive = set(archive)
        self._root = root

    def output_of(self, _: object) -> str:
        return "".join(f"{name} installed\n" for name in self.here)

    def can_install(self) -> bool:
        return self._root

    def install(self, wanted: list[str]) -> None:
        if not self._archive.issuperset(wanted):
            raise SetupError("no such package")
        self.here.update(wanted)


def stand_on(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("output_of", "can_install", "install"):
        monkeypatch.setattr(packages, name, getattr(machine, name))
    monkeypatch.setattr(packages, "named", lambda _: ["needed", "welcome?"])
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")


@pytest.mark.parametrize(
    ("machine", "afterwards"),
    [
        (Machine([], ["needed", "welcome"], root=True), {"needed", "welcome"}),
        (Machine([], ["needed"], root=True), {"needed"}),
        (Machine(["needed"], ["welcome"], root=False), {"needed"}),
        (Machine(["needed", "welcome"], [], root=True), {"needed", "welcome"}),
    ],
    ids=["both to be had", "one to be had", "nobody to install it", "both there"],
)
def test_optional_packages_are_installed_where_possible(
    machine: Machine, afterwards: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_on(machine, monkeypatch)
    packages.provide(["test"])
    assert machine.here == afterwards


@pytest.mark.parametrize("root", [True, False])
def test_missing_required_packages_are_an_error(*, root: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine([], [], root=root)
    stand_on(machine, monkeypatch)
    with pytest.raises(SetupError):
        packages.provide(["test"])
    assert not machine.here
