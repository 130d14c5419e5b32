from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.web.conftest import AXE
from tests.web.visitor import GET_READY

if TYPE_CHECKING:
    from tests.web.conftest import Visit
    from tests.web.fake import Served
    from tests.web.visitor import Visitor

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 760}}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
STILL = """() => Promise.all([...document.querySelector('palmwise-coach').shadowRoot.querySelectorAll('img')]
.map((one) => one.decode().catch(() => null)))"""


def findings(visitor: Visitor) -> list[Any]:
    """What axe has to say, as (rule, places)."""
    visitor.page.evaluate("document.documentElement.scrollTop = 0")
    visitor.page.evaluate(STILL)
    visitor.page.evaluate(AXE.read_text(encoding="utf-8"))
    visitor.page.evaluate(
        "(rules) => { window.found = null; axe.run(rules).then((all) => (found = all.violations)); }", RULES
    )
    while (found := visitor.page.evaluate("found")) is None:
        visitor.wait(0.05)  # it waits by the page's own clock
    return [(one["id"], [(node["target"], node["failureSummary"]) for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_card(visit: Visit, size: dict[str, Any], scheme: str) -> None:
    visitor = visit(**size, color_scheme=scheme, reduced_motion="reduce").arrived()
    cards = {"greeting": findings(visitor)}
    for said in ("routines", "arthritis", "yes", "no", "ready", "how long", "what are the steps", "which oil"):
        cards[said] = findings(visitor.say(said))
    if visitor.find(".handle").is_visible():
        visitor.tap("Conversation")
    cards["more"] = findings(visitor.tap("More"))
    cards["steps"] = findings(visitor.tap("All steps"))
    visitor.tap("Close")
    cards["pain"] = findings(visitor.say("ouch"))
    cards["finger"] = findings(visitor.say("my finger is broken"))
    cards["menu"] = findings(visitor.tap("Menu"))
    cards["settings"] = findings(visitor.tap("Settings"))
    visitor.tap("Close").tap("Menu").tap("My massages")
    cards["diary"] = findings(visitor)
    visitor.tap("Close").tap("Menu")
    cards["dialog"] = findings(visitor.tap("Forget this conversation"))
    assert {card: found for card, found in cards.items() if found} == {}


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_player_nor_at_its_ends(
    visit: Visit, served: Served, size: dict[str, Any], scheme: str
) -> None:
    visitor = visit(**size, color_scheme=scheme, reduced_motion="reduce").get_ready()
    views = {"get ready": findings(visitor)}
    visitor.wait(GET_READY + 0.1).tap("Hands-free").tap("Only read aloud")
    views["glance"] = findings(visitor)
    visitor.wait(visitor.left + 0.3).shows(".banner", "Switch hands")
    views["change of hands"] = findings(visitor.tap("Turn hands-free off"))
    served.stop()
    visitor.tap("Next").shows(".trouble", "Offline").wait(4).shows(".where", "Step 2 of 6").tap("It hurts")
    views["pain offline"] = findings(visitor.shows(".ease", "Go on, lighter"))
    served.start()
    visitor.reconnected().shows(".note", "Connected again").say("go on")
    visitor.read('root.host.talk.press(\'/go_to_step{"step_number": "6"}\')')
    visitor.shows(".where", "Step 6 of 6").tap("Next").shows(".entry.coach >> nth=-1", "Well done").tap("Good")
    views["end"] = findings(visitor)
    visitor.tap("Menu").tap("My massages").shows(".diary h2", "My massages")
    views["diary"] = findings(visitor)
    visitor.tap("Close")
    views["emergency"] = findings(visitor.say("my chest hurts"))
    expect(visitor.find("a.call").first).to_be_visible()
    assert {view: found for view, found in views.items() if found} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_page_of_options(visit: Visit, served: Served, scheme: str) -> None:
    visitor = visit(served.address + "/coach/options.html", color_scheme=scheme, reduced_motion="reduce").arrived()
    assert findings(visitor) == []
    visitor.find("select[name=launcher]").select_option("on")
    assert findings(visitor) == []


def test_the_widget_says_its_language_and_direction_whatever_the_page_has(visit: Visit) -> None:
    visitor = visit().arrived()
    visitor.page.evaluate("Object.assign(document.documentElement, {dir: 'rtl', lang: 'ar'})")
    panel = visitor.find(".panel")
    expect(panel).to_have_attribute("lang", "en-US")
    assert panel.evaluate("(one) => getComputedStyle(one).direction") == "ltr"


def test_all_of_it_goes_by_keyboard(visit: Visit) -> None:
    visitor = visit().arrived()
    focused = "return root.activeElement?.textContent || root.activeElement?.id || root.activeElement?.className"

    def reach(name: str) -> None:
        for _ in range(40):
            visitor.page.keyboard.press("Tab")
            if name == visitor.read(focused):
                return
        raise AssertionError(name)

    reach("Start a massage")
    visitor.key("Enter")
    for name in ("Yes please", "No, none of these", "Ready"):
        expect(visitor.answer.get_by_role("button", name=name, exact=True)).to_be_visible()
        reach(name)
        visitor.key("Enter")
    visitor.shows(".where", "Step 1 of 6")
    reach("Pause")
    visitor.key("Space")
    visitor.shows(".ring .label", "Paused").shows(".main button >> nth=1", "Go on")
    assert visitor.read(focused) == "Go on"
    visitor.key("Space")
    visitor.shows(".ring .label", "Get ready").shows(".main button >> nth=1", "Pause")
    assert visitor.read(focused) == "Pause"
    reach("Next")
    visitor.key("Enter")
    visitor.shows(".where", "Step 2 of 6")
    assert visitor.read(focused) == "Next"
    reach("Menu")
    visitor.key("Enter")
    expect(visitor.find(".menu")).to_be_visible()
    visitor.key("Escape")
    expect(visitor.find(".menu")).to_be_hidden()
    assert "Menu" in visitor.read(focused)


def test_focus_stays_where_it_is_when_a_step_comes_by_itself(visit: Visit) -> None:
    visitor = visit().begin()
    visitor.find("#say").focus()
    visitor.find("#say").type("how lo")
    visitor.sleep(300).wait(0.5).shows(".where", "Step 2 of 6")
    assert visitor.read("return root.activeElement.id") == "say"
    assert visitor.find("#say").input_value() == "how lo"


FOCUSED = "const one = root.activeElement; return one?.checkVisibility() ? one.textContent || one.className : null;"


def press(visitor: Visitor, name: str) -> Visitor:
    """As the keyboard does."""
    visitor.settled().find("palmwise-coach").get_by_role("button", name=name, exact=True).last.focus()
    return visitor.key("Enter")


def test_pain_hands_the_focus_on_and_back(visit: Visit) -> None:
    visitor = press(visit().begin(), "It hurts").shows(".ring .label", "Paused")
    expect(visitor.find(".ease")).to_be_visible()
    first = visitor.find(".ease button").first.inner_text()
    assert visitor.read(FOCUSED) == first
    visitor.say("which oil").find(".ease button").first.focus()
    visitor.key("Enter")
    expect(visitor.find(".ease")).to_be_hidden()
    assert visitor.read(FOCUSED) in ("Pause", "Go on")


def test_the_rest_of_an_answer_opens_on_request(visit: Visit) -> None:
    visitor = visit().arrived().say("is vaseline fine").shows(".entry.coach >> nth=-1", "Yes, a thin layer of Vaseline")
    rest = visitor.find(".entry.coach >> nth=-1").locator("details").first
    expect(rest.locator("p").first).to_be_hidden()
    rest.locator("summary").press("Enter")
    expect(rest.locator("p").first).to_be_visible()


def test_an_answer_in_pain_takes_no_focus_away(visit: Visit) -> None:
    visitor = press(visit().begin(), "It hurts")
    expect(visitor.find(".ease")).to_be_visible()
    visitor.find(".ease button").nth(1).focus()
    visitor.page.evaluate("document.querySelector('palmwise-coach').talk.say('which oil')")
    visitor.shows(".entry.coach >> nth=-1", "Which oil")
    assert visitor.read(FOCUSED) == "Skip this step"


@pytest.mark.parametrize("item", ["How exactly?", "Why this?", "Slower", "Faster"])
def test_an_item_of_more_gives_the_focus_back(visit: Visit, item: str) -> None:
    visitor = press(visit().begin(), "More")
    answers = visitor.find(".entry.coach").count()
    press(visitor, item)
    expect(visitor.find("dialog.more")).to_be_hidden()
    expect(visitor.find(".entry.coach")).to_have_count(answers + 1)
    assert visitor.read(FOCUSED) == "More"


def test_the_end_of_a_massage_leaves_the_focus_somewhere_that_is_seen(visit: Visit) -> None:
    visitor = press(press(visit().begin(), "More"), "Stop")
    expect(visitor.stage).to_be_hidden()
    assert visitor.read("return root.activeElement.className") == "log"


@pytest.mark.parametrize("item", ["Massages", "Reflexology map", "What can I say?"])
def test_an_item_of_the_menu_gives_the_focus_back(visit: Visit, item: str) -> None:
    visitor = press(press(visit().arrived(), "Menu"), item)
    expect(visitor.find(".menu")).to_be_hidden()
    if item == "Reflexology map":
        press(visitor, "Close")
        expect(visitor.find("dialog")).to_have_count(0)
    assert visitor.read(FOCUSED) == "Menu"


def test_a_dialog_gives_the_focus_back_to_what_is_seen(visit: Visit) -> None:
    visitor = press(press(press(visit().arrived(), "Menu"), "Forget this conversation"), "Keep it")
    expect(visitor.find("dialog")).to_have_count(0)
    assert visitor.read(FOCUSED) == "Menu"


def test_a_lost_connection_is_announced_and_its_button_keeps_the_focus(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    status = visitor.find(".panel > [role=status]")
    for _ in range(2):
        served.stop()
        visitor.say("how long", answered=False)
        expect(visitor.find(".trouble")).to_be_visible()
        expect(status).to_contain_text(re.compile("reach the coach just now|Offline: I go on with the steps"))
        expect(visitor.find(".trouble[role], .trouble [role=status]")).to_have_count(0)
        visitor.find(".trouble button").focus()
        visitor.wait(4)
        assert visitor.read(FOCUSED) == "Try now"
        served.start()
        visitor.key("Enter")
        expect(visitor.find(".trouble")).to_be_hidden()
        expect(visitor.find("[data-pending]")).to_have_count(0)
        assert visitor.read(FOCUSED) is not None
        visitor.read("root.querySelector('.panel > [role=status]').textContent = ''")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_everything_to_tap_is_big_enough_for_oily_fingers(visit: Visit, size: dict[str, Any]) -> None:
    visitor = visit(**size).arrived()
    small = """return [...root.querySelectorAll('button, input:not(.option input), summary, .option')]
    .map((one) => [one.textContent, one.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.height < 43.9 || box.width < 43.9))
    .map(([text, box]) => [text, box.width, box.height])"""
    for said in ("routines", "arthritis", "yes", "no", "ready", "what are the steps", "ouch"):
        visitor.say(said)
        assert visitor.read(small) == []


@pytest.mark.parametrize(("width", "height"), [(320, 256), (320, 568), (390, 664), (844, 390)])
def test_nothing_is_cut_off_in_small_windows_or_at_400_percent(visit: Visit, width: int, height: int) -> None:
    visitor = visit(viewport={"width": width, "height": height})
    visitor.arrived().say("routines").begin()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width
    wide = """return [...root.querySelectorAll('button, p, h2, h3, img, input')]
    .map((one) => [one.textContent, one.getBoundingClientRect()])
    .filter(([, box]) => box.width && box.bottom > 0 && (box.right > innerWidth + 1 || box.left < -1))
    .map(([text, box]) => [text, box.left, box.right])"""
    assert visitor.read(wide) == []
    visitor.tap("Pause").shows(".ring .label", "Paused")
    visitor.tap("More").tap("Stop")
    expect(visitor.stage).to_be_hidden()


@pytest.mark.parametrize("routine", ["classic", "sore", "reflexology"])
def test_a_phone_shows_every_instruction_whole_and_beside_its_buttons(visit: Visit, routine: str) -> None:
    visitor = visit(viewport={"width": 390, "height": 640}).arrived()
    if routine == "sore":
        visitor.say("sore").say("yes").say("no").say("ready")
    else:
        visitor.begin(routine)
    hidden = """const [card, decks] = ['.card', '.decks'].map((one) => root.querySelector(one));
    const gone = card.scrollHeight - card.clientHeight;
    const over = card.getBoundingClientRect().bottom - decks.getBoundingClientRect().top;
    return [gone > 1, over > 1, getComputedStyle(card).overflowY];"""
    for step in range(1, visitor.read("return root.host.talk.session.steps") + 1):
        visitor.shows(".where", f"Step {step} of")
        assert visitor.read(hidden) == [False, False, "auto"], step
        assert visitor.read("return root.querySelector('.scene').offsetHeight") > 640 / 5
        if step == 1:
            visitor.tap("It hurts").shows(".ring .label", "Paused")
            assert visitor.read(hidden) == [False, False, "auto"]
            visitor.click(visitor.find(".ease button").first)
            expect(visitor.find(".ease")).to_be_hidden()
        visitor.tap("Next")


@pytest.mark.parametrize("routine", ["classic", "reflexology"])
def test_a_phone_on_its_side_shows_picture_words_and_buttons_without_scrolling(visit: Visit, routine: str) -> None:
    visitor = visit(viewport={"width": 844, "height": 390}).begin(routine)
    places = """const box = (one) => root.querySelector(one).getBoundingClientRect();
    const [scene, words, decks, composer] = ['.scene', '.words', '.decks', '.composer'].map(box);
    return scene.right <= words.left && words.bottom <= decks.top && composer.bottom <= innerHeight;"""
    for step in range(1, visitor.read("return root.host.talk.session.steps") + 1):
        visitor.shows(".where", f"Step {step} of")
        assert visitor.read(places), step
        visitor.tap("Next")


def test_a_desktop_shows_the_conversation_beside_the_step(visit: Visit) -> None:
    visitor = visit(**DESKTOP).begin()
    expect(visitor.find(".handle")).to_be_hidden()
    log = """const log = root.querySelector('.log'), {overflowY, paddingLeft} = getComputedStyle(log);
    return [log.clientHeight > innerHeight / 2, overflowY, parseFloat(paddingLeft) > 0];"""
    assert visitor.read(log) == [True, "auto", True]


def test_the_button_of_the_conversation_says_so_in_a_word(visit: Visit) -> None:
    visitor = visit(**PHONE).begin()
    word = visitor.find(".handle span")
    expect(word).to_have_text("Conversation")
    assert word.evaluate("(one) => one.offsetWidth") > 44
    visitor.tap("Conversation")
    expect(visitor.find(".handle")).to_have_attribute("aria-expanded", "true")


def test_a_button_of_a_step_has_its_word_on_one_line(visit: Visit) -> None:
    visitor = visit(viewport={"width": 320, "height": 568}).begin()
    lines = """return [...root.querySelectorAll('.controls span')].filter((one) => one.checkVisibility())
    .map((one) => Math.round(one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)))"""
    assert set(visitor.read(lines)) == {1}
    visitor.tap("It hurts").shows(".ease", "Skip this step")
    assert set(visitor.read(lines)) == {1}


def test_hands_free_on_a_phone_on_its_side_shows_picture_and_number_whole(visit: Visit) -> None:
    visitor = visit(viewport={"width": 740, "height": 360}).begin().tap("Hands-free").tap("Only read aloud")
    expect(visitor.find(".glance")).to_be_visible()
    scene, ring = visitor.find(".scene").bounding_box(), visitor.find(".ring").bounding_box()
    assert scene
    assert ring
    assert scene["height"] > 120
    assert scene["y"] <= ring["y"]
    assert ring["y"] + ring["height"] <= scene["y"] + scene["height"]


def test_a_screen_reader_hears_messages_and_milestones_and_no_seconds(visit: Visit) -> None:
    visitor = visit().begin()
    log = visitor.find("[role=log]")
    assert log.get_attribute("aria-live") == "polite"
    expect(log).to_contain_text("Step 1 of 6")
    expect(log).to_contain_text("Glide softly")
    watch = """window.heard = [];
    new MutationObserver((changes) => heard.push(...changes.map((one) => one.target.textContent)))
    .observe(root.querySelector('.panel > [role=status].sr'), {childList: true, characterData: true, subtree: true});"""
    visitor.read(watch)
    visitor.wait(visitor.read("return root.host.talk.clock.duration - 1"))
    heard = visitor.page.evaluate("heard")
    assert 2 <= len(heard) <= 8
    assert any("Switch hands" in one for one in heard)
    assert visitor.find(".ring").get_attribute("role") == "timer"
    assert visitor.read("return root.querySelectorAll('.ring [aria-live], .stage [aria-live]').length") == 0


def test_those_who_want_no_motion_get_none(visit: Visit) -> None:
    visitor = visit(reduced_motion="reduce").begin()
    assert visitor.read("return root.getAnimations().length") == 0


def test_high_contrast_keeps_the_progress_visible(visit: Visit) -> None:
    visitor = visit(forced_colors="active").begin().wait(20)
    style = """const stroke = (selector) => getComputedStyle(root.querySelector(selector)).stroke;
    return stroke('.arc') !== stroke('.track');"""
    assert visitor.read(style)
