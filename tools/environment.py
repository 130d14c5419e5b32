"""Makes the project's Python environments what their locks say."""

from __future__ import annotations

import json
import os
import platform
import shlex
from dataclasses import dataclass
from pathlib import Path

from tools import installer, interpreter
from tools.errors import SetupError
from tools.workspace import ROOT, alone, digest, main, run, say

MACHINES = {"Linux": ("x86_64", "aarch64"), "Darwin": ("x86_64", "arm64")}

TROUBLE = (
    "the packages could not be installed: the installer's own words are above. Most often it is the "
    "network, a proxy, or a full disk (2.5 GB are needed). Then run make again; what has been "
    "fetched is kept."
)

COMMAND = """\
#!/bin/sh
'''exec' {python} "$0" "$@"
' '''
import sys

sys.path[0] = {root!r}
from palmwise.__main__ import main

main()
"""


@dataclass(frozen=True)
class Environment:
    """A folder with Python packages, and the locks that say which."""

    folder: Path
    """Where it is."""
    locks: tuple[str, ...]
    """Names under requirements/, without the ending."""

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def command(self) -> Path:
        """The `palmwise` command in it."""
        return self.folder / "bin" / "palmwise"

    @property
    def record(self) -> Path:
        """The file that remembers what was installed, and where the project was then."""
        return self.folder / "installed.json"


ENVIRONMENTS = {
    "app": Environment(ROOT / ".venv", ("app",)),
    "dev": Environment(ROOT / ".venv", ("app", "dev")),
    "voice": Environment(ROOT / ".venv-voice", ("voice",)),
    "voice-extra": Environment(ROOT / ".venv-voice", ("voice", "voice-extra")),
    "audit": Environment(ROOT / ".tools" / "audit", ("audit",)),
}


def lock_file(name: str) -> Path:
    """The lock of that name."""
    return ROOT / "requirements" / f"{name}.lock"


def recorded(env: Environment) -> dict[str, str]:
    """What is installed, as digests by the locks' names.

    Nothing counts after the project has moved: scripts hold the old place.
    """
    try:
        record = json.loads(env.record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if record.get("root") != str(ROOT) or not os.access(env.python, os.X_OK):
        return {}
    return {str(name): str(value) for name, value in record.get("locks", {}).items()}


def up_to_date(env: Environment) -> bool:
    """Whether all of its locks are installed as they are now."""
    have = recorded(env)
    return os.access(env.command, os.X_OK) and all(have.get(name) == digest([lock_file(name)]) for name in env.locks)


def install(env: Environment) -> None:
    """Install the environment's locks, with those that other targets had put there before."""
    _check_machine()
    uv = installer.uv()
    before = recorded(env)
    names = [*env.locks, *sorted(set(before) - set(env.locks))]
    names = [name for name in names if lock_file(name).exists()]
    if not before or interpreter.version_of(str(env.python)) != interpreter.wanted():
        python = interpreter.python(uv)
        command = [uv, "venv", "--quiet", "--no-project", "--clear", "--python", python]
        run([*command, str(env.folder)], TROUBLE, installer.environment())
    env.record.unlink(missing_ok=True)
    where = env.folder.relative_to(ROOT)
    say(f"installing {' and '.join(names)} into {where} (a few minutes at first, seconds later).")
    command = [uv, "pip", "sync", "--python", str(env.python), "--require-hashes"]
    run([*command, *(str(lock_file(name)) for name in names)], TROUBLE, installer.environment())
    write_command(env)
    locks = {name: digest([lock_file(name)]) for name in names}
    env.record.write_text(json.dumps({"root": str(ROOT), "locks": locks}), encoding="utf-8")


def write_command(env: Environment) -> None:
    """Write `bin/palmwise`, which runs the project in place.

    It does what an editable install would do, without a build backend in the environment. A shell starts it, as with
    pip's scripts, because the kernel takes no interpreter path with a blank in it.
    """
    script = COMMAND.format(python=shlex.quote(str(env.python)), root=str(ROOT))
    env.command.write_text(script, encoding="utf-8")
    env.command.chmod(0o755)


def provide(names: list[str]) -> None:
    """Make the named environments, doing nothing where they are there already."""
    for name in names:
        env = ENVIRONMENTS[name]
        if up_to_date(env):
            continue
        with alone():
            if not up_to_date(env):
                install(env)


def _check_machine() -> None:
    system, machine = platform.system(), platform.machine()
    if machine not in MACHINES.get(system, ()):
        raise SetupError(
            f"Rasa's TensorFlow does not exist for {system} on {machine}. Linux (x86_64, aarch64) "
            "and macOS will do; on Windows use WSL."
        )


if __name__ == "__main__":
    main(provide)
