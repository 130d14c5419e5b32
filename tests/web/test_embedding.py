from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from palmwise.resources import ROOT
from tools.bundle import bundle, esbuild

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
    files = [
        file
        for file in sorted(WEB.iterdir())
        if file.suffix in (".js", ".css") and file.stem not in ("page", "options")
    ]
    assert len(gzip.compress(b"".join(file.read_bytes() for file in files), 9)) <= LARGEST


def test_the_bundle_is_smaller_still(tmp_path: Path) -> None:
    program = esbuild()
    if program is None:
        pytest.skip("esbuild is not here, and npm could not fetch it")
    assert bundle(program, tmp_path)
    sizes = {
        file.relative_to(tmp_path).as_posix(): len(gzip.compress(file.read_bytes(), 9))
        for file in tmp_path.rglob("*.?*s")
    }
    assert sizes["widget.js"] <= 3_000
    opened = [size for name, size in sizes.items() if not name.startswith("scene/") and name != "page.css"]
    assert sum(opened) <= LARGEST
    assert sum(size for name, size in sizes.items() if name.startswith("scene/")) <= 180_000


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


@pytest.mark.browser
def test_the_names_are_those_of_the_site(visit: Visit, served: Served) -> None:
    element = """<palmwise-coach launcher position="top-left" title="Rest" placeholder="Ask away" lang="en-GB"
    greeting="Good morning, hands."></palmwise-coach>"""
    visitor = shop(visit, served, PAGE.replace("<main>", element + "<main>"))
    box = visitor.find(".launcher").bounding_box()
    assert box is not None
    assert (box["x"], box["y"]) == (16, 16)
    visitor.tap("Open Rest").arrived().shows(".entry.coach", "Good morning, hands.").shows(".brand", "Rest")
    assert visitor.find("#say").get_attribute("placeholder") == "Ask away"
    assert visitor.find(".panel").get_attribute("lang") == "en-GB"
    visitor.page.reload()
    visitor.tap("Open Rest").shows(".entry.coach", "Good morning, hands.")
    assert len(served.coach.talks) == 1


@pytest.mark.browser
def test_a_routine_of_the_site_begins_with_the_safety_question(visit: Visit, served: Served) -> None:
    element = '<palmwise-coach launcher routine="sore_hands"></palmwise-coach>'
    visitor = shop(visit, served, PAGE.replace("<main>", element + "<main>"))
    visitor.tap("Open the hand massage coach")
    expect(visitor.find("[data-card=screening]")).to_be_visible()
    visitor.say("no").say("ready").shows(".where", "Step 1 of")
    visitor.page.reload()
    visitor.shows(".launcher", "Step 1 of")
    assert served.coach.received[0].get("payload") == '/start_routine{"routine": "sore_hands"}'
    assert len(served.coach.received) == 3


HEAR = """() => {
  window.told = [];
  for (const type of ["opened", "closed", "step", "swap", "pain", "redflag", "finished"])
    document.addEventListener(`palmwise:${type}`, ({type, detail}) => told.push([type.slice(9), detail]));
}"""


@pytest.mark.browser
def test_a_site_moves_the_coach_by_methods_and_hears_of_it_by_events(visit: Visit, served: Served) -> None:
    visitor = shop(visit, served)
    visitor.page.evaluate(HEAR)
    visitor.page.evaluate("window.coach = document.querySelector('palmwise-coach'); coach.start('classic')")
    expect(visitor.find("[data-card=screening]")).to_be_visible()
    for words in ("no", "ready"):
        visitor.page.evaluate("(words) => coach.say(words)", words)
        visitor.shows(".entry.me >> nth=-1", words)
    visitor.shows(".where", "Step 1 of 6")
    visitor.page.evaluate("coach.pause()")
    expect(visitor.stage).to_have_attribute("data-kind", "paused")
    visitor.page.evaluate("coach.resume()")
    expect(visitor.stage).not_to_have_attribute("data-kind", "paused")
    visitor.say("ouch").say("my finger is broken")
    visitor.page.evaluate("coach.close()")
    told = visitor.page.evaluate("told")
    assert [kind for kind, _ in told] == ["opened", "step", "pain", "redflag", "closed"]
    assert told[1][1] | {"technique": "x"} == {
        "routine": "classic",
        "step": 1,
        "steps": 6,
        "technique": "x",
        "hand": "left",
    }
    assert told[3][1] == {"level": "doctor"}
    assert "broken" in visitor.kept
    assert not any(words in str(told) for words in ("finger", "ouch", "broken"))
    visitor.page.evaluate("coach.forget()")
    expect(visitor.find(".entry")).to_have_count(1)
    assert "broken" not in visitor.kept


@pytest.mark.browser
def test_a_closed_coach_costs_its_launcher_alone(visit: Visit, served: Served) -> None:
    visitor = shop(visit, served)
    visitor.page.wait_for_load_state("networkidle")
    names = {request.rpartition("/")[2] for request in served.coach.requests}
    assert names <= {"widget.js", "launcher_texts.js", "launcher_style.js", "favicon.ico"}


@pytest.mark.browser
def test_a_second_visit_asks_for_the_page_and_the_conversation_alone(visit: Visit, served: Served) -> None:
    visitor = visit().arrived()
    visitor.page.wait_for_load_state("networkidle")
    served.coach.requests.clear()
    visitor.page.goto(served.address + "/")
    visitor.arrived().page.wait_for_load_state("networkidle")
    assert sorted(served.coach.requests) == ["GET /", "GET /coach/conversation"]


@pytest.mark.browser
def test_the_page_of_options_shows_them(visit: Visit, served: Served) -> None:
    visitor = visit(served.address + "/coach/options.html").arrived()
    visitor.page.get_by_label("title").fill("Rest")
    visitor.page.get_by_label("position").select_option("top-left")
    visitor.shows("#code", '<palmwise-coach position="top-left" title="Rest">').shows(".brand", "Rest")
    visitor.page.get_by_role("button", name='start("sore_hands")').click()  # the page's own
    expect(visitor.find("[data-card=screening]")).to_be_visible()
    visitor.say("no").say("ready").shows("#events", "palmwise:step")
