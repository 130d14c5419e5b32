from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from palmwise.server.turnstile import ALONE, LONGEST_REST, PRESENT, Turnstile


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


class Stage:
    """A turnstile in scripted time: turns last as long as they are told to, rests end when the clock gets there."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.alarms: list[tuple[float, Callable[[], object]]] = []
        self.turnstile = Turnstile(self.clock, lambda wait, then: self.alarms.append((self.clock.now + wait, then)))
        self.inside: list[str] = []
        self._gates: dict[str, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def come(self, client: str, name: str | None = None, *, speaks: bool = True) -> asyncio.Task[None]:
        """A message arrives, and stays inside until it is told to leave."""
        name = name or client
        gate = self._gates[name] = asyncio.Event()

        async def turn() -> None:
            async with self.turnstile.turn(client, speaks=speaks):
                self.inside.append(name)
                await gate.wait()
                self.inside.remove(name)

        self._tasks.append(asyncio.create_task(turn()))
        await settle()
        return self._tasks[-1]

    async def leave(self, name: str) -> None:
        self._gates[name].set()
        await settle()

    async def at(self, now: float) -> None:
        """Lets time pass."""
        self.clock.now = now
        due = [then for when, then in self.alarms if when <= now]
        self.alarms = [(when, then) for when, then in self.alarms if when > now]
        for then in due:
            then()
        await settle()

    async def end(self) -> None:
        """Nobody is left behind."""
        for number in range(100):
            await self.at(self.clock.now + number)
            for name in list(self.inside):
                await self.leave(name)
        assert all(task.done() for task in self._tasks)
        assert not self.turnstile._waiting
        assert not self.turnstile._inside


def play(scenario: Callable[[Stage], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        stage = Stage()
        await scenario(stage)
        await stage.end()

    asyncio.run(whole())


def test_who_floods_lets_those_go_first_who_are_being_served() -> None:
    async def scenario(stage: Stage) -> None:
        await stage.come("other")
        await stage.leave("other")
        for number in range(3):
            await stage.come("crowd", f"crowd {number}")
        await stage.at(4)
        await stage.come("other")  # which does not wait
        assert stage.inside == ["crowd 0", "other"]
        await stage.at(4.5)
        await stage.leave("crowd 0")
        assert stage.inside == ["other"]
        await stage.leave("other")
        assert stage.inside == ["crowd 1"]  # for nobody to rest is for nothing

    play(scenario)


def test_a_rest_is_as_long_as_the_turn_was() -> None:
    async def scenario(stage: Stage) -> None:
        await stage.come("other")
        for number in range(3):
            await stage.come("crowd", f"crowd {number}")
        await stage.at(0.25)
        await stage.leave("crowd 0")
        await stage.at(0.49)
        assert stage.inside == ["other"]
        await stage.at(0.5)
        assert stage.inside == ["other", "crowd 1"]
        await stage.at(60)
        await stage.leave("crowd 1")  # it waited for something that was away
        await stage.at(60 + LONGEST_REST)
        assert stage.inside == ["other", "crowd 2"]

    play(scenario)


def test_one_message_after_the_other_without_a_pause_is_a_flood_too() -> None:
    async def scenario(stage: Stage) -> None:
        await stage.come("other")
        await stage.come("crowd", "first")
        await stage.at(0.25)
        await stage.leave("first")
        await stage.come("crowd", "second")
        assert stage.inside == ["other"]
        await stage.at(0.5)
        assert stage.inside == ["other", "second"]

    play(scenario)


def test_who_takes_a_breath_never_waits() -> None:
    async def scenario(stage: Stage) -> None:
        await stage.come("crowd", "long")
        for number in range(10):
            await stage.at(number)
            await stage.come("calm")
            assert stage.inside == ["long", "calm"]
            await stage.at(number + 0.25)
            await stage.leave("calm")

    play(scenario)


def test_a_lone_person_in_a_hurry_never_waits() -> None:
    async def scenario(stage: Stage) -> None:
        for number in range(10):
            await stage.come("a", f"one {number}")
            await stage.come("a", f"two {number}")
            assert stage.inside == [f"one {number}", f"two {number}"]
            await stage.at(number + 1)
            await stage.leave(f"one {number}")
            await stage.leave(f"two {number}")

    play(scenario)


def test_two_crowds_take_turns() -> None:
    async def scenario(stage: Stage) -> None:
        served = []
        for number in range(4):
            for name in ("a", "b"):
                await stage.come(name, f"{name} {number}")
        await stage.at(1)
        await stage.leave("b 0")
        for number in range(1, 7):
            (name,) = stage.inside
            served.append(name)
            await stage.at(stage.clock.now + 0.5**number)  # over before the other has rested
            await stage.leave(name)
        assert served == ["a 0", "b 1", "a 1", "b 2", "a 2", "b 3"]

    play(scenario)


def test_who_was_silent_for_a_step_of_the_massage_is_still_there() -> None:
    async def scenario(stage: Stage) -> None:
        await stage.come("person")
        await stage.leave("person")
        await stage.at(PRESENT)
        for number in range(3):
            await stage.come("crowd", f"crowd {number}")
        assert stage.inside == ["crowd 0"]

    play(scenario)


def test_who_does_not_speak_is_one_at_a_time_and_leaves_the_others_alone() -> None:
    async def scenario(stage: Stage) -> None:
        await stage.come("probe", "probe 0", speaks=False)
        await stage.come("crowd", "crowd 0")
        await stage.come("crowd", "crowd 1")
        await stage.come("probe", "probe 1", speaks=False)
        assert stage.inside == ["probe 0", "crowd 0", "crowd 1"]

    play(scenario)


def test_who_gives_up_at_the_front_does_not_hold_up_the_others() -> None:
    async def scenario(stage: Stage) -> None:
        await stage.come("other")
        await stage.come("a", "a 0")
        given_up = await stage.come("a", "a 1")
        await stage.come("other", "other 1")
        given_up.cancel()
        await settle()
        await stage.at(0.5)
        await stage.leave("a 0")
        await stage.leave("other")
        assert stage.inside == ["other 1"]

    play(scenario)
