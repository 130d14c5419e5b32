"""`tests.lives` whose time of day leaps: `PALMWISE_TEST_LEAP` names a file with the seconds to add."""

from __future__ import annotations

import os
import time
from pathlib import Path

_FILE = Path(os.environ["PALMWISE_TEST_LEAP"])
_time_of_day = time.time
_read_at, _leap = -1.0, 0.0


def leaping_time() -> float:
    """The time of day, with what the file says added; it is read five times a second."""
    global _read_at, _leap
    now = time.monotonic()
    if now - _read_at > 0.2:
        _read_at, _leap = now, float(_FILE.read_text(encoding="ascii") or 0)
    return _time_of_day() + _leap


time.time = leaping_time

if __name__ == "__main__":
    from tests.lives import main

    main()
