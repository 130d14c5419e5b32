from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from palmwise.coach.plan import SWAP
from tests.web.visitor import GET_READY

if TYPE_CHECKING:
    from tests.web.conftest import Visit
    from tests.web.fake import Served

pytestmark = pytest.mark.browser


def test_a_whole_routine_runs_by_itself_from_the_greeting_to_the_end(visit: Visit, served: Served) -> None:
    visitor = visit().arrived()
    visitor.tap("Start a massage").shows(".entry.coach >> nth=-1", "Classic hand and wrist massage")
    visitor.tap("Yes please").shows(".entry.coach >> nth=-1", "safety question")
    visitor.tap("No, none of these").shows(".entry.coach >> nth=-1", "ready")
    visitor.tap("Ready")
    for step in range(1, 7):
        visitor.shows(".where", f"Step {step} of 6")
        expect(visitor.find(".bar .done")).to_have_count(step - 1)
        visitor.wait(visitor.read("return root.host.talk.clock.duration + 0.5") + GET_READY)
    visitor.shows(".entry.coach >> nth=-1", "That was the last step")
    expect(visitor.stage).to_be_hidden()
    timers = [given for given in served.coach.received if given.get("by") == "timer"]
    assert len(timers) == 6
    assert len({given["token"] for given in timers}) == 6
    assert all(given["clock"]["token"] == given["token"] for given in timers)


def test_the_ring_counts_each_hand_and_cues_come_at_their_second(visit: Visit) -> None:
    visitor = visit().begin()
    whole = visitor.read("return root.host.talk.clock.duration")
    hold = (whole - SWAP) // 2
    visitor.shows(".hand", "Left hand")
    visitor.wait(10)
    assert hold - 20 <= visitor.left <= hold - 10
    visitor.wait(visitor.left + 0.3)
    visitor.shows(".caption", "Switch hands: now the right one")
    visitor.shows(".panel [role=status] >> nth=-1", "Switch hands")
    visitor.shows(".ring .label", "Switch hands").shows(".hand", "Right hand")
    assert 1 <= visitor.left <= SWAP
    visitor.wait(visitor.left)
    visitor.shows(".ring .label", f"of {hold} s")
    assert hold - 10 <= visitor.left <= hold
    visitor.wait(visitor.left - 7)
    visitor.shows(".caption", "A few more seconds")


def test_every_button_of_a_step_does_what_it_says(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    talk = next(iter(served.coach.talks.values()))
    visitor.tap("Next").shows(".where", "Step 2 of 6")
    visitor.tap("Back").shows(".where", "Step 1 of 6")
    visitor.tap("More").tap("Other hand").shows(".hand", "Right hand").shows(".ring .label", "Get ready")
    visitor.tap("More").tap("Again").shows(".stage h3", "gliding")
    visitor.tap("Pause").shows(".ring .label", "Paused")
    expect(visitor.find(".main button >> nth=1")).to_have_text("Go on")
    visitor.tap("Go on").shows(".ring .label", "Get ready").wait(3.5)
    visitor.shows(".ring .label", "of")
    assert talk.session.state == "running"
    for name, payload in {
        "How exactly?": "/explain_step",
        "Why this?": "/explain_benefit",
        "Slower": "/slow_down",
        "Faster": "/speed_up",
    }.items():
        before = visitor.find(".entry.coach").count()
        visitor.tap("More").tap(name)
        expect(visitor.find(".entry.coach")).to_have_count(before + 1)
        assert payload in [given.get("payload") for given in served.coach.received[-2:]]
    visitor.tap("More").tap("Stop").shows(".entry.coach >> nth=-1", re.compile("stopped|for now"))
    expect(visitor.stage).to_be_hidden()
    visitor.tap("Go on").shows(".where", "Step 1 of 6")


def test_where_both_hands_are_treated_at_once_there_is_no_other_hand(visit: Visit) -> None:
    visitor = visit().begin()
    other = visitor.stage.get_by_role("button", name="Other hand")
    expect(other).to_have_count(0)
    visitor.tap("More")
    expect(other).to_be_enabled()
    visitor.tap("Close")
    for step in range(2, 7):
        visitor.tap("Next").shows(".where", f"Step {step} of 6")
    visitor.shows(".hand", "Both hands").tap("More")
    expect(other).to_be_disabled()


def test_there_is_time_to_get_ready_before_each_step_and_after_a_change_of_hands(visit: Visit, served: Served) -> None:
    visitor = visit().get_ready()
    visitor.shows(".banner", "Get ready").shows(".ring .label", "Get ready").shows(".hand", "Left hand")
    assert 1 <= visitor.left <= GET_READY
    assert visitor.read("return root.host.talk.clock.elapsed") == 0
    visitor.say("how long").shows(".banner", "Get ready").wait(GET_READY)
    expect(visitor.find(".banner")).to_be_hidden()
    assert served.coach.received[-1]["clock"]["elapsed"] == 0
    visitor.tap("Next").shows(".where", "Step 2 of 6").shows(".ring .label", "Get ready").wait(GET_READY)
    visitor.shows(".ring .label", "of 48 s").tap("More").tap("Other hand")
    visitor.shows(".banner", "Get ready").shows(".hand", "Right hand")


def test_a_step_can_be_chosen_from_a_list(visit: Visit) -> None:
    visitor = visit().begin()
    visitor.tap("Step 1 of 6")
    rows = visitor.find(".steps li")
    expect(rows).to_have_count(6)
    expect(visitor.find(".steps [aria-current=step]")).to_contain_text("Effleurage")
    visitor.click(rows.nth(3).get_by_role("button"))
    visitor.shows(".where", "Step 4 of 6")
    expect(visitor.find(".steps")).to_have_count(0)


@pytest.mark.parametrize("name", ["Next", "It hurts"])
def test_what_was_tapped_by_mistake_can_be_undone_for_some_seconds(visit: Visit, name: str) -> None:
    visitor = visit().begin().wait(10)
    undo = visitor.stage.get_by_role("button", name="Undo")
    expect(undo).to_be_hidden()
    visitor.tap(name)
    expect(visitor.find(".where")).to_have_text("Step 2 of 6" if name == "Next" else "Step 1 of 6")
    visitor.click(undo)
    visitor.shows(".where", "Step 1 of 6").shows(".ring .label", "Get ready").wait(GET_READY)
    assert visitor.read("return root.host.talk.clock.elapsed") >= 10
    expect(undo).to_be_hidden()
    visitor.tap("Next").shows(".where", "Step 2 of 6").wait(11)
    expect(undo).to_be_hidden()


@pytest.mark.parametrize("name", ["Next", "It hurts", "Pause"])
def test_a_second_tap_does_not_land_on_what_came_into_its_place(visit: Visit, served: Served, name: str) -> None:
    visitor = visit().begin()
    before = len(served.coach.received)
    box = visitor.stage.get_by_role("button", name=name, exact=True).bounding_box()
    assert box
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visitor.page.mouse.click(*place)
    expect(visitor.find(".main button >> nth=1" if name != "It hurts" else ".ease button >> nth=0")).to_have_text(
        {"Next": "Pause", "It hurts": "Go on, lighter", "Pause": "Go on"}[name]
    )
    visitor.page.mouse.click(*place)
    visitor.page.mouse.click(*place)
    visitor.wait(2)
    sent = [given.get("payload") for given in served.coach.received[before:]]
    assert sent == [{"Next": "/next_step", "It hurts": "/report_pain", "Pause": "/pause"}[name]]


def test_a_key_that_is_held_down_acts_once(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    visitor.stage.get_by_role("button", name="Next").focus()
    for _ in range(12):
        visitor.page.keyboard.down("Enter")
        visitor.wait(0.2)
    visitor.page.keyboard.up("Enter")
    visitor.shows(".where", "Step 2 of 6")
    assert sum(given.get("payload") == "/next_step" for given in served.coach.received) == 1


def test_the_plan_leads_to_any_step(visit: Visit) -> None:
    visitor = visit().begin().say("what are the steps")
    expect(visitor.answer.locator("[aria-current=step]")).to_contain_text("Effleurage")
    visitor.click(visitor.answer.locator("li button >> nth=3"))
    visitor.shows(".where", "Step 4 of 6")


def test_pain_pauses_at_once_and_offers_three_ways(visit: Visit) -> None:
    visitor = visit().begin().tap("It hurts").shows(".instruction", re.compile("let go|Hands off"))
    expect(visitor.find(".ease button")).to_have_text(["Go on, lighter", "Skip this step", "Stop"])
    expect(visitor.find(".main")).to_be_hidden()
    visitor.tap("Go on, lighter").shows(".caption", "Lighter this time")
    expect(visitor.find(".main")).to_be_visible()


def test_pausing_freezes_the_clock_before_the_coach_has_answered(visit: Visit, served: Served) -> None:
    visitor = visit().begin().wait(10)
    with served.coach.lock:
        visitor.tap("Pause")
        frozen = visitor.left
        visitor.shows(".ring .label", "Paused").wait(30)
        assert visitor.left == frozen
    visitor.shows(".caption", re.compile("Holding|wait"))
    assert visitor.left == frozen


def test_a_question_in_mid_step_leaves_the_step_alone(visit: Visit) -> None:
    visitor = visit().begin().wait(10)
    before = visitor.left
    visitor.say("which oil").shows(".entry.coach >> nth=-1", "Which oil or lotion")
    assert before - 2 <= visitor.left <= before
    expect(visitor.find(".instruction")).to_contain_text("Glide softly")


def test_a_reload_in_mid_step_keeps_time_and_history(visit: Visit, served: Served) -> None:
    visitor = visit().begin()
    visitor.say("how long").wait(2.5)
    before, entries = visitor.left, visitor.find(".entry").count()
    visitor.page.reload()
    expect(visitor.stage).to_be_visible()
    expect(visitor.find(".entry")).to_have_count(entries)
    assert before - 4 <= visitor.left <= before + 1
    assert len(served.coach.talks) == 1


def test_a_phone_that_slept_shows_the_right_time(visit: Visit) -> None:
    visitor = visit().begin()
    before = visitor.left
    visitor.sleep(30).wait(0.3)
    assert before - 33 <= visitor.left <= before - 30


def test_a_phone_that_slept_through_the_end_goes_on_by_one_step(visit: Visit, served: Served) -> None:
    visitor = visit().begin().sleep(600).wait(0.5).shows(".where", "Step 2 of 6")
    visitor.wait(1).shows(".where", "Step 2 of 6")
    assert sum(given.get("by") == "timer" for given in served.coach.received) == 1


def test_the_wake_lock_is_held_while_a_step_runs(visit: Visit) -> None:
    fake = """
    window.locks = [];
    Object.defineProperty(navigator, "wakeLock", {value: {request: async () => {
      const lock = {released: false, release: async () => { lock.released = true; }};
      locks.push(lock);
      return lock;
    }}});
    """
    visitor = visit(script=fake).arrived()
    held = "() => locks.filter((lock) => !lock.released).length"
    assert visitor.page.evaluate(held) == 0
    visitor.begin()
    assert visitor.page.evaluate(held) == 1
    visitor.tap("Pause").shows(".caption", re.compile("Holding|wait"))
    assert visitor.page.evaluate(held) == 0


def test_what_was_said_an_hour_ago_is_gone(visit: Visit) -> None:
    visitor = visit().arrived().say("hello").sleep(3700)
    visitor.page.reload()
    visitor.arrived()
    expect(visitor.find(".entry")).to_have_count(1)
