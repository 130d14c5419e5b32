"""The `palmwise` command: `palmwise serve | chat | voice | train | check`.

A subcommand's module is imported only when it is chosen. The server and the voice client have an environment each,
because no set of package versions suits both; a subcommand started in the other environment is handed over.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from palmwise import __version__
from palmwise.resources import ROOT


@dataclass(frozen=True)
class Subcommand:
    """A part of the program that can be started by itself."""

    module: str
    """Module whose `main()` runs it: it reads `sys.argv[1:]`, and returns an exit code or None for 0."""
    environment: str
    """Folder of the virtual environment that has its packages."""
    purpose: str


SUBCOMMANDS = {
    "serve": Subcommand("palmwise.server.__main__", ".venv", "Serve the coach and its chat page over HTTP"),
    "chat": Subcommand("palmwise.client.terminal", ".venv", "Talk to the coach in this terminal"),
    "voice": Subcommand("voice.__main__", ".venv-voice", "Talk to the coach aloud, hands-free"),
    "train": Subcommand("palmwise.nlu.train", ".venv", "Train the model from data/ and content/ into models/"),
    "check": Subcommand(
        "palmwise.check_content", ".venv", "Check content/ and report every mistake with file and line"
    ),
}
HELP = """\
usage: palmwise COMMAND [OPTIONS]

A coach that talks you through a hand massage, in a chat or aloud.

commands:
{commands}
  `palmwise COMMAND --help` lists a command's options. `chat` and `voice` start a server if none is running.

environment variables:
  PALMWISE_PORT             port of the server (5005)
  PALMWISE_INTERFACE        address that the server listens on (127.0.0.1)
  PALMWISE_CONTENT          content folder to use instead of content/en
  PALMWISE_DATABASE         file that keeps the conversations (.palmwise/conversations.db)
  PALMWISE_DATABASE_URL     PostgreSQL database to use instead
  PALMWISE_RETENTION_HOURS  hours of silence after which a conversation is deleted (24)
  PALMWISE_ORIGINS          other sites that may embed the widget, separated by blanks
  PALMWISE_LOG              `warnings`, or `turns` for one JSON line per turn
  PALMWISE_VOICE_<OPTION>   default of an option of `palmwise voice`
  docs/deploy.md lists the others.

documentation:
  README.md             first steps
  CONTRIBUTING.md       add a routine, an answer, a phrase
  docs/voice.md         microphone, loudspeaker, recognizers
  docs/embedding.md     the widget on your own page
  docs/architecture.md  how it is built
"""


def main() -> None:
    """Run the subcommand named by the first argument, then end the process with its exit code.

    The process ends at once: everything is stored and closed by then, and unloading libraries, or an audio driver
    that hangs, would delay the exit.
    """
    code = run()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def run() -> int:
    """Run the subcommand named by `sys.argv[1]` and return its exit code; 2 if there is no such subcommand."""
    name = sys.argv[1] if len(sys.argv) > 1 else "--help"
    if name in ("-h", "--help"):
        sys.stdout.write(HELP.format(commands="".join(f"  {key:7}{it.purpose}\n" for key, it in SUBCOMMANDS.items())))
        return 0
    if name == "--version":
        sys.stdout.write(f"palmwise {__version__}\n")
        return 0
    if name not in SUBCOMMANDS:
        sys.stderr.write(f"palmwise: there is no command {name!r}; see `palmwise --help`\n")
        return 2
    _switch_environment(SUBCOMMANDS[name])
    del sys.argv[1]
    # numpy reads it on import. Its threads wait for each other at every small matrix: two of them take longer than one.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        return int(importlib.import_module(SUBCOMMANDS[name].module).main() or 0)
    except SystemExit as error:
        # argparse ends by this: 0 for --help, 2 for wrong options.
        return error.code if isinstance(error.code, int) else 1


def _switch_environment(subcommand: Subcommand) -> None:
    """Replace this process by the same command in the subcommand's environment, unless it runs there already."""
    folder = ROOT / subcommand.environment
    python = folder / "bin" / "python"
    running_there = Path(sys.prefix).resolve() == folder.resolve()
    # A container image has one environment, which lies elsewhere.
    if python.exists() and not running_there:
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        os.execve(str(python), [str(python), "-m", "palmwise", *sys.argv[1:]], {**os.environ, "PYTHONPATH": path})  # noqa: S606


if __name__ == "__main__":
    main()
