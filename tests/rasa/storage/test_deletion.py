"""What is deleted leaves the files, even if others read them meanwhile or the disk is full."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from palmwise.resources import ROOT
from palmwise.server.storage import deletion
from tests.rasa.storage.fakes import live_store, play, session_start, step, turn, wait

SECRET = "Rumpelstiltskin"


def mentions(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if SECRET.encode() in file.read_bytes()]


def test_a_reader_delays_nobody_and_what_was_deleted_goes_once_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "RETRY_PAUSE", 0.05)

    async def scenario() -> None:
        with live_store(tmp_path / "a.db") as store:
            secret = turn(1)
            secret[0].text = SECRET  # type: ignore[attr-defined]
            await play(store, "a", [session_start(), secret])
            await play(store, "b", [session_start(), turn(2)])
            reader = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM events").fetchone()
            began = time.monotonic()
            await store.delete("a")
            await play(store, "b", [turn(3)])
            assert time.monotonic() - began < 2  # the timeout for a lock is 5 s
            assert not await store.exists("a")
            assert mentions(tmp_path)
            reader.close()
            for _ in range(200):
                await asyncio.sleep(0.05)
                if not mentions(tmp_path):
                    break
            assert not mentions(tmp_path)
            assert step(await store.peek("b")) == 3

    wait(scenario())


FULL_DISK = """
import asyncio, sys
from pathlib import Path
import pytest
from palmwise.errors import StoreUnavailableError
from tests.rasa.storage.fakes import live_store, play, session_start, turn, step

disk, way = Path(sys.argv[1]), sys.argv[2]

def fill():
    with (disk / "other").open("ab", buffering=0) as other:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    other.write(b"x" * size)
            except OSError:
                pass

async def scenario():
    now = 1000.0
    with live_store(disk / "a.db", now=lambda: now, busy_timeout=0.5) as store:
        for number in range(40):
            await play(store, f"c{number}", [session_start(), [event for _ in range(30) for event in turn(number)]])
        now = 9000.0
        await play(store, "new", [session_start(), turn(1)])
        await store._deletion.fold()
        fill()
        with pytest.raises(StoreUnavailableError):
            for _ in range(300):
                await play(store, "new", [[event for _ in range(30) for event in turn(1)]])
        with pytest.raises(StoreUnavailableError):
            await store.ping()
        if way == "retention":
            assert await store.purge(before=8000.0) == 40
        else:
            for number in range(40):
                await store.delete(f"c{number}")
        await store.ping()
        await play(store, "new", [turn(2)])
        assert step(await store.peek("new")) == 2
        assert not await store.exists("c1")

asyncio.run(scenario())
print("freed")
"""


@pytest.mark.parametrize("way", ["retention", "deletion"])
def test_a_full_disk_is_freed(way: str, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    mount = f"mount -t tmpfs -o size=48m none {tmp_path / 'disk'} || exit 77"
    command = ["unshare", "--map-root-user", "--user", "--mount", "sh", "-c", f'{mount}; exec "$@"', "sh"]
    ended = subprocess.run(
        [*command, sys.executable, "-W", "ignore", "-c", FULL_DISK, str(tmp_path / "disk"), way],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode in (1, 77) and "freed" not in ended.stdout and "Traceback" not in ended.stderr:
        pytest.skip("This machine lets nobody mount a small disk.")
    assert ended.stdout == "freed\n", ended.stderr
