from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.web.conftest import Visit
    from tests.web.fake import Served

pytestmark = pytest.mark.browser


def test_a_server_that_goes_and_comes_back_gets_a_message_once(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    served.stop()
    acted = served.coach.acted
    visitor.say("how long", answered=False)
    visitor.shows(".trouble", "Offline: I go on with the steps")
    expect(visitor.find(".entry.me >> nth=-1")).to_have_attribute("data-pending", re.compile("sent"))
    served.start()
    visitor.reconnected().shows(".entry.coach >> nth=-1", "to go")
    expect(visitor.find(".trouble")).to_be_hidden()
    visitor.shows(".note", "Connected again")
    assert served.coach.acted == acted + 1
    expect(visitor.find("[data-pending]")).to_have_count(0)


def test_an_answer_lost_on_its_way_is_asked_for_again_and_not_acted_on_twice(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    served.coach.swallow = 1
    acted = served.coach.acted
    visitor.tap("Next").wait(8).shows(".where", "Step 2 of 6")
    assert served.coach.acted == acted + 1
    assert len({given["id"] for given in served.coach.received[-2:]}) == 1


@pytest.mark.parametrize("words", ["ouch", "please stop", "pause", "that\u2019s too hard"])
def test_hands_rest_at_once_when_a_word_asks_for_it_though_the_server_is_gone(
    visit: Visit, served: Served, words: str
) -> None:
    visitor = visit().begin()
    served.stop()
    visitor.say(words, answered=False).shows(".ring .label", "Paused").shows(".trouble", "I keep trying")
    before = visitor.left
    assert visitor.wait(30).left == before
    visitor.shows(".trouble", "I keep trying")


@pytest.mark.parametrize("button", ["Pause", "It hurts"])
def test_hands_rest_at_once_when_a_button_asks_for_it_though_the_server_is_gone(
    visit: Visit, served: Served, button: str
) -> None:
    visitor = visit().begin()
    served.stop()
    visitor.tap(button).shows(".ring .label", "Paused").shows(".trouble", "I keep trying")
    before = visitor.left
    assert visitor.wait(30).left == before


def test_nobody_who_is_hurt_reads_that_they_should_carry_on(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    served.stop()
    visitor.say("how long", answered=False).wait(8).shows(".trouble", "Offline: I go on")
    visitor.say("ouch", answered=False)
    visitor.shows(".trouble", "I keep trying")  # at once: no time has passed


@pytest.mark.parametrize("words", ["at my own pace", "do people stay awake", "is that a hurdle"])
def test_a_word_that_only_begins_like_one_of_pain_does_not_hold_the_clock(
    visit: Visit, served: Served, words: str
) -> None:
    visitor = visit().begin().wait(5)
    served.stop()
    visitor.say(words, answered=False).shows(".trouble", "Offline: I go on")
    expect(visitor.stage).to_have_attribute("data-kind", "hold")


@pytest.mark.parametrize("words", ["should it hurt", "and then I wait for the bus"])
def test_a_question_about_pain_holds_the_clock_only_until_its_answer(visit: Visit, served: Served, words: str) -> None:
    visitor = visit().begin().wait(5)
    served.coach.say = ["No."]
    if "wait" in words:
        visitor.say(words).shows(".ring .label", "Paused")
    else:
        visitor.say(words)
        expect(visitor.stage).to_have_attribute("data-kind", "hold")


def test_a_refusal_does_not_leave_the_clock_held(visit: Visit, served: Served) -> None:
    visitor = visit().begin().wait(5)
    served.coach.refuse = [(413, "A text has 1000 characters at most.")]
    visitor.say("ouch " * 3, answered=False).shows(".note", "1000 characters")
    expect(visitor.stage).to_have_attribute("data-kind", "hold")


def test_tapping_again_while_the_server_is_busy_goes_on_by_one_step(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    served.coach.refuse = [(429, "Slow down.")] * 99
    button = visitor.find("[data-payload='/next_step']")
    for _ in range(3):
        visitor.tap("Next")
        expect(button).to_have_attribute("aria-busy", "true")
    served.coach.refuse.clear()
    visitor.wait(15).shows(".where", "Step 2 of 6")
    expect(button).to_have_attribute("aria-busy", "false")
    expect(visitor.find(".trouble")).to_be_hidden()
    visitor.wait(1).shows(".where", "Step 2 of 6").tap("Next").shows(".where", "Step 3 of 6")


def test_offline_is_told_and_mended_when_the_browser_says_so(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    visitor.page.context.set_offline(True)
    visitor.say("how long", answered=False).shows(".trouble", "Offline: I go on with the steps")
    before = visitor.left
    visitor.wait(5)
    assert visitor.left < before
    visitor.page.context.set_offline(False)
    visitor.shows(".entry.coach >> nth=-1", "to go")


def test_what_was_not_sent_before_a_reload_is_sent_after_it_once(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    acted = served.coach.acted
    visitor.page.route("**/coach/message", lambda route: route.abort())
    visitor.say("which oil", answered=False).shows(".trouble", "Offline: I go on")
    visitor.page.unroute("**/coach/message")
    visitor.page.reload()
    visitor.shows(".entry.coach >> nth=-1", "Which oil")
    assert served.coach.acted == acted + 1


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_in_trouble_is_asked_again(visit: Visit, served: Served, status: int) -> None:
    visitor = visit().arrived()
    served.coach.refuse = [(status, "Not now.")]
    visitor.say("which oil", answered=False)
    expect(visitor.find(".trouble")).to_be_visible()
    visitor.wait(3).shows(".entry.coach >> nth=-1", "Which oil")


def test_what_the_server_refuses_for_good_is_said(visit: Visit, served: Served) -> None:
    visitor = visit().arrived()
    served.coach.refuse = [(413, "A text has 1000 characters at most.")]
    visitor.say("which oil", answered=False).shows(".note", "1000 characters")
    visitor.say("which oil").shows(".entry.coach >> nth=-1", "Which oil")


def test_a_conversation_that_the_server_has_lost_begins_anew_with_what_was_said(visit: Visit, served: Served) -> None:
    visitor = visit().arrived().say("hello")
    served.coach.talks.clear()
    visitor.say("which oil", answered=False).shows(".entry.coach >> nth=-1", "Which oil")
    visitor.shows(".note", "begin afresh")
    assert len(served.coach.talks) == 1


def test_two_tabs_show_the_same(visit: Visit, served: Served) -> None:
    one = visit().begin()
    two = visit(beside=one)
    two.shows(".where", "Step 1 of 6")
    assert len(served.coach.talks) == 1
    one.tap("Next")
    two.shows(".where", "Step 2 of 6")
    two.tap("Pause")
    one.shows(".ring .label", "Paused")
    assert abs(one.left - two.left) <= 1
    two.say("which oil")
    one.shows(".entry.me >> nth=-1", "which oil").shows(".entry.coach >> nth=-1", "Which oil")
    expect(one.find("[data-pending]")).to_have_count(0)
    expect(one.find(".entry")).to_have_count(two.find(".entry").count())


def test_what_waits_in_one_tab_is_answered_once_though_another_sends_it_too(visit: Visit, served: Served) -> None:
    one = visit().begin()
    one.page.context.route("**/coach/message", lambda route: route.abort())
    one.say("which oil", answered=False).shows(".trouble", "Offline: I go on")
    two = visit(beside=one)
    two.shows(".trouble", "Offline: I go on")
    acted = served.coach.acted
    # Each tab tries again by itself, at any moment: the second one gets through when the first has been answered.
    two.page.route("**/coach/message", lambda route: route.abort())
    one.page.context.unroute("**/coach/message")
    one.wait(12).shows(".entry.coach >> nth=-1", "Which oil")
    two.page.unroute("**/coach/message")
    two.shows(".entry.coach >> nth=-1", "Which oil").wait(12)
    expect(two.find(".trouble")).to_be_hidden()
    assert served.coach.acted == acted + 1
    for tab in (one, two, visit(beside=one)):
        expect(tab.find(".entry [data-card=faq], .entry[data-card=faq]")).to_have_count(1)
        expect(tab.find("[data-pending]")).to_have_count(0)


def test_two_tabs_whose_clocks_end_together_go_on_by_one_step(visit: Visit) -> None:
    one = visit().begin()
    two = visit(beside=one)
    two.shows(".where", "Step 1 of 6")
    one.sleep(600)  # both share one clock
    one.wait(0.5).shows(".where", "Step 2 of 6")
    two.wait(0.5).shows(".where", "Step 2 of 6")


def test_forgetting_leaves_nothing_here_there_or_in_another_tab(visit: Visit, served: Served) -> None:
    one = visit().begin()
    two = visit(beside=one)
    two.shows(".where", "Step 1 of 6")
    before = set(served.coach.talks)
    assert "Effleurage" in one.kept
    one.tap("Menu").tap("Forget this conversation").tap("Forget it")
    for visitor in (one, two):
        visitor.shows(".note", "Forgotten")
        expect(visitor.stage).to_be_hidden()
        expect(visitor.find(".entry")).to_have_count(1)
    assert not before & set(served.coach.talks)
    assert len(served.coach.talks) == 1
    assert not [secret for secret in (*before, "Effleurage") if secret in one.kept]


def test_forgetting_by_words_leaves_nothing_here_either(visit: Visit, served: Served) -> None:
    one = visit().begin()
    two = visit(beside=one)
    two.shows(".where", "Step 1 of 6")
    one.say("please delete everything I said", answered=False)
    for visitor in (one, two):
        expect(visitor.find(".entry")).to_have_count(1)
        expect(visitor.stage).to_be_hidden()
        visitor.shows(".entry", "is deleted")
    assert "classic" not in one.kept
    assert "please" not in one.kept
    assert len(served.coach.talks) == 1
    expect(one.say("reflexology").answer).to_contain_text("safety")


FILLS = """
window.disk = localStorage;
Object.defineProperty(window, "localStorage", {value: new Proxy({}, {
  get(_, key) { return disk[key]; },
  set(_, key, value) {
    if (window.full) throw new DOMException("full", "QuotaExceededError");
    disk[key] = value;
    return true;
  },
  deleteProperty(_, key) { delete disk[key]; return true; },
})});
"""


def test_forgetting_leaves_nothing_where_storage_has_become_full(visit: Visit) -> None:
    visitor = visit(script=FILLS).begin()
    assert "classic" in visitor.kept
    visitor.page.evaluate("window.full = true")
    visitor.say("which oil").tap("Menu").tap("Forget this conversation").tap("Forget it").shows(".note", "Forgotten")
    assert "classic" not in visitor.kept


def test_forgetting_can_be_thought_better_of(visit: Visit, served: Served) -> None:
    visitor = visit().begin().tap("Menu").tap("Forget this conversation").tap("Keep it")
    expect(visitor.stage).to_be_visible()
    assert len(served.coach.talks) == 1


def test_typing_is_shown_while_the_coach_thinks(visit: Visit, served: Served) -> None:
    visitor = visit().arrived()
    with served.coach.lock:  # it thinks until then
        visitor.say("which oil", answered=False).wait(0.5)
        expect(visitor.find(".typing")).to_be_visible()
    visitor.shows(".entry.coach >> nth=-1", "Which oil")
    expect(visitor.find(".typing")).to_be_hidden()


@pytest.mark.parametrize(
    "storage",
    [
        "get() { throw new DOMException('off', 'SecurityError'); }",
        "value: new Proxy({}, {set() { throw new DOMException('full', 'QuotaExceededError'); }})",
    ],
    ids=["off", "full"],
)
def test_it_works_where_the_browser_keeps_nothing(visit: Visit, storage: str) -> None:
    blocked = f"Object.defineProperty(window, 'localStorage', {{{storage}}});"
    visit(script=blocked).begin().tap("Next").shows(".where", "Step 2 of 6")
