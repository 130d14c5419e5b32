"""Trains the model if anything that it is made from has changed: `python -m tools.training`."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tools import environment
from tools.workspace import ROOT, SetupError, digest, exclusive, main, say

SOURCES = (
    "domain.yml",
    "domain/**/*.yml",
    "config.yml",
    "data/**/*.yml",
    "palmwise/nlu/**/*",
    "palmwise/language/**/*.py",
    "palmwise/resources.py",
    "palmwise/training_files.py",
    "palmwise/coach/**/*.py",
    "requirements/app.lock",
    "tools/training.py",
)
CONTENT = ROOT / (os.environ.get("PALMWISE_CONTENT") or "content/en")
"""The content folder, by the same setting as in `palmwise.resources`, which cannot be imported before `make env`."""
MODEL = ROOT / "models" / "palmwise.tar.gz"
RECORD = ROOT / "models" / "palmwise.inputs"
LOG = ROOT / "models" / "training.log"
UNFINISHED = ROOT / "models" / ".unfinished"
PHASE = re.compile(r"Starting to train component '(\w+)'")


def inputs() -> list[Path]:
    """Every file that the model depends on, sorted."""
    found = {path for pattern in SOURCES for path in ROOT.glob(pattern) if path.is_file()} | {*CONTENT.rglob("*.yml")}
    return sorted(path for path in found if "__pycache__" not in path.parts)


def up_to_date() -> bool:
    """Whether there is a model that was made from the files as they are now."""
    if not MODEL.exists() or not RECORD.exists():
        return False
    return RECORD.read_text(encoding="utf-8") == digest(inputs())


def train() -> None:
    """Train from scratch, then replace the model atomically.

    Rasa's own cache is off: its key for a component is the class alone, so it would miss a change in a helper.
    Its validation is off as well, because `make validate` runs it and fails if it warns.
    """
    UNFINISHED.mkdir(parents=True, exist_ok=True)
    made_from = digest(inputs())
    say("training the model (about a minute).")
    command = [".venv/bin/python", "-W", "ignore", "-m", "palmwise", "train"]
    command += ["--force", "--skip-validation", "--out", str(UNFINISHED)]
    env = {**os.environ, "RASA_MAX_CACHE_SIZE": "0", "RASA_TELEMETRY_ENABLED": "false"}
    with LOG.open("w", encoding="utf-8") as log, subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            log.write(line)
            phase = PHASE.search(line)
            if phase:
                say(f"  {phase[1]}")
    result = UNFINISHED / MODEL.name
    if process.returncode != 0 or not result.exists():
        raise SetupError(f"the training failed. The end of its log:\n\n{_log_tail()}")
    RECORD.unlink(missing_ok=True)
    result.replace(MODEL)
    RECORD.write_text(made_from, encoding="utf-8")
    say(f"trained: {MODEL.relative_to(ROOT)}.")


def _log_tail(lines: int = 30) -> str:
    """Return the end of the log, where Rasa reports what was wrong."""
    return "\n".join(LOG.read_text(encoding="utf-8").splitlines()[-lines:])


def provide(_: list[str]) -> None:
    """Bring the server's environment and the model up to date."""
    environment.provide(["app"])
    if up_to_date():
        return
    with exclusive():
        if not up_to_date():
            train()


if __name__ == "__main__":
    main(provide)
