"""Which commands a message stands for, and when it is not taken at its word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from palmwise.coach.commands import Command, doubt_of
from palmwise.resources import content
from tests.unit.coach.driver import Talk, running

COMMAND = {"command": 0.9, "question": 0.02, "statement": 0.04, "not_addressed": 0.02}


def said(text: str, intent: str, *parts: Command, **entities: str) -> Command:
    return Command(intent, {name: (value,) for name, value in entities.items()}, text=text, parts=parts, acts=COMMAND)


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


@pytest.mark.parametrize(
    ("intent", "acts", "confidence", "doubt"),
    [
        ("next_step", COMMAND, 0.9, ""),
        ("next_step", {"not_addressed": 0.9}, 0.8, "aside"),
        ("slow_down", {"statement": 0.9}, 0.8, "remark"),
        ("restart", {"question": 0.9}, 0.9, "unsure"),
        ("restart", COMMAND, 0.3, "unsure"),
        ("stop", {"question": 0.9}, 0.9, ""),
        ("report_pain", {"not_addressed": 0.99}, 0.9, ""),
        ("how_long", {"statement": 0.9}, 0.9, ""),
        ("next_step", {}, 0.2, ""),
        # What the coach is told, it is to do something about, if that is plain.
        ("switch_hand", {"statement": 0.9}, 0.97, ""),
        ("switch_hand", {"statement": 0.9}, 0.9, "remark"),
        ("speak_up", {"statement": 0.9}, 0.97, ""),
        ("bot_challenge", {"not_addressed": 0.7}, 0.97, ""),
        ("bot_challenge", {"not_addressed": 0.7}, 0.8, "aside"),
        ("out_of_scope", {"not_addressed": 0.7}, 0.97, "aside"),
    ],
)
def test_what_is_doubted(intent: str, acts: dict[str, float], confidence: float, doubt: str) -> None:
    assert doubt_of(Command(intent, text="some words", acts=acts, confidence=confidence)) == doubt


def test_a_form_of_address_leaves_no_doubt() -> None:
    for text, step in (("next, coach", 2), ("next, dear", 1)):
        command = Command("next_step", text=text, acts={"not_addressed": 0.9}, confidence=0.9)
        assert running().does(command).shown["step"] == step


def test_what_is_doubtful_is_asked_about_and_done_at_a_yes() -> None:
    doubtful = replace(said("should I start over", "restart"), acts={"question": 0.9})
    talk = running().says("next_step").does(doubtful)
    assert (talk.shown["step"], talk.shown["asked"]) == (2, "did_you_mean")
    assert talk.says("affirm", by="button").shown["step"] == 1
    talk = running().says("next_step").does(doubtful).says("deny")
    assert (talk.shown["step"], talk.shown["asked"]) == (2, None)


def test_talk_in_the_room_gets_next_to_nothing() -> None:
    aside = replace(said("next weekend we go to the sea", "next_step"), acts={"not_addressed": 0.95})
    talk = running().does(aside)
    assert talk.shown["step"] == 1
    assert talk.reply is not None
    assert talk.reply.custom["aside"] is True
    assert len(talk.text.split()) <= 5


def test_what_was_nearly_understood_is_offered() -> None:
    talk = running().does(Command("nlu_fallback", text="mumble", others=("next_step", "restart")))
    assert talk.reply is not None
    assert [button.payload for button in talk.reply.buttons] == ["/next_step", "/restart"]


def test_the_open_question_is_in_every_card() -> None:
    talk = Talk().says("start_routine")
    assert talk.shown["asked"] == "offer"
    assert talk.says("affirm").shown["asked"] == "screening"
    assert talk.says("deny").shown["asked"] == "ready"
    assert talk.says("affirm").shown["asked"] is None
    assert talk.says("report_pain").shown["asked"] == "ease"


def test_a_tap_that_moved_can_be_taken_back_by_a_button() -> None:
    talk = running().says("next_step", by="button")
    assert talk.reply is not None
    assert "/undo" in [button.payload for button in talk.reply.buttons]
    assert len(talk.reply.buttons) <= 5
    assert talk.says("undo", by="button").shown["step"] == 1


def test_what_is_chosen_from_a_list_is_not_asked_about() -> None:
    choice = replace(
        said("the one for sore hands sounds right", "start_routine", routine="sore_hands"),
        acts={"statement": 0.8},
        confidence=0.4,
        answers={"routine_choice": ("sore_hands", 0.98)},
    )
    assert Talk().does(choice).card == "note"
    assert Talk().says("list_routines").does(choice).card in ("screening", "offer")


def test_a_pace_is_read_where_it_is_hardly_a_wish_to_stay() -> None:
    talk = running().says("speed_up").does(replace(said("reset the speed", "stay"), confidence=0.45))
    assert talk.shown["pace"] == 1.0


def test_what_is_told_of_a_complaint_takes_nothing_back() -> None:
    talk = running().says("next_step").does(corrects("nah it's not numb, just chill", "deny", symptom="numb_hands"))
    assert talk.shown["step"] == 2


def test_a_goodbye_after_a_no_takes_nothing_back() -> None:
    parts = said("no", "deny"), said("I'm done", "next_step"), said("bye", "goodbye")
    talk = running().says("next_step").does(said("no I'm done bye", "goodbye", *parts))
    assert (talk.shown["step"], talk.shown["state"]) == (2, "stopped")


def test_what_is_told_in_passing_is_answered_where_there_is_an_answer() -> None:
    remark = Command(
        "slow_down", text="this feels weird", answer="moment_weird", acts={"statement": 0.9}, confidence=0.6
    )
    assert running().does(remark).card == "faq"
    assert running().does(replace(remark, answer=None)).card == "note"
    assert running().does(replace(remark, acts={"not_addressed": 0.9})).card == "note"


def test_a_sure_wish_to_stay_is_no_denial() -> None:
    parts = replace(said("this pace suits me", "stay"), confidence=0.9), said("leave it", "deny")
    talk = running().does(said("this pace suits me, leave it", "stay", *parts))
    assert talk.shown["state"] == "running"


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


def test_a_guessed_topic_is_no_answer_to_what_is_told() -> None:
    talk = running().does(replace(said("my aunt always used lard", "faq/headaches"), confidence=0.4))
    assert talk.card == "note"
    assert "headache" not in talk.text


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


def test_a_question_with_an_answer_is_no_yes() -> None:
    talk = Talk().says("start_routine", routine="classic").says("deny")
    talk.does(replace(said("so is lotion ok?", "faq/oils"), answer="body_lotion", answers={"ready": ("yes", 0.9)}))
    assert (talk.shown["state"], talk.card) == ("preparing", "faq")


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


def test_a_hardly_likely_stop_among_others_is_let_pass() -> None:
    aside = replace(said("love, could you switch the oven off", "stop"), acts={"not_addressed": 0.95}, confidence=0.5)
    talk = Talk().says("start_routine", routine="classic").says("deny").does(aside)
    assert talk.shown["state"] == "preparing"
    assert talk.does(replace(aside, text="stop", confidence=1.0)).shown["state"] == "stopped"


def test_another_massage_can_be_gone_back_to() -> None:
    talk = running().does(
        replace(said("back to the sore hands one", "go_to_step", routine="sore_hands"), confidence=0.5)
    )
    assert talk.shown["asked"] == "change_routine"


def test_more_asks_for_another_degree() -> None:
    talk = running().says("slow_down").does(replace(said("even more", "stop"), confidence=0.5))
    assert (talk.shown["state"], talk.shown["pace"]) == ("running", 1.5)


def test_an_offer_that_is_changed_at_once_asks_once() -> None:
    parts = said("my hands are sore", "report_symptom", symptom="soreness"), said("five", "set_duration", minutes="5")
    talk = Talk().does(said("my hands are sore, I've got five minutes", "report_symptom", *parts))
    assert talk.text.count("?") == 1
    assert talk.shown["minutes"] == pytest.approx(5, abs=0.1)


def test_what_to_get_ready_is_told_once() -> None:
    talk = Talk().says("start_routine", routine="classic").says("deny")
    assert "oil" in talk.text
    assert "oil" not in talk.says("set_duration", minutes="6").text


@pytest.mark.parametrize("text", ["which hand is it now", "which hand", "am I on the left or the right"])
def test_the_hand_that_is_massaged_is_told(text: str) -> None:
    talk = running().does(replace(said(text, "ask_progress"), answer="which_hand_first"))
    assert (talk.card, "left hand" in talk.text) == ("progress", True)


def test_what_comes_next_is_told_to_who_only_asks() -> None:
    talk = running().does(said("I only ask what is next", "next_step"))
    assert (talk.shown["step"], "kneading" in talk.text) == (1, True)


@pytest.mark.parametrize(("text", "share"), [("again but shorter", 0.6), ("one more, a longer one", 1.5)])
def test_another_round_can_be_shorter_or_longer(text: str, share: float) -> None:
    talk = Talk().says("start_routine", routine="classic").says("deny").says("affirm")
    for _ in range(6):
        talk.says("next_step")
    talk.does(said(text, "set_duration"))
    assert talk.shown["state"] == "running"
    assert talk.shown["minutes"] == pytest.approx(10 * share, rel=0.1)


def test_where_it_was_stopped_is_told_and_nothing_goes_on() -> None:
    talk = running().says("next_step").says("stop").does(said("where did we stop", "resume"))
    assert (talk.shown["state"], "step 2" in talk.text) == ("stopped", True)


def test_slowly_is_of_the_words_where_they_are_to_be_repeated() -> None:
    talk = running().does(said("say that again slowly please", "repeat_step"))
    assert (talk.shown["pace"], talk.card) == (1.0, "step")
    assert running().does(said("slowly please", "slow_down")).shown["pace"] == 1.25


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


def test_what_is_hardly_a_stop_is_asked_about() -> None:
    talk = running().does(replace(said("he takes over so tell him how", "stop"), confidence=0.35))
    assert (talk.shown["state"], talk.shown["asked"]) == ("running", "did_you_mean")
    assert talk.says("affirm").shown["state"] == "stopped"


@pytest.mark.parametrize("text", ["never mind", "nothing", "oh forget it"])
def test_nothing_is_no_pause(text: str) -> None:
    assert running().does(said(text, "deny")).shown["state"] == "running"
    assert Talk().says("start_routine").does(said(text, "deny")).shown["state"] == "none"


def test_more_minutes_in_a_pause_are_a_longer_pause() -> None:
    talk = running().says("pause").does(said("five more minutes", "set_duration", minutes="5"))
    assert (talk.shown["state"], talk.shown["minutes"]) == ("paused", 10.0)


def test_the_time_of_day_is_no_question_of_the_step() -> None:
    assert running().does(said("what time is it", "out_of_scope")).card == "note"


def test_what_if_there_is_less_time_plans_for_it() -> None:
    talk = Talk().says("start_routine").does(said("what if I've only got four minutes", "how_long"))
    assert talk.shown["minutes"] == pytest.approx(4, abs=0.2)


def test_what_was_that_changes_no_pace() -> None:
    assert running().does(said("whoa what was that", "repeat_step")).shown["pace"] == 1.0


def test_what_is_told_and_has_an_answer_is_no_yes() -> None:
    talk = Talk().says("start_routine", routine="classic").says("deny")
    told = replace(said("I've rings on", "out_of_scope"), acts={"statement": 0.9}, answer="rings")
    talk.does(replace(told, answers={"ready": ("yes", 0.9)}))
    assert (talk.shown["state"], talk.card) == ("preparing", "faq")


def test_a_stop_that_is_asked_about_is_not_carried_out() -> None:
    talk = running().does(replace(said("was that a yes, may I stop if need be?", "stop"), confidence=0.9))
    assert (talk.shown["state"], talk.shown["asked"]) == ("running", "did_you_mean")
    assert running().does(replace(said("stop?", "stop"), confidence=1.0)).shown["state"] == "stopped"


def test_who_wants_no_massage_is_answered_without_ado() -> None:
    parts = said("I don't want a massage", "stop"), said("what's kneading", "explain_technique", technique="petrissage")
    whole = said("I don't want a massage. what's kneading", "explain_technique", *parts, technique="petrissage")
    talk = Talk().does(whole)
    assert talk.card == "technique"
    assert "running" not in talk.text


def test_the_place_is_told_once() -> None:
    parts = said("how many steps", "ask_progress"), said("how long is all of it", "how_long", extent="whole")
    talk = running().does(said("how many steps and how long is all of it", "how_long", *parts))
    assert talk.text.lower().count("step 1 of 6") == 1


def test_a_little_more_time_of_seconds_is_for_the_step() -> None:
    talk = running().does(said("a bit more time please, thirty seconds", "set_duration"))
    assert (talk.shown["steps"], talk.shown["state"]) == (6, "running")
    assert "1:03 min" in talk.text


def test_hours_that_are_over_are_no_wish() -> None:
    told = said("after three hours of weeding my hands are sore", "report_symptom", symptom="soreness", minutes="180")
    assert Talk().does(told).shown["minutes"] == 7.5


def test_the_whole_is_told_beside_what_is_left() -> None:
    talk = running().says("go_to_step", step_number="4").says("how_long", extent="whole")
    assert "takes 10 min in all" in talk.text


def test_instructions_for_somebody_else_s_hands_say_so() -> None:
    talk = Talk().does(said("start the classic one for my mother", "start_routine", routine="classic"))
    assert "take theirs" in talk.says("deny").says("affirm").text
    assert "take theirs" not in talk.says("next_step").text


def test_a_step_that_is_told_by_its_place_is_named() -> None:
    talk = running().does(said("which step is the last one", "ask_progress"))
    assert (talk.card, "relaxation strokes" in talk.text.lower()) == ("technique", True)


def test_the_pace_goes_back_to_how_it_was() -> None:
    talk = (
        running().says("slow_down").does(said("no no not slower I never said that put it back the way it was", "undo"))
    )
    assert talk.shown["pace"] == 1.0


def test_the_time_of_the_hand_is_of_this_step() -> None:
    talk = running().does(replace(said("how long on each hand", "how_long"), answer="length_each_hand"))
    assert talk.card == "duration"


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


def test_a_hand_that_is_asked_to_be_confirmed_is_told() -> None:
    talk = running().does(said("ok now it's the other hand, yes?", "switch_hand"))
    assert (talk.shown["hand"], talk.card) == ("left", "progress")


def test_who_is_back_in_five_goes_to_no_step() -> None:
    talk = running().says("pause").does(said("back in 5", "go_to_step", step_number="5"))
    assert (talk.shown["state"], talk.shown["step"]) == ("paused", 1)


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


def test_a_move_said_twice_as_if_to_somebody_else_is_asked_about() -> None:
    talk = running().does(replace(said("that side, no, that side", "switch_hand"), meant="that side"))
    assert (talk.shown["hand"], talk.shown["asked"]) == ("left", "did_you_mean")
    assert talk.says("affirm").shown["hand"] == "right"


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
