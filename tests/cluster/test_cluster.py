"""Two servers, an action server, PostgreSQL, Redis and nginx, each killed in the middle of massages."""

from __future__ import annotations

import asyncio
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cluster.running import Cluster
from tests.cluster.services import Service
from tests.people import Person, http_session

pytestmark = [pytest.mark.services, pytest.mark.server, pytest.mark.slow]
PEOPLE = int(os.environ.get("PALMWISE_TEST_PEOPLE") or 100)


def status(address: str) -> int:
    """HTTP status of the health route."""
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(f"{address}/coach/health", timeout=15, context=trust) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture(scope="module")
def people(cluster: Cluster) -> list[Person]:
    """All of them in mid-massage."""

    async def begin() -> list[Person]:
        async with http_session() as http:
            found = [Person(cluster.address, number, http) for number in range(PEOPLE)]
            return list(await asyncio.gather(*(person.open() for person in found)))

    return asyncio.run(asyncio.wait_for(begin(), 300))


async def _meanwhile(people: list[Person], part: Service) -> None:
    """Everybody talks; once most are in the middle of it `part` is killed, and started again when that was felt."""
    begun = sum(person.sent for person in people) + len(people)
    talking = asyncio.gather(*(person.go_on(6) for person in people))
    await _until(lambda: sum(person.sent for person in people) >= begun or talking.done())
    part.kill()
    await _until(lambda: _felt(people) or talking.done())
    await asyncio.to_thread(part.start)
    await talking
    await asyncio.gather(*(person.look() for person in people))


async def _until(what: Callable[[], bool]) -> None:
    while not what():  # noqa: ASYNC110 - people tell nobody of their troubles
        await asyncio.sleep(0.02)


def _felt(people: list[Person]) -> bool:
    return any(person.troubles or person.apologies for person in people)


@pytest.mark.parametrize("name", ["server-1", "postgres", "redis", "actions"])
def test_every_massage_goes_on_when_a_part_is_killed(name: str, cluster: Cluster, people: list[Person]) -> None:
    async def scenario() -> None:
        async with http_session() as http:
            for person in people:
                person.http, person.apologies, person.troubles = http, 0, 0
            await _meanwhile(people, cluster.parts[name])

    asyncio.run(asyncio.wait_for(scenario(), 300))
    assert all(person.apologies <= 3 for person in people)
    # Of two servers one may go without anybody noticing; nobody can do without the others.
    assert _felt(people) or name == "server-1"
    assert status(cluster.address) == 200


@pytest.mark.parametrize("name", ["postgres", "redis", "actions"])
def test_health_names_the_part_that_is_gone(name: str, cluster: Cluster) -> None:
    cluster.parts[name].kill()
    try:
        assert status(f"http://127.0.0.1:{cluster.ports['server-1']}") == 503
    finally:
        cluster.parts[name].start()
    assert status(f"http://127.0.0.1:{cluster.ports['server-1']}") == 200


@pytest.mark.parametrize("name", ["postgres", "redis", "actions"])
def test_an_unnoticed_restart_refuses_nobody(name: str, cluster: Cluster) -> None:
    async def scenario() -> None:
        async with http_session() as http:
            one = await Person(f"http://127.0.0.1:{cluster.ports['server-2']}", 3, http).open()
            cluster.parts[name].kill()
            await asyncio.to_thread(cluster.parts[name].start)
            await one.move()
            assert (one.troubles, one.apologies) == (0, 0)

    asyncio.run(asyncio.wait_for(scenario(), 60))


def test_two_clients_of_one_conversation_on_two_servers_take_turns(cluster: Cluster) -> None:
    async def scenario() -> None:
        async with http_session() as http:
            one = await Person(f"http://127.0.0.1:{cluster.ports['server-1']}", 1, http).open()
            body = {"conversation": one.conversation, "payload": "/next_step"}

            async def press(number: int) -> int:
                port = cluster.ports[f"server-{number % 2 + 1}"]
                async with http.post(f"http://127.0.0.1:{port}/coach/message", json=body) as answer:
                    return int((await answer.json())["messages"][-1]["custom"]["session"]["step"])

            steps = await asyncio.gather(*(press(number) for number in range(4)))
            assert sorted(steps) == [2, 3, 4, 5]

    asyncio.run(asyncio.wait_for(scenario(), 60))


def test_a_conversation_deleted_on_one_server_is_unknown_on_the_other(cluster: Cluster) -> None:
    async def scenario() -> None:
        async with http_session() as http:
            one = await Person(f"http://127.0.0.1:{cluster.ports['server-1']}", 2, http).open()
            query = f"/coach/conversation?conversation={one.conversation}"
            async with http.get(f"http://127.0.0.1:{cluster.ports['server-2']}{query}") as answer:
                assert answer.status == 200
            async with http.delete(f"http://127.0.0.1:{cluster.ports['server-1']}{query}") as answer:
                assert answer.status == 204
            async with http.get(f"http://127.0.0.1:{cluster.ports['server-2']}{query}") as answer:
                assert answer.status == 404

    asyncio.run(asyncio.wait_for(scenario(), 60))


def test_the_proxy_forwards_only_routes_of_the_coach(cluster: Cluster) -> None:
    async def scenario() -> None:
        async with http_session() as http:
            async with http.get(f"{cluster.address}/") as answer:
                assert answer.status == 200
                assert answer.headers["Strict-Transport-Security"]
            async with http.post(f"{cluster.address}/coach/conversation", json={}) as answer:
                assert "Secure" in answer.headers["Set-Cookie"]
            for path in ("/webhook", "/status", "/metrics", "/webhooks/rest/webhook", "/conversations/x/tracker"):
                async with http.get(f"{cluster.address}{path}") as answer:
                    assert (answer.status, await answer.json()) == (
                        404,
                        {"error": "not_found", "detail": "There is nothing here."},
                    )
            async with http.post(f"{cluster.address}/coach/message", data=b"x" * 100_000) as answer:
                assert (answer.status, (await answer.json())["error"]) == (413, "too_long")
            # Sound may be longer: this server takes it, and has no such conversation.
            sound, kind = b"\0" * 300_000, {"Content-Type": "audio/pcm;rate=16000"}
            async with http.post(
                f"{cluster.address}/coach/listen?conversation={'x' * 32}", data=sound, headers=kind
            ) as answer:
                assert (answer.status, (await answer.json())["error"]) == (404, "unknown_conversation")

    asyncio.run(asyncio.wait_for(scenario(), 60))


def test_no_log_holds_what_was_said(cluster: Cluster, folder: Path) -> None:
    said = "my left knuckles feel like wet sand"

    async def scenario() -> None:
        async with http_session() as http:
            one = await Person(cluster.address, 3, http).open()
            cluster.parts["actions"].kill()
            body = {"conversation": one.conversation, "text": said}
            async with http.post(f"{cluster.address}/coach/message", json=body) as answer:
                assert answer.status == 200
            cluster.parts["actions"].start()
            async with http.post(f"{cluster.address}/coach/message", json=body) as answer:
                assert answer.status == 200

    asyncio.run(asyncio.wait_for(scenario(), 60))
    for log in folder.rglob("*.log"):
        assert "wet sand" not in log.read_text(encoding="utf-8", errors="replace"), log.name
