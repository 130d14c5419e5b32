"""Logging without anything that a person said, which includes the texts of errors."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import Mapping
from typing import Any

TRUSTED_LOGGERS = ("actions", "palmwise")
"""Packages whose log messages never quote a person; of others only the place and the kind of error are written."""

_turns = logging.getLogger("palmwise.turns")


def install(log_format: str) -> None:
    """Write all log records of the process to stderr, as `palmwise.server.settings.LOG_FORMATS` describes."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if log_format == "turns" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _turns.setLevel(logging.INFO if log_format == "turns" else logging.WARNING)


def remove_other_handlers() -> None:
    """Remove the handlers that libraries have installed; called once all of them are imported."""
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True


def log_turn(fields: Mapping[str, Any]) -> None:
    """Write the line for one turn, if the format has such lines."""
    if _turns.isEnabledFor(logging.INFO):
        _turns.info("turn", extra={"fields": fields})


class TextFormatter(logging.Formatter):
    """`WARNING palmwise.server.health: The store does not answer.`, then the place and kind of an error."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record in one line, or more if there is an error."""
        line = f"{record.levelname} {record.name}: {_message(record)}"
        place = _place(record)
        return f"{line}\n{place}" if place else line


class JsonFormatter(logging.Formatter):
    """The same as one JSON object per line, with the fields of a turn."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a record as one line; `at` is in UTC."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z"
        line = {"at": at, "level": record.levelname.lower(), "logger": record.name, "event": _message(record)}
        line.update(getattr(record, "fields", {}))
        place = _place(record)
        return json.dumps({**line, "place": place} if place else line, separators=(",", ":"), ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] in TRUSTED_LOGGERS:
        return record.getMessage()
    # Rasa and its libraries quote the text that they failed at.
    return f"something went wrong in {record.module}.{record.funcName}, line {record.lineno}."


def _place(record: logging.LogRecord) -> str:
    """Traceback and class of a record's error and of its causes, the first cause first; without their texts."""
    error = record.exc_info[1] if record.exc_info else None
    places: list[str] = []
    while error is not None:
        places.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nthen\n".join(reversed(places))
