from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from palmwise.resources import ROOT

if TYPE_CHECKING:
    from tests.web.conftest import Visit
    from tests.web.fake import Served
    from tests.web.visitor import Visitor

WEB = ROOT / "web"
LARGEST = 60_000
"""Bytes of the opened widget as it is, comments included, gzipped together, without pictures and the scene."""
PAGE = """<!doctype html><html lang="en"><title>A shop</title><style>button { color: red }</style>
<main><h1>Soap</h1></main>
<script type="module" src="/coach/widget.js"></script></html>"""


def test_the_whole_widget_is_small() -> None:
    files = [file for file in sorted(WEB.iterdir()) if file.suffix in (".js", ".css") and file.name != "page.css"]
    assert len(gzip.compress(b"".join(file.read_bytes() for file in files), 9)) <= LARGEST


def shop(visit: Visit, served: Served, page: str = PAGE) -> Visitor:
    """A page of the same site with nothing but the script."""
    visitor = visit("about:blank")
    visitor.page.route("**/shop", lambda route: route.fulfill(body=page, content_type="text/html"))
    visitor.page.goto(served.address + "/shop")
    return visitor


@pytest.mark.browser
def test_one_script_puts_the_coach_into_the_corner(visit: Visit, served: Served) -> None:
    visitor = shop(visit, served)
    expect(visitor.find(".panel")).to_be_hidden()
    assert served.coach.talks == {}
    visitor.tap("Open the hand massage coach").arrived()
    box = visitor.find(".panel").bounding_box()
    assert box is not None
    assert (round(box["x"] + box["width"]), round(box["width"])) == (1264, 416)
    visitor.begin().tap("Close")
    expect(visitor.find(".panel")).to_be_hidden()
    assert visitor.read("return root.activeElement.className") == "launcher"
    visitor.tap("Open the hand massage coach").shows(".where", "Step 1 of 6")
    visitor.page.keyboard.press("Escape")
    expect(visitor.find(".panel")).to_be_hidden()


@pytest.mark.browser
def test_a_site_changes_its_colours_and_nothing_of_its_own_gets_in(visit: Visit, served: Served) -> None:
    styled = PAGE.replace("</style>", "palmwise-coach { --accent: rgb(120, 20, 90) }</style>")
    visitor = shop(visit, served, styled).tap("Open the hand massage coach").arrived()
    send = visitor.find(".send")
    assert send.evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(120, 20, 90)"
    assert visitor.find(".menu button").first.evaluate("(one) => getComputedStyle(one).color") != "rgb(255, 0, 0)"


@pytest.mark.browser
@pytest.mark.parametrize(("theme", "dark"), [("light", False), ("dark", True)])
def test_the_theme_can_be_set(visit: Visit, served: Served, theme: str, dark: bool) -> None:  # noqa: FBT001  a row
    page = PAGE.replace("<main>", f'<palmwise-coach theme="{theme}"></palmwise-coach><main>')
    visitor = shop(visit, served, page).arrived()
    colour = visitor.find(".panel").evaluate("(one) => getComputedStyle(one).backgroundColor")
    assert (sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(","))) < 200) is dark


@pytest.mark.browser
def test_a_widget_that_is_taken_off_the_page_leaves_nothing_running(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    visitor.page.evaluate("document.querySelector('palmwise-coach').remove()")
    before = len(served.coach.received)
    visitor.wait(200)
    assert len(served.coach.received) == before
