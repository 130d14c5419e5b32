"""A restarted server goes on with the time of the one before, whatever the time of day did."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rasa.storage.fakes import live_store, wait
from tests.unit.server.test_clock import Machine

YEARS = 3.2e8


def restarted(folder: Path, leap: float, gap: float, boot: str) -> float:
    """By how many seconds the clock has moved for a server that stopped and started again after `gap` seconds."""
    moved: list[float] = []

    async def scenario() -> None:
        machine = Machine()
        first = machine.clock()
        with live_store(folder / "a.db", now=first.now) as store:
            await store.keep_time(first, first=True)
            machine.wait(30.0)
            machine.wall += leap
            await store.keep_time(first, first=False)
        stopped = first.now()
        machine.wait(gap)
        if boot != "boot":
            machine.even = 3.0
        second = machine.clock()
        second.boot = boot
        with live_store(folder / "a.db", now=second.now) as store:
            await store.keep_time(second, first=True)
        moved.append(second.now() - stopped)

    wait(scenario())
    return moved[0]


@pytest.mark.parametrize("boot", ["boot", "another"])
@pytest.mark.parametrize("leap", [0.0, 7200.0, -7200.0, YEARS, -YEARS])
def test_a_leap_while_a_server_ran_is_none_for_the_next(leap: float, boot: str, tmp_path: Path) -> None:
    assert restarted(tmp_path, leap, 40.0, boot) == pytest.approx(40.0, abs=1e-3)


@pytest.mark.parametrize(("boot", "leap", "moved"), [("boot", YEARS, 40.0), ("another", -YEARS, 0.0)])
def test_a_leap_between_two_servers(boot: str, leap: float, moved: float, tmp_path: Path) -> None:
    async def scenario() -> None:
        machine = Machine()
        first = machine.clock()
        with live_store(tmp_path / "a.db", now=first.now) as store:
            await store.keep_time(first, first=True)
            before = first.now()
        machine.wait(40.0)
        machine.wall += leap
        second = machine.clock()
        second.boot = boot
        with live_store(tmp_path / "a.db", now=second.now) as store:
            await store.keep_time(second, first=True)
        assert second.now() == pytest.approx(before + moved, abs=1e-3)

    wait(scenario())
