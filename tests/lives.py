"""A server that can be killed and restarted quickly: `python -m tests.lives <arguments>`.

Everything slow is imported once. Each line of input forks a process that runs the server.
"""

from __future__ import annotations

import os
import signal
import sys

import palmwise.server.__main__
import palmwise.server.launch  # what takes long to load


def main() -> None:
    """Fork one server per line of input."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        born = os.fork()
        if born == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os._exit(palmwise.server.__main__.main())
        sys.stdout.write(f"born {born}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
