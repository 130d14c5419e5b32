"""Keeps the project's Python environments in step with their locks: `python -m tools.environment app | dev | ...`."""

from __future__ import annotations

import json
import os
import platform
import shlex
from dataclasses import dataclass
from pathlib import Path

from tools import uv
from tools.workspace import ROOT, SetupError, digest, exclusive, main, output_of, run, say

MACHINES = {"Linux": ("x86_64", "aarch64"), "Darwin": ("x86_64", "arm64")}

TROUBLE = (
    "the packages could not be installed: the installer's message is above. The usual causes are the "
    "network, a proxy, or a full disk (1 GB is needed). Then run make again; what has been "
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


STAND_INS = """\
{root}
import importlib.util; importlib.util.find_spec("palmwise") and __import__("palmwise.stand_ins").stand_ins.install()
"""
"""A `.pth` file, which Python reads at its start: a folder to import from, and a line to run.

While an image is built, the environment is there before the code is.
"""


IMPORTED = (
    "palmwise.server.launch",
    "palmwise.server.channel",
    "palmwise.nlu.classifier",
    "rasa.engine.recipes.recipe",
)
"""Modules that import nearly all that the server needs."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment, and the locks whose packages it has."""

    folder: Path
    locks: tuple[str, ...]
    """Names of files in requirements/, without the ending."""

    @property
    def python(self) -> Path:
        """The interpreter in it."""
        return self.folder / "bin" / "python"

    @property
    def command(self) -> Path:
        """The `palmwise` command in it."""
        return self.folder / "bin" / "palmwise"

    @property
    def record(self) -> Path:
        """JSON file with the digests of the installed locks, and the environment's folder at that time."""
        return self.folder / "installed.json"


ENVIRONMENTS = {
    "app": Environment(ROOT / ".venv", ("app",)),
    "dev": Environment(ROOT / ".venv", ("app", "dev")),
    "voice": Environment(ROOT / ".venv-voice", ("voice",)),
    "reference": Environment(ROOT / ".tools" / "reference", ("reference",)),
    "audit": Environment(ROOT / ".tools" / "audit", ("audit",)),
    "npm": Environment(ROOT / ".tools" / "npm", ("npm",)),
}


def lock_file(name: str) -> Path:
    """Path of the lock of that name."""
    return ROOT / "requirements" / f"{name}.lock"


def recorded(env: Environment) -> dict[str, str]:
    """Digests of the installed locks by name.

    Empty after the environment has moved, because its scripts contain the old path.
    """
    try:
        record = json.loads(env.record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if record.get("folder") != str(env.folder.resolve()) or not os.access(env.python, os.X_OK):
        return {}
    return {str(name): str(value) for name, value in record.get("locks", {}).items()}


def up_to_date(env: Environment) -> bool:
    """Whether all of the environment's locks are installed as they are now."""
    installed = recorded(env)
    return os.access(env.command, os.X_OK) and all(
        installed.get(name) == digest([lock_file(name)]) for name in env.locks
    )


def install(env: Environment) -> None:
    """Install the environment's locks, keeping those that other targets have installed there."""
    _check_machine()
    before = recorded(env)
    names = [*env.locks, *sorted(set(before) - set(env.locks))]
    names = [name for name in names if lock_file(name).exists()]
    if not before or uv.version_of(str(env.python)) != uv.python_version():
        command = [uv.uv(), "venv", "--quiet", "--no-project", "--clear", "--python", uv.python()]
        run([*command, str(env.folder)], TROUBLE, uv.environment())
    env.record.unlink(missing_ok=True)
    where = env.folder.relative_to(ROOT)
    say(f"installing {' and '.join(names)} into {where} (a few minutes at first, seconds later).")
    command = [uv.uv(), "pip", "sync", "--python", str(env.python), "--require-hashes"]
    run([*command, *(str(lock_file(name)) for name in names)], TROUBLE, uv.environment())
    write_command(env)
    if "app" in names:
        write_stand_ins(env)
        compile_modules(env)
    locks = {name: digest([lock_file(name)]) for name in names}
    env.record.write_text(json.dumps({"folder": str(env.folder.resolve()), "locks": locks}), encoding="utf-8")


def write_command(env: Environment) -> None:
    """Write `bin/palmwise`, which runs the project in place.

    It does what an editable install would do, without a build backend in the environment. A shell starts it, as with
    pip's scripts, because the kernel takes no interpreter path with a blank in it.
    """
    script = COMMAND.format(python=shlex.quote(str(env.python)), root=str(ROOT))
    env.command.write_text(script, encoding="utf-8")
    env.command.chmod(0o755)


def write_stand_ins(env: Environment) -> None:
    """Have every interpreter of the environment do without the packages that the server's lock leaves out."""
    folder = env.folder / "lib" / f"python{uv.python_version()}" / "site-packages"
    (folder / "palmwise.pth").write_text(STAND_INS.format(root=str(ROOT)), encoding="utf-8")


def compile_modules(env: Environment) -> None:
    """Have Python compile what the server imports, which pip would do and uv does not.

    Without it the first start takes twice as long, and each one where Python may not write what it compiles. While an
    image is built, the code to import is not there yet, and nothing happens.
    """
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    output_of([str(env.python), "-c", f"import {', '.join(IMPORTED)}"], variables)


def provide(names: list[str]) -> None:
    """Bring the named environments up to date."""
    for name in names:
        env = ENVIRONMENTS[name]
        if up_to_date(env):
            continue
        with exclusive():
            if not up_to_date(env):
                install(env)


def _check_machine() -> None:
    system, machine = platform.system(), platform.machine()
    if machine not in MACHINES.get(system, ()):
        raise SetupError(
            f"some of Rasa's libraries do not exist for {system} on {machine}. Linux (x86_64, aarch64) "
            "and macOS will do; on Windows use WSL."
        )


if __name__ == "__main__":
    main(provide)
