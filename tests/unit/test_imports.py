"""The layout: `docs/architecture.md` says which package may import which, and names are used once."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from palmwise.resources import ROOT

ROW = re.compile(r"^\| `([\w/]+)/` \|[^|]*\| ([^|]*) \|$", re.MULTILINE)
TABLE = {
    folder.replace("/", "."): {folder.replace("/", "."), *re.findall(r"`([\w.]+)`", allowed)}
    for folder, allowed in ROW.findall((ROOT / "docs/architecture.md").read_text(encoding="utf-8"))
}
FOLDERS = ("actions", "benchmarks", "palmwise", "tools", "voice")
DEEPEST = 7
SHARED_NAMES = {"__init__", "__main__"}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module outside the tests, by its dotted name."""
    found = {}
    for path in (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        relative = path.relative_to(ROOT)
        if "results" not in relative.parts:
            parts = relative.with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


@cache
def imports(module: str) -> frozenset[str]:
    """The project's modules that a module imports when it is loaded."""
    found = set()
    for name in _imported(modules()[module], late=False):
        target = name if name in modules() else name.rpartition(".")[0]
        if target in modules() and target != module:
            found.add(target)
    return frozenset(found)


def test_every_package_has_a_row() -> None:
    folders = [ROOT / "actions", ROOT / "voice", *(path for path in (ROOT / "palmwise").iterdir() if path.is_dir())]
    packages = {".".join(path.relative_to(ROOT).parts) for path in folders if any(path.glob("*.py"))}
    assert packages == set(TABLE)


@pytest.mark.parametrize("package", sorted(TABLE))
def test_a_package_imports_only_what_its_row_allows(package: str) -> None:
    trees = [tree for name, tree in modules().items() if name == package or name.startswith(f"{package}.")]
    found = {_package(name) for tree in trees for name in _imported(tree, late=True)}
    assert found & {*TABLE, "tests", "tools", "benchmarks"} <= TABLE[package]


def test_no_module_imports_itself_through_others() -> None:
    finished: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path[path.index(module) :], module))
        if module not in finished:
            for target in imports(module):
                visit(target, (*path, module))
            finished.add(module)

    for module in modules():
        visit(module, ())


@pytest.mark.parametrize("package", sorted(TABLE))
def test_imports_within_a_package_are_not_deep(package: str) -> None:
    own = {name for name in modules() if name == package or name.startswith(f"{package}.")}

    @cache
    def depth(module: str) -> int:
        return 1 + max((depth(target) for target in imports(module) & own), default=0)

    deepest = max(own, key=depth)
    assert depth(deepest) <= DEEPEST, deepest


def test_no_two_modules_have_the_same_name() -> None:
    packages = {name.rpartition(".")[0] for name in modules()}
    names = Counter(name.rpartition(".")[2] for name in modules() if name not in packages)
    assert {name for name, count in names.items() if count > 1} - SHARED_NAMES == set()


def test_no_two_classes_have_the_same_name() -> None:
    names = Counter(node.name for tree in modules().values() for node in tree.body if isinstance(node, ast.ClassDef))
    assert {name for name, count in names.items() if count > 1} == set()


def test_unit_tests_load_no_rasa() -> None:
    @cache
    def loads_rasa(module: str) -> bool:
        outside = {name.partition(".")[0] for name in _imported(modules()[module], late=False)}
        return bool(outside & {"rasa", "sanic"}) or any(loads_rasa(target) for target in imports(module))

    for path in (ROOT / "tests" / "unit").rglob("test_*.py"):
        names = set(_imported(ast.parse(path.read_text(encoding="utf-8")), late=True))
        used = {name if name in modules() else name.rpartition(".")[0] for name in names} & set(modules())
        assert {module for module in used if loads_rasa(module)} == set(), path


def _package(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "palmwise" else parts[0]


def _imported(tree: ast.Module, *, late: bool) -> Iterator[str]:
    """Dotted names that a module imports; `late` includes the imports within functions."""
    for node in ast.walk(tree) if late else tree.body:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)
