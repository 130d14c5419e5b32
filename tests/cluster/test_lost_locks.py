"""If Redis loses its locks during conversations, PostgreSQL still refuses stale turns."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest
import redis.asyncio
import sqlalchemy as sa

from palmwise.server.storage.sql import EVENTS
from tests.cluster.hands import Hand, check, database, kept, refused, seen, ways
from tests.cluster.running import SERVERS, Cluster
from tests.people import Person, http_session

pytestmark = [pytest.mark.services, pytest.mark.server, pytest.mark.slow]
CONVERSATIONS = 8
HANDS = 4
"""In each of them, on both servers; fewer than the routine has steps."""
TIMES = 12
"""That each hand goes on and back again."""


async def _emptied(cluster: Cluster) -> None:
    client = redis.asyncio.from_url(cluster.redis)
    try:
        await client.flushall()
    finally:
        await client.close(close_connection_pool=True)


async def _killed(cluster: Cluster) -> None:
    cluster.parts["redis"].kill()
    await asyncio.to_thread(cluster.parts["redis"].start)


Loss = Callable[[Cluster], Awaitable[None]]
LOSSES = pytest.mark.parametrize(("lose", "pause"), [(_emptied, 0.1), (_killed, 1.5)], ids=["emptied", "killed"])


async def _hands(person: Person, found: list[str]) -> list[Hand]:
    """As many as share the conversation that `person` opens."""
    await person.open()
    return [
        Hand(person.address, 100 * person.number + number, person.http, person.conversation, ways=found)
        for number in range(HANDS)
    ]


async def _until(what: Callable[[], bool]) -> None:
    while not what():  # noqa: ASYNC110 - neither database nor log tells anybody
        await asyncio.sleep(0.02)


@LOSSES
def test_concurrent_clients_of_a_conversation_while_redis_loses_its_locks(
    lose: Loss, pause: float, cluster: Cluster
) -> None:
    async def scenario() -> int:
        before, losses, chance = refused(cluster), 0, random.Random(7)
        async with http_session() as http:
            found = await ways(cluster)
            people = [Person(cluster.address, number, http) for number in range(CONVERSATIONS)]
            groups = await asyncio.gather(*(_hands(person, found) for person in people))
            talking = asyncio.gather(*(hand.there_and_back(TIMES) for hands in groups for hand in hands))
            while not talking.done():
                await asyncio.wait({talking}, timeout=pause * (0.5 + chance.random()))
                await lose(cluster)
                losses += 1
            await talking
            for person, hands in zip(people, groups, strict=True):
                check(kept(cluster, person.conversation), [press for hand in hands for press in hand.presses])
                assert all(seen(cluster, name, person.conversation) for name in SERVERS)
                await person.look()
        assert losses > 2
        return refused(cluster) - before

    caught = asyncio.run(asyncio.wait_for(scenario(), 300))
    assert caught or lose is _killed  # while Redis starts the turns that ran without it end


@LOSSES
def test_a_turn_that_outlives_the_locks_of_redis(lose: Loss, pause: float, cluster: Cluster) -> None:
    async def scenario() -> None:
        async with http_session() as http:
            first, second = await ways(cluster)
            hands = await _hands(Person(cluster.address, 50, http), [first, second])
            before = refused(cluster)
            with database(cluster) as connection:
                with connection.begin():
                    connection.execute(sa.text(f"LOCK TABLE {EVENTS.name} IN SHARE MODE"))  # nobody can write
                    slow = asyncio.create_task(hands[0].press("/next_step", first))
                    await _until(lambda: _waits(connection))
                    await lose(cluster)
                    others = [asyncio.create_task(hand.press("/next_step", second)) for hand in hands[1:]]
                    await _until(lambda: refused(cluster) > before)
                    assert not any(task.done() for task in (slow, *others))
                await asyncio.gather(slow, *others)
        check(kept(cluster, hands[0].conversation), [press for hand in hands for press in hand.presses])
        assert hands[0].presses[0].step == 2

    asyncio.run(asyncio.wait_for(scenario(), 60))


def _waits(connection: sa.engine.Connection) -> bool:
    return bool(connection.execute(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar())
