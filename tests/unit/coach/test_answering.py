"""Questions get the answer to what was asked; what is said next goes on with it."""

from __future__ import annotations

import itertools

import pytest

from palmwise.coach.commands import Command
from palmwise.coach.replies import payloads
from palmwise.coach.session import Session
from palmwise.resources import content
from tests.unit.coach.driver import Talk, running


def asks(talk: Talk, answer: str, text: str = "", intent: str = "faq/oils") -> Talk:
    return talk.does(Command(intent, answer=answer, text=text))


def says(talk: Talk, text: str, intent: str = "nlu_fallback") -> Talk:
    return talk.does(Command(intent, text=text))


def test_the_first_sentence_answers_and_the_rest_is_there() -> None:
    talk = asks(Talk(), "without_oil")
    assert talk.text == "Yes, it works on dry skin too; just stroke more lightly."
    assert talk.reply is not None
    custom = talk.reply.custom
    assert {key: custom[key] for key in ("card", "id", "answer", "form")} == {
        "card": "faq",
        "id": "faq/oils",
        "answer": "without_oil",
        "form": "without",
    }
    assert custom["more"] == content().answers["without_oil"].more
    assert all(button.payload in payloads(content()) for button in talk.reply.buttons)


def test_an_answer_at_a_step_tells_the_place_and_moves_nothing() -> None:
    talk = running()
    before = talk.shown
    asks(talk, "rings", intent="next_step")
    assert talk.text.startswith("Yes, take rings and watch off if you can")
    assert "step 1 of 6" in talk.text.lower()
    assert {**talk.shown, "remaining_seconds": 0} == {**before, "remaining_seconds": 0}


def test_the_same_question_is_never_answered_in_the_same_words_twice_running() -> None:
    talk = Talk()
    told = [asks(talk, "need_oil").text for _ in range(4)]
    assert all(one != other for one, other in itertools.pairwise(told))
    topics = [talk.says("faq/oils").text for _ in range(4)]
    assert all(one != other for one, other in itertools.pairwise(topics))


@pytest.mark.parametrize("danger", ["report_red_flag", "report_pain", "stop"])
def test_danger_pain_and_stop_come_before_what_goes_on_with_an_answer(danger: str) -> None:
    talk = asks(running(), "rings")
    says(talk, "why", danger)
    assert talk.card != "faq"


@pytest.mark.parametrize(
    ("first", "text", "answer"),
    [
        ("need_oil", "why?", "why_oil"),
        ("need_oil", "and how much?", "how_much_oil"),
        ("stretch_good", "how often should I do it", "stretch_often"),
        ("arthritis_good", "and how hard?", "arthritis_hard"),
        ("reflex_works", "how do I do that", "reflex_how"),
    ],
)
def test_a_question_without_a_topic_goes_on_with_the_last_one(first: str, text: str, answer: str) -> None:
    talk = says(asks(Talk(), first), text)
    assert talk.reply is not None
    assert talk.reply.custom["answer"] == answer


def test_more_is_told_once_and_then_there_is_none() -> None:
    talk = says(asks(Talk(), "vaseline"), "tell me more")
    assert talk.text == content().answers["vaseline"].more
    assert says(talk, "more please").card == "note"
    talk = asks(Talk(), "vaseline").says("faq/more", by="button")
    assert talk.text == content().answers["vaseline"].more


def test_what_goes_on_is_forgotten_after_other_turns() -> None:
    talk = asks(Talk(), "need_oil").says("list_routines").says("list_steps").says("help")
    assert says(talk, "why").card != "faq"


def test_simple_words_are_kept_to() -> None:
    talk = says(asks(Talk(), "rings"), "simpler words please")
    assert talk.text == content().answers["rings"].short
    assert asks(talk, "need_heat").text == content().answers["need_heat"].short
    assert len(says(running(), "my english is not good").text.split()) < 30


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("how hard here?", "Softly: glide over the skin"),
        ("which way do I go", "From the fingertips to the wrist"),
        ("where exactly", "Over the whole hand"),
        ("how should it feel", "Warm and soft"),
        ("how many strokes", "one long stroke for each breath"),
    ],
)
def test_a_question_about_the_movement_is_answered_for_the_step(text: str, told: str) -> None:
    assert told in says(running(), text).text


def test_a_known_question_about_the_movement_is_answered_for_the_step() -> None:
    assert "clockwise" in asks(running().says("go_to_step", step_number="5"), "circle_direction").text
    assert "Either way is fine" in asks(Talk(), "circle_direction").text


def test_what_was_recommended_can_be_started() -> None:
    talk = asks(Talk(), "which_knitting")
    assert talk.session.listed == ("sore_hands",)
    assert says(talk, "that one then").shown["routine"] == "sore_hands"


def test_near_questions_are_offered_where_none_is_known() -> None:
    talk = Talk().does(Command("faq", near=("rings", "ring_on")))
    assert talk.reply is not None
    assert [button.payload for button in talk.reply.buttons] == ["/faq/rings", "/faq/ring_on"]


def test_a_session_of_an_earlier_version_is_read() -> None:
    new = {"answered", "answered_at", "told", "plain", "listed"}
    stored = {key: value for key, value in Session.new("0123456789abcdef").to_json().items() if key not in new}
    assert Session.from_json(stored) == Session.new("0123456789abcdef")


def test_the_same_is_asked_of_another_thing() -> None:
    talk = asks(Talk(), "which_typing")
    talk.does(Command("explain_benefit", text="and for knitting?", near=("drag", "which_knitting")))
    assert talk.reply is not None
    assert talk.reply.custom["answer"] == "which_knitting"


def test_a_move_that_is_asked_about_is_not_carried_out() -> None:
    talk = running().says("next_step")
    before = talk.shown["step"], talk.shown["state"]
    for text in ("do I go back to the start of the finger", "does it go on to the wrist"):
        says(talk, text, "previous_step")
        assert (talk.shown["step"], talk.shown["state"]) == before
    says(talk.says("pause"), "does it start again by itself", "resume")
    assert talk.shown["state"] == "paused"


def test_after_pain_a_question_back_is_answered() -> None:
    talk = running().says("report_pain")
    says(talk, "is that normal?", "nlu_fallback")
    assert talk.text.startswith("No, it should never hurt")
    says(talk, "should I stop?", "stop")
    assert talk.shown["state"] == "paused"


def test_in_reply_to_the_safety_question_a_statement_is_no_question() -> None:
    talk = Talk().says("start_routine").says("affirm")
    asks(talk, "arthritis_safe", "only arthritis", "report_symptom")
    assert talk.card != "faq"
    asks(talk, "arthritis_safe", "is it safe with arthritis", "faq/arthritis")
    assert talk.card == "faq"


@pytest.mark.parametrize(
    ("answer", "text", "told"),
    [
        ("clicking", "is it all right if a joint clicks", "Yes, clicking"),
        ("clicking", "is it bad if a joint clicks", "No, clicking"),
        ("essential_neat", "is it dangerous to put it on neat", "Never put it on neat"),
        ("stress_bad", "is it bad for anxiety", "No, most people"),
    ],
)
def test_yes_and_no_are_the_right_way_round(answer: str, text: str, told: str) -> None:
    assert asks(Talk(), answer, text).text.startswith(told)


def test_what_the_conversation_makes_of_a_message_comes_before_a_known_question() -> None:
    talk = running().does(Command("slow_down", answer="how_fast", text="should I move slowly or quickly"))
    assert talk.card == "note"
    assert "stroke" in talk.text


def test_for_who_tells_of_a_complaint_its_own_routine_is_offered() -> None:
    command = Command(
        "report_symptom", {"symptom": ("soreness",)}, answer="which_typing", text="sore, what do you suggest"
    )
    assert Talk().does(command).session.routine == "sore_hands"


@pytest.mark.parametrize(
    ("answer", "text"),
    [("safe_general", "is it bad for me"), ("dangerous", "is it dangerous"), ("essential_danger", "is lavender bad")],
)
def test_no_harm_is_a_no_to_who_asks_for_danger(answer: str, text: str) -> None:
    told = asks(Talk(), answer, text).text
    assert told.startswith("No, ")
    assert "most people it is" not in told


def test_a_yes_on_a_condition_is_a_no_that_denies_it() -> None:
    assert asks(Talk(), "arthritis_safe", "is it dangerous with arthritis").text.startswith("No, not if you keep it")


@pytest.mark.parametrize("intent", ["out_of_scope", "faq/benefits", "praise"])
def test_what_is_told_in_passing_gets_one_warm_sentence_and_no_card(intent: str) -> None:
    talk = asks(Talk(), "remark_memory", "my husband used to do this for me", intent)
    assert (talk.card, talk.text) == ("note", content().answers["remark_memory"].say)


def test_again_but_shorter_shortens_the_answer() -> None:
    talk = asks(Talk(), "rings")
    assert says(talk, "again but shorter").text == content().answers["rings"].short


@pytest.mark.parametrize("field", ["tool", "lie", "right"])
def test_what_is_asked_of_a_movement_is_told_of_the_one_that_is_on(field: str) -> None:
    answer = {"tool": "which_finger_works", "lie": "hand_lies", "right": "step_right"}[field]
    assert asks(running(), answer).text.startswith(getattr(content().techniques["effleurage"], field))
    assert asks(Talk(), answer).text == content().answers[answer].say


@pytest.mark.parametrize(
    ("answer", "text", "field"),
    [("how_often_best", "how many times", "count"), ("light", "how light should it be", "pressure")],
)
def test_a_short_question_at_a_step_is_about_its_movement(answer: str, text: str, field: str) -> None:
    assert asks(running(), answer, text).text.startswith(getattr(content().techniques["effleurage"], field))
    assert asks(Talk(), answer, text).text == content().answers[answer].say


def test_a_question_about_a_condition_is_not_taken_for_one_about_the_movement() -> None:
    assert asks(running(), "arthritis_hard", "how hard with arthritis").text.startswith("Light")


def test_no_other_massage_is_recommended_to_who_asks_of_the_movement() -> None:
    command = Command("explain_step", answer="which_thumb", near=("which_finger_works",), text="which thumb do i use")
    assert running().does(command).text.startswith(content().techniques["effleurage"].tool)
    assert "Relief for sore hands" in Talk().does(command).text


def test_whether_it_is_normal_is_told_of_what_was_just_said() -> None:
    talk = running().does(Command("out_of_scope", near=("clicking",), text="my hand makes clicking noises"))
    assert asks(talk, "is_it_normal", "is that normal?").text.startswith("Yes, clicking")
    assert asks(running(), "is_it_normal", "is that normal?").text.startswith("Warmth, pink skin")


def test_without_an_answer_the_nearest_question_is_named_and_a_yes_answers_it() -> None:
    talk = Talk().does(Command("nlu_fallback", near=("butter", "water"), text="can i use margarine?"))
    assert "Can I use butter?" in talk.text
    assert talk.says("affirm").text == content().answers["butter"].say


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("why did it hurt", "Mostly too much pressure"),
        ("was that my fault", "No, you did nothing wrong"),
        ("is something broken", "I can't see that"),
        ("what can i do instead", "Stroke around the place"),
        ("when can i try it again", "When the place no longer hurts"),
    ],
)
def test_after_pain_what_is_asked_of_it_is_answered_and_it_stays_paused(text: str, told: str) -> None:
    talk = says(running().says("report_pain"), text)
    assert talk.text.startswith(told)
    assert talk.shown["state"] == "paused"


def test_a_question_about_pain_is_answered_unless_hands_are_at_work() -> None:
    assert asks(Talk(), "should_hurt", "is it meant to be painful", "report_pain").card == "faq"
    assert asks(running(), "should_hurt", "is it meant to be painful", "report_pain").card == "ease"


def test_in_words_a_topic_is_told_in_short_and_by_a_button_in_full() -> None:
    topic = content().faqs["oils"]
    assert says(Talk(), "something about oils", "faq/oils").text == topic.short
    assert Talk().says("faq/oils").text == topic.text


def test_the_name_of_the_following_step_is_told_without_a_move() -> None:
    talk = says(running(), "what's the next movement called", "next_step")
    assert talk.text.startswith("It's called petrissage")
    assert talk.shown["step"] == 1


def test_what_has_no_answer_of_its_own_at_a_step_is_told_from_its_explanation_in_short() -> None:
    more = content().techniques["effleurage"].more
    told = says(running(), "do i have to do it crosswise as well", "explain_step").text
    assert told.startswith(more[:40])
    assert more not in told
    assert more in says(running(), "how do i do it", "explain_step").text


def test_a_named_movement_is_put_simply() -> None:
    command = Command(
        "explain_technique", {"technique": ("petrissage",)}, text="can you explain petrissage in simple words"
    )
    assert content().techniques["petrissage"].say.startswith(Talk().does(command).text[:40])


def test_a_question_about_hands_without_an_answer_is_not_called_another_field() -> None:
    command = Command("out_of_scope", {"body_part": ("thumb",)}, text="what is the thumb called in latin?")
    assert "oil, pressure, pain" in Talk().does(command).text
    assert "oil, pressure, pain" not in says(Talk(), "what is the capital of peru?", "out_of_scope").text


def test_who_asks_in_words_gets_the_benefits_and_the_usual_length_in_short() -> None:
    faqs = content().faqs
    assert says(Talk(), "is this any good for beekeepers", "explain_benefit").text == faqs["benefits"].short
    assert says(Talk(), "how long is it", "how_long").text == faqs["session_length"].short
