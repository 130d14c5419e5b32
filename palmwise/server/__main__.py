"""Starts the server: `palmwise serve`, or `python -m palmwise.server`."""

from __future__ import annotations

import gc
import logging
import os
import sys
from contextlib import ExitStack

from palmwise import stand_ins
from palmwise.errors import StartError
from palmwise.server import logs, preflight
from palmwise.server.settings import Limits, ServerSettings

ENVIRONMENT = {
    # Rasa must not report anything about conversations to its makers.
    "RASA_TELEMETRY_ENABLED": "false",
    # Open connections would otherwise delay a stop by 15 s.
    "SANIC_GRACEFUL_SHUTDOWN_TIMEOUT": "2",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    # A turn is milliseconds of work: more threads only compete for the cores.
    "OMP_NUM_THREADS": "1",
}
"""Variables set for Rasa and its libraries unless the environment has them. They are read on import."""


def main() -> int:
    """Serve until SIGINT or SIGTERM; 1 with one line on stderr if the server cannot start."""
    settings = ServerSettings.read(sys.argv[1:], os.environ)
    logs.install(os.environ.get("PALMWISE_LOG", ""))
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    # Rasa's libraries warn of one another's deprecated calls, which nobody who starts the coach can mend.
    logging.captureWarnings(capture=True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    # What is loaded stays: to look for garbage in it would take a tenth of the start. The server enables it again.
    gc.disable()
    try:
        _serve(settings)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _serve(settings: ServerSettings) -> None:
    preflight.check(settings, dict(os.environ))
    stand_ins.install(serving=True)
    with ExitStack() as held:
        reserved = held.enter_context(preflight.reserve(settings.interface, settings.port))
        claimed = preflight.claim_database(settings)
        if claimed:
            held.enter_context(claimed)
        # Imported here because Rasa takes seconds to import, which a wrong setting must not cost.
        from palmwise.server.launch import serve  # noqa: PLC0415

        serve(settings, Limits.from_environment(os.environ), reserved)


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    # Everything is stored and closed by now; unloading the libraries would only delay the exit.
    os._exit(code)
