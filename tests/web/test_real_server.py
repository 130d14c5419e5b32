from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.serving import Server
from tests.web.visitor import GET_READY

if TYPE_CHECKING:
    from tests.web.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.server]


def test_a_whole_routine_in_plain_words(visit: Visit, server: Server) -> None:
    visitor = visit(server.address + "/").arrived()
    visitor.say("hi there").say("my hands feel so stiff and sore today").shows(".entry.coach >> nth=-1", "sore hands")
    visitor.say("sounds good").shows(".entry.coach >> nth=-1", "safety question")
    visitor.say("no, nothing like that").shows(".entry.coach >> nth=-1", "warm")
    visitor.say("ready").shows(".where", "Step 1 of 4")
    visitor.say("how long do I do this for").shows(".entry.coach >> nth=-1", "each hand")
    for step in range(1, 5):
        visitor.shows(".where", f"Step {step} of 4")
        visitor.wait(GET_READY + visitor.read("return root.host.talk.clock.duration + 0.5"))
    visitor.shows(".entry.coach >> nth=-1", "cool your hands")
    expect(visitor.stage).to_be_hidden()
    assert {address for address in visitor.asked if not address.startswith(server.address)} == set()


def test_buttons_a_reload_and_a_second_tab(visit: Visit, server: Server) -> None:
    one = visit(server.address + "/").begin().wait(20)
    one.tap("Pause").shows(".ring .label", "Paused")
    left = one.left
    one.page.reload()
    one.shows(".ring .label", "Paused")
    assert abs(one.left - left) <= 1
    two = visit(server.address + "/", beside=one)
    two.shows(".ring .label", "Paused")
    two.tap("Go on")
    one.shows(".ring .label", "Get ready").wait(4)
    one.tap("It hurts")
    two.shows(".ease", "Go on, lighter").tap("Stop")
    one.shows(".entry.coach >> nth=-1", "step 1")
    expect(one.stage).to_be_hidden()


def test_forgetting(visit: Visit, server: Server) -> None:
    visitor = visit(server.address + "/").begin()
    visitor.tap("Menu").tap("Forget this conversation").tap("Forget it").shows(".note", "Forgotten")
    expect(visitor.find(".entry")).to_have_count(1)
    expect(visitor.stage).to_be_hidden()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "conversations.db")
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.mark.slow
def test_a_server_that_is_killed_in_mid_step_comes_back_to_it(visit: Visit, own: Server, tmp_path: Path) -> None:
    visitor = visit(own.address + "/").begin().wait(10)
    visitor.tap("Next").shows(".where", "Step 2 of 6")
    own.kill()
    visitor.tap("Next")
    expect(visitor.find(".trouble")).to_be_visible()
    again = Server(tmp_path / "conversations.db")
    try:
        # It has a port of its own; the page shall not notice.
        visitor.page.route(
            own.address + "/**",
            lambda route: route.fulfill(
                response=route.fetch(url=route.request.url.replace(own.address, again.address))
            ),
        )
        visitor.reconnected().shows(".where", "Step 3 of 6")
        visitor.page.reload()
        visitor.shows(".where", "Step 3 of 6")
    finally:
        visitor.page.close()
        again.stop()
