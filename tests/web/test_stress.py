"""Taps, keys, clocks, storage and pages that are not as one would wish."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from palmwise.coach.behaviour import view
from palmwise.resources import content

if TYPE_CHECKING:
    from tests.web.conftest import Visit
    from tests.web.fake import Served
    from tests.web.visitor import Visitor

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 760}}
FOCUSED = "const one = root.activeElement; return one?.checkVisibility() ? one.textContent || one.className : null;"


def instruction(served: Served) -> str:
    """What the contract says is to be done now."""
    [talk] = served.coach.talks.values()
    return str(view(content(), talk.session, served.coach.now()).custom["instruction"])


@pytest.mark.parametrize("said", [["pause"], ["ouch", "go on"], ["how long", "pause"], ["which oil"], ["next", "back"]])
def test_a_reload_shows_what_is_to_be_done_and_not_what_was_answered(
    visit: Visit, served: Served, said: list[str]
) -> None:
    visitor = visit().begin()
    for words in said:
        visitor.say(words)
    visitor.page.reload()
    visitor.arrived().shows(".instruction", instruction(served).replace("**", "")[:40])
    if said[-1] == "pause":
        visitor.tap("Go on")
        expect(visitor.stage).not_to_have_attribute("data-kind", "paused")
        visitor.shows(".instruction", instruction(served).replace("**", "")[:40])


TAPS = """const {left, top, width, height} = root.querySelector(argument).getBoundingClientRect();
const there = () => root.elementFromPoint(left + width / 2, top + height / 2)?.closest("button");
const finger = {detail: 1, bubbles: true, cancelable: true, composed: true};
const tap = () => there()?.dispatchEvent(new MouseEvent("click", finger));
const told = () => root.querySelector(".where").textContent + there()?.textContent;
const before = told();
tap();
tap();
return new Promise((resolve) => {
  // As soon as it has another meaning.
  const change = (_, observer) => {
    if (told() === before) return;
    observer.disconnect();
    tap();
    const later = new MessageChannel(); // no timer: the page's clock stands still
    later.port1.onmessage = () => resolve(tap());
    later.port2.postMessage(0);
  };
  new MutationObserver(change).observe(root, {subtree: true, childList: true, attributes: true, characterData: true});
});"""


@pytest.mark.parametrize("payload", ["/next_step", "/report_pain", "/pause"])
def test_a_second_tap_does_nothing_more(visit: Visit, served: Served, payload: str) -> None:
    visitor = visit().begin().settled()
    acted = served.coach.acted
    visitor.read(TAPS, f".stage [data-payload='{payload}']")
    visitor.wait(1)
    assert served.coach.acted == acted + 1
    expect(visitor.stage).to_be_visible()


def test_a_key_that_is_held_presses_once(visit: Visit, served: Served) -> None:
    visitor = visit().begin().settled()
    acted = served.coach.acted
    visitor.find("palmwise-coach").get_by_role("button", name="Next", exact=True).last.focus()
    for _ in range(20):
        visitor.page.keyboard.down("Enter")
        visitor.wait(0.06)
    visitor.page.keyboard.up("Enter")
    visitor.wait(0.7)
    assert served.coach.acted == acted + 1
    visitor.shows(".where", "Step 2 of 6")


def test_pain_is_never_too_early_to_be_told(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    visitor.tap("Next").shows(".where", "Step 2 of 6")
    visitor.find("palmwise-coach").get_by_role("button", name="It hurts", exact=True).last.click()
    expect(visitor.stage).to_have_attribute("data-kind", "paused")


@pytest.mark.parametrize("offline", [True, False])
def test_who_is_hurt_and_alone_is_told_to_take_the_hands_off(visit: Visit, served: Served, offline: bool) -> None:  # noqa: FBT001
    visitor = visit().begin().settled()
    if offline:
        visitor.page.context.set_offline(True)
    else:
        served.stop()
    visitor.tap("It hurts").shows(".trouble", "Take your hands off")


@pytest.mark.parametrize(
    "script",
    [
        "Object.defineProperty(window, 'localStorage', {value: null});",
        "Object.defineProperty(Document.prototype, 'cookie', {get: () => '', set: () => undefined});",
        "Object.defineProperty(Document.prototype, 'cookie', {get() { throw new DOMException('no'); }});",
        "navigator.locks.request = () => Promise.reject(new DOMException('no', 'SecurityError'));",
        "Object.defineProperty(Navigator.prototype, 'locks', {value: undefined});",
        "delete window.speechSynthesis; delete window.SpeechSynthesisUtterance; delete Navigator.prototype.wakeLock;",
    ],
    ids=["no storage", "cookies off", "sandbox", "locks denied", "no locks", "no voice, no wake lock"],
)
def test_what_a_browser_denies_is_done_without(visit: Visit, script: str) -> None:
    visit(script=script).begin().tap("Next").shows(".where", "Step 2 of 6").say("which oil")


@pytest.mark.parametrize(
    "kept", ["{oops", "null", "", '{"entries": [{}], "outbox": [], "at": 9e15}', "running AAAA", "running " + "A" * 400]
)
def test_broken_storage_is_begun_anew(visit: Visit, served: Served, kept: str) -> None:
    write = f"localStorage['palmwise:2:{served.address}/coach/'] ??= {kept!r};"
    visit(script=write).begin().tap("Next").shows(".where", "Step 2 of 6")


@pytest.mark.parametrize("hours", [-1, -0.02, 0.02, 2])
def test_a_step_goes_on_though_the_clock_of_the_device_is_set(visit: Visit, hours: float) -> None:
    visitor = visit().begin().wait(2)
    before = visitor.left
    visitor.page.clock.set_system_time(visitor.page.evaluate("Date.now()") + hours * 3_600_000)
    visitor.wait(1).page.wait_for_load_state("networkidle")
    after = visitor.shows(".where", "Step 1 of 6").left
    assert abs(before - after) < 15
    assert 3 <= after - visitor.wait(5).left <= 9


def test_a_clock_set_forward_in_a_pause_costs_nobody_the_place(visit: Visit, served: Served) -> None:
    visitor = visit().begin().tap("Next").shows(".where", "Step 2 of 6").tap("Pause").shows(".ring .label", "Paused")
    visitor.page.clock.set_system_time(visitor.page.evaluate("Date.now()") + 7_200_000)
    visitor.page.reload()
    visitor.shows(".where", "Step 2 of 6").tap("Go on").shows(".where", "Step 2 of 6")
    assert len(served.coach.talks) == 1


SHOP = """<!doctype html><html lang="en"><title>A shop</title><style>{style}</style><body>
<main><h1>Soap</h1><p style="height: 200vh">Soap.</p></main>{element}
<script type="module" src="/coach/widget.js"></script></html>"""
CORNER = "<palmwise-coach launcher></palmwise-coach>"
INSIDE = '<palmwise-coach style="height: 45rem"></palmwise-coach>'


def shop(visit: Visit, served: Served, element: str = "", style: str = "", **options: Any) -> Visitor:
    """A page of the same site, with the coach somewhere in it."""
    visitor = visit("about:blank", **options)
    page = SHOP.replace("{element}", element).replace("{style}", style)
    visitor.page.route("**/shop*", lambda route: route.fulfill(body=page, content_type="text/html"))
    visitor.page.goto(served.address + "/shop")
    return visitor


def test_the_first_opening_takes_the_focus_along_and_closing_gives_it_back(visit: Visit, served: Served) -> None:
    visitor = shop(visit, served)
    visitor.find("palmwise-coach").get_by_role("button", name="Open the hand massage coach").press("Enter")
    visitor.arrived()
    assert "panel" in visitor.read("return root.activeElement.className")
    visitor.page.keyboard.press("Escape")
    expect(visitor.find(".panel")).to_be_hidden()
    assert visitor.read("return root.activeElement.className") == "launcher"


def test_a_massage_goes_on_behind_the_closed_button_and_on_the_next_page(visit: Visit, served: Served) -> None:
    visitor = shop(visit, served).tap("Open the hand massage coach").begin().tap("Close")
    visitor.shows(".launcher", "Step 1 of 6")
    visitor.sleep(300).wait(0.5).shows(".launcher", "Step 2 of 6")
    visitor.page.goto(served.address + "/shop2")
    visitor.shows(".launcher", re.compile("Step 2 of 6"))
    expect(visitor.find(".panel")).to_be_hidden()


def test_over_a_whole_screen_the_page_behind_is_out_of_reach(visit: Visit, served: Served) -> None:
    visitor = shop(visit, served, **PHONE).tap("Open the hand massage coach").arrived()
    assert visitor.page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
    for _ in range(12):
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate("['palmwise-coach', 'body'].includes(document.activeElement.localName)")
    visitor.tap("Close")
    assert visitor.page.evaluate("getComputedStyle(document.documentElement).overflow") == "visible"


def test_two_elements_show_one_conversation(visit: Visit, served: Served) -> None:
    visitor = shop(visit, served, INSIDE + INSIDE)
    elements = [visitor.find("palmwise-coach").nth(at) for at in range(2)]
    for element in elements:
        expect(element.locator(".entry.coach").first).to_be_visible()
    elements[1].locator("#say").fill("which oil")
    elements[1].locator("#say").press("Enter")
    for element in elements:
        expect(element.locator(".entry.coach").last).to_contain_text("Which oil")
    assert len(served.coach.talks) == 1


@pytest.mark.parametrize(
    "swap",
    [
        "document.body.innerHTML = '<main><h1>Oil</h1></main>'",
        "document.body = Object.assign(document.createElement('body'), {innerHTML: '<h1>Oil</h1>'})",
        "document.body.replaceWith(Object.assign(document.createElement('body'), {innerHTML: '<h1>Oil</h1>'}))",
    ],
)
def test_an_application_that_replaces_the_body_keeps_the_coach(visit: Visit, served: Served, swap: str) -> None:
    visitor = shop(visit, served).tap("Open the hand massage coach").begin().tap("Close")
    visitor.page.evaluate(swap)
    visitor.shows(".launcher", "Step 1 of 6")
    visitor.click(visitor.find(".launcher"))
    visitor.shows(".where", "Step 1 of 6")
    assert len(served.coach.talks) == 1


def test_a_site_that_takes_the_coach_off_its_page_has_its_way(visit: Visit, served: Served) -> None:
    visitor = shop(visit, served)
    visitor.page.evaluate("document.querySelector('palmwise-coach').remove()")
    visitor.page.wait_for_timeout(300)
    expect(visitor.find("palmwise-coach")).to_have_count(0)


def test_an_element_that_is_moved_keeps_what_was_typed(visit: Visit, served: Served) -> None:
    visitor = shop(visit, served, INSIDE).begin()
    visitor.page.fill("#say", "how lo")
    visitor.page.evaluate("document.querySelector('main').append(document.querySelector('palmwise-coach'))")
    visitor.page.wait_for_timeout(200)
    assert visitor.find("#say").input_value() == "how lo"
    visitor.shows(".where", "Step 1 of 6")


LEAKS = {
    "letters": "body, palmwise-coach { letter-spacing: 9px; word-spacing: 20px; text-transform: uppercase }",
    "lines": "body, palmwise-coach { white-space: nowrap; line-height: 4; text-indent: 50px; text-align: right }",
    "script": "body, palmwise-coach { direction: rtl; visibility: visible; font: italic 9px cursive; color: red }",
    "pointer": "* { cursor: none; user-select: none; font-size: 3px !important }",
}
STYLE = """const {letterSpacing, wordSpacing, textTransform, whiteSpace, lineHeight, textIndent, textAlign, direction,
fontStyle, color, cursor, fontSize} = getComputedStyle(root.querySelector(argument));
return [letterSpacing, wordSpacing, textTransform, whiteSpace, lineHeight, textIndent, textAlign, direction, fontStyle,
color, cursor, fontSize];"""


def test_styles_of_the_page_do_not_get_in(visit: Visit, served: Served) -> None:
    def styles(style: str) -> list[object]:
        visitor = shop(visit, served, INSIDE, style).arrived()
        return [visitor.read(STYLE, where) for where in (".body", "#say", ".tools button")]

    plain = styles("")
    assert {name: styles(style) == plain for name, style in LEAKS.items()} == dict.fromkeys(LEAKS, True)


@pytest.mark.parametrize(
    "style",
    [
        "html { font-size: 62.5% }",
        "body { transform: translateX(-400px) scale(.5); overflow: hidden }",
        "body > * { z-index: 9e9; position: relative }",
    ],
    ids=["62.5 %", "transform", "layers"],
)
def test_the_button_in_the_corner_is_where_it_belongs(visit: Visit, served: Served, style: str) -> None:
    visitor = shop(visit, served, CORNER, style)
    box = visitor.find(".launcher").bounding_box()
    assert box is not None
    assert (round(box["x"] + box["width"]), round(box["y"] + box["height"]), round(box["height"])) == (1264, 704, 56)
    visitor.tap("Open the hand massage coach").arrived()
    panel = visitor.find(".panel").bounding_box()
    assert panel is not None
    assert panel["width"] > 400


def test_hotkeys_of_the_page_do_not_hear_what_is_typed(visit: Visit, served: Served) -> None:
    visitor = shop(visit, served, INSIDE).arrived()
    visitor.page.evaluate(
        """() => {
      window.keys = [];
      for (const kind of ["keydown", "keypress", "keyup"]) document.addEventListener(kind, ({key}) => keys.push(key));
    }"""
    )
    visitor.find("#say").press_sequentially("next?")
    assert visitor.page.evaluate("keys") == []
    assert visitor.find("#say").input_value() == "next?"


@pytest.mark.parametrize("size", [(390, 360), (320, 256)], ids=["keyboard up", "400 % zoom"])
def test_a_small_window_in_a_step_leaves_the_line_to_type_in(visit: Visit, size: tuple[int, int]) -> None:
    visitor = visit(**PHONE).begin()
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    visitor.find("#say").focus()
    visitor.find("#say").scroll_into_view_if_needed()
    visitor.page.wait_for_timeout(200)
    covered = """const input = root.querySelector("#say");
    const {left, top, width, height} = input.getBoundingClientRect();
    const at = root.elementFromPoint(left + width / 2, top + height / 2);
    return [at?.id, top >= 0 && top + height <= innerHeight];"""
    assert visitor.read(covered) == ["say", True]
    visitor.say("how long")
