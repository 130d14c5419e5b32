"""Several clients that press buttons in one conversation at once, and a check of what is stored afterwards."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from palmwise.server.metrics import digest
from palmwise.server.storage.sql import EVENTS
from tests.cluster.running import SERVERS, Cluster
from tests.people import LostError, Person, http_session

MOVES = {"/next_step": 1, "/previous_step": -1}


@dataclass(frozen=True)
class Press:
    """One message, when it was sent for the first time and when it was answered (the loop's seconds)."""

    id: str
    payload: str
    sent: float
    answered: float
    step: int
    """As the answer shows it."""


@dataclass
class Hand(Person):
    """One of those who share a conversation: each of its messages goes to either server, by the proxy."""

    ways: Sequence[str] = ()
    """What the proxy finds each server by."""
    presses: list[Press] = field(default_factory=list)

    async def press(self, payload: str, way: str | None = None) -> None:
        """Sends it, again where it was not taken, and remembers the answer."""
        loop = asyncio.get_running_loop()
        body = {"conversation": self.conversation, "payload": payload, "id": f"{self.number}-{secrets.token_hex(8)}"}
        began = loop.time()
        answer = await self._insist(
            lambda: self.http.post(
                f"{self.address}/coach/message?conversation={way or self.chance.choice(self.ways)}", json=body
            )
        )
        custom = answer["messages"][-1]["custom"]
        if custom.get("title") == "Sorry":
            raise LostError(f"{self.number}: an apology for {payload}")
        self.presses.append(Press(body["id"], payload, began, loop.time(), custom["session"]["step"]))

    async def there_and_back(self, times: int) -> None:
        """Next and previous, so often: nobody is ever behind the first step or beyond as many as there are hands."""
        for _ in range(times):
            for payload in MOVES:
                await self.press(payload)
                await asyncio.sleep(self.chance.random() * 0.03)


async def ways(cluster: Cluster) -> list[str]:
    """For each server a word that makes the proxy choose it, found by trying."""
    found: dict[str, str] = {}
    async with http_session() as http:
        while len(found) < len(SERVERS):
            word = secrets.token_urlsafe(24)
            one = Hand(cluster.address, 0, http, ways=[word])
            one.conversation = (await one._insist(lambda: http.post(f"{cluster.address}/coach/conversation", json={})))[
                "conversation"
            ]
            await one.press("/repeat_step")
            found.update({name: word for name in SERVERS if seen(cluster, name, one.conversation)})
    return [found[name] for name in SERVERS]


def seen(cluster: Cluster, server: str, conversation: str) -> bool:
    """Whether that server has taken a turn of the conversation."""
    return digest(conversation) in cluster.parts[server].output()


def refused(cluster: Cluster) -> int:
    """Turns that PostgreSQL did not take because another server was faster, on both servers so far."""
    return sum(cluster.parts[name].output().count("A turn was refused") for name in SERVERS)


@contextmanager
def database(cluster: Cluster) -> Iterator[sa.engine.Connection]:
    """A connection of our own."""
    engine = sa.create_engine(cluster.database)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def kept(cluster: Cluster, conversation: str) -> list[list[dict[str, Any]]]:
    """The stored turns, each with its events, the person's first."""
    events = sa.select(EVENTS.c.data).where(EVENTS.c.sender_id == conversation).order_by(EVENTS.c.id)
    found: list[list[dict[str, Any]]] = []
    with database(cluster) as connection:
        for (data,) in connection.execute(events):
            event = json.loads(data)
            if event["event"] == "user":
                found.append([])
            if found:
                found[-1].append(event)
    return found


def check(turns: Sequence[Sequence[dict[str, Any]]], presses: Sequence[Press]) -> None:
    """Raises `LostError` unless every press is one whole turn, in an order that all of its answers agree with."""
    by_id = {press.id: press for press in presses}
    ours = [turn for turn in turns if turn[0]["metadata"].get("id") in by_id]
    order = [by_id[turn[0]["metadata"]["id"]] for turn in ours]
    if len(order) != len(presses) or len({press.id for press in order}) != len(presses):
        raise LostError(f"{len(presses)} presses and {len(order)} turns")
    step, latest = 1, 0.0
    for turn, press in zip(ours, order, strict=True):
        step += MOVES[press.payload]
        cards = [event["data"]["custom"] for event in turn if event["event"] == "bot"]
        told = [card["session"]["step"] for card in cards if card]
        if told != [step] or press.step != step:
            raise LostError(f"{press} is stored as {told} and should be {step}")
        kinds = [event["event"] for event in turn]
        if kinds != [event["event"] for event in ours[0]]:
            raise LostError(f"{press} is mixed with another: {kinds}")
        if press.answered < latest:
            raise LostError(f"{press} is stored after one that was sent when it had been answered")
        latest = max(latest, press.sent)
