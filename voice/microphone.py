"""Listens for ever: reads the microphone, finds speech, notices when nothing comes any more."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from voice.endpointing import PIECE, RATE, SECONDS
from voice.errors import MicrophoneError
from voice.events import Event, MicrophoneBack, MicrophoneLost, MicrophoneMute
from voice.lateness import Lateness
from voice.protocols import Endpointer, Source

log = logging.getLogger(__name__)
SILENT_FOR = 1.7
"""Seconds without a piece after which the microphone is lost; looked at every LOOK seconds."""
OPENING = 10.0
"""Seconds that opening it may take: headsets without a wire have to wake up."""
HANGING = 2
"""Readers left behind in their drivers with which no other is started."""
LOOK = 0.2
HELD_UP = 4
"""Times LOOK."""
LATENCY = "PULSE_LATENCY_MSEC"
AGAIN = 3.0
"""Seconds until the next try to open it."""
MUTE_FOR = 20.0
"""Seconds of nothing but zeros: no microphone is that quiet unless it is switched off."""


class SystemMicrophone:
    """`speech_recognition.Microphone`, which swallows the error when it cannot be opened."""

    def __init__(self, device: int | None = None) -> None:
        """`device`: PyAudio's number, or the default one. Raises `MicrophoneError`."""
        import speech_recognition as sr  # noqa: PLC0415 -- PyAudio may be missing, which is said only here

        # PulseAudio and PipeWire else hand over what they heard a quarter of a second ago.
        os.environ.setdefault(LATENCY, "15")
        try:
            self._microphone: Any = sr.Microphone(device_index=device, sample_rate=RATE, chunk_size=PIECE)
            self._microphone.__enter__()
        except (OSError, AttributeError, AssertionError) as error:
            raise MicrophoneError(f"The microphone cannot be opened ({error}).") from error
        if self._microphone.stream is None:
            raise MicrophoneError("The microphone cannot be opened: it is gone, or another program has it.")

    def read(self) -> bytes:
        """The next 32 ms. Raises `MicrophoneError`."""
        try:
            piece: bytes = self._microphone.stream.read(PIECE)
        except (OSError, AttributeError) as error:
            raise MicrophoneError(f"The microphone stopped ({error}).") from error
        if len(piece) < 2 * PIECE:
            raise MicrophoneError("The microphone stopped.")
        return piece

    def close(self) -> None:
        """Gives it back."""
        try:
            self._microphone.__exit__(None, None, None)
        except (OSError, AttributeError) as error:
            log.debug("closing the microphone: %s", error)


class Listening:
    """The threads that listen: one reads, one watches that it does."""

    def __init__(
        self,
        open_source: Callable[[], Source],
        endpointer: Endpointer,
        post: Callable[[Event], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`open_source` is called again after every loss; `post` gets the events."""
        self._open = open_source
        self._endpointer = endpointer
        self._post = post
        self._clock = clock
        self._last = clock()
        self._lateness = Lateness(self._last, SECONDS)
        self._lost = False
        self._mute = 0
        self._generation = 0
        self._opening = False
        self._trying = False
        self._alive = 0
        self._counting = threading.Lock()
        self._ended = threading.Event()

    def start(self) -> None:
        """Begins to listen."""
        self._begin()
        threading.Thread(target=self._watch, daemon=True, name="microphone watch").start()

    def speaking(self, *, speaking: bool) -> None:
        """The coach speaks, or does not any more."""
        self._endpointer.mode(speaking=speaking, late=self._lateness.seconds(self._clock()))

    def complete(self, number: int) -> None:
        """What was said before the pause of that number is a whole command."""
        self._endpointer.complete(number)

    def close(self) -> None:
        """Listens no more. A reader that hangs in its driver is left to the end of the process."""
        self._ended.set()
        self._generation += 1

    def _begin(self) -> None:
        self._generation += 1
        self._trying = self._opening = True
        self._last = self._clock()
        self._count(1)
        threading.Thread(target=self._read, args=(self._generation,), daemon=True, name="microphone").start()

    def _count(self, more: int) -> None:
        with self._counting:
            self._alive += more

    def _read(self, generation: int) -> None:
        try:
            self._read_from(self._open(), generation)
        except MicrophoneError as error:
            self._fail(generation, str(error))
        finally:
            self._count(-1)

    def _read_from(self, source: Source, generation: int) -> None:
        if generation == self._generation:
            self._last, self._opening = self._clock(), False
        try:
            while generation == self._generation:
                piece = source.read()
                if generation == self._generation:
                    self._take(piece)
        finally:
            source.close()

    def _take(self, piece: bytes) -> None:
        self._last = self._clock()
        self._lateness.came(self._last)
        if self._lost:
            self._lost = False
            self._lateness = Lateness(self._last, SECONDS)
            self._post(MicrophoneBack())
        self._notice_mute(piece)
        for event in self._endpointer.feed(piece):
            self._post(event)

    def _notice_mute(self, piece: bytes) -> None:
        limit = round(MUTE_FOR * RATE / PIECE)
        if any(piece):
            if self._mute >= limit:
                self._post(MicrophoneBack())
            self._mute = 0
            return
        self._mute += 1
        if self._mute == limit:
            self._post(MicrophoneMute())

    def _fail(self, generation: int, reason: str) -> None:
        if generation != self._generation or self._ended.is_set():
            return
        self._generation += 1
        self._trying = False
        if not self._lost:
            self._lost = True
            self._post(MicrophoneLost(reason))
        self._last = self._clock()

    def _watch(self) -> None:
        """A driver that stalls hangs the reader for ever: it is left behind, and another one is started."""
        looked = time.monotonic()
        while not self._ended.wait(LOOK):
            now, before = self._clock(), looked
            looked = time.monotonic()
            if looked - before > HELD_UP * LOOK:
                # This thread was held up as well, by a recogniser or a busy machine: the reader may have been, too.
                self._last = max(self._last, now - LOOK)
            self._look(now)

    def _look(self, now: float) -> None:
        quiet = now - self._last
        if self._trying:
            if quiet > (OPENING if self._opening else SILENT_FOR):
                self._fail(self._generation, "The microphone delivers nothing.")
        elif quiet > AGAIN and self._alive < HANGING:
            self._begin()
