"""A server with many lives, so that being killed twenty times costs one start: `python -m tests.lives <arguments>`.

Everything slow is imported once; each line of input begins a life, a fork that is the server in earnest.
"""

from __future__ import annotations

import os
import signal
import sys

import palmwise.server.__main__
import palmwise.server.launch  # what takes long to load


def main() -> None:
    """One life a line, until there are no more lines."""
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
