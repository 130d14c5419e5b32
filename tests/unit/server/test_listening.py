"""The ear for browsers, with a script in place of the process that listens."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from palmwise.errors import RefusedError
from palmwise.server import listening
from palmwise.server.listening import MOST_BYTES, EarService, read_sound, require_private

EAR = """
import json, sys, time
print(json.dumps({"ear": "a script"}), flush=True)
while line := sys.stdin.buffer.readline():
    order = json.loads(line)
    sound = sys.stdin.buffer.read(order["bytes"])
    if sound == b"die!":
        sys.exit(1)
    if sound == b"wait":
        time.sleep(60)
    text = f"{len(sound)} {order['asked']}"
    print(json.dumps({"number": order["number"], "text": text, "complete": True}), flush=True)
"""


def script(folder: Path, text: str = EAR) -> list[str]:
    file = folder / "ear.py"
    file.write_text(text)
    return [sys.executable, str(file)]


def run(ear: EarService, work: Callable[[], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        try:
            return await work()
        finally:
            await ear.close()

    return asyncio.run(whole())


def request_of(**fields: Any) -> Any:
    defaults = {
        "scheme": "http",
        "headers": {},
        "ip": "127.0.0.1",
        "content_type": "audio/pcm;rate=16000",
        "body": b"  ",
    }
    return SimpleNamespace(**{**defaults, **fields})


def test_sound_becomes_words(tmp_path: Path) -> None:
    ear = EarService(script(tmp_path))

    async def work() -> Any:
        assert await ear.name() == "a script"
        return await asyncio.gather(*(ear.listen(bytes(2 * count), "ready") for count in (1, 2, 3)))

    heard = run(ear, work)
    assert [each["text"] for each in heard] == ["2 ready", "4 ready", "6 ready"]
    assert heard[0] == {"text": "2 ready", "complete": True, "doubtful": False}


def test_it_can_be_started_before_anybody_speaks(tmp_path: Path) -> None:
    ear = EarService(script(tmp_path))

    async def work() -> str | None:
        assert ear.begin() == ""
        await ear.name()
        return ear.begin()

    assert run(ear, work) == "a script"


def test_a_program_that_is_not_there_is_known_at_once(tmp_path: Path) -> None:
    assert EarService([str(tmp_path / "python")]).begin() is None


@pytest.mark.parametrize("sound", [b"die!", b"wait"])
def test_an_ear_that_dies_or_hangs_is_started_again(
    tmp_path: Path, sound: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = EarService(script(tmp_path))

    async def work() -> Any:
        await ear.name()
        monkeypatch.setattr(listening, "ANSWER_SECONDS", 0.5)
        with pytest.raises(RefusedError) as refused:
            await ear.listen(sound, None)
        assert refused.value.status == 503
        monkeypatch.setattr(listening, "ANSWER_SECONDS", 10.0)
        return await ear.listen(b"1234", None)

    assert run(ear, work)["text"] == "4 None"


def test_an_answer_that_nobody_waits_for_any_more_is_not_given_to_the_next(tmp_path: Path) -> None:
    ear = EarService(script(tmp_path))

    async def work() -> Any:
        await ear.name()
        first = asyncio.ensure_future(ear.listen(b"wait", None))
        await asyncio.sleep(0.1)
        first.cancel()
        return await ear.listen(b"12", None)

    assert run(ear, work)["text"] == "2 None"


def test_too_many_at_once_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ear = EarService(script(tmp_path))
    monkeypatch.setattr(listening, "MOST_WAITING", 0)
    with pytest.raises(RefusedError) as refused:
        run(ear, lambda: ear.listen(b"12", None))
    assert (refused.value.status, refused.value.code) == (503, "busy")


@pytest.mark.parametrize("text", ["", 'print(\'{"reason": "no model"}\')', "print('[]')"])
def test_a_server_without_an_ear_says_so_and_does_not_try_each_time(tmp_path: Path, text: str) -> None:
    ear = EarService(script(tmp_path, text))

    async def work() -> None:
        for _ in range(2):
            with pytest.raises(RefusedError) as refused:
                await ear.name()
            assert (refused.value.status, refused.value.code) == (404, "no_ear")
            script(tmp_path)  # it would work now, and is left in peace for a while

    run(ear, work)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"scheme": "https", "ip": "192.0.2.7"},
        {"ip": "::1"},
        {"ip": "10.0.0.1", "headers": {"x-forwarded-proto": "https"}},
    ],
)
def test_sound_is_taken_from_this_machine_or_encrypted(fields: dict[str, Any]) -> None:
    require_private(request_of(**fields))


@pytest.mark.parametrize("fields", [{"ip": "192.0.2.7"}, {"headers": {"x-forwarded-for": "192.0.2.7"}}, {"ip": ""}])
def test_sound_is_not_taken_over_a_network_in_the_clear(fields: dict[str, Any]) -> None:
    with pytest.raises(RefusedError) as refused:
        require_private(request_of(**fields))
    assert (refused.value.status, refused.value.code) == (403, "insecure")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"content_type": "application/json"}, 415),
        ({"body": bytes(MOST_BYTES + 2)}, 413),
        ({"body": b""}, 400),
        ({"body": b"123"}, 400),
    ],
)
def test_what_is_no_sound_is_refused(fields: dict[str, Any], status: int) -> None:
    assert read_sound(request_of()) == b"  "
    with pytest.raises(RefusedError) as refused:
        read_sound(request_of(**fields))
    assert refused.value.status == status
