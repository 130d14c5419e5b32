"""The `palmwise` command: `palmwise serve | chat | voice | train | check`.

Each subcommand is imported only when it is chosen: the voice client and the server live in two environments.
"""

from __future__ import annotations

import importlib
import sys

COMMANDS = {
    "serve": ("palmwise.server.__main__", "serve the coach over HTTP"),
    "chat": ("palmwise.server.terminal", "talk to the coach in this terminal"),
    "voice": ("voice.__main__", "talk to the coach aloud"),
    "train": ("palmwise.nlu.training", "train the model, with the arguments of `rasa train`"),
    "check": ("palmwise.coach.check", "check the content folder"),
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
    module, _ = COMMANDS[command]
    del sys.argv[1]
    return int(importlib.import_module(module).main() or 0)


if __name__ == "__main__":
    sys.exit(main())
