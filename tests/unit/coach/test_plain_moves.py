"""What the form of a sentence tells, whatever its words sound like beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from palmwise.coach.commands import Command
from tests.unit.coach.driver import COMMAND, Talk, at, running, said, saying


def unsure(text: str, intent: str, *parts: Command, **entities: str) -> Command:
    return replace(said(text, intent, *parts, **entities), confidence=0.6)


@pytest.mark.parametrize(
    ("text", "steps"),
    [("only one more and then bed", 2), ("after this one I stop", 1), ("one more question and then I go", 6)],
)
def test_an_end_that_is_to_come_later(text: str, steps: int) -> None:
    talk = saying(running(), text)
    assert (len(talk.session.steps), talk.shown["state"], talk.shown["step"]) == (steps, "running", 1)


def test_the_end_comes_after_the_step_that_was_still_wanted() -> None:
    talk = saying(running(), "one more and then I'm done").says("next_step")
    assert (talk.shown["step"], talk.shown["state"]) == (2, "running")
    assert talk.says("next_step").shown["state"] == "finished"


@pytest.mark.parametrize("intent", ["speed_up", "go_to_step", "nlu_fallback"])
def test_a_step_that_is_gone_to_beside_talk_of_the_pace(intent: str) -> None:
    text = "I'm through with the thumbs and it's slow, jump to the wrists"
    assert saying(running(), text, intent, body_part="thumb").shown["step"] == 5


def test_a_longer_time_that_is_told_is_no_wish() -> None:
    command = said("ten hours on my feet, five minutes please", "set_duration")
    command = replace(command, entities={"minutes": ("600", "5")})
    assert "5 min" in Talk().does(command).text


def test_whether_a_time_is_enough_changes_nothing() -> None:
    talk = running()
    before = talk.session.steps
    saying(talk, "eight minutes to the news, will we be done", "set_duration", minutes="8")
    assert talk.session.steps == before
    assert "left" in talk.text


@pytest.mark.parametrize("intent", ["go_to_step", "switch_hand", "next_step"])
def test_what_is_repeated_to_be_confirmed_is_no_move(intent: str) -> None:
    talk = saying(running(), "so I go along the fingers and up to there, yes", intent)
    assert (talk.shown["step"], talk.shown["hand"]) == (1, "left")


@pytest.mark.parametrize(
    "text", ["and I do the same on the thumb side", "have you got my glasses, no, not those, the other ones"]
)
def test_another_part_or_another_thing_is_no_other_hand(text: str) -> None:
    assert running().does(unsure(text, "switch_hand")).shown["hand"] == "left"


@pytest.mark.parametrize(
    "text", ["there's no oil in the house, just go", "I held a warm cup for five minutes so I think I'm ready"]
)
def test_what_ends_with_the_wish_to_begin(text: str) -> None:
    talk = at("preparing").does(unsure(text, "pause"))
    assert (talk.shown["state"], talk.shown["step"]) == ("running", 1)


@pytest.mark.parametrize(
    "text", ["I'll tell you when I'm ready", "in five minutes I'm ready", "is that how people just go"]
)
def test_what_only_names_the_begin(text: str) -> None:
    assert at("preparing").does(unsure(text, "pause")).shown["state"] == "preparing"


def test_a_pause_ends_with_the_wish_to_go_on() -> None:
    assert at("paused").does(unsure("no, I do it alone, off we go again", "stop")).shown["state"] == "running"


def test_where_somebody_was_is_told() -> None:
    parts = said("right", "affirm"), said("he's gone to bed where was I", "out_of_scope")
    talk = running().does(said("right he's gone to bed where was I", "out_of_scope", *parts))
    assert "Step 1" in talk.text.replace("step", "Step")


def test_talk_to_others_does_not_take_back_the_step_before_a_question() -> None:
    parts = said("I was talking with my son", "undo"), said("what is now to do", "next_step")
    command = said("I was talking with my son, what is now to do", "nlu_fallback", *parts)
    talk = running().says("next_step").does(command)
    assert talk.shown["step"] == 2


def test_a_noise_is_named_without_taking_anything_back() -> None:
    talk = running().says("next_step").does(unsure("oh no, that's only my phone", "undo"))
    assert talk.shown["step"] == 2


def test_back_before_going_on_is_of_the_person() -> None:
    parts = said("back", "previous_step"), said("ok carry on", "resume")
    assert running().says("next_step").does(said("back, ok carry on", "resume", *parts)).shown["step"] == 2


def test_a_doze_before_a_move_does_not_pause() -> None:
    parts = said("I dozed off for a moment there", "pause"), said("go to step four", "go_to_step", step_number="4")
    talk = running().does(said("I dozed off for a moment there, go to step four", "go_to_step", *parts))
    assert (talk.shown["step"], talk.text.count("wait")) == (4, 0)


def test_more_time_beside_what_is_told_of_a_hand() -> None:
    parts = said("the right is sore", "report_symptom", symptom="soreness"), unsure("give it an extra minute", "pause")
    talk = running().does(unsure("the right is sore, give it an extra minute", "faq", *parts))
    assert talk.shown["state"] == "running"
    assert talk.session.timeline.duration > 120


def test_an_order_is_no_question() -> None:
    command = replace(said("do the other one, this feels fine", "switch_hand"), answer="one_hand_enough", acts=COMMAND)
    assert running().does(command).shown["hand"] == "right"


def test_a_no_that_explains_itself_before_a_yes() -> None:
    parts = said("no", "deny"), said("let's try the sore hands one", "start_routine", routine="sore_hands")
    talk = Talk().says("start_routine", symptom="soreness")
    assert talk.does(said("no. let's try the sore hands one", "affirm", *parts)).shown["state"] == "screening"


def test_a_time_that_is_told_back_is_not_set() -> None:
    talk = running()
    before = talk.session.holds
    saying(talk, "so it's only thirty seconds on each hand, is it", "set_duration")
    assert talk.session.holds == before
    assert "48 s" in talk.text


def test_a_time_for_a_step_that_is_named_by_its_part() -> None:
    talk = saying(running(), "give the wrist one two minutes", "pause", body_part="wrist")
    assert (talk.shown["state"], talk.session.seconds_of_step(5)) == ("running", 120)


def test_a_step_still_to_come_is_left_out_by_its_part() -> None:
    talk = running().does(unsure("can I leave out the wrists today", "stop", body_part="wrist"))
    assert (talk.shown["state"], len(talk.session.steps)) == ("running", 5)


def test_the_hand_that_is_on_is_no_correction() -> None:
    talk = running().says("next_step").does(said("not yet, I'm on the left one still", "stay", hand="left"))
    assert talk.shown["step"] == 2


def test_a_question_before_the_begin_does_not_begin() -> None:
    asked = replace(said("do I need a towel", "nlu_fallback"), answer="without_oil")
    command = said("before we start, do I need a towel", "faq", said("before we start", "start_routine"), asked)
    assert at("preparing").does(replace(command, answer="without_oil")).shown["state"] == "preparing"


@pytest.mark.parametrize("text", ["I can't carry on", "I'll carry on later"])
def test_what_denies_the_wish_to_go_on(text: str) -> None:
    assert at("paused").does(unsure(text, "nlu_fallback")).shown["state"] == "paused"


def test_what_an_answer_is_known_for_changes_nothing() -> None:
    """The words sound like a wish for another pace, but the question that they put has its answer."""
    talk = running("classic")
    known = Command(
        "faq/oils",
        text="my skin tears so fast, is oil safe",
        answer="thin_skin",
        chances={"thin_skin": 0.9},
        needed=0.3,
    )
    talk.does(known, after=0)
    assert talk.session.pace == 1
    assert talk.reply is not None
    assert talk.reply.custom["session"]["state"] == "running"
    guessed = running("classic")
    guessed.does(Command("nlu_fallback", text="that is much too fast for me"), after=0)
    assert guessed.session.pace != 1


def test_a_goodbye_names_no_step() -> None:
    talk = running("classic")
    talk.does(Command("goodbye", confidence=1.0, text="i must go for the last bus good night"), after=0)
    assert talk.session.state == "stopped"


@pytest.mark.parametrize("text", ["must i stop", "should i stop now or go on"])
def test_whether_to_stop_is_asked_about(text: str) -> None:
    talk = running("classic")
    talk.does(Command("stop", confidence=1.0, text=text), after=0)
    asked = talk.session
    talk.does(Command("affirm", text="yes"), after=0)
    assert (asked.state, talk.session.state) == ("running", "stopped")


def test_a_little_longer_is_noticed_at_the_end_of_a_step() -> None:
    talk = running("classic")
    before = talk.session.timeline.duration
    saying(talk, "a little longer on this one", "set_duration")
    assert talk.session.timeline.duration >= before + 20
    late = running("classic")
    late.does(Command("resume"), after=before - 3)
    saying(late, "a little longer on this one", "set_duration")
    assert late.session.timeline.duration >= before + 19


def test_the_till_of_a_shop_is_no_time() -> None:
    talk = at("none")
    saying(talk, "my hands are tired from the till", "report_symptom", symptom="fatigue")
    assert talk.session.state == "offered"


@pytest.mark.parametrize(
    ("lead", "rest", "intent", "state"),
    [
        ("affirm", "she is asleep already", "out_of_scope", "stopped"),
        ("deny", "stop it now", "stop", "stopped"),
        ("affirm", "my finger is broken", "report_red_flag", "stopped"),
        ("deny", "she is still awake", "out_of_scope", "running"),
    ],
)
def test_an_answer_to_a_question_back_may_lead_a_remark_and_nothing_else(
    lead: str, rest: str, intent: str, state: str
) -> None:
    talk = running("classic")
    talk.does(Command("stop", confidence=1.0, text="must i stop"), after=0)
    parts = (Command(lead, text=lead), Command(intent, text=rest))
    talk.does(Command(intent, text=f"{lead} {rest}", parts=parts), after=0)
    assert talk.session.state == state
    assert (intent == "report_red_flag") == talk.session.flagged


def test_a_stop_beside_like_sounding_words_is_obeyed() -> None:
    talk = running("classic")
    talk.does(Command("stop", confidence=1.0, text="i must insist stop"), after=0)
    assert talk.session.state == "stopped"
