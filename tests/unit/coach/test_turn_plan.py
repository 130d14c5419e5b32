"""Which commands a message stands for: its clauses, and corrections of the turn before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from palmwise.coach.commands import Command
from palmwise.resources import content
from tests.unit.coach.driver import Talk, running, said


def test_two_commands_in_one_message_are_both_done() -> None:
    talk = running().does(
        said("done how long is the next one", "how_long", said("done", "next_step"), said("how long", "how_long"))
    )
    assert (talk.shown["step"], talk.card) == (2, "step")
    assert "1:42 min" in talk.text


def test_courtesy_gives_way_to_what_is_asked() -> None:
    talk = running().does(said("thanks, next", "thank", said("thanks", "thank"), said("next", "next_step")))
    assert talk.shown["step"] == 2


def test_a_correction_undoes_the_turn_before() -> None:
    talk = running().says("go_to_step", step_number="5")
    talk.does(replace(said("no I meant three", "go_to_step", step_number="3"), meant="three", across=True))
    assert talk.shown["step"] == 3
    talk.says("slow_down").does(replace(said("no I meant faster", "speed_up"), meant="faster", across=True))
    assert talk.shown["pace"] == 0.75


def test_a_fragment_goes_on_with_the_question_before() -> None:
    talk = running().says("explain_technique", technique="effleurage")
    talk.does(replace(said("I meant kneading", "go_to_step", technique="petrissage"), meant="kneading", across=True))
    assert (talk.card, talk.shown["step"]) == ("technique", 1)
    assert "dough" in talk.text


CORRECTION = {"correction": 0.95, "command": 0.02}


def corrects(text: str, intent: str, *parts: Command, **entities: str) -> Command:
    return replace(said(text, intent, *parts, **entities), acts=CORRECTION, confidence=0.6)


@pytest.mark.parametrize("intent", ["complain", "next_step", "previous_step", "deny", "nlu_fallback", "undo"])
def test_what_is_plainly_taken_back_is_undone(intent: str) -> None:
    talk = running().says("next_step").does(corrects("that was not what I said, really", intent))
    assert (talk.shown["step"], talk.shown["state"]) == (1, "running")


def test_what_is_meant_instead_is_done() -> None:
    parts = corrects("wrong word", "undo"), replace(said("I wanted a break", "pause"), confidence=0.9)
    talk = running().says("next_step").does(corrects("wrong word I wanted a break", "undo", *parts))
    assert (talk.shown["step"], talk.shown["state"]) == (1, "paused")
    talk = running().says("go_to_step", step_number="5")
    talk.does(replace(corrects("no i said four", "affirm"), meant="four", across=True))
    assert talk.shown["step"] == 4
    assert "Step 1" not in talk.text


def test_what_is_corrected_within_a_message_leaves_the_turn_before() -> None:
    talk = running().says("next_step").does(replace(corrects("louder, no, slower", "slow_down"), meant="slower"))
    assert (talk.shown["step"], talk.shown["pace"]) == (2, 1.25)


def test_what_was_said_to_others_is_taken_back() -> None:
    talk = running().says("pause").does(corrects("not you, I was on the phone, go on", "resume"))
    assert (talk.shown["step"], talk.shown["state"]) == (1, "running")


def test_what_was_answered_is_not_taken_back_by_talk_to_others() -> None:
    talk = running().does(corrects("sorry, that was not for you", "undo"))
    assert (talk.shown["step"], talk.shown["state"]) == (1, "running")


def test_of_two_names_the_one_that_is_not_denied_is_meant() -> None:
    denied = said("not the kneading", "go_to_step", technique="petrissage")
    meant = said("the finger one", "go_to_step", body_part="finger")
    talk = running().says("go_to_step", technique="petrissage")
    talk.does(corrects("not the kneading, the finger one", "complain", denied, meant))
    assert talk.shown["step"] == 4


def test_a_change_of_hands_is_taken_back_by_naming_the_other_hand() -> None:
    talk = running().says("switch_hand")
    assert talk.shown["hand"] == "right"
    assert talk.does(said("no stay on the left one", "deny", hand="left")).shown["hand"] == "left"


def test_a_question_that_was_just_asked_takes_no_answer_from_the_same_message() -> None:
    parts = said("yes", "affirm"), said("might it be done in five minutes", "set_duration", minutes="5")
    talk = Talk().says("report_symptom", symptom="stiff_hands")
    talk.does(said("yes, and might it be done in five minutes", "set_duration", *parts, minutes="5"))
    assert talk.card == "screening"
    assert "5 min" in talk.text


def test_a_danger_in_one_clause_counts() -> None:
    parts = said("it's fine", "stay"), said("but my chest hurts", "report_red_flag", symptom="chest_pain")
    talk = running().does(said("it's fine but my chest hurts, next", "next_step", *parts))
    assert (talk.card, talk.shown["state"]) == ("safety", "stopped")


def test_a_danger_beside_a_correction_is_more_than_that() -> None:
    danger = said("I do have a rash", "report_red_flag", symptom="skin_disease")
    talk = Talk().says("start_routine", routine="classic").says("deny")
    talk.does(replace(corrects("wait, wrong, I do have a rash", "slow_down", danger), across=True))
    assert talk.card == "safety"


def test_a_correction_of_nothing_asks_again() -> None:
    talk = running().says("how_long").does(replace(said("I said mumble", "nlu_fallback"), across=True))
    assert talk.shown["step"] == 1


@pytest.mark.parametrize("text", ["don't stop", "no don't pause", "no need to stop", "not stopping", "no break needed"])
def test_a_stop_that_is_denied_goes_on(text: str) -> None:
    assert running().does(said(text, "stop")).shown["state"] == "running"


@pytest.mark.parametrize("text", ["don't skip this one", "no need to change hands", "do not go back"])
def test_a_move_that_is_denied_changes_nothing(text: str) -> None:
    talk = running().says("next_step")
    assert talk.does(said(text, "next_step")).shown["step"] == 2


def test_after_pain_only_what_answers_it_is_done_at_once() -> None:
    parts = said("it hurts", "report_pain"), said("what oil", "faq/oils")
    talk = running().does(said("it hurts, what oil", "report_pain", *parts))
    assert talk.card == "ease"


def test_a_tap_that_moved_can_be_taken_back_by_a_button() -> None:
    talk = running().says("next_step", by="button")
    assert talk.reply is not None
    assert "/undo" in [button.payload for button in talk.reply.buttons]
    assert len(talk.reply.buttons) <= 5
    assert talk.says("undo", by="button").shown["step"] == 1


def test_what_is_told_of_a_complaint_takes_nothing_back() -> None:
    talk = running().says("next_step").does(corrects("nah it's not numb, just chill", "deny", symptom="numb_hands"))
    assert talk.shown["step"] == 2


def test_a_goodbye_after_a_no_takes_nothing_back() -> None:
    parts = said("no", "deny"), said("I'm done", "next_step"), said("bye", "goodbye")
    talk = running().says("next_step").does(said("no I'm done bye", "goodbye", *parts))
    assert (talk.shown["step"], talk.shown["state"]) == (2, "stopped")


def test_a_greeting_beside_talk_is_answered() -> None:
    parts = said("good morning", "greet"), said("a friend told me of you", "out_of_scope")
    assert "Palmwise" in Talk().does(said("good morning, a friend told me of you", "out_of_scope", *parts)).text


def test_what_is_only_taken_for_a_question_or_a_complaint_gives_way() -> None:
    topic = replace(said("no need for the warm stuff", "faq/heat_and_cold"), confidence=0.6)
    talk = Talk().says("start_routine", routine="classic").says("deny")
    both = said("no need for the warm stuff. ready", "faq/heat_and_cold", topic, said("ready", "affirm"))
    talk.does(replace(both, confidence=0.7))
    assert (talk.shown["state"], talk.card) == ("running", "step")
    told = replace(said("grandad is dozing off", "report_symptom"), confidence=0.6)
    talk.does(said("grandad is dozing off, quieter", "speak_softly", told, said("quieter", "speak_softly")))
    assert "doctor" not in talk.text


def test_wait_before_a_change_holds_nothing() -> None:
    parts = said("wait", "pause"), said("begin again", "restart")
    assert running().says("next_step").does(said("wait, begin again", "restart", *parts)).shown["state"] == "running"


def test_ready_with_a_hand_begins_with_that_hand() -> None:
    parts = said("ready", "affirm"), said("with the right one", "switch_hand", hand="right")
    talk = Talk().says("start_routine", routine="classic").says("deny")
    talk.does(said("ready, with the right one", "switch_hand", *parts, hand="right"))
    assert (talk.shown["state"], talk.shown["hand"]) == ("running", "right")


def test_a_wish_beside_something_denied_is_done() -> None:
    parts = said("don't pause", "pause"), said("faster", "speed_up")
    talk = running().does(said("don't pause. faster", "pause", *parts))
    assert (talk.shown["state"], talk.shown["pace"]) == ("running", 0.75)


def test_yes_or_no_asks_for_an_answer_and_gives_none() -> None:
    parts = said("shall I ask her", "faq/medical_advice"), said("yes or no", "affirm")
    talk = Talk().says("start_routine").does(said("shall I ask her, yes or no", "faq/medical_advice", *parts))
    assert talk.shown["state"] == "offered"


def test_a_plain_command_beside_talk_is_done() -> None:
    clause = replace(said("let's carry on", "resume"), confidence=1.0)
    beside = said("mum says hello", "out_of_scope")
    talk = running().says("pause")
    both = replace(said("mum says hello. let's carry on", "resume", beside, clause), acts={"not_addressed": 0.9})
    assert talk.does(both).shown["state"] == "running"


def test_an_offer_that_is_changed_at_once_asks_once() -> None:
    parts = said("my hands are sore", "report_symptom", symptom="soreness"), said("five", "set_duration", minutes="5")
    talk = Talk().does(said("my hands are sore, I've got five minutes", "report_symptom", *parts))
    assert talk.text.count("?") == 1
    assert talk.shown["minutes"] == pytest.approx(5, abs=0.1)


def test_what_to_get_ready_is_told_once() -> None:
    talk = Talk().says("start_routine", routine="classic").says("deny")
    assert "oil" in talk.text
    assert "oil" not in talk.says("set_duration", minutes="6").text


def test_what_comes_next_is_told_to_who_only_asks() -> None:
    talk = running().does(said("I only ask what is next", "next_step"))
    assert (talk.shown["step"], "kneading" in talk.text) == (1, True)


def test_a_goodbye_after_the_end_is_no_mere_no() -> None:
    talk = running()
    for _ in range(6):
        talk.says("next_step")
    bye = replace(said("bye", "goodbye"), answers={"another_round": ("no", 0.99)})
    assert "those hands" in talk.does(bye).text or "your hands" in talk.text


def test_a_no_that_only_begins_a_remark_holds_nothing() -> None:
    parts = said("no", "deny"), said("I'm only chatting to my wife", "out_of_scope")
    talk = running().does(replace(said("no I'm only chatting to my wife", "out_of_scope", *parts), confidence=0.4))
    assert talk.shown["state"] == "running"


@pytest.mark.parametrize("text", ["never mind", "nothing", "oh forget it"])
def test_nothing_is_no_pause(text: str) -> None:
    assert running().does(said(text, "deny")).shown["state"] == "running"
    assert Talk().says("start_routine").does(said(text, "deny")).shown["state"] == "none"


def test_a_correction_that_is_hardly_a_stop_only_takes_back() -> None:
    talk = (
        running()
        .says("next_step")
        .does(replace(corrects("I was just asking what it is, keep off that", "stop"), confidence=0.4))
    )
    assert (talk.shown["state"], talk.shown["step"]) == ("running", 1)


def test_an_explained_no_before_a_yes_takes_the_offer() -> None:
    parts = said("no, mine aren't puffy today", "deny"), said("let's begin", "start_routine")
    talk = Talk().says("start_routine").does(said("no, mine aren't puffy today. let's begin", "start_routine", *parts))
    assert talk.shown["state"] == "screening"


def test_what_follows_is_told_and_not_gone_to() -> None:
    parts = said("what comes next", "next_step"), said("what's it good for", "explain_benefit")
    talk = running().does(said("what comes next and what's it good for?", "next_step", *parts))
    assert (talk.shown["step"], talk.card) == (1, "technique")
    assert "Kneading" in talk.text


def test_a_plain_clause_counts_more_than_what_the_whole_may_answer() -> None:
    parts = replace(said("they aren't puffy", "deny"), confidence=0.4), said("let's begin", "start_routine")
    whole = replace(said("they aren't puffy, let's begin", "start_routine", *parts), answers={"offer": ("later", 0.9)})
    assert Talk().says("start_routine").does(replace(whole, confidence=0.6)).shown["state"] == "screening"


def test_an_offer_that_gives_way_to_another_is_not_told() -> None:
    parts = said("I do want to begin", "start_routine"), said("the sore one", "start_routine", routine="sore_hands")
    talk = Talk().does(said("I do want to begin. the sore one", "start_routine", *parts))
    assert talk.shown["routine"] == "sore_hands"
    assert content().routines["classic"].good_for not in talk.text


def test_three_questions_in_one_message_are_all_answered() -> None:
    parts = (
        said("how long is it", "how_long"),
        said("what is it good for", "explain_benefit"),
        said("and the steps", "list_steps"),
    )
    talk = Talk().says("start_routine", routine="classic").says("deny").does(said("three things", "how_long", *parts))
    assert talk.shown["state"] == "preparing"
    for answer in ("takes about 10 min", "relaxes", "6 steps"):
        assert answer in talk.text


def test_two_questions_of_one_topic_are_both_answered() -> None:
    asked = [replace(said(f"question {id}", "faq/oils"), answer=id) for id in ("need_oil", "hand_cream")]
    talk = Talk().does(said("two questions", "faq/oils", *asked))
    assert all(content().answers[id].say in talk.text for id in ("need_oil", "hand_cream"))


@pytest.mark.parametrize("order", [1, -1])
def test_a_step_that_is_named_counts_where_another_is_told_to_be_done(order: int) -> None:
    parts = said("the last one", "go_to_step", step_number="last"), said("done", "next_step")
    talk = running().does(said("the last one and done", "go_to_step", *parts[::order]))
    assert (talk.shown["state"], talk.shown["step"]) == ("running", 6)


def test_what_is_corrected_to_something_else_is_done() -> None:
    talk = running().does(replace(said("go on no wait", "pause"), meant="wait"))
    assert talk.shown["state"] == "paused"


def test_a_clause_for_somebody_else_takes_the_rest_with_it_but_no_command() -> None:
    to_child = said("nearly done sweetie", "ask_progress")
    talk = running().does(
        said("nearly done sweetie. it's the last", "ask_progress", to_child, said("it's the last", "nlu_fallback"))
    )
    assert talk.reply is not None
    assert talk.reply.custom["aside"]
    talk.does(said("nearly done sweetie. next please", "next_step", to_child, said("next please", "next_step")))
    assert talk.shown["step"] == 2


def test_a_plain_yes_counts_beside_what_is_told_of_the_hands() -> None:
    told = said("it's his hand", "switch_hand")
    whole = replace(
        said("yes, but it's his hand", "switch_hand", said("yes", "affirm"), replace(told, confidence=0.3)),
        confidence=0.5,
    )
    assert Talk().says("start_routine").does(whole).shown["state"] == "screening"


@pytest.mark.parametrize(("then", "state"), [("and then we stop", "running"), ("we stop", "stopped")])
def test_an_end_for_later_does_not_end_it_now(then: str, state: str) -> None:
    parts = said("the other hand", "switch_hand"), said("we stop", "stop")
    talk = running().does(said(f"the other hand {then}", "stop", *parts))
    assert talk.shown["state"] == state


def test_the_massage_that_was_meant_begins_though_it_sounds_like_a_question() -> None:
    whole = said("the wrong one, I said the points one", "faq/reflexology", routine="reflexology")
    talk = (
        running("classic")
        .says("next_step")
        .does(replace(whole, meant="the points one", across=True, answer="reflex_science"))
    )
    assert (talk.card, talk.text.count("reflexology")) == ("offer", 1)


def test_a_plain_goodbye_ends_it_whatever_is_told_beside_it() -> None:
    parts = said("we are finished", "ask_progress"), said("until tomorrow", "goodbye")
    assert running().does(said("we are finished. until tomorrow", "goodbye", *parts)).shown["state"] == "stopped"
    asks = said("how long is it", "how_long"), said("until tomorrow", "goodbye")
    assert running().does(said("how long is it? until tomorrow", "ask_progress", *asks)).shown["state"] != "none"


def test_a_complaint_of_one_hand_beside_a_yes_keeps_the_massage_on_offer() -> None:
    parts = said("yes", "affirm"), said("my left wrist is stiff", "report_symptom", symptom="stiffness", hand="left")
    talk = Talk().says("start_routine").does(said("yes. and my left wrist is stiff", "report_symptom", *parts))
    assert (talk.shown["state"], talk.shown["routine"]) == ("screening", "classic")


def test_what_was_asked_about_for_a_complaint_is_begun_if_it_is_to_be_tried() -> None:
    parts = said("ok", "affirm"), said("let's try it", "affirm")
    talk = Talk().says("faq/headaches", symptom="headache").does(said("ok let's try it", "affirm", *parts))
    assert talk.shown["routine"] == "reflexology"


def test_a_correction_that_wants_more_of_the_same_takes_nothing_back() -> None:
    talk = running().says("next_step")
    talk.does(replace(said("no I meant skip that one too", "next_step"), meant="skip that one too", across=True))
    assert talk.shown["step"] == 3


def test_a_question_with_a_not_beside_it_leaves_what_is_prepared() -> None:
    parts = said("what is a compress?", "faq/heat_and_cold"), said("i have not", "deny")
    talk = Talk().says("start_routine").says("affirm").says("deny")
    assert talk.does(said("what is a compress? i have not", "faq/heat_and_cold", *parts)).shown["state"] == "preparing"


def test_a_complaint_in_one_clause_is_remembered() -> None:
    part = said("his hands are stiff", "report_symptom", symptom="stiffness")
    talk = Talk().does(said("hello. his hands are stiff", "greet", said("hello", "greet"), part))
    assert "stiffness" in talk.session.known


def test_minutes_in_a_question_that_is_hardly_understood_are_asked_about() -> None:
    whole = replace(said("can u do a 5 min one", "set_duration", minutes="5"), confidence=0.4)
    assert Talk().does(whole).says("affirm").shown["minutes"] == pytest.approx(5, abs=0.5)


@pytest.mark.parametrize(("told", "state"), [("I have cream here.", "running"), ("is cream fine?", "preparing")])
def test_who_is_ready_may_tell_of_something_but_not_ask(told: str, state: str) -> None:
    whole = said(f"ready. {told}", "faq/oils", said(told, "nlu_fallback"), said("ready", "affirm"))
    talk = Talk().says("start_routine").says("affirm").says("deny")
    assert talk.does(replace(whole, answer="hand_cream")).shown["state"] == state


def test_the_rest_is_left_out_by_going_to_what_is_named() -> None:
    parts = said("can we just do wrists", "start_routine"), said("skip the rest", "stop")
    talk = running().does(said("can we just do wrists, skip the rest", "go_to_step", *parts, body_part="wrist"))
    assert (talk.shown["state"], talk.shown["technique"]) == ("running", "wrist_mobilization")
    assert talk.shown["step"] == talk.shown["steps"] == 5
    assert talk.says("undo").shown["steps"] == 6
    parts = said("the wrists are nice", "praise"), said("stop", "stop")
    talk = running().does(said("the wrists are nice, stop", "stop", *parts, body_part="wrist"))
    assert talk.shown["state"] == "stopped"


def test_a_massage_that_is_told_to_begin_twice_begins_once() -> None:
    talk = Talk().says("start_routine", routine="classic").says("deny")
    talk.does(said("Right then, start", "start_routine", said("Right", "affirm"), said("start", "start_routine")))
    assert (talk.shown["state"], talk.shown["step"]) == ("running", 1)
    assert "begun" not in talk.text


def test_of_two_lengths_before_a_massage_the_last_counts() -> None:
    parts = (
        said("lovely", "affirm"),
        said("ten minutes might tire her", "set_duration", minutes="10"),
        said("could we keep it to five?", "set_duration", minutes="5"),
    )
    talk = (
        Talk()
        .says("affirm")
        .does(
            said(
                "lovely, but ten minutes might tire her. could we keep it to five?",
                "set_duration",
                *parts,
                minutes="10",
            )
        )
    )
    assert talk.shown["minutes"] == pytest.approx(5, abs=0.5)
    assert "10 min" not in talk.text


@pytest.mark.parametrize(
    ("text", "parts", "state"),
    [
        ("no, don't, stop", ("no", "deny", "don't", "deny", "stop", "stop"), "stopped"),
        ("no, don't stop", ("no", "deny", "don't stop", "stop"), "running"),
    ],
)
def test_what_is_denied_is_of_its_own_clause(text: str, parts: tuple[str, ...], state: str) -> None:
    clauses = (said(each, intent) for each, intent in zip(parts[::2], parts[1::2], strict=True))
    guess = replace(said(text, "resume", *clauses), confidence=0.93)
    assert running().does(guess).shown["state"] == state


def test_a_wish_to_be_shown_one_is_not_something_to_pick_up() -> None:
    parts = said("go on then", "resume"), said("show me one", "explain_step")
    assert Talk().does(said("go on then, show me one", "start_routine", *parts)).shown["state"] == "offered"
