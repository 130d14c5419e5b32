"""Writes the locks anew from what stands in requirements/*.in."""

from __future__ import annotations

import re

from tools import installer, interpreter
from tools.workspace import ROOT, alone, main, run, say

FOLDER = ROOT / "requirements"
ORDER = ("uv", "app", "actions", "dev", "voice", "voice-extra", "audit")  # a later one may hold to an earlier
OPTIONS = (
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
)
REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)(?:==\S+)?$", re.MULTILINE)
LOCKED = re.compile(r"^(?P<name>[^=\s]+)==\S+ ; (?P<marker>.*?) \\$", re.MULTILINE)


def relock(names: list[str]) -> None:
    """Compile the named locks, or all; `--upgrade` among the names takes the newest releases."""
    options = [name for name in names if name.startswith("-")]
    chosen = [name for name in names if not name.startswith("-")] or list(ORDER)
    with alone():
        uv = installer.uv()
        python = interpreter.python(uv)
        for name in [name for name in ORDER if name in chosen]:
            say(f"locking {name}.")
            _compile(uv, python, name, options)


def _compile(uv: str, python: str, name: str, options: list[str]) -> None:
    lock = FOLDER / f"{name}.lock"
    command = [uv, "pip", "compile", *OPTIONS, *options, "--python", python]
    command += ["--python-version", interpreter.wanted(), "--output-file", str(lock)]
    if (FOLDER / f"{name}-overrides.in").exists():
        command += ["--override", f"requirements/{name}-overrides.in"]
    trouble = f"{name}.in cannot be locked: what contradicts what is told above."
    run([*command, f"requirements/{name}.in"], trouble, installer.environment())
    text = lock.read_text(encoding="utf-8")
    asked_for = (FOLDER / f"{name}.in").read_text(encoding="utf-8")
    lock.write_text(shortened(text, asked_for), encoding="utf-8")


def shortened(lock: str, asked_for: str) -> str:
    """Return the lock without the condition that only repeats the platforms of pyproject.toml.

    tools/environment.py refuses all others. The condition is the one at a package that is asked
    for without any.
    """
    unconditional = {match[1].lower() for match in REQUIREMENT.finditer(asked_for)}
    for match in LOCKED.finditer(lock):
        if match["name"] in unconditional:
            lock = lock.replace(f" ; {match['marker']} \\\n", " \\\n")
            break
    return lock.replace("python_full_version < '3.11' and ", "")


if __name__ == "__main__":
    main(relock)
