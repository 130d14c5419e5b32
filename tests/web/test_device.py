"""What the browser keeps for its owner: settings, and a diary of massages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.web.conftest import Visit
    from tests.web.fake import Served
    from tests.web.visitor import Visitor

pytestmark = pytest.mark.browser


def kept(visitor: Visitor, name: str) -> Any:
    """What is in the browser's storage."""
    found = visitor.page.evaluate("(name) => localStorage.getItem(`palmwise:${name}`)", name)
    return json.loads(found) if found else None


def test_the_end_tells_what_was_done_and_asks_how_the_hands_feel(visit: Visit, served: Served) -> None:
    visitor = visit().arrived().say("classic").say("no")
    visitor.tap("Stiff")
    visitor.say("ready").wait(65)
    for _ in range(6):
        visitor.say("next")
    visitor.shows(".entry.coach >> nth=-1", "Well done")
    expect(visitor.answer.locator(".ticked li")).to_have_count(6)
    visitor.tap("Good")
    expect(visitor.answer.get_by_role("button", name="Good")).to_have_attribute("aria-pressed", "true")
    (entry,) = kept(visitor, "diary")["entries"]
    assert (entry["routine"], entry["before"], entry["after"]) == ("classic", 2, 4)
    assert entry["seconds"] >= 55
    told = json.dumps(served.coach.received)
    assert "Stiff" not in told
    assert "Good" not in told
    visitor.tap("Menu").tap("My massages")
    expect(visitor.find(".done li")).to_have_count(1)
    expect(visitor.find(".diary .week li")).to_have_count(7)


def test_settings_are_kept_and_brought_to_the_coach(visit: Visit, served: Served) -> None:
    visitor = visit().arrived().tap("Menu").tap("Settings")
    for name in ("Calm", "Right hand", "Brown", "Large"):
        visitor.find(".preferences").get_by_label(name, exact=True).check()
    visitor.find(".preferences").get_by_role("switch").first.uncheck()
    visitor.tap("Close")
    assert kept(visitor, "settings")["sounds"] is False
    size = "return parseFloat(getComputedStyle(root.querySelector('.composer input')).fontSize)"
    assert visitor.read(size) == pytest.approx(19.2)
    visitor.page.reload()
    visitor.arrived()
    assert visitor.read(size) == pytest.approx(19.2)
    visitor.say("classic").say("no", answered=False)
    visitor.shows(".entry.coach >> nth=-1", re.compile("right hand", re.IGNORECASE))
    visitor.say("ready").shows(".hand", "Right hand")
    assert next(iter(served.coach.talks.values())).session.pace == 1.25


def test_forgetting_erases_settings_and_diary(visit: Visit) -> None:
    visitor = visit().arrived().tap("Menu").tap("Settings")
    visitor.find(".preferences").get_by_label("Large", exact=True).check()
    visitor.tap("Close").begin().wait(40)
    assert kept(visitor, "diary") is not None
    visitor.tap("Menu").tap("Forget this conversation").tap("Forget it")
    visitor.shows(".note", "Forgotten")
    assert kept(visitor, "diary") is None
    assert kept(visitor, "settings") is None


def test_the_pages_own_size_of_text_does_not_matter(visit: Visit) -> None:
    visitor = visit().arrived()
    size = "return getComputedStyle(root.querySelector('.composer input')).fontSize"
    before = visitor.read(size)
    visitor.page.evaluate("document.documentElement.style.fontSize = '62.5%'")
    assert visitor.read(size) == before


def test_arrow_keys_walk_through_what_was_said(visit: Visit) -> None:
    visitor = visit().arrived().say("hello").say("which oil")
    visitor.find(".log").focus()
    visitor.page.keyboard.press("ArrowUp")
    focused = "return [...root.querySelectorAll('.entry')].indexOf(root.activeElement)"
    last: int = visitor.read(focused)
    assert last == visitor.find(".entry").count() - 1
    visitor.page.keyboard.press("ArrowUp")
    assert visitor.read(focused) == last - 1
    visitor.page.keyboard.press("Home")
    assert visitor.read(focused) == 0


def test_hands_free_shows_one_line_a_large_number_and_no_field(visit: Visit) -> None:
    visitor = visit().begin().tap("Hands-free").tap("Only read aloud")
    expect(visitor.find("#say")).to_be_hidden()
    expect(visitor.find(".ring .number")).to_be_visible()
    expect(visitor.stage.get_by_role("button", name="It hurts")).to_be_visible()
    expect(visitor.find(".instruction")).to_be_hidden()
    visitor.tap("Type")
    expect(visitor.find("#say")).to_be_visible()


def test_an_emergency_offers_numbers_to_call(visit: Visit) -> None:
    visitor = visit().arrived().say("chest pain")
    visitor.shows("[role=alert]", "Get emergency help")
    calls = visitor.find("[role=alert] a.call")
    expect(calls.first).to_have_attribute("href", "tel:112")
    expect(calls).to_have_count(3)
