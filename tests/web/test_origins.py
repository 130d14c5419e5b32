from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from palmwise.server.settings import allowed_origins
from tests.serving import Server

if TYPE_CHECKING:
    from pathlib import Path

SHOP = "https://shop.example.org"


def test_sites_are_parted_by_blanks_or_commas() -> None:
    assert allowed_origins({"PALMWISE_ORIGINS": f"{SHOP}, http://127.0.0.1:8000"}) == {SHOP, "http://127.0.0.1:8000"}
    assert allowed_origins({}) == frozenset()


@pytest.mark.parametrize(
    "value", ["*", "null", "shop.example.org", "https://shop.example.org/", "https://*.example.org"]
)
def test_what_is_no_site_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="PALMWISE_ORIGINS"):
        allowed_origins({"PALMWISE_ORIGINS": value})


@pytest.fixture(scope="module")
def open_to_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("origins")
    running = Server(folder / "conversations.db", environment={"PALMWISE_ORIGINS": SHOP})
    yield running
    running.stop()


def ask(server: Server, method: str, door: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers in small letters, body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(server.address + door, method=method, headers=named)) as answer:  # noqa: S310  our own
            return (
                answer.status,
                {name.lower(): value for name, value in answer.headers.items()},
                answer.read().decode(),
            )
    except HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read().decode()


@pytest.mark.server
def test_a_listed_site_may_talk_without_a_cookie(open_to_shop: Server) -> None:
    status, headers, told = ask(open_to_shop, "POST", "/coach/conversation", origin=SHOP, sec_fetch_site="cross-site")
    assert (status, headers["access-control-allow-origin"]) == (200, SHOP)
    assert "access-control-allow-credentials" not in headers
    conversation = json.loads(told)["conversation"]
    named = {"X_Palmwise_Conversation": conversation, "origin": SHOP, "sec_fetch_site": "cross-site"}
    assert ask(open_to_shop, "GET", "/coach/conversation", **named)[0] == 200
    status, headers, _ = ask(
        open_to_shop, "OPTIONS", "/coach/message", origin=SHOP, access_control_request_method="POST"
    )
    assert status in (200, 204)
    assert "x-palmwise-conversation" in headers["access-control-allow-headers"].lower()
    assert ask(open_to_shop, "GET", "/coach/widget.js", origin=SHOP)[1]["access-control-allow-origin"] == SHOP


@pytest.mark.server
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_any_other_site_gets_nothing(open_to_shop: Server, site: str) -> None:
    other = "https://elsewhere.example.org"
    status, headers, _ = ask(open_to_shop, "POST", "/coach/conversation", origin=other, sec_fetch_site=site)
    assert status == 403
    assert "access-control-allow-origin" not in headers
    assert "access-control-allow-origin" not in ask(open_to_shop, "GET", "/coach/widget.js", origin=other)[1]
