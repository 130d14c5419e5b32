"""Writes the locks anew from what stands in requirements/*.in."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tools import installer, interpreter
from tools.workspace import ROOT, alone, main, run, say

FOLDER = ROOT / "requirements"
ORDER = ("uv", "app", "dev", "voice", "voice-extra", "audit")  # a later one may hold to an earlier
OPTIONS = (
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
)
MARKER = re.compile(r"^(?P<name>\S+==\S+) ; (?P<marker>.*?)(?P<rest> \\)$", re.MULTILINE)


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
    if name == "app":
        command += ["--override", "requirements/overrides.in"]
    trouble = f"{name}.in cannot be locked: what contradicts what is told above."
    run([*command, f"requirements/{name}.in"], trouble, installer.environment())
    shorten(lock)


def shorten(lock: Path) -> None:
    """Drop the condition that only repeats the platforms of pyproject.toml: tools/environment.py asks."""
    text = lock.read_text(encoding="utf-8")
    markers = Counter(match["marker"] for match in MARKER.finditer(text))
    if markers:
        common = markers.most_common(1)[0][0]
        text = text.replace(f" ; {common} \\\n", " \\\n")
        text = text.replace("python_full_version < '3.11' and ", "")
    lock.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(relock)
