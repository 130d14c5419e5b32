"""Looks the locked packages up among known weaknesses, less those that deploy/advisories.yml has an answer to."""

from __future__ import annotations

import re
import subprocess

from tools.errors import SetupError
from tools.workspace import ROOT, main, say

LOCKS = ("app", "actions")
ANSWERED = ROOT / "deploy" / "advisories.yml"
IDS = re.compile(r"^\s+ids: \[(.*)\]$", re.MULTILINE)


def answered() -> list[str]:
    """The names of all weaknesses in the list. Read without a YAML library: the set-up has none."""
    text = ANSWERED.read_text(encoding="utf-8")
    return [name.strip() for match in IDS.finditer(text) for name in match[1].split(",")]


def audit(more: list[str]) -> None:
    """Ask about every lock; raises SetupError for what has no answer, and when nobody could be asked."""
    ignored = [word for name in answered() for word in ("--ignore-vuln", name)]
    failed = []
    for lock in LOCKS:
        say(f"asking about requirements/{lock}.lock.")
        command = [".tools/audit/bin/pip-audit", "--strict", "--require-hashes", "--disable-pip"]
        command += ["--requirement", f"requirements/{lock}.lock", *ignored, *more]
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            failed.append(lock)
    if failed:
        raise SetupError(
            f"the audit of {' and '.join(failed)} did not pass: either a weakness has no answer in "
            "deploy/advisories.yml yet, or the database of advisories could not be reached (its words are above)."
        )
    say(f"nothing is known beyond the {len(answered())} weaknesses in deploy/advisories.yml.")


if __name__ == "__main__":
    main(audit)
