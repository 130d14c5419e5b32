"""Microphone input: reads sound, finds speech in it, and notices when no sound comes any more."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from palmwise.errors import MicrophoneError, VoiceError
from palmwise.speech.endpointing import PIECE, PIECE_SECONDS, RATE
from palmwise.speech.events import (
    AudioSource,
    Clip,
    Endpointer,
    Event,
    MicrophoneBack,
    MicrophoneLost,
    MicrophoneMute,
    Recognizer,
    Transcript,
)
from palmwise.speech.synthesis import LATENCY_VARIABLE

log = logging.getLogger(__name__)

WINDOW_SECONDS = 30
"""For which the shortest delay is what is usual: the clock of a sound card drifts away from that of the machine."""
SILENT_SECONDS = 1.7
"""Without a piece of sound, after which the microphone is lost."""
OPENING_SECONDS = 10.0
"""That opening it may take: wireless headsets have to wake up."""
MOST_HANGING = 2
"""Readers that hang in their drivers, with which no other is started."""
WATCH_SECONDS = 0.2
"""Between two looks whether it is lost."""
HELD_UP_LOOKS = 4
"""Looks that the watching thread may miss before it takes the machine, not the microphone, for slow."""
REOPEN_SECONDS = 3.0
"""Until the next try to open it."""
MUTE_SECONDS = 20.0
"""Of nothing but zeros: no microphone is that quiet unless it is switched off."""


class Lateness:
    """Measures how late sound is read on a busy machine. Times are in seconds of one monotonic clock."""

    def __init__(self, now: float, piece: float) -> None:
        """`piece` is the seconds of sound that come at once."""
        self._piece = piece
        self._last = now
        self._due = now
        self._delay = 0.0
        self._shortest: deque[tuple[float, float]] = deque()

    def add_piece(self, now: float) -> None:
        """Note that another piece came."""
        self._last = now
        self._due += self._piece
        self._delay = now - self._due
        while self._shortest and self._shortest[-1][1] >= self._delay:
            self._shortest.pop()
        self._shortest.append((now, self._delay))
        while self._shortest[0][0] < now - WINDOW_SECONDS:
            self._shortest.popleft()

    def seconds(self, now: float) -> float:
        """Return by how much the sound is later than usual."""
        if not self._shortest:
            return 0.0
        return max(0.0, self._delay - self._shortest[0][1] + now - self._last - self._piece)


class EarlyRecognition:
    """Recognizes a clip at each pause, so that the text is known when a pause turns out to be the end.

    Used from one thread.
    """

    def __init__(self, recognizer: Recognizer) -> None:
        self._recognizer = recognizer
        self._pause = 0
        self._transcript = Transcript()

    def is_complete(self, clip: Clip, pause: int) -> bool:
        """Recognize what was said before a pause; return whether it is a command that needs no more waiting."""
        try:
            self._transcript, self._pause = self._transcribe(clip), pause
        except VoiceError as error:
            # If that was the end, it is tried again, and reported then.
            log.debug("%s", error)
            return False
        return self._transcript.complete

    def transcribe(self, clip: Clip, pause: int) -> Transcript:
        """Return what was said up to a pause (0: it was cut off). Raises `VoiceError`."""
        return self._transcript if pause and pause == self._pause else self._transcribe(clip)

    def _transcribe(self, clip: Clip) -> Transcript:
        began = time.monotonic()
        try:
            transcript = self._recognizer.transcribe(clip)
        except VoiceError:
            raise
        except Exception as error:
            # Whatever a recognizer's library raises is reported, instead of ending the thread silently.
            raise VoiceError(f"The recognizer failed ({type(error).__name__}).") from error
        # How long it took, never what was said.
        log.debug("recognized in %.2f s", time.monotonic() - began)
        return transcript


class SystemMicrophone:
    """The microphone of `speech_recognition`, with an error when it cannot be opened."""

    def __init__(self, device: int | None = None) -> None:
        """Open the device of that PyAudio number, or the default one. Raises `MicrophoneError`."""
        import speech_recognition as sr  # noqa: PLC0415 -- PyAudio may be missing, which is said only here

        # Otherwise PulseAudio and PipeWire hand over sound a quarter of a second late.
        os.environ.setdefault(LATENCY_VARIABLE, "15")
        self._resampler: Resampler | None = None
        try:
            self._microphone: Any = _open(sr.Microphone, device, RATE)
        except MicrophoneError as refused:
            # Some hardware has one rate only.
            self._microphone = _open(sr.Microphone, device, None, refused)
            self._resampler = Resampler(int(self._microphone.SAMPLE_RATE))

    def read(self) -> bytes:
        """Return the next 32 ms. Raises `MicrophoneError`."""
        if self._resampler is None:
            return self._read(PIECE)
        while (piece := self._resampler.take()) is None:
            self._resampler.add(self._read(self._resampler.needed))
        return piece

    def _read(self, count: int) -> bytes:
        try:
            sound: bytes = self._microphone.stream.read(count)
        except (OSError, AttributeError) as error:
            raise MicrophoneError(f"The microphone stopped ({error}).") from error
        if len(sound) < 2 * count:
            raise MicrophoneError("The microphone stopped.")
        return sound

    def close(self) -> None:
        """Release the device."""
        try:
            self._microphone.__exit__(None, None, None)
        except (OSError, AttributeError) as error:
            log.debug("closing the microphone: %s", error)


def _open(kind: Any, device: int | None, rate: int | None, refused: MicrophoneError | None = None) -> Any:
    """Return an open microphone of a rate, None for its own. Raises `MicrophoneError`, with both causes."""
    before = f"; at {RATE} Hz: {refused}" if refused else ""
    try:
        microphone = kind(device_index=device, sample_rate=rate, chunk_size=PIECE)
        microphone.__enter__()
    except (OSError, AttributeError, AssertionError) as error:
        raise MicrophoneError(f"The microphone cannot be opened ({error}{before}).") from error
    if microphone.stream is None:
        raise MicrophoneError(f"The microphone cannot be opened: it is gone, or another program has it{before}.")
    return microphone


class MicrophoneListener:
    """Listens in two threads: one reads the microphone, one watches that it does."""

    def __init__(
        self,
        open_source: Callable[[], AudioSource],
        endpointer: Endpointer,
        post: Callable[[Event], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`open_source` is called again after every loss; `post` takes the events."""
        self._open = open_source
        self._endpointer = endpointer
        self._post = post
        self._clock = clock
        self._last = clock()
        self._lateness = Lateness(self._last, PIECE_SECONDS)
        self._lost = False
        self._mute = 0
        self._generation = 0
        self._opening = False
        self._trying = False
        self._alive = 0
        self._counting = threading.Lock()
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin to listen."""
        self._begin()
        threading.Thread(target=self._watch, daemon=True, name="microphone watch").start()

    def set_speaking(self, *, speaking: bool) -> None:
        """Note whether the coach speaks."""
        self._endpointer.set_speaking(speaking=speaking, late=self._lateness.seconds(self._clock()))

    def complete(self, pause: int) -> None:
        """Note that what was said before that pause needs no more waiting."""
        self._endpointer.complete(pause)

    def close(self) -> None:
        """Stop listening. A reader that hangs in its driver is left behind until the process ends."""
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

    def _read_from(self, source: AudioSource, generation: int) -> None:
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
        self._lateness.add_piece(self._last)
        if self._lost:
            self._lost = False
            self._lateness = Lateness(self._last, PIECE_SECONDS)
            self._post(MicrophoneBack())
        self._notice_mute(piece)
        for event in self._endpointer.feed(piece):
            self._post(event)

    def _notice_mute(self, piece: bytes) -> None:
        limit = round(MUTE_SECONDS * RATE / PIECE)
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
        """Start another reader where one hangs: a driver that stalls blocks it for ever."""
        looked = time.monotonic()
        while not self._ended.wait(WATCH_SECONDS):
            now, before = self._clock(), looked
            looked = time.monotonic()
            if looked - before > HELD_UP_LOOKS * WATCH_SECONDS:
                # This thread was held up by a recognizer or a busy machine, so the reader may have been as well.
                self._last = max(self._last, now - WATCH_SECONDS)
            self._look(now)

    def _look(self, now: float) -> None:
        quiet = now - self._last
        if self._trying:
            if quiet > (OPENING_SECONDS if self._opening else SILENT_SECONDS):
                self._fail(self._generation, "The microphone delivers nothing.")
        elif quiet > REOPEN_SECONDS and self._alive < MOST_HANGING:
            self._begin()


# Resampling


class Resampler:
    """Turns 16 bit mono of one rate into pieces of 16 kHz. Each new sample is the mean of the old ones in its time,
    which keeps enough of the aliases away for speech; between slower samples it interpolates.
    """

    def __init__(self, rate: int) -> None:
        """`rate` is in samples a second."""
        self._step = rate / RATE
        self._left: NDArray[np.float64] = np.zeros(0)
        self._at = 0.0
        self._done: NDArray[np.int16] = np.zeros(0, np.int16)

    @property
    def needed(self) -> int:
        """How many samples to read for the next piece."""
        return max(1, round((PIECE - len(self._done)) * self._step))

    def add(self, raw: bytes) -> None:
        """Take samples."""
        sound = np.concatenate([self._left, np.frombuffer(raw[: len(raw) // 2 * 2], np.int16).astype(np.float64)])
        sums = np.concatenate([[0.0], np.cumsum(sound)])
        count = max(0, int((len(sound) - self._at) / self._step))
        edges = self._at + self._step * np.arange(count + 1)
        found = np.diff(np.interp(edges, np.arange(len(sums)), sums)) / self._step
        end = float(edges[-1])
        whole = int(end)
        self._left, self._at = sound[whole:], end - whole
        self._done = np.concatenate([self._done, np.clip(np.round(found), -32_768, 32_767).astype(np.int16)])

    def take(self) -> bytes | None:
        """Return the next 32 ms; None if more must be added first."""
        if len(self._done) < PIECE:
            return None
        piece, self._done = self._done[:PIECE], self._done[PIECE:]
        return piece.tobytes()
