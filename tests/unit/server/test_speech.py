"""What may be had as sound, and the process that makes it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from palmwise.errors import RefusedError
from palmwise.server import sounds
from palmwise.server.settings import speaks
from palmwise.server.sounds import ADDRESS, KEPT_SECONDS, SoundCache, SoundWorker, SpeechStore
from palmwise.speech.delivery import CALM, PLAIN, SWAP_BREATH, pause_mark, sentence_at, with_pauses

Result = TypeVar("Result")
STEP = {
    "custom": {
        "card": "step",
        "say": "Step one. Stroke slowly.",
        "cues": [{"at": 0, "say": "Left hand. Begin."}, {"at": 30, "say": "Change hands. Again.", "hand": "right"}],
    }
}
ANSWER = {"custom": {"card": "faq", "say": "Yes, it is. A drop is enough."}}


class Clock:
    """Seconds that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def found(store: SpeechStore, address: str) -> str | None:
    """The text at an address."""
    spoken = store.find(address.removeprefix(ADDRESS))
    return spoken.text if spoken else None


def test_every_text_for_the_ear_gets_an_address_in_its_delivery() -> None:
    store = SpeechStore()
    told, step, answer = store.with_addresses("c", [{"text": "hello"}, STEP, ANSWER])
    assert told == {"text": "hello"}
    assert found(store, step["custom"]["speech"]) == f"Step one. {pause_mark(CALM.breath)} Stroke slowly."
    assert found(store, step["custom"]["cues"][1]["speech"]) == f"Change hands. {pause_mark(SWAP_BREATH)} Again."
    assert found(store, answer["custom"]["speech"]) == f"Yes, it is. {pause_mark(PLAIN.breath)} A drop is enough."
    assert "speech" not in STEP["custom"], "what is stored stays as it was"


def test_a_plan_can_be_heard_beforehand() -> None:
    store = SpeechStore()
    (step,) = store.plan_with_addresses("c", [{"id": "effleurage", **STEP["custom"]}])
    assert step["id"] == "effleurage"
    assert found(store, step["speech"]) == f"Step one. {pause_mark(CALM.breath)} Stroke slowly."
    same = store.with_addresses("c", [STEP])[0]["custom"]
    assert [cue["speech"] for cue in step["cues"]] == [cue["speech"] for cue in same["cues"]], "one sound for one text"


def test_a_text_can_be_had_sentence_by_sentence_with_their_breaths() -> None:
    marked = with_pauses("Change hands. Take 1.5 ml\nof oil. Again", CALM, swaps=True)
    assert [sentence_at(marked, number) for number in range(4)] == [
        f"Change hands. {pause_mark(SWAP_BREATH)}",
        f"Take 1.5 ml\nof oil. {pause_mark(CALM.breath)}",
        "Again",
        None,
    ]
    assert sentence_at("", 0) is None


def test_a_key_cannot_be_made_outside() -> None:
    addresses = {SpeechStore().with_addresses(name, [ANSWER])[0]["custom"]["speech"] for name in ("a", "b", "a")}
    assert len(addresses) == 3
    assert SpeechStore().find("") is None


def test_a_text_can_be_had_for_an_hour_or_until_it_is_forgotten() -> None:
    clock = Clock()
    store = SpeechStore(clock)
    address = store.with_addresses("a", [ANSWER])[0]["custom"]["speech"]
    other = store.with_addresses("b", [ANSWER])[0]["custom"]["speech"]
    store.forget("a")
    assert found(store, address) is None
    clock.now = KEPT_SECONDS - 1
    assert found(store, other)
    clock.now = KEPT_SECONDS
    assert found(store, other) is None


def test_who_asks_in_words_for_deletion_leaves_nothing_to_be_heard() -> None:
    store = SpeechStore()
    address = store.with_addresses("a", [ANSWER])[0]["custom"]["speech"]
    gone = {"custom": {"card": "note", "say": "Deleted.", "forgotten": True}}
    assert found(store, store.with_addresses("a", [gone])[0]["custom"]["speech"]) == "Deleted."
    assert found(store, address) is None


def test_the_texts_and_the_sounds_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "MOST_TEXTS", 3)
    monkeypatch.setattr(sounds, "CACHE_BYTES", 10)
    store, cache = SpeechStore(), SoundCache("1")
    for number in range(9):
        store.with_addresses(str(number), [ANSWER])
        cache.put("text", number, "ogg", b"1234")
    assert len(store._texts) == 3
    assert cache._size == 8
    assert cache.get("text", 8, "ogg") == b"1234"
    assert cache.get("text", 8, "mp3") is None
    assert cache.get("text", 0, "ogg") is None


def test_a_sound_is_made_anew_by_another_voice_or_after_an_hour() -> None:
    clock = Clock()
    cache = SoundCache("1", clock)
    cache.put("text", 165, "ogg", b"1234")
    cache.put("text", 165, "ogg", b"5678")
    assert cache.get("text", 165, "ogg") == b"5678"
    assert SoundCache("2", clock)._name("text", 165, "ogg") != cache._name("text", 165, "ogg")
    clock.now = KEPT_SECONDS
    assert cache.get("text", 165, "ogg") is None
    assert cache._size == 0


def test_the_voice_can_be_switched_off() -> None:
    assert speaks({})
    assert not speaks({"PALMWISE_SPEECH": "off"})
    with pytest.raises(ValueError, match="on or off"):
        speaks({"PALMWISE_SPEECH": "loud"})


CHILD = """
import json, sys
for line in sys.stdin:
    order = json.loads(line)
    if order["text"] == "die":
        sys.exit(1)
    if order["text"] == "hang":
        import time; time.sleep(60)
    if order["text"] == "fail":
        print(json.dumps({"error": "Broken"}), flush=True)
        continue
    content = f"{order['text']} {order['rate']} {order['form']}"
    print(json.dumps({"size": len(content)}), flush=True)
    print(content, end="", flush=True)
"""


def with_worker(work: Callable[[SoundWorker], Awaitable[Result]]) -> Result:
    """Run some work with a worker whose child is a small program, and end that."""

    async def run() -> Result:
        worker = SoundWorker([sys.executable, "-c", CHILD])
        try:
            return await work(worker)
        finally:
            await worker.close()

    return asyncio.run(run())


def test_orders_are_answered_each_with_its_own_sound() -> None:
    async def orders(worker: SoundWorker) -> list[bytes]:
        return await asyncio.gather(*(worker.make(str(number), 165, "ogg") for number in range(5)))

    assert with_worker(orders) == [f"{number} 165 ogg".encode() for number in range(5)]


def test_an_order_that_is_given_up_leaves_the_next_its_answer() -> None:
    async def orders(worker: SoundWorker) -> bytes:
        first = asyncio.create_task(worker.make("first", 165, "ogg"))
        await asyncio.sleep(0)
        first.cancel()
        return await worker.make("second", 165, "ogg")

    assert with_worker(orders) == b"second 165 ogg"


@pytest.mark.parametrize("text", ["die", "fail", "hang"])
def test_after_a_failure_the_next_order_has_a_new_child(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sounds, "LONGEST_ORDER", 0.2)

    async def orders(worker: SoundWorker) -> bytes:
        await worker.make("before", 165, "ogg")
        with pytest.raises(RefusedError) as refused:
            await worker.make(text, 165, "ogg")
        assert refused.value.status == 503
        return await worker.make("after", 165, "mp3")

    assert with_worker(orders) == b"after 165 mp3"


def test_a_voice_that_cannot_start_is_left_alone_for_a_while() -> None:
    async def orders(worker: SoundWorker) -> bool:
        with pytest.raises(RefusedError):
            await worker.make("die", 165, "ogg")
        worker._command = ("/nowhere",)
        with pytest.raises(RefusedError):
            await worker.make("again", 165, "ogg")
        return worker._process is None

    assert with_worker(orders)


def test_too_many_orders_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "MOST_WAITING", 2)

    async def orders(worker: SoundWorker) -> list[Any]:
        made = (worker.make(str(number), 165, "ogg") for number in range(3))
        return await asyncio.gather(*made, return_exceptions=True)

    first, second, third = with_worker(orders)
    assert (first, second) == (b"0 165 ogg", b"1 165 ogg")
    assert isinstance(third, RefusedError)


def test_an_idle_child_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "IDLE_SECONDS", 0.0)

    async def orders(worker: SoundWorker) -> bool:
        await worker.make("once", 165, "ogg")
        for _ in range(500):
            if worker._process is None:
                break
            await asyncio.sleep(0.01)
        return await worker.make("again", 165, "ogg") == b"again 165 ogg"

    assert with_worker(orders)
