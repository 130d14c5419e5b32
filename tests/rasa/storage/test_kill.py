"""After a kill in the middle of a turn, every answered turn is stored, and no other in part."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rasa.storage.fakes import live_store, step, there, turn, wait

WRITER = """
import asyncio, sys
from pathlib import Path
from tests.rasa.storage.fakes import live_store, play, turn

async def main():
    with live_store(Path(sys.argv[1])) as store:
        for number in range(100_000):
            await play(store, "a", [turn(number)])
            print(number, flush=True)

asyncio.run(main())
"""


@pytest.mark.slow
def test_answered_turns_survive_a_kill(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", WRITER, str(tmp_path / "a.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(random.randint(1, 300))]
        process.kill()
        # What came after the last line that was read, without a line that the kill cut off.
        told += process.stdout.read().split("\n")[:-1]
        answered = int(told[-1])

    async def scenario() -> None:
        with live_store(tmp_path / "a.db") as store:
            tracker = there(await store.peek("a"))
            assert step(tracker) >= answered
            full = there(await store.retrieve_full_tracker("a"))
            assert len(full.events) == (step(tracker) + 1) * len(turn(0))

    wait(scenario())
