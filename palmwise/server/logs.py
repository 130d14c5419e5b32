"""What the server writes down: never a word that a person said, not even inside an error's text."""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback

from palmwise.server.turns import Turn

OURS = ("actions", "palmwise")
"""Whose messages are known to hold no words of a person; of the others' only the place and the kind are written."""

turns = logging.getLogger("palmwise.turns")


def install(chosen: str) -> None:
    """Writes to stderr, in the one way for everything in this process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines() if chosen == "turns" else Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    turns.setLevel(logging.INFO if chosen == "turns" else logging.WARNING)


def take_over() -> None:
    """Takes away what the libraries set up for themselves, once all of them are loaded."""
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True


def write(turn: Turn) -> None:
    """A line for a turn, where turns are asked for."""
    if turns.isEnabledFor(logging.INFO):
        turns.info("turn", extra={"told": turn.told()})


class Text(logging.Formatter):
    """`WARNING palmwise.server.health: The store does not answer.`, and of an error its kind and its place."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, or more where something broke."""
        line = f"{record.levelname} {record.name}: {_message(record)}"
        place = _place(record)
        return f"{line}\n{place}" if place else line


class Lines(logging.Formatter):
    """The same as one line of JSON, with what is known of a turn."""

    def format(self, record: logging.LogRecord) -> str:
        """An object in one line; `at` is UTC."""
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z"
        told = {"at": at, "level": record.levelname.lower(), "logger": record.name, "event": _message(record)}
        told.update(getattr(record, "told", {}))
        place = _place(record)
        return json.dumps({**told, "place": place} if place else told, separators=(",", ":"), ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """Rasa and the libraries put into their messages whatever they tripped over, so theirs stay out."""
    if record.name.partition(".")[0] in OURS:
        return record.getMessage()
    return f"something went wrong in {record.module}.{record.funcName}, line {record.lineno}."


def _place(record: logging.LogRecord) -> str:
    """Where an error came from and of which kind it is, the first cause first."""
    error = record.exc_info[1] if record.exc_info else None
    told: list[str] = []
    while error is not None:
        told.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nthen\n".join(reversed(told))
