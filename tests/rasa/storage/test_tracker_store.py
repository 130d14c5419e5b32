"""The live tracker store stores what Rasa's SQL store does, loses no answered turn, and deletes on request."""

from __future__ import annotations

import itertools
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.shared.core.events import (
    ActionReverted,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from palmwise.errors import SettingError, StoreUnavailableError
from palmwise.server.clock import SERVER_CLOCK
from palmwise.server.storage.tracker_store import HISTORY
from tests.rasa.storage.fakes import (
    DOMAIN,
    live_store,
    play,
    session_start,
    state,
    step,
    stock_store,
    there,
    timestamps,
    turn,
    wait,
)


def _mention(word: str, folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if word.encode() in file.read_bytes()]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 25), st.integers(0, 3))
def test_every_conversation_has_the_state_that_rasa_would_replay(
    tmp_path_factory: pytest.TempPathFactory, count: int, extra: int
) -> None:
    folder = tmp_path_factory.mktemp("stores")

    async def scenario() -> None:
        clock = timestamps()
        turns = [session_start(), *(turn(number, *[BotUttered("more")] * extra) for number in range(count))]
        for event in (event for events in turns for event in events):
            event.timestamp = next(clock)
        stock = DialogueStateTracker.from_events("a", [event for events in turns for event in events], DOMAIN.slots)
        with live_store(folder / "live.db") as live:
            await play(live, "a", turns)
            remembered = there(await live.peek("a"))
            # Rasa's own store finds every event in the database, in its form.
            kept = there(await stock_store(folder / "live.db").retrieve_full_tracker("a"))
            assert [event.as_dict() for event in kept.events] == [event.as_dict() for event in stock.events]
        with live_store(folder / "live.db") as restarted:
            reloaded = there(await restarted.peek("a"))
        for tracker in (remembered, reloaded):
            assert len(tracker.events) <= HISTORY
            assert tracker.applied_events() == DialogueStateTracker.applied_events(tracker)
            assert state(tracker) == state(stock)
            assert step(tracker.copy()) == count - 1

    wait(scenario())


def test_a_copy_changes_by_itself_and_tells_an_action_of_no_events(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db") as store:
            await play(store, "a", [session_start(), turn(1)])
            tracker = there(await store.retrieve("a"))
            before, events = state(tracker), list(tracker.events)
            copied = tracker.copy()
            assert state(copied) == before
            assert copied.current_state(EventVerbosity.ALL)["events"] == []
            for event in turn(2):
                copied.update(event)
            assert (step(copied), state(tracker), list(tracker.events)) == (2, before, events)
            await store.save(tracker)
            assert step(await store.peek("a")) == 1

    wait(scenario())


@pytest.mark.parametrize("event", [Restarted(), SessionStarted(), UserUtteranceReverted(), ActionReverted()])
def test_the_events_that_count_are_those_that_rasa_counts(tmp_path: Path, event: Event) -> None:
    with live_store(tmp_path / "a.db") as store:
        tracker = store.init_tracker("a")
        for each in (*session_start(), *turn(1), event, *turn(2)):
            tracker.update(each)
        assert tracker.applied_events() == DialogueStateTracker.applied_events(tracker)
        assert len(tracker.applied_events()) < len(tracker.events)


def test_a_failed_turn_leaves_the_conversation_unchanged(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db") as store:
            await play(store, "a", [session_start(), turn(1)])
            lost = there(await store.retrieve("a"))
            lost.update(SlotSet("name", "half a turn"))
            assert there(await store.retrieve("a")).get_slot("name") is None

    wait(scenario())


def test_peeking_changes_nothing(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db") as store:
            await play(store, "a", [session_start(), turn(1)])
            there(await store.peek("a")).update(SlotSet("name", "only here"))
            assert there(await store.peek("a")).get_slot("name") is None
            assert await store.peek("nobody") is None

    wait(scenario())


def test_answered_turns_are_read_by_a_new_process(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db") as store:
            for number in range(1, 20):
                await play(store, "a", [turn(number)])
                with live_store(tmp_path / "a.db") as other:
                    assert step(await other.peek("a")) == number

    wait(scenario())


def test_turns_of_other_servers_are_seen_in_a_shared_database(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db", shared=True) as one, live_store(tmp_path / "a.db", shared=True) as two:
            for number in range(20):
                await play((one, two)[number % 2], "a", [turn(number)])
            assert step(await one.retrieve("a")) == 19
            assert step(await two.retrieve("a")) == 19
            full = there(await one.retrieve_full_tracker("a"))
            assert len(full.events) == 20 * len(turn(0))

    wait(scenario())


def test_the_cache_is_bounded(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db", live=3) as store:
            for number in range(9):
                await play(store, f"c{number}", [turn(number)])
            assert sorted(store._live) == ["c6", "c7", "c8"]
            assert step(await store.retrieve("c0")) == 0

    wait(scenario())


def test_deletion_leaves_no_trace_in_the_files(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db") as store:
            secret = turn(1, SlotSet("name", "Rumpelstiltskin"))
            await play(store, "a", [secret, turn(2)])
            assert _mention("Rumpelstiltskin", tmp_path)
            await play(store, "b", [turn(3)])
            assert await store.exists("a")
            await store.delete("a")
            assert not await store.exists("a")
            assert await store.retrieve("a") is None
            assert step(await store.retrieve("b")) == 3
            assert not _mention("Rumpelstiltskin", tmp_path)

    wait(scenario())


def test_silent_conversations_are_purged_and_others_not(tmp_path: Path) -> None:
    async def scenario() -> None:
        times, now = itertools.count(1000.0), 0.0
        with live_store(tmp_path / "a.db", now=lambda: now) as store:
            for number in range(120):
                now = next(times)
                await play(store, f"c{number}", [turn(number)])
            assert await store.purge(before=1100.0) == 100
            assert await store.purge(before=1100.0) == 0
            assert not await store.exists("c99")
            assert await store.exists("c100")

    wait(scenario())


def test_conversations_purged_by_another_server_leave_the_cache(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db", shared=True) as one, live_store(tmp_path / "a.db", shared=True) as two:
            await play(one, "a", [session_start(), turn(1)])
            soon = SERVER_CLOCK.now() + 1
            assert await two.purge(before=soon) == 1
            assert await one.purge(before=soon) == 0
            assert not one._live

    wait(scenario())


def test_a_locked_database_raises_until_it_is_unlocked(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db", busy_timeout=0.05) as store:
            await play(store, "a", [session_start(), turn(1)])
            other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(StoreUnavailableError):
                await play(store, "a", [turn(2)])
            with pytest.raises(StoreUnavailableError):
                await store.ping()
            other.execute("ROLLBACK")
            other.close()
            await store.ping()
            assert step(await store.retrieve("a")) == 1
            await play(store, "a", [turn(3)])
            assert step(await store.retrieve("a")) == 3

    wait(scenario())


def test_a_removed_database_file_is_noticed_and_found_again(tmp_path: Path) -> None:
    async def scenario() -> None:
        path, aside = tmp_path / "a.db", tmp_path / "aside.db"
        with live_store(path) as store:
            await play(store, "a", [session_start(), turn(1)])
            path.rename(aside)
            with pytest.raises(StoreUnavailableError):
                await play(store, "a", [turn(2)])
            with pytest.raises(StoreUnavailableError):
                await store.ping()
            aside.rename(path)
            await store.ping()
            assert step(await store.retrieve("a")) == 1

    wait(scenario())


def test_the_file_is_private_and_flushed_at_each_commit(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "deep" / "a.db") as store:
            await play(store, "a", [turn(1)])
            pragmas = await store._database.run(
                lambda connection: [
                    connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
                ]
            )
            assert pragmas == ["wal", 2]
        assert (tmp_path / "deep" / "a.db").stat().st_mode & 0o077 == 0

    wait(scenario())


def test_a_tracker_made_by_rasa_is_refused(tmp_path: Path) -> None:
    async def scenario() -> None:
        with live_store(tmp_path / "a.db") as store, pytest.raises(TypeError):
            await store.save(DialogueStateTracker.from_events("a", session_start(), DOMAIN.slots))

    wait(scenario())


def test_an_invalid_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="synchronous"), live_store(tmp_path / "a.db", synchronous="maybe"):
        pass
