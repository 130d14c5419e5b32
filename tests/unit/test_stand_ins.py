"""Modules of missing packages can be imported, and refuse to be used."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec
from typing import Any

import pytest

from palmwise import stand_ins
from palmwise.errors import MissingPackageError
from palmwise.resources import ROOT
from palmwise.stand_ins import HIDDEN, NEVER_SERVED, PACKAGES, RASA_VERSION, StandInFinder

DISTRIBUTIONS = {"slack_sdk": "slack-sdk", "sklearn": "scikit-learn"}
"""Import package -> name in the lock, where they differ."""


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The packages that are installed: none but Rasa, whatever the environment has that this runs in."""
    here: set[str] = set()
    monkeypatch.setattr(PathFinder, "find_spec", lambda name: ModuleSpec(name, None) if name in here else None)
    stand_ins._is_missing.cache_clear()
    yield here
    stand_ins._is_missing.cache_clear()


def stand_in(name: str) -> Any:
    """The stand-in for a module, without its name in `sys.modules`."""
    spec = StandInFinder().find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z][\w.-]*)==([^\s;]+)", text, re.MULTILINE))


@pytest.mark.parametrize("package", sorted(set(PACKAGES.values())))
def test_what_is_stood_in_for_is_not_locked(package: str) -> None:
    assert DISTRIBUTIONS.get(package, package) not in locked("app")


def test_the_lock_and_the_stand_ins_agree_on_the_release_of_rasa() -> None:
    assert locked("app")["rasa"] == RASA_VERSION == importlib.metadata.version("rasa")


@pytest.mark.parametrize("module", sorted(name for name in PACKAGES if name.startswith("rasa.")))
def test_every_part_that_is_stood_in_for_is_a_module_of_rasa(module: str) -> None:
    files = {str(file) for file in importlib.metadata.files("rasa") or ()}
    assert f"{module.replace('.', '/')}.py" in files


def test_a_module_of_a_missing_package_refuses_to_be_used() -> None:
    boto3 = stand_in("boto3")
    store = type("Store", (boto3.Session,), {})
    with pytest.raises(MissingPackageError, match=r"boto3\.Session needs the package 'boto3'"):
        store()
    with pytest.raises(MissingPackageError, match=r"boto3\.resource needs the package 'boto3'"):
        boto3.resource("dynamodb")
    with pytest.raises(AttributeError):
        boto3.__wrapped__  # noqa: B018


def test_an_error_of_a_missing_package_can_be_waited_for() -> None:
    assert issubclass(stand_in("pymongo.errors").ConnectionFailure, Exception)


def test_nothing_else_is_found() -> None:
    finder = StandInFinder()
    assert [name for name in ("json", "tensorflow", "sklearn", "rasa", "boto3x") if finder.find_spec(name)] == []


def test_a_package_that_is_installed_is_used(machine: set[str]) -> None:
    machine.add("boto3")
    assert StandInFinder().find_spec("boto3.dynamodb") is None
    assert StandInFinder().find_spec("pymongo.errors") is not None


def test_another_release_of_rasa_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda _: "3.6.22")
    assert StandInFinder().find_spec("rasa.utils.plotting") is None


def test_it_is_installed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [each for each in sys.meta_path if not isinstance(each, StandInFinder)])
    stand_ins.install()
    stand_ins.install()
    assert [isinstance(each, StandInFinder) for each in sys.meta_path].count(True) == 1


def test_a_server_does_without_channels_whose_packages_are_installed(machine: set[str]) -> None:
    machine |= {package for package, _ in NEVER_SERVED.values()}
    finder = StandInFinder()
    assert [finder.find_spec(name) for name in NEVER_SERVED] == [None, None]
    finder.serving = True
    assert all(finder.find_spec(name) for name in NEVER_SERVED)


def test_a_server_seems_not_to_have_what_is_optional(machine: set[str]) -> None:
    machine |= HIDDEN
    finder = StandInFinder()
    assert [finder.find_spec(name) for name in HIDDEN] == [None]
    finder.serving = True
    for name in HIDDEN:
        with pytest.raises(ModuleNotFoundError):
            finder.find_spec(name)
