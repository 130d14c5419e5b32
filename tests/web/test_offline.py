"""A massage that is on goes on to its end while the coach cannot be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from palmwise.coach.plan import timeline
from tests.web.visitor import GET_READY, Visitor

if TYPE_CHECKING:
    from tests.web.conftest import Visit
    from tests.web.fake import Served

pytestmark = pytest.mark.browser

SOON = 4
"""Seconds in which a second try has failed."""
LEADING = "Offline: I go on with the steps"


def lost(visitor: Visitor, served: Served) -> Visitor:
    """The coach is gone, and a press of Next has shown it."""
    served.stop()
    visitor.tap("Next").shows(".trouble", LEADING).wait(SOON).shows(".where", "Step 2 of 6")
    return visitor


def test_a_massage_goes_on_to_its_end_without_the_server_and_is_told_of_later(visit: Visit, served: Served) -> None:
    visitor = visit().begin().wait(20)
    served.stop()
    visitor.wait(visitor.read("return root.host.talk.clock.duration - root.host.talk.clock.elapsed + 0.5"))
    visitor.wait(SOON).shows(".where", "Step 2 of 6").shows(".trouble", LEADING).shows(".banner", "Get ready")
    visitor.shows(".stage h3", "kneading").shows(".instruction", "Knead it gently").shows(".hand", "Left hand").wait(
        GET_READY
    )
    visitor.wait(visitor.left + 0.3).shows(".banner", "Switch hands").shows(".caption", "Switch hands")
    for step in range(3, 7):
        visitor.wait(visitor.read("return root.host.talk.clock.duration + 0.5") + GET_READY)
        visitor.shows(".where", f"Step {step} of 6")
    talk = next(iter(served.coach.talks.values()))
    assert talk.session.step == 1
    visitor.wait(visitor.read("return root.host.talk.clock.duration + 0.5") + GET_READY)
    visitor.shows(".entry.coach >> nth=-1", "Well done")
    expect(visitor.stage).to_be_hidden()
    served.start()
    visitor.reconnected().shows(".note", "Connected again")
    expect(visitor.find(".trouble")).to_be_hidden()
    assert talk.session.state == "finished"
    assert visitor.read("return root.host.talk.isLed") is False
    expect(visitor.find("[data-card=finished]")).to_have_count(1)


def test_the_coach_is_told_the_step_and_the_second_when_it_is_back(visit: Visit, served: Served) -> None:
    visitor = lost(visit().begin().wait(20), served)
    visitor.tap("Next").shows(".where", "Step 3 of 6").wait(GET_READY + 12)
    before = visitor.left
    visitor.say("which oil", answered=False)
    served.start()
    visitor.reconnected().shows(".entry.coach >> nth=-1", "Which oil").shows(".where", "Step 3 of 6")
    talk = next(iter(served.coach.talks.values()))
    assert (talk.session.state, talk.session.step) == ("running", 3)
    assert 10 <= talk.session.elapsed <= 20
    assert before - 6 <= visitor.left <= before
    token = visitor.read("return root.host.talk.clock.token")
    assert token == talk.session.token
    visitor.tap("Next").shows(".where", "Step 4 of 6")
    assert talk.session.step == 4


def test_pause_and_going_on_by_button_work_without_the_server(visit: Visit, served: Served) -> None:
    visitor = lost(visit().begin(), served).wait(GET_READY + 5)
    visitor.tap("Pause").shows(".ring .label", "Paused").shows(".trouble", "Take your hands off")
    before = visitor.left
    assert visitor.wait(30).left == before
    visitor.tap("Go on").shows(".trouble", LEADING).wait(4)
    expect(visitor.stage).to_have_attribute("data-kind", "hold")
    assert before - 3 <= visitor.left < before
    visitor.tap("Back").shows(".where", "Step 1 of 6").tap("Step 1 of 6")
    visitor.click(visitor.find(".steps li").nth(4).get_by_role("button"))
    visitor.shows(".where", "Step 5 of 6")


def test_again_and_the_other_hand_work_without_the_server_and_are_told_of_later(visit: Visit, served: Served) -> None:
    visitor = lost(visit().begin(), served).wait(GET_READY + 5)
    left, answers = visitor.left, visitor.find(".entry.coach").count()
    visitor.tap("More").tap("Again")
    expect(visitor.find(".entry.coach")).to_have_count(answers + 1)
    assert left - 3 <= visitor.left <= left
    expect(visitor.stage).to_have_attribute("data-kind", "hold")
    for hand in ("Right hand", "Left hand"):
        visitor.tap("More").tap("Other hand").shows(".hand", hand).shows(".banner", "Get ready")
        visitor.shows(".caption", f"{hand} now").wait(GET_READY + 3)
    before = visitor.left
    served.start()
    visitor.reconnected().shows(".hand", "Left hand").shows(".where", "Step 2 of 6")
    talk = next(iter(served.coach.talks.values()))
    assert (talk.session.state, talk.session.step) == ("running", 2)
    assert [hold.hand for hold in talk.session.holds] == ["left"]
    assert 2 <= talk.session.elapsed <= 8
    assert before - 3 <= visitor.left <= before
    assert visitor.read("return root.host.talk.clock.token") == talk.session.token


def test_a_pause_holds_when_the_server_is_back(visit: Visit, served: Served) -> None:
    visitor = lost(visit().begin(), served).wait(GET_READY + 5).tap("Pause").shows(".ring .label", "Paused")
    before = visitor.left
    served.start()
    visitor.reconnected().shows(".note", "Connected again").shows(".ring .label", "Paused")
    talk = next(iter(served.coach.talks.values()))
    assert (talk.session.state, talk.session.step) == ("paused", 2)
    visitor.tap("Go on").wait(4)
    assert before - 3 <= visitor.left <= before


def test_stopping_by_button_ends_it_at_once_and_for_the_coach_later(visit: Visit, served: Served) -> None:
    visitor = lost(visit().begin(), served).wait(GET_READY + 5)
    left = visitor.left
    visitor.tap("More").tap("Stop").shows(".entry.coach >> nth=-1", "We have stopped")
    expect(visitor.stage).to_be_hidden()
    visitor.tap("Go on").shows(".where", "Step 2 of 6").wait(4)
    assert left - 3 <= visitor.left <= left
    visitor.tap("More").settled().tap("Stop")
    expect(visitor.stage).to_be_hidden()
    served.start()
    visitor.reconnected().shows(".note", "Connected again")
    talk = next(iter(served.coach.talks.values()))
    assert (talk.session.state, talk.session.step) == ("stopped", 2)


def test_pain_without_the_server_asks_as_the_coach_does_and_is_told_of_later(visit: Visit, served: Served) -> None:
    visitor = lost(visit().begin(), served).wait(GET_READY + 5).tap("It hurts")
    visitor.shows(".instruction", "Hands off").shows(".ring .label", "Paused")
    expect(visitor.find(".ease button")).to_have_text(["Go on, lighter", "Skip this step", "Stop"])
    visitor.tap("Go on, lighter").shows(".caption", "lighter").wait(4)
    expect(visitor.stage).to_have_attribute("data-kind", "hold")
    served.start()
    visitor.reconnected().shows(".note", "Connected again")
    assert [given["payload"] for given in served.coach.received[-2:]] == ["/report_pain", "/resume"]
    talk = next(iter(served.coach.talks.values()))
    assert (talk.session.state, talk.session.step) == ("running", 2)


def test_typed_moves_work_without_the_server(visit: Visit, served: Served) -> None:
    visitor = lost(visit().begin(), served).wait(GET_READY + 5)
    visitor.say("Next, please!", answered=False).shows(".where", "Step 3 of 6").wait(GET_READY + 2)
    visitor.say("go back", answered=False).shows(".where", "Step 2 of 6").wait(GET_READY + 2)
    visitor.say("other hand", answered=False).shows(".hand", "Right hand").wait(GET_READY + 2)
    answers = visitor.find(".entry.coach").count()
    visitor.say("again", answered=False)
    expect(visitor.find(".entry.coach")).to_have_count(answers + 1)
    visitor.say("go on", answered=False).shows(".caption", "under way")
    visitor.say("pause", answered=False).shows(".ring .label", "Paused").shows(".caption", "Holding here")
    before = visitor.left
    visitor.say("go on", answered=False).wait(4)
    expect(visitor.stage).to_have_attribute("data-kind", "hold")
    assert before - 3 <= visitor.left < before
    visitor.say("which oil", answered=False).wait(4)
    expect(visitor.find(".me").last).to_have_attribute("data-pending", "Waiting to be sent")
    visitor.say("stop", answered=False)
    expect(visitor.stage).to_be_hidden()
    visitor.say("go on", answered=False).shows(".where", "Step 2 of 6")
    served.start()
    visitor.reconnected().shows(".entry.coach >> nth=-1", "Which oil")
    talk = next(iter(served.coach.talks.values()))
    assert (talk.session.state, talk.session.step) == ("running", 2)
    assert [hold.hand for hold in talk.session.holds] == ["right"]


def test_the_pace_can_be_changed_without_the_server_and_is_told_of_later(visit: Visit, served: Served) -> None:
    visitor = lost(visit().begin(), served).wait(GET_READY + 10)
    duration = "return root.host.talk.clock.duration"
    whole, left = visitor.read(duration), visitor.left
    visitor.tap("More").tap("Slower").shows(".caption", "calmer pace")
    assert left * 1.25 - 3 <= visitor.left <= left * 1.25 + 1
    longer = visitor.read(duration)
    assert longer > whole * 1.15
    visitor.say("a bit faster", answered=False).shows(".caption", "brisker pace")
    visitor.say("slower please", answered=False).say("slower", answered=False).wait(1)
    visitor.tap("Next").shows(".where", "Step 3 of 6").wait(GET_READY + 5)
    left, whole = visitor.left, visitor.read(duration)
    served.start()
    visitor.reconnected().shows(".where", "Step 3 of 6")
    talk = next(iter(served.coach.talks.values()))
    assert (talk.session.step, talk.session.pace) == (3, 1.5)
    assert abs(talk.session.timeline.duration - whole) <= 2
    assert left - 3 <= visitor.left <= left + 2


def test_there_is_an_end_to_every_pace(visit: Visit, served: Served) -> None:
    visitor = lost(visit().begin(), served).wait(GET_READY + 10)
    for _ in range(2):
        visitor.say("faster", answered=False).shows(".caption", "brisker pace")
    visitor.say("faster", answered=False).shows(".caption", "as brisk as it gets")
    assert visitor.read("return root.host.talk.session.pace") == 0.5


def test_the_step_that_is_on_is_stretched_as_by_the_coach(visit: Visit) -> None:
    visitor = visit()
    for elapsed in (0, 10, 44, 50, 56, 100.6):
        for factor in (0.5, 0.8, 1.25, 2.0):
            holds = [{"hand": "left", "from": 0, "to": 48}, {"hand": "right", "from": 54, "to": 102}]
            step = {"holds": holds, "cues": [{"at": at} for at in (0, 24, 48, 78, 97)]}
            done = visitor.page.evaluate(
                "async ([step, ...how]) => (await import('/coach/pace.js')).stretched(step, ...how)",
                [step, elapsed, factor],
            )
            coachs = timeline("each", 48).rescaled(elapsed, factor)
            spans = [{"hand": hold.hand, "from": at, "to": at + hold.seconds} for hold, at in coachs.spans()]
            assert (done["holds"], done["duration"]) == (spans, coachs.duration)
            at = [cue["at"] for cue in done["cues"]]
            assert at == sorted(at)
            assert at[-1] <= done["duration"]


def test_a_danger_ends_the_massage_without_the_server_and_the_coach_reads_it_later(
    visit: Visit, served: Served
) -> None:
    visitor = visit().begin().wait(10)
    served.stop()
    visitor.say("my chest is tight", answered=False)
    visitor.shows(".ring .label", "Paused").wait(SOON).shows("[data-card=safety] >> nth=-1", "call for help now")
    expect(visitor.stage).to_be_hidden()
    expect(visitor.find("a.call")).to_have_count(3)
    served.start()
    visitor.reconnected().shows(".entry.coach >> nth=-1", "Call your emergency number now")
    talk = next(iter(served.coach.talks.values()))
    assert talk.session.flagged
    expect(visitor.stage).to_be_hidden()


def test_a_reload_without_the_server_keeps_a_massage_that_is_led(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    visitor.page.route("**/coach/message", lambda route: route.abort())
    visitor.page.route("**/coach/conversation", lambda route: route.abort())
    visitor.tap("Next").wait(SOON).shows(".where", "Step 2 of 6").wait(GET_READY)
    visitor.page.reload()
    visitor.shows(".where", "Step 2 of 6").wait(SOON).shows(".trouble", LEADING)
    visitor.tap("Next").shows(".where", "Step 3 of 6").say("ouch", answered=False).shows(".ring .label", "Paused")
    visitor.page.unroute("**/coach/message")
    visitor.page.unroute("**/coach/conversation")
    visitor.reconnected().shows(".ease", "lighter")
    talk = next(iter(served.coach.talks.values()))
    assert (talk.session.state, talk.session.step, talk.session.easing) == ("paused", 3, True)


def test_a_lost_answer_leads_nobody_astray(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    served.coach.swallow = 3
    visitor.tap("Next").wait(12).shows(".where", "Step 2 of 6").wait(GET_READY + 5)
    talk = next(iter(served.coach.talks.values()))
    assert (talk.session.state, talk.session.step) == ("running", 2)
    expect(visitor.find(".trouble")).to_be_hidden()
    assert visitor.read("return root.host.talk.clock.token") == talk.session.token


def test_two_tabs_are_led_alike(visit: Visit, served: Served) -> None:
    one = visit().begin()
    two = visit(beside=one)
    two.shows(".where", "Step 1 of 6")
    lost(one, served)
    two.shows(".where", "Step 2 of 6").tap("Next").wait(SOON).shows(".where", "Step 3 of 6")
    one.shows(".where", "Step 3 of 6")
    served.start()
    one.reconnected().shows(".note", "Connected again")
    talk = next(iter(served.coach.talks.values()))
    assert (talk.session.state, talk.session.step) == ("running", 3)
    two.wait(12)
    for tab in (one, two):
        expect(tab.find(".trouble")).to_be_hidden()
        assert tab.read("return root.host.talk.clock.token") == talk.session.token
