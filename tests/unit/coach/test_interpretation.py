"""What a message means in the conversation, beyond the intent of the sentence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmwise.coach.behaviour import INTERPRETED, TABLE
from palmwise.coach.commands import Command
from palmwise.coach.interpretation import interpret
from palmwise.coach.plan import FASTEST, SHORTEST_HOLD, SLOWEST
from palmwise.coach.references import READERS
from palmwise.coach.scene import Scene
from palmwise.resources import content
from tests.unit.coach.driver import WAYS, Talk, at, running, saying


def minutes_left(talk: Talk) -> float:
    return talk.session.remaining_at(talk.now) / 60


@pytest.mark.parametrize(
    ("text", "factor", "minutes"),
    [
        ("could you tack on three minutes", 1, 3),
        ("let's have four extra minutes all in all", 1, 4),
        ("lop a minute off the whole thing", 1, -1),
        ("we could finish two minutes sooner", 1, -2),
        ("halve the rest", 0.5, 0),
        ("double the time overall", 2, 0),
    ],
)
@pytest.mark.parametrize("intent", ["set_duration", "how_long", "nlu_fallback", "slow_down"])
def test_more_or_less_than_planned(text: str, factor: float, minutes: float, intent: str) -> None:
    talk = running("classic")
    before = minutes_left(talk)
    saying(talk, text, intent)
    assert minutes_left(talk) == pytest.approx(before * factor + minutes, abs=0.2)
    planned = at("preparing")
    before = planned.session.planned_seconds / 60
    saying(planned, text, intent)
    assert planned.session.planned_seconds / 60 == pytest.approx(before * factor + minutes, abs=0.2)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("stay three minutes on this step", 180),
        ("give this movement one more minute", 162),
        ("ninety seconds per hand for this one", 186),
        ("twice as long on this one", 198),
    ],
)
def test_the_time_of_one_step(text: str, seconds: int) -> None:
    talk = running("classic")
    later = talk.session.steps[1:]
    saying(talk, text)
    assert talk.session.timeline.duration == pytest.approx(seconds, abs=4)
    assert talk.session.steps[1:] == later


def test_the_time_of_another_step() -> None:
    talk = running("classic")
    saying(talk, "two minutes for the kneading please", "set_duration", technique="petrissage", minutes="2")
    assert talk.session.seconds_of_step(2) == 120
    assert "Petrissage" in talk.text


@pytest.mark.parametrize(
    "text",
    [
        "my flight boards at twenty past nine so till then",
        "we're fine until my mother rings",
        "I've got zillions, umpteen minutes",
    ],
)
def test_minutes_that_nobody_can_know_are_asked_for(text: str) -> None:
    talk = running("classic")
    before = talk.session.steps
    saying(talk, text, "set_duration", minutes="9")
    assert "ow many minutes" in talk.text
    assert talk.session.steps == before
    saying(talk, "about four")
    assert minutes_left(talk) == pytest.approx(4, abs=0.2)


@pytest.mark.parametrize(
    "text",
    [
        "I oiled them six minutes ago",
        "that makes eight minutes already",
        "we've been rubbing for seven minutes",
        "my physio wants twelve minutes every morning",
        "I usually take eleven minutes",
    ],
)
@pytest.mark.parametrize("state", ["preparing", "running", "paused"])
def test_a_time_that_is_told_is_no_wish(text: str, state: str) -> None:
    talk = at(state)
    before = talk.session
    saying(talk, text, "set_duration", minutes="6")
    assert (talk.session.steps, talk.session.state, talk.session.holds) == (before.steps, before.state, before.holds)


@pytest.mark.parametrize(
    ("text", "pace"),
    [
        ("you're too hasty for me", 1.25),
        ("not so brisk", 1.25),
        ("this drags terribly", 0.75),
        ("less dawdling please", 0.75),
        ("way slower", 1.5),
        ("the tempo is lovely", 1.0),
        ("don't go any faster", 1.0),
        ("you aren't too slow", 1.0),
        ("last time you went quicker", 1.0),
        ("lovely and slow", 1.0),
        ("why is it so slow", 1.0),
        ("should I stroke quickly", 1.0),
    ],
)
@pytest.mark.parametrize("intent", ["slow_down", "speed_up", "nlu_fallback"])
def test_the_direction_of_the_pace(text: str, pace: float, intent: str) -> None:
    assert saying(running("classic"), text, intent).session.pace == pace


def test_another_pace_while_holding_goes_on_if_that_is_said() -> None:
    talk = saying(running("classic").says("pause", 5), "carry on, but slower", "slow_down")
    assert (talk.shown["state"], talk.session.pace) == ("running", 1.25)
    assert saying(running("classic").says("pause", 5), "slower please", "slow_down").shown["state"] == "paused"


@pytest.mark.parametrize("text", ["your ordinary speed again", "back to how fast we were at the start"])
def test_the_usual_pace(text: str) -> None:
    talk = running("classic").says("slow_down").says("slow_down")
    assert saying(talk, text, "slow_down").session.pace == 1.0
    assert "usual pace" in saying(talk, text).text


@pytest.mark.parametrize(
    ("text", "hand", "step"),
    [
        ("that's my left finished", "right", 1),
        ("this hand has had enough", "right", 1),
        ("the second hand please", "right", 1),
        ("both of them are done", "left", 2),
        ("I haven't finished with this hand", "left", 1),
        ("not the other hand yet", "left", 1),
        ("right, got it", "left", 1),
    ],
)
def test_a_hand_that_is_done_is_not_the_one_wanted(text: str, hand: str, step: int) -> None:
    talk = saying(running("classic"), text, "switch_hand" if "right" not in text else "affirm")
    assert (talk.shown["hand"], talk.shown["step"]) == (hand, step)


def test_the_last_hand_done_leads_on() -> None:
    talk = running("classic").says("switch_hand", 20)
    assert saying(talk, "my right is through").shown["step"] == 2
    assert talk.shown["hand"] == "left"


def test_a_hand_done_in_advance_has_no_turn_more() -> None:
    talk = saying(running("classic"), "I did the right one already")
    assert [hold.hand for hold in talk.session.holds] == ["left"]
    assert [hold.hand for hold in talk.says("next_step").session.holds] == ["left", "right"]


@pytest.mark.parametrize("state", ["preparing", "running"])
def test_the_first_hand_is_remembered(state: str) -> None:
    talk = saying(at(state), "let's open with the right one")
    if state == "preparing":
        talk.says("affirm")
    assert talk.shown["hand"] == "right"
    assert talk.says("next_step").shown["hand"] == "right"
    assert "right hand" in saying(talk, "which hand do we begin with").text


@pytest.mark.parametrize(
    ("text", "hand"),
    [
        ("only my right hand today", "right"),
        ("leave the right one out altogether", "left"),
        ("my right is a prosthesis", "left"),
    ],
)
@pytest.mark.parametrize("state", ["preparing", "running"])
def test_one_hand_only(text: str, hand: str, state: str) -> None:
    talk = saying(at(state), text)
    if state == "preparing":
        talk.says("affirm")
    for step in range(1, 7):
        assert (talk.shown["step"], [hold.hand for hold in talk.session.holds]) == (step, [hand])
        assert saying(talk, "switch", "switch_hand").shown["step"] == step
        talk.says("next_step")
    saying(talk.says("restart"), "do both hands again")
    assert [hold.hand for hold in talk.says("next_step").session.holds] == ["left", "right"]


def test_a_part_left_out_is_minded_where_it_would_be_worked_on() -> None:
    talk = saying(running("classic"), "skip my thumb, it has a tattoo")
    assert talk.shown["step"] == 1
    assert "thumb" in talk.text
    assert "thumb" in talk.says("next_step").text.rsplit("\n", 1)[-1]
    assert "Leave the thumb out" not in talk.says("go_to_step", step_number="last").text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("which of the hands is working", "right hand does the work"),
        ("is this on both hands or one", "Each hand|in each step"),
        ("when do we change over", "change hands"),
        ("what should my left hand be doing", "is massaged"),
        ("do we start left or right", "comes first|first the left"),
        ("my right hand feels warmer", "Good to know|I see"),
    ],
)
def test_questions_on_the_hands(text: str, told: str) -> None:
    talk = running("classic")
    before = talk.session
    saying(talk, text, "switch_hand")
    assert re.search(told, talk.text)
    assert (talk.session.holds, talk.session.step) == (before.holds, before.step)


def test_a_red_flag_is_not_interpreted() -> None:
    talk = running("classic")
    assert saying(talk, "two minutes less", "report_red_flag").shown["state"] == "stopped"
    assert saying(talk, "two minutes less", "set_duration").shown["state"] == "stopped"


WORDS = (
    "two five minutes seconds hour more less longer this step each hand until half past twice left right "
    "done with first the last one other both only skip thumb which how many slower not too fast normal "
    "pace back to second what was called leave out it after "
).split()
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)


@given(st.sampled_from(sorted(WAYS)), st.lists(st.tuples(TEXTS, st.sampled_from(sorted(TABLE))), max_size=6))
def test_any_words_keep_the_rules(state: str, messages: list[tuple[str, str]]) -> None:
    talk = at(state)
    for text, intent in messages:
        command = Command(intent, text=text)
        found = interpret(Scene(content(), talk.session, talk.now), command, READERS)
        assert found.intent in {*TABLE, *INTERPRETED, "faq/how_often"}
        talk.does(command, after=3)
        session = talk.session
        assert talk.reply is None or talk.reply.texts
        assert FASTEST <= session.pace <= SLOWEST
        assert 0 <= session.step <= len(session.steps)
        assert all(hold.seconds >= SHORTEST_HOLD for hold in session.holds)
        assert session.screened or session.state not in ("preparing", "running", "paused")


@pytest.mark.parametrize(
    ("text", "is_touch"), [("softer", True), ("keep going but softer", True), ("speak softer", False)]
)
def test_softer_is_meant_of_the_touch_unless_the_voice_is_named(text: str, is_touch: bool) -> None:  # noqa: FBT001
    talk = saying(running("classic"), text, "speak_softly")
    lighter = content().techniques["effleurage"].lighter
    assert (lighter in talk.text) is is_touch
    assert talk.session.volume == -1


@pytest.mark.parametrize(
    "text",
    [
        "now i change hand?",
        "do i swap now or wait",
        "other hand or still this one?",
        "is it time to switch",
        "should i do the other now",
    ],
)
def test_whether_it_is_time_for_the_other_hand_is_told(text: str) -> None:
    talk = saying(running(), text, "switch_hand")
    assert (talk.shown["hand"], talk.card) == ("left", "progress")


@pytest.mark.parametrize("text", ["can we change hands?", "shall we do the other hand?", "other hand?"])
def test_a_wish_for_the_other_hand_may_be_a_question(text: str) -> None:
    assert saying(running(), text, "switch_hand").shown["hand"] == "right"


@pytest.mark.parametrize(
    "text",
    [
        "faster, i have to leave in four minutes",
        "hurry it along, my bus in four minutes",
        "quicker, i've got four minutes",
    ],
)
def test_what_the_hurry_is_for_is_planned_for(text: str) -> None:
    talk = saying(running(), text, "speed_up", minutes="4")
    assert 3.6 <= minutes_left(talk) <= 4.4


def test_something_quick_is_a_short_massage() -> None:
    talk = saying(Talk(), "my hands are tight, something quick please", "report_symptom", symptom="tension")
    assert talk.shown["minutes"] == pytest.approx(5, abs=0.5)


def test_a_wish_for_minutes_may_be_a_question() -> None:
    talk = saying(at("offered"), "could it be done in four minutes?", "set_duration", minutes="4")
    assert talk.shown["minutes"] == pytest.approx(4, abs=0.5)


@pytest.mark.parametrize(
    "text",
    ["i do this for my old father", "she's not well, i am her carer", "it's his hand, not mine",
     "my niece wants a hand massage", "a massage for an old man", "i will do it for her"],
)  # fmt: skip
def test_whose_hands_they_are_is_known(text: str) -> None:
    assert "for_other" in saying(Talk(), text, "start_routine").session.known


@pytest.mark.parametrize("text", ["ten minutes is too long, i've got four", "10 min too long i have 4"])
def test_of_two_numbers_the_one_somebody_has_counts(text: str) -> None:
    assert saying(at("offered"), text, "set_duration", minutes="10").shown["minutes"] == pytest.approx(4, abs=0.5)


@pytest.mark.parametrize("text", ["twice as long next time", "tomorrow I'd like it longer", "next time ten minutes"])
def test_a_wish_for_another_day_changes_nothing(text: str) -> None:
    talk = running()
    before = minutes_left(talk)
    assert minutes_left(saying(talk, text, "set_duration")) == pytest.approx(before)


@pytest.mark.parametrize("text", ["i'll be back in half an hour", "let me come back to this in twenty minutes"])
def test_who_comes_back_later_pauses(text: str) -> None:
    assert saying(running(), text, "set_duration", minutes="30").shown["state"] == "paused"


def test_a_later_step_that_is_named_is_left_out_and_no_other() -> None:
    talk = saying(running(), "can we skip the finger rolling today", "go_to_step", technique="finger_rolling")
    assert (talk.shown["step"], talk.shown["steps"]) == (1, 5)
    assert "finger_rolling" not in [step.technique for step in talk.session.steps]
    assert saying(talk, "skip to the thumb pressing", "go_to_step", technique="thumb_pressing").shown["step"] == 3


def test_another_massage_that_is_wanted_is_prepared() -> None:
    talk = saying(at("preparing"), "i wanted the one with the points", routine="reflexology")
    assert talk.shown["routine"] == "reflexology"


@pytest.mark.parametrize(
    "text", ["does it switch by itself or must i tell you", "is it changing to the other hand alone"]
)
@pytest.mark.parametrize("intent", ["switch_hand", "explain_step"])
def test_whether_the_hands_change_by_themselves_is_told(text: str, intent: str) -> None:
    talk = saying(running(), text, intent)
    assert talk.shown["hand"] == "left"
    assert "when to change hands" in talk.text


def test_what_alone_is_wanted_is_not_left_out() -> None:
    talk = saying(running(), "could we only do the wrist and skip the rest", "go_to_step", body_part="wrist")
    assert talk.session.left_out == ()


def test_this_step_and_the_next_are_skipped_together() -> None:
    assert saying(running(), "skip this one and the next", "next_step").shown["step"] == 3


def test_a_meeting_in_a_few_minutes_is_planned_for() -> None:
    talk = saying(running(), "my meeting starts in 4, hurry up", "speed_up")
    assert 3.6 <= minutes_left(talk) <= 4.4


def test_a_number_of_other_things_is_no_time() -> None:
    talk = running()
    before = minutes_left(talk)
    assert minutes_left(saying(talk, "i have 3 cats")) == pytest.approx(before)


def test_minutes_of_a_hand_massage_are_of_all_of_it() -> None:
    talk = saying(Talk(), "5 minute hand massage please", "start_routine", minutes="5")
    assert talk.shown["minutes"] == pytest.approx(5, abs=0.5)


@pytest.mark.parametrize("text", ["oh wait im meant to swap now right", "am i supposed to change hands"])
def test_whether_one_is_meant_to_change_is_told_and_takes_nothing_back(text: str) -> None:
    command = Command("switch_hand", {"hand": ("right",)}, text=text, acts={"correction": 0.9})
    talk = running().does(command)
    assert (talk.shown["state"], talk.shown["hand"]) == ("running", "left")


def test_a_wish_for_a_relatives_hands_is_for_them() -> None:
    assert "for_other" in saying(Talk(), "he wants to do mummy's hands", "start_routine").session.known


def test_a_memory_of_a_relative_is_of_nobodys_hands() -> None:
    text = "this is nice, it reminds me of my mother doing it for us as children"
    assert "for_other" not in saying(running(), text, "praise").session.known


def test_hands_that_are_ones_own_after_all_are_not_somebody_elses() -> None:
    talk = saying(Talk(), "a massage for my mother", "start_routine")
    assert "for_other" in talk.session.known
    assert "for_other" not in saying(talk, "it's for me, not for her", "nlu_fallback").session.known


def test_a_daughter_who_installed_it_is_not_massaged() -> None:
    text = "is this the hand thing my daughter put on my phone"
    assert "for_other" not in saying(Talk(), text, "help").session.known
