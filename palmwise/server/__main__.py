"""Starts the coach's server: `python -m palmwise.server`."""

from __future__ import annotations

import logging
import os
import sys

from palmwise.errors import StartError
from palmwise.server import logs
from palmwise.server.preflight import check, reserve
from palmwise.server.settings import Limits, Settings

QUIET = {
    # Nobody hears of a conversation but the person and the coach.
    "RASA_TELEMETRY_ENABLED": "false",
    # Open connections would hold a stop back for 15 s.
    "SANIC_GRACEFUL_SHUTDOWN_TIMEOUT": "2",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    # A turn is milliseconds of work: threads only fight over it.
    "OMP_NUM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
}


def main() -> int:
    """Serves until SIGINT or SIGTERM; 1 with one line on stderr when it cannot start."""
    settings = Settings.read(sys.argv[1:], os.environ)
    logs.install(os.environ.get(logs.VARIABLE, ""))
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    # Rasa's libraries of 2022 warn of each other; nothing of it is for the person who starts the coach.
    logging.captureWarnings(capture=True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    try:
        _serve(settings)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _serve(settings: Settings) -> None:
    check(settings, dict(os.environ))
    with reserve(settings.interface, settings.port) as reserved:
        # Late: Rasa reads the environment when it is imported, and takes seconds that a wrong setting need not cost.
        from palmwise.server.launch import serve  # noqa: PLC0415

        serve(settings, Limits.from_environment(os.environ), reserved)


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    sys.stdout.flush()
    # All is stored and closed by now; taking TensorFlow apart would hold the end back by a second or two.
    os._exit(code)
