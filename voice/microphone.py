"""Microphone input: reads audio, finds speech, and notices when nothing comes any more."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from palmwise.errors import MicrophoneError, VoiceError
from palmwise.speech.endpointing import PIECE, RATE, SECONDS
from palmwise.speech.events import (
    LATENCY,
    Clip,
    Ear,
    Endpointer,
    Event,
    Heard,
    MicrophoneBack,
    MicrophoneLost,
    MicrophoneMute,
    Source,
)

REMEMBERED = 30
"""Seconds over which the soonest is what is usual: a sound card's clock drifts away from the machine's."""


class Lateness:
    """A busy machine reads late what was heard long before. Times in seconds of one clock."""

    def __init__(self, now: float, piece: float) -> None:
        """`piece`: the seconds of sound that come at once."""
        self._piece = piece
        self._last = now
        self._due = now
        self._behind = 0.0
        self._soonest: deque[tuple[float, float]] = deque()

    def came(self, now: float) -> None:
        """Another piece."""
        self._last = now
        self._due += self._piece
        self._behind = now - self._due
        while self._soonest and (self._soonest[-1][1] >= self._behind):
            self._soonest.pop()
        self._soonest.append((now, self._behind))
        while self._soonest[0][0] < now - REMEMBERED:
            self._soonest.popleft()

    def seconds(self, now: float) -> float:
        """By how much the sound lags behind what is usual."""
        if not self._soonest:
            return 0.0
        return max(0.0, self._behind - self._soonest[0][1] + now - self._last - self._piece)


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
