"""The server's clock runs evenly whatever the time of day does."""

from __future__ import annotations

from palmwise.server.clock import SteadyClock, boot_id, since_boot


class Machine:
    """Scripted time of day, and scripted seconds since it was started."""

    def __init__(self) -> None:
        self.wall, self.even = 1_700_000_000.0, 500.0

    def clock(self) -> SteadyClock:
        return SteadyClock(lambda: self.wall, lambda: self.even, "boot")

    def wait(self, seconds: float) -> None:
        self.wall += seconds
        self.even += seconds


def test_it_begins_at_the_time_of_day_and_does_not_follow_its_leaps() -> None:
    machine = Machine()
    clock = machine.clock()
    assert clock.now() == 1_700_000_000.0
    for leap in (7200.0, -7200.0, 3.2e8, -6.4e8):
        machine.wall += leap
        before = clock.now()
        machine.wait(10.0)
        assert clock.now() == before + 10.0


def test_it_goes_on_from_a_time_that_is_set() -> None:
    machine = Machine()
    clock = machine.clock()
    clock.set(5000.0)
    machine.wait(7.0)
    assert clock.now() == 5007.0


def test_the_seconds_of_this_machine_go_forward() -> None:
    assert 0 < since_boot() <= since_boot()
    assert boot_id() == boot_id()
