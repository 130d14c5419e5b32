from __future__ import annotations

import asyncio

from channel.turnstile import ALONE, PRESENT, Turnstile


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_alone_nobody_waits() -> None:
    async def scenario() -> None:
        turnstile, inside = Turnstile(Clock()), 0

        async def turn() -> None:
            nonlocal inside
            async with turnstile.turn("a"):
                inside += 1
                await asyncio.sleep(3600)

        tasks = [asyncio.create_task(turn()) for _ in range(ALONE)]
        await settle()
        assert inside == ALONE
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(scenario())


def test_a_crowd_has_one_place_while_somebody_else_is_there() -> None:
    async def scenario() -> None:
        clock = Clock()
        turnstile, order = Turnstile(clock), []
        gates = [asyncio.Event() for _ in range(4)]

        async def turn(number: int) -> None:
            async with turnstile.turn("crowd"):
                order.append(number)
                await gates[number].wait()

        async with turnstile.turn("other"):
            pass
        tasks = [asyncio.create_task(turn(number)) for number in range(4)]
        await settle()
        assert order == [0]
        async with turnstile.turn("other"):  # and does not wait for them
            pass
        gates[0].set()
        await settle()
        assert order == [0, 1]
        clock.now = PRESENT + 1  # the other one is gone
        gates[1].set()
        await settle()
        assert order == [0, 1, 2, 3]
        gates[2].set()
        gates[3].set()
        await asyncio.gather(*tasks)

    asyncio.run(scenario())


def test_who_gives_up_waiting_leaves_no_gap() -> None:
    async def scenario() -> None:
        turnstile = Turnstile(Clock())
        async with turnstile.turn("other"):
            pass
        holding = turnstile.turn("a")
        await holding.__aenter__()
        waiting = asyncio.create_task(turnstile.turn("a").__aenter__())
        last = asyncio.create_task(turnstile.turn("a").__aenter__())
        await settle()
        waiting.cancel()
        await settle()
        await holding.__aexit__(None, None, None)
        await asyncio.wait_for(last, 2)

    asyncio.run(scenario())
