"""What the contract says of states, cards, buttons and the clock, against the real server and the fake."""

from __future__ import annotations

from typing import Any

import pytest

from palmwise.client.http_client import CoachClient
from palmwise.errors import RefusedError
from tests.contract.walk import WAYS, buttons, place, reach, shown

pytestmark = pytest.mark.server
CLASSIC = ["effleurage", "petrissage", "thumb_pressing", "finger_rolling", "wrist_mobilization", "relaxation_strokes"]


@pytest.mark.parametrize("state", WAYS)
def test_every_state_can_be_reached(coach: CoachClient, state: str) -> None:
    reach(coach, state)


@pytest.mark.parametrize("state", WAYS)
def test_a_reload_shows_the_same_place_and_changes_nothing(coach: CoachClient, state: str) -> None:
    before = reach(coach, state)
    first, second = coach.look(), coach.look()
    assert place(shown(first["messages"])) == place(shown(second["messages"])) == place(before)
    assert first["session"] == shown(first["messages"])["session"]


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize(
    ("words", "card"),
    [
        ("which oil should I use", "faq"),
        ("how long", "duration"),
        ("what routines do you have", "routines"),
        ("thanks", "note"),
        ("qwrt zxcv", "note"),
    ],
)
def test_questions_and_small_talk_change_nothing(coach: CoachClient, state: str, words: str, card: str) -> None:
    before = place(reach(coach, state))
    answer = shown(coach.say(words))
    assert place(answer) == before
    assert answer["card"] == card or state == "screening"


def test_the_classic_routine_has_its_steps_in_order(coach: CoachClient) -> None:
    card = reach(coach, "running")
    seen = [card["session"]["technique"]]
    tokens = {card["session"]["token"]}
    for number in range(2, 7):
        card = shown(coach.say("next"))
        assert (card["card"], card["session"]["step"], card["session"]["steps"]) == ("step", number, 6)
        seen.append(card["session"]["technique"])
        tokens.add(card["session"]["token"])
    assert seen == CLASSIC
    assert len(tokens) == 6, "every step has a token of its own"
    assert shown(coach.say("next"))["card"] == "finished"


def test_a_step_card_says_what_to_do_when_and_on_which_hand(coach: CoachClient) -> None:
    card = reach(coach, "running")
    duration = card["clock"]["duration"]
    assert all(card[name].strip() for name in ("title", "detail", "instruction"))
    assert card["picture"]["src"].startswith("/coach/pictures/")
    assert card["picture"]["alt"].strip()
    times = [cue["at"] for cue in card["cues"]]
    assert times == sorted(times)
    assert all(0 <= at < duration for at in times)
    left, right = card["holds"]
    assert (left["hand"], right["hand"]) == ("left", "right")
    assert left["from"] == 0
    assert right["to"] == duration
    assert left["to"] - left["from"] == right["to"] - right["from"] >= 10
    assert left["to"] < right["from"], "there are a few seconds to change hands"


def test_the_first_step_has_none_before_it(coach: CoachClient) -> None:
    before = place(reach(coach, "running"))
    assert place(shown(coach.say("go back"))) == before


def test_a_symptom_leads_to_an_offer_that_a_yes_accepts(coach: CoachClient) -> None:
    offer = reach(coach, "offered")
    assert (offer["card"], offer["routine"]) == ("offer", "sore_hands")
    assert offer["because"].strip()
    assert shown(coach.say("yes"))["session"]["state"] == "screening"


def test_a_no_declines_an_offer(coach: CoachClient) -> None:
    reach(coach, "offered")
    assert shown(coach.say("no"))["session"]["state"] == "none"


def test_the_safety_question_is_not_skipped(coach: CoachClient) -> None:
    assert reach(coach, "screening")["card"] == "screening"
    assert shown(coach.say("next"))["session"]["state"] == "screening"


def test_a_yes_to_the_safety_question_ends_in_advice(coach: CoachClient) -> None:
    reach(coach, "screening")
    card = shown(coach.say("yes"))
    assert (card["card"], card["session"]["state"]) == ("safety", "stopped")


@pytest.mark.parametrize("state", WAYS)
def test_a_red_flag_stops_in_every_state_and_offers_no_massage(coach: CoachClient, state: str) -> None:
    reach(coach, state)
    messages = coach.say("I think my finger is broken")
    card = shown(messages)
    assert (card["card"], card["session"]["state"]) == ("safety", "stopped")
    assert card["level"] in ("emergency", "doctor")
    assert card["reason"].strip()
    assert not [payload for payload in buttons(messages).values() if payload.startswith(("/start", "/resume"))]


def test_pain_pauses_and_offers_lighter_skip_or_stop(coach: CoachClient) -> None:
    reach(coach, "running")
    messages = coach.say("ouch")
    card = shown(messages)
    assert (card["card"], card["session"]["state"]) == ("ease", "paused")
    assert len(buttons(messages)) >= 3


@pytest.mark.parametrize("state", WAYS)
def test_every_offered_button_is_accepted(coach: CoachClient, state: str) -> None:
    reach(coach, state)
    for payload in buttons(coach.look()["messages"]).values():
        assert coach.press(payload)


@pytest.mark.parametrize("payload", ["/session_start", "/nonsense", "next", '/next_step{"minutes": 99999}', ""])
def test_what_no_button_sends_is_refused(coach: CoachClient, payload: str) -> None:
    before = place(reach(coach, "running"))
    with pytest.raises(RefusedError) as caught:
        coach.press(payload)
    assert (caught.value.status, caught.value.code) == (400, "unknown_payload")
    assert place(shown(coach.look()["messages"])) == before


@pytest.mark.parametrize(
    "text",
    [
        "/next_step",
        '/next_step{"minutes": 99999}',
        '/set_duration{"minutes": 2}',
        "/restart",
        " //session_start",
        "/back",
        "",
        "   ",
    ],
)
def test_typed_commands_and_empty_texts_change_nothing(coach: CoachClient, text: str) -> None:
    before = place(reach(coach, "running"))
    card = shown(coach.say(text))
    assert (card["card"], place(card)) == ("note", before)


def test_a_timer_ends_its_step_and_a_late_one_is_ignored(coach: CoachClient) -> None:
    card = reach(coach, "running")
    token = card["session"]["token"]
    over = {"token": token, "elapsed": card["clock"]["duration"]}
    assert shown(coach.end_step(token, clock=over))["session"]["step"] == 2
    assert coach.end_step(token, clock=over) == []
    assert coach.look()["session"]["step"] == 2


def test_an_early_timer_is_ignored(coach: CoachClient) -> None:
    token = reach(coach, "running")["session"]["token"]
    assert coach.end_step(token, clock={"token": token, "elapsed": 3.0}) == []
    assert coach.look()["session"]["step"] == 1


def test_a_timer_is_ignored_while_paused(coach: CoachClient) -> None:
    before = reach(coach, "paused")
    assert coach.end_step(before["session"]["token"]) == []
    assert coach.look()["session"] == before["session"]


def test_the_reported_clock_is_taken_and_frozen_by_a_pause(coach: CoachClient) -> None:
    token = reach(coach, "running")["session"]["token"]
    paused = shown(coach.say("pause", clock={"token": token, "elapsed": 7.5}))
    assert (paused["clock"]["elapsed"], paused["clock"]["running"]) == (7.5, False)
    running = shown(coach.say("go on"))
    assert (running["clock"]["elapsed"], running["clock"]["running"]) == (7.5, True)
    assert running["clock"]["lead_in"] > 0
    assert running["session"]["token"] == token


def test_the_clock_never_runs_backwards_nor_past_the_end(coach: CoachClient) -> None:
    def elapsed(reported: float, words: str) -> float:
        return float(shown(coach.say(words, clock={"token": token, "elapsed": reported}))["clock"]["elapsed"])

    card = reach(coach, "running")
    token, duration = card["session"]["token"], card["clock"]["duration"]
    assert elapsed(50.0, "how long") == pytest.approx(50.0)
    assert elapsed(1.0, "how long") >= 50.0
    assert elapsed(1e9, "pause") == duration


def test_the_clock_of_another_step_is_ignored(coach: CoachClient) -> None:
    token = reach(coach, "running")["session"]["token"]
    coach.say("next")
    paused = shown(coach.say("pause", clock={"token": token, "elapsed": 77.0}))
    assert paused["clock"]["elapsed"] < 77.0


def test_a_retry_gets_the_same_answer_and_acts_once(coach: CoachClient) -> None:
    reach(coach, "running")
    first = coach.say("next", id="m-1")
    assert coach.say("next", id="m-1") == first
    assert coach.look()["session"]["step"] == 2
    assert shown(coach.say("next", id="m-2"))["session"]["step"] == 3


def test_stop_can_be_taken_back_by_resume(coach: CoachClient) -> None:
    reach(coach, "stopped")
    card = shown(coach.say("carry on"))
    assert (card["session"]["state"], card["session"]["step"]) == ("running", 1)


@pytest.mark.parametrize(
    ("words", "card", "fields"),
    [
        ("which oil should I use", "faq", {"id": "faq/oils", "source": str}),
        ("how long", "duration", {"of": "step", "seconds": int}),
        ("what are the steps", "overview", {"routine": "classic", "steps": list}),
        ("what routines do you have", "routines", {"routines": list}),
    ],
)
def test_cards_have_their_fields(coach: CoachClient, words: str, card: str, fields: dict[str, Any]) -> None:
    reach(coach, "running")
    found = shown(coach.say(words))
    assert found["card"] == card
    for name, value in fields.items():
        assert isinstance(found[name], value) if isinstance(value, type) else found[name] == value


def test_what_is_forgotten_is_unknown(coach: CoachClient) -> None:
    reach(coach, "running")
    coach.forget()
    for request in (lambda: coach.say("next"), coach.look, coach.forget):
        with pytest.raises(RefusedError) as caught:
            request()
        assert (caught.value.status, caught.value.code) == (404, "unknown_conversation")


def test_a_request_in_words_deletes_what_was_said(coach: CoachClient) -> None:
    reach(coach, "running")
    assert shown(coach.say("please delete everything I told you"))["forgotten"] is True
    assert coach.look()["session"]["state"] == "none"


def test_nothing_understood_three_times_gets_three_answers(coach: CoachClient) -> None:
    reach(coach, "running")
    answers = [coach.say(text) for text in ("{{{ ]]] ((", "%%% $$ ^^^", ";;; ;; ;;;;")]
    assert len({answer[0]["text"] for answer in answers}) == 3
    assert all(len(buttons(answer)) >= 2 for answer in answers[1:])
