"""Follows turns from the door: to the log, to the counts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from rasa.core.lock_store import LockError

from palmwise.server import logs, turns
from palmwise.server.errors import RefusedError
from palmwise.server.metrics import Metrics
from palmwise.server.runtime.errors import EngineError
from palmwise.server.turns import Turn


class Watch:
    """Everything that wants to know of a turn hears of it here, once, when it is over."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics

    @contextmanager
    def turn(self, conversation: str, by: str) -> Iterator[Turn]:
        """Follows the block, which takes a turn."""
        with turns.taken(conversation, by) as turn:
            try:
                yield turn
            except asyncio.CancelledError:
                # The turn itself goes on, and nobody hears its answer.
                turn.outcome = "left"
                raise
            except RefusedError as error:
                turn.outcome = error.code
                raise
            except (EngineError, LockError):
                turn.outcome = "busy"
                raise
            except Exception:
                turn.outcome = "broken"
                raise
            finally:
                turn.end()
                logs.write(turn)
                self.metrics.count(turn)
