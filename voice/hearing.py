"""Understands a phrase while the endpointer still waits whether it is over."""

from __future__ import annotations

import logging
import time

from voice.errors import VoiceError
from voice.protocols import Clip, Ear, Heard

log = logging.getLogger(__name__)


class Hearing:
    """An ear that remembers what it made of the last pause. Used from one thread."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._number = 0
        self._heard = Heard()

    def early(self, clip: Clip, number: int) -> bool:
        """Looks at what was said before a pause; whether it is a whole command, so that no more need be awaited."""
        try:
            self._heard, self._number = self._timed(clip), number
        except VoiceError as error:
            # If that was all, it will be tried again and said then.
            log.debug("%s", error)
            return False
        return self._heard.complete

    def hear(self, clip: Clip, number: int) -> Heard:
        """What was said up to the pause of that number (0: cut off). Raises `VoiceError`."""
        return self._heard if number and number == self._number else self._timed(clip)

    def _timed(self, clip: Clip) -> Heard:
        began = time.monotonic()
        try:
            heard = self._ear.hear(clip)
        except VoiceError:
            raise
        except Exception as error:
            # Whatever a recogniser's library raises: said aloud, instead of a thread that is silently gone.
            raise VoiceError(f"The recogniser failed ({type(error).__name__}).") from error
        # How long it took, never what was said.
        log.debug("recognised in %.2f s", time.monotonic() - began)
        return heard
