"""Plays samples through a program of its own, which can be ended at once while the voice stays loaded.

Beside the voice it plays a tone, which says without words that something heard was not taken for the coach.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import IO

import numpy as np

from palmwise.errors import LoudspeakerError, PlayerError
from palmwise.speech.voices import Sound

log = logging.getLogger(__name__)
PLAYER = "aplay"
"""Plays raw samples through ALSA, and so through PulseAudio and PipeWire."""
Command = Callable[[int], Sequence[str]]
"""Rate -> the command that plays 16 bit mono at this rate from its standard input."""
TONE_RATE = 24_000
TONE_SECONDS = 0.16
PITCHES = (440.0, 330.0)
"""Hertz, falling: nothing is expected of the person."""
TONE_VOLUME = 0.08


def alsa_command(rate: int) -> Sequence[str]:
    """Return the command of aplay. Raises `LoudspeakerError` where it is missing."""
    program = shutil.which(PLAYER)
    if program is None:
        raise LoudspeakerError(f"{PLAYER} is missing.")
    return [program, "--quiet", "--file-type=raw", "--format=S16_LE", f"--rate={rate}", "--channels=1", "-"]


class Player:
    """Plays one text at a time; `stop` may come from any thread, also before `play` has begun."""

    def __init__(self, command: Command = alsa_command) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._stops = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def stops(self) -> int:
        """How often it was stopped so far: what is to be played since then is given this number."""
        return self._stops

    def play(self, sounds: Iterable[Sound], since: int) -> bool:
        """Play all sounds, each as soon as it is there; return whether they were heard to the end.

        `since` is `stops` at the time of the order: a stop that came after it holds. Raises `PlayerError`.
        """
        process: subprocess.Popen[bytes] | None = None
        try:
            for sound in sounds:
                if process is None:
                    process = self._start(sound.rate, since)
                if process is None or self._stops != since:
                    return False
                _stdin(process).write(sound.pcm)
                _stdin(process).flush()
        except OSError as error:
            if self._stops == since:
                raise PlayerError(f"{PLAYER} ended by itself ({error}).") from error
        finally:
            code = self._finish(process)
        if code and self._stops == since:
            raise PlayerError(f"{PLAYER} cannot play here (it ended with {code}).")
        return self._stops == since

    def stop(self) -> None:
        """Fall silent: end the program, and wait until it is gone."""
        with self._lock:
            self._stops += 1
            process = self._process
            if process is not None:
                process.kill()
        if process is not None:
            process.wait()

    def _start(self, rate: int, since: int) -> subprocess.Popen[bytes] | None:
        command = self._command(rate)
        with self._lock:
            if self._stops != since:
                return None
            self._process = subprocess.Popen(  # noqa: S603 -- a fixed program
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            return self._process

    def _finish(self, process: subprocess.Popen[bytes] | None) -> int:
        """Let the program play what it has; return its exit code."""
        if process is None:
            return 0
        with contextlib.suppress(OSError):
            _stdin(process).close()
        code = process.wait()
        with self._lock:
            self._process = None
        return code


def _stdin(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdin is not None  # noqa: S101 -- it was started with a pipe
    return process.stdin


# The tone


def tone() -> Sound:
    """A short tone: something heard was not taken for the coach."""
    half = np.arange(int(TONE_RATE * TONE_SECONDS / 2)) / TONE_RATE
    waves = np.concatenate([np.sin(2 * np.pi * pitch * half) for pitch in PITCHES])
    fade = np.minimum(1, np.linspace(0, 12, len(waves))) * np.linspace(1, 0, len(waves))
    return Sound((32_000 * TONE_VOLUME * waves * fade).astype(np.int16).tobytes(), TONE_RATE)


class Earcon:
    """Plays the tone beside the voice."""

    def __init__(self, player: Player | None = None) -> None:
        self._player = player or Player()
        self._sound = tone()

    def play(self) -> None:
        """Begin to play it; where that fails, it is left out."""
        threading.Thread(target=self._play, daemon=True, name="earcon").start()

    def _play(self) -> None:
        try:
            self._player.play([self._sound], self._player.stops)
        except LoudspeakerError as error:
            log.debug("%s", error)
