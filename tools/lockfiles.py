"""Compiles the lock files in requirements/ and audits what they pin: `python -m tools.lockfiles compile | audit`."""

from __future__ import annotations

import re
import subprocess

from tools.uv import environment, python, python_version, uv
from tools.workspace import ROOT, SetupError, exclusive, main, run, say

FOLDER = ROOT / "requirements"
ORDER = ("uv", "app", "actions", "dev", "reference", "voice", "npm", "audit")
"""A lock may be constrained by one before it."""
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

ADVISORIES = ROOT / "deploy" / "advisories.yml"
ADVISORY_IDS = re.compile(r"^\s+ids: \[(.*)\]$", re.MULTILINE)


def compile_locks(arguments: list[str]) -> None:
    """Compile the named locks, or all; options such as `--upgrade` are passed on to `uv pip compile`."""
    options = [argument for argument in arguments if argument.startswith("-")]
    chosen = [argument for argument in arguments if not argument.startswith("-")] or list(ORDER)
    with exclusive():
        for name in [name for name in ORDER if name in chosen]:
            say(f"locking {name}.")
            _compile(name, options)


def _compile(name: str, options: list[str]) -> None:
    lock = FOLDER / f"{name}.lock"
    command = [uv(), "pip", "compile", *OPTIONS, *options, "--python", python()]
    command += ["--python-version", python_version(), "--output-file", str(lock)]
    if (FOLDER / f"{name}-overrides.in").exists():
        command += ["--override", f"requirements/{name}-overrides.in"]
    trouble = f"{name}.in cannot be locked: the conflict is described above."
    run([*command, f"requirements/{name}.in"], trouble, environment())
    text = lock.read_text(encoding="utf-8")
    requested = (FOLDER / f"{name}.in").read_text(encoding="utf-8")
    lock.write_text(shortened(text, requested), encoding="utf-8")


def shortened(lock: str, requested: str) -> str:
    """Return the lock without the marker that only repeats the platforms of pyproject.toml.

    tools/environment.py refuses all other platforms. The marker to drop is the one on a package that
    is requested without any.
    """
    unconditional = {match[1].lower() for match in REQUIREMENT.finditer(requested)}
    for match in LOCKED.finditer(lock):
        if match["name"] in unconditional:
            lock = lock.replace(f" ; {match['marker']} \\\n", " \\\n")
            break
    return lock.replace("python_full_version < '3.11' and ", "")


def audit(options: list[str]) -> None:
    """Look all pinned packages up among known advisories, apart from those that deploy/advisories.yml answers.

    Raises SetupError for an advisory without an answer, and if the database of advisories cannot be reached.
    """
    answered = answered_advisories()
    ignored = [word for name in answered for word in ("--ignore-vuln", name)]
    failed = []
    for lock in ORDER:
        say(f"auditing requirements/{lock}.lock.")
        command = [".tools/audit/bin/pip-audit", "--strict", "--require-hashes", "--disable-pip"]
        command += ["--requirement", f"requirements/{lock}.lock", *ignored, *options]
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            failed.append(lock)
    if failed:
        raise SetupError(
            f"the audit of {' and '.join(failed)} failed: an advisory has no answer in "
            "deploy/advisories.yml yet, or the database of advisories cannot be reached (see above)."
        )
    say(f"no advisories beyond the {len(answered)} in deploy/advisories.yml.")


def answered_advisories() -> list[str]:
    """Ids of all advisories in the list. Parsed without a YAML library: the set-up has none."""
    text = ADVISORIES.read_text(encoding="utf-8")
    return [name.strip() for match in ADVISORY_IDS.finditer(text) for name in match[1].split(",")]


def dispatch(arguments: list[str]) -> None:
    """Run the subcommand that the first argument names."""
    {"compile": compile_locks, "audit": audit}[arguments[0]](arguments[1:])


if __name__ == "__main__":
    main(dispatch)
