"""The server's clock: it runs evenly, whatever happens to the time of day of the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def since_boot() -> float:
    """Seconds since the machine started, time asleep included where the system counts it."""
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot_time is None else time.clock_gettime(boot_time)


def boot_id() -> str:
    """Id of this run of the operating system; empty where the system has none."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


class SteadyClock:
    """Seconds since 1970 as the time of day was when the clock was made, and evenly from there.

    A time of day that is set, by a person or from the network, leaps; sessions and the retention time must not. The
    store keeps the reading for the next process (`palmwise.server.storage.tracker_store.LiveTrackerStore.keep_time`).
    """

    def __init__(
        self, wall: Callable[[], float] = time.time, even: Callable[[], float] = since_boot, boot: str | None = None
    ) -> None:
        """`wall` gives the time of day in Unix seconds, `even` seconds that never leap, `boot` names their origin."""
        self.wall = wall
        self.even = even
        self.boot = boot_id() if boot is None else boot
        self._offset = wall() - even()

    def now(self) -> float:
        """The time in Unix seconds."""
        return self._offset + self.even()

    def set(self, now: float) -> None:
        """Go on from `now`, in Unix seconds."""
        self._offset = now - self.even()


SERVER_CLOCK = SteadyClock()
"""The clock of this process."""
