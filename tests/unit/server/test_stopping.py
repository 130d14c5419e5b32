"""A signal to end the server is never lost, in the event loops of asyncio and of uvloop."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator

import pytest
import uvloop

from palmwise.server.stopping import StopSignals

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def loop(request: pytest.FixtureRequest) -> Iterator[asyncio.AbstractEventLoop]:
    loop: asyncio.AbstractEventLoop = request.param()
    yield loop
    for number in SIGNALS:
        loop.remove_signal_handler(number)
    loop.close()


class SmallServer:
    """Starts and runs as Sanic does: the end of the start has the loop for itself."""

    def __init__(self, loop: asyncio.AbstractEventLoop, while_starting: Callable[[], object]) -> None:
        self._loop = loop
        self._while_starting = while_starting
        self.stops = 0
        self.ready: asyncio.Task[bool]

    def run(self) -> None:
        """Run until it is stopped."""
        self._loop.run_until_complete(self._start())
        self._loop.run_forever()

    async def _start(self) -> None:
        start = asyncio.current_task()
        assert start is not None
        self.ready = self._loop.create_task(StopSignals(self._stop).wait_for(start))
        self._while_starting()
        # The signal is handled while the start still goes on.
        await asyncio.sleep(0.01)

    def _stop(self) -> None:
        self.stops += 1
        self._loop.stop()


def send(number: int) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_during_the_start_ends_the_server_after_it(loop: asyncio.AbstractEventLoop, number: int) -> None:
    server = SmallServer(loop, lambda: send(number))
    server.run()
    assert server.stops == 1
    assert server.ready.result() is False


@pytest.mark.parametrize("number", SIGNALS)
def test_signals_later_end_it_once(loop: asyncio.AbstractEventLoop, number: int) -> None:
    server = SmallServer(loop, lambda: None)

    def send_twice(ready: asyncio.Task[bool]) -> None:
        assert ready.result() is True
        send(number)
        send(number)

    async def watch() -> None:
        server.ready.add_done_callback(send_twice)

    loop.call_soon(lambda: loop.create_task(watch()))
    server.run()
    loop.run_until_complete(asyncio.sleep(0.01))
    assert server.stops == 1
