"""Old conversations are found by an index, opened ones cost one row, and a damaged one ends alone."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from palmwise.errors import DamagedConversationError, StoreFullError, StoreUnavailableError
from palmwise.server.storage import conversation_table
from palmwise.server.storage.conversation_table import Limit
from tests.rasa.storage.fakes import live_store, play, session_start, step, stock_store, turn, wait


def test_an_opened_conversation_is_one_row_without_events(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db") as store:
            await store.open("a")
            assert await store.exists("a")
            assert not await store.exists("b")
            assert await store.peek("a") is None
            await play(store, "a", [session_start(), turn(1)])
            assert step(await store.peek("a")) == 1

    wait(scenario())
    with sqlite3.connect(tmp_path / "a.db") as reader:
        assert reader.execute("SELECT sender_id, talked FROM palmwise_conversations").fetchall() == [("a", 1)]


def test_conversations_of_a_database_without_the_table_are_adopted(tmp_path: Path) -> None:
    async def scenario() -> None:
        stock = stock_store(tmp_path / "a.db")
        for number in range(3):
            events = [*session_start(), *turn(number)]
            for event in events:
                event.timestamp = 1000.0 + number
            await play(stock, f"c{number}", [events])
        with live_store(tmp_path / "a.db") as store:
            assert await store.exists("c1")
            assert step(await store.peek("c1")) == 1
            assert await store.purge(before=1001.5) == 2
            assert not await store.exists("c1")
            assert await store.exists("c2")

    wait(scenario())


def test_looking_for_old_conversations_costs_nothing_for_those_that_stay(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db") as store:
            await store.ping()
            rows = [(f"c{number}", 2000.0, number % 2) for number in range(50_000)]
            with sqlite3.connect(tmp_path / "a.db") as writer:
                writer.executemany("INSERT INTO palmwise_conversations VALUES (?, ?, ?)", rows)
            plan = await store._database.run(
                lambda connection: connection.exec_driver_sql(
                    "EXPLAIN QUERY PLAN SELECT sender_id FROM palmwise_conversations WHERE talked=1 AND last_turn<1"
                ).fetchall()
            )
            assert "palmwise_conversations_by_age" in str(plan)
            began = time.perf_counter()
            found = await store._database.run(lambda c: conversation_table.silent(c, Limit(1500.0, 1500.0), 50))
            assert found == []
            assert time.perf_counter() - began < 0.5

    wait(scenario())


def test_what_a_wrong_clock_dated_in_the_future_is_not_kept_for_ever(tmp_path: Path) -> None:
    async def scenario() -> None:
        now = 9_000_000.0
        with live_store(tmp_path / "a.db", now=lambda: now) as store:
            await play(store, "a", [turn(1)])
            now = 5_000.0
            assert await store.purge(before=4_000.0) == 0
            now = 9_500.0
            assert await store.purge(before=6_000.0) == 1

    wait(scenario())


@pytest.mark.parametrize("data", ["{oops", "5", "null", '{"event": "user"}'])
def test_a_damaged_row_is_named_and_its_conversation_can_be_deleted(data: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db", live=0) as store:
            await play(store, "a", [session_start(), turn(1)])
            await play(store, "b", [session_start(), turn(2)])
            with sqlite3.connect(tmp_path / "a.db") as writer:
                writer.execute("UPDATE events SET data = ? WHERE sender_id = 'a' AND type_name = 'user'", (data,))
            with pytest.raises(DamagedConversationError):
                await store.retrieve("a")
            assert step(await store.peek("b")) == 2
            await store.delete("a")
            assert not await store.exists("a")

    wait(scenario())


def test_a_full_file_takes_no_new_conversations_and_goes_on_with_others(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db", megabytes=1) as store:
            await store.open("a")
            number = 0
            with pytest.raises(StoreFullError):  # noqa: PT012 - it is full at some time
                while True:
                    number += 1
                    await store.open(f"b{number}")
                    await play(store, f"b{number}", [[event for _ in range(40) for event in turn(1)]])
            await play(store, "a", [turn(1)])
            with pytest.raises(StoreUnavailableError):  # noqa: PT012 - nor does it ever grow beyond its limit
                for _ in range(200):
                    await play(store, "a", [[event for _ in range(40) for event in turn(1)]])
            for gone in range(1, number, 2):
                await store.delete(f"b{gone}")
            await store.open("c")
            await play(store, "a", [turn(7)])
            assert step(await store.peek("a")) == 7

    wait(scenario())
    assert (tmp_path / "a.db").stat().st_size <= 1024 * 1024


def test_health_tells_that_the_file_is_damaged(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db", live=0) as store:
            for number in range(30):
                await play(store, f"c{number}", [turn(number)])
            await store.delete("c0")
            await store.ping()
            size = (tmp_path / "a.db").stat().st_size
            with (tmp_path / "a.db").open("r+b") as file:
                file.seek(4096)
                file.write(b"\xa5" * (size - 4096))
            with pytest.raises(StoreUnavailableError):
                await store.ping()

    wait(scenario())


def test_files_that_others_may_read_are_closed_to_them(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db") as store:
            await play(store, "a", [turn(1)])
        (tmp_path / "a.db").chmod(0o644)
        with live_store(tmp_path / "a.db") as store:
            await play(store, "a", [turn(2)])
            files = [tmp_path / f"a.db{suffix}" for suffix in ("", "-wal", "-shm")]
            assert [file.stat().st_mode & 0o077 for file in files] == [0, 0, 0]

    wait(scenario())


def dates(path: Path) -> list[tuple[float, int]]:
    """What the table tells of each conversation."""
    with sqlite3.connect(path) as reader:
        return reader.execute("SELECT last_turn, talked FROM palmwise_conversations").fetchall()


def test_a_conversation_is_dated_once_between_two_purges_and_kept_so_much_longer(tmp_path: Path) -> None:
    time_of_day = [1000.0]

    async def scenario() -> None:
        with live_store(tmp_path / "a.db", now=lambda: time_of_day[0]) as store:
            await store.purge(before=0.0, pause=60.0)
            await play(store, "a", [turn(1)])
            time_of_day[0] = 1059.0
            await play(store, "a", [turn(2)])
            assert dates(tmp_path / "a.db") == [(1000.0, 1)]
            assert await store.purge(before=1059.0, pause=60.0) == 0
            time_of_day[0] = 1060.0
            await play(store, "a", [turn(3)])
            assert dates(tmp_path / "a.db") == [(1060.0, 1)]
            assert await store.purge(before=1121.0, pause=60.0) == 1

    wait(scenario())


def test_what_is_said_right_after_the_beginning_counts(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db", now=lambda: 1000.0) as store:
            await store.purge(before=0.0, pause=60.0)
            await play(store, "a", [session_start(), turn(1)])

    wait(scenario())
    assert dates(tmp_path / "a.db") == [(1000.0, 1)]


def test_a_conversation_that_begins_anew_is_dated_anew(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db", now=lambda: 1000.0) as store:
            await store.purge(before=0.0, pause=60.0)
            await play(store, "a", [turn(1)])
            await store.delete("a")
            await play(store, "a", [turn(2)])

    wait(scenario())
    assert dates(tmp_path / "a.db") == [(1000.0, 1)]
