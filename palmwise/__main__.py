"""The `palmwise` command: `palmwise serve | chat | voice | train | check`.

Each subcommand is imported only when it is chosen: the voice client and the server live in two environments.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from palmwise import resources
from palmwise.coach.content_loader import load_content
from palmwise.errors import ContentError

COMMANDS = {
    "serve": ("palmwise.server.__main__", "serve the coach over HTTP"),
    "chat": ("palmwise.client.terminal", "talk to the coach in this terminal"),
    "voice": ("voice.__main__", "talk to the coach aloud"),
    "train": ("palmwise.nlu.train", "train the model, with the arguments of `rasa train`"),
    "check": ("palmwise.coach.content_checks", "check the content folder"),
}
"""Subcommand -> (module whose `main` runs it, what it does)."""
USAGE = "usage: palmwise COMMAND [OPTIONS]\n\n" + "".join(
    f"  palmwise {name:7} {purpose}\n" for name, (_, purpose) in COMMANDS.items()
)


def main() -> int:
    """Run the subcommand named first on the command line; 2 if there is none of that name."""
    command = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if command in ("-h", "--help"):
        sys.stdout.write(USAGE)
        return 0
    if command not in COMMANDS:
        sys.stderr.write(USAGE)
        return 2
    module, _, function = COMMANDS[command][0].partition(":")
    del sys.argv[1]
    return int(getattr(importlib.import_module(module), function)() or 0)


def check() -> int:
    """Print every mistake in a content folder: the one named on the command line, or the usual one."""
    return check_folder(Path(sys.argv[1]) if len(sys.argv) > 1 else resources.content_folder())


def check_folder(folder: Path) -> int:
    """Print every mistake in `folder`; 0 when there is none, 1 otherwise."""
    try:
        content = load_content(folder)
    except ContentError as error:
        sys.stderr.write(f"{error}\n{len(error.problems)} to mend in {folder}\n")
        return 1
    sys.stdout.write(
        f"{folder}: {len(content.routines)} routines, {len(content.techniques)} techniques, "
        f"{len(content.faqs)} answers, {len(content.symptoms)} symptoms, all fine\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
