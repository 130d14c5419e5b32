"""The safety question: only a clear no passes, whatever the classifier makes of the words."""

from __future__ import annotations

import pytest

from palmwise.coach.commands import Command
from palmwise.coach.replies import BUTTONS
from tests.unit.coach.driver import Talk, at


def asked() -> Talk:
    return Talk().says("start_routine", routine="classic")


def answered(text: str, intent: str) -> Talk:
    return asked().does(Command(intent, text=text))


@pytest.mark.parametrize(
    "text",
    ["No", "nope", "none of them", "no, nothing like that", "No, I'm fine, thank you.", "none at all",
     "no none of that applies to me", "nah all clear", "still none of them",
     "nah I'm good, none of it lol", "Neither of us has any of those",
     "no she doesn't have any of that but she's got wrinkly hands lol",
     "no injuries, nothing swollen", "no, I don't have a fever", "No, none of these apply to me today",
     "I haven't got any infection, no", "nopee", "it isn't swollen now, no"],
)  # fmt: skip
@pytest.mark.parametrize("intent", ["deny", "nlu_fallback"])
def test_a_clear_no_passes(text: str, intent: str) -> None:
    assert answered(text, intent).shown["state"] == "preparing"


@pytest.mark.parametrize(
    "text",
    ["I'm not sure", "no idea", "I hope not", "probably not", "I don't think so", "not that I know", "maybe",
     "yes and no", "I'd have to ask my doctor"],
)  # fmt: skip
@pytest.mark.parametrize("intent", ["deny", "affirm", "nlu_fallback", "out_of_scope"])
def test_doubt_gets_the_doctor_line_and_the_question_again(text: str, intent: str) -> None:
    talk = answered(text, intent)
    assert talk.shown["state"] == "screening"
    assert "doctor" in talk.text
    assert "**no**" in talk.text.lower()


@pytest.mark.parametrize(
    "text", ["not now", "never mind", "leave it", "maybe some other time", "no, too many questions"]
)
def test_a_refusal_ends_the_offer(text: str) -> None:
    talk = answered(text, "deny")
    assert (talk.shown["state"], talk.shown["routine"]) == ("none", None)


@pytest.mark.parametrize("text", ["ok", "ready", "sure", "all good", "go ahead", "no problem", "fine", "let's go"])
@pytest.mark.parametrize("intent", ["affirm", "deny", "next_step", "resume", "start_routine"])
def test_agreement_is_asked_again_in_other_words(text: str, intent: str) -> None:
    talk = answered(text, intent)
    assert (talk.shown["state"], talk.card) == ("screening", "screening")
    assert "first things first" not in talk.text.lower()
    assert talk.does(Command("deny", text="no")).shown["state"] == "preparing"


@pytest.mark.parametrize(
    "text",
    ["no, just a small cut", "none except a bit of a fever", "no but my wrist is swollen", "no just dizzy today",
     "nah, had a fever last night"],
)  # fmt: skip
def test_a_condition_beside_a_no_counts(text: str) -> None:
    talk = answered(text, "deny")
    assert (talk.shown["state"], talk.card) == ("stopped", "safety")


@pytest.mark.parametrize("text", ["yes", "yes, one of them", "unfortunately", "I'm afraid so", "the first one"])
def test_a_yes_is_a_red_flag(text: str) -> None:
    for intent in ("affirm", "nlu_fallback", "go_to_step"):
        talk = answered(text, intent)
        assert (talk.shown["state"], talk.card) == ("stopped", "safety")


@pytest.mark.parametrize("intent", ["report_red_flag", "explain_technique", "faq/arthritis", "affirm"])
@pytest.mark.parametrize(
    "text", ["what's a clot?", "is a scar a wound?", "does an old surgery count", "what is a rash"]
)
def test_an_item_can_be_asked_about_without_an_alarm(text: str, intent: str) -> None:
    talk = answered(text, intent)
    assert (talk.shown["state"], talk.card) == ("screening", "note")
    assert "doctor" in talk.text


@pytest.mark.parametrize("text", ["is my clot dangerous?", "I've got a wound, does that count"])
def test_who_asks_about_a_condition_of_their_own_is_stopped(text: str) -> None:
    assert answered(text, "report_red_flag").card == "safety"


def test_another_question_is_answered_and_the_safety_question_stays() -> None:
    talk = asked().does(Command("explain_technique", {"technique": ("effleurage",)}, text="what is effleurage"))
    assert (talk.shown["state"], talk.card) == ("screening", "technique")


@pytest.mark.parametrize("text", ["sorry, I meant no", "oh no, that was by mistake", "no", "I misread that, none"])
def test_a_yes_that_was_a_slip_is_taken_back_while_it_is_fresh(text: str) -> None:
    talk = answered("yes", "affirm").does(Command("deny", text=text))
    assert (talk.shown["state"], talk.shown["routine"], talk.session.flagged) == ("screening", "classic", False)
    assert talk.says("deny").shown["state"] == "preparing"
    late = answered("yes", "affirm").says("thank").does(Command("deny", text=text))
    assert late.shown["state"] == "stopped"


def test_a_red_flag_that_was_told_is_not_taken_back_by_a_no() -> None:
    talk = asked().says("report_red_flag", symptom="fracture").does(Command("deny", text="no, I meant no"))
    assert (talk.shown["state"], talk.session.flagged) == ("stopped", True)


def test_the_buttons_answer_plainly() -> None:
    assert asked().does(Command("deny", by="button")).shown["state"] == "preparing"
    assert asked().does(Command("affirm", by="button")).card == "safety"
    assert {payload for _, payload in BUTTONS["screening"]} >= {"/deny", "/affirm"}


def test_the_same_sentence_is_not_said_three_times_running() -> None:
    talk = asked()
    said = [talk.does(Command("affirm", text="ok")).text for _ in range(4)]
    assert all(len(set(said[index : index + 3])) > 1 for index in range(2))


def test_a_complaint_beside_a_no_passes_with_its_caution() -> None:
    talk = asked().does(Command("faq/arthritis", {"symptom": ("arthritis",)}, text="no, only my arthritis"))
    assert (talk.shown["state"], "hot, red" in talk.text) == ("preparing", True)


def test_a_complaint_for_which_a_doctor_is_to_be_asked_does_not_pass_at_once() -> None:
    said = Command("out_of_scope", {"symptom": ("osteoporosis",)}, text="no, just the osteoporosis")
    talk = asked().does(said)
    assert (talk.shown["state"], "Ask your doctor first" in talk.text) == ("screening", True)
    assert talk.does(Command("deny", text="no")).shown["state"] == "preparing"


@pytest.mark.parametrize("text", ["no, only a graze", "no just my bunged up thumb", "none bar this thing on my hand"])
@pytest.mark.parametrize("intent", ["deny", "nlu_fallback", "affirm"])
def test_whatever_is_named_beside_a_no_never_passes(text: str, intent: str) -> None:
    assert answered(text, intent).shown["state"] != "preparing"


def test_what_is_long_past_is_asked_about_once_more() -> None:
    talk = answered("broke it in 2004, fine since", "deny")
    assert (talk.shown["state"], talk.card) == ("screening", "screening")


def test_the_safety_question_comes_as_a_list_too() -> None:
    talk = Talk().says("start_routine", routine="classic")
    assert talk.reply is not None
    card = talk.reply.custom
    assert card["question"] in talk.reply.texts
    asked = card["question"].lower()
    firsts = [condition.split(" or ")[0].partition(" ")[2] or condition for condition in card["conditions"]]
    assert all(first.lower() in asked for first in firsts)


@pytest.mark.parametrize(("text", "first", "rest"), [("no thanks", "no", "thanks"), ("no, not any more", "no", "more")])
def test_a_no_that_refuses_or_is_qualified_does_not_pass(text: str, first: str, rest: str) -> None:
    parts = (Command("deny", text=first, confidence=1.0), Command("thank", text=rest, confidence=1.0))
    assert asked().does(Command("deny", text=text, parts=parts)).shown["state"] == "screening"


def test_the_question_asked_after_a_misunderstanding_does_not_bring_the_red_flag_back() -> None:
    talk = asked().says("report_red_flag", symptom="fracture").does(Command("complain", text="you misheard me"))
    assert talk.shown["state"] == "screening"
    said = Command("deny", text="no, I was only asking", acts={"correction": 0.95}, across=True)
    assert talk.does(said).shown["state"] != "stopped"


@pytest.mark.parametrize(
    "text", ["why do you ask that", "is that necessary?", "can we skip the question", "what's it for"]
)
def test_why_it_is_asked_is_told_and_the_question_stays(text: str) -> None:
    talk = answered(text, "faq/sources")
    assert (talk.shown["state"], talk.card) == ("screening", "note")
    assert "harm" in talk.text or "worse" in talk.text


def test_a_no_and_another_massage_are_both_taken() -> None:
    no, other = Command("deny", text="none of that"), Command("start_routine", {"routine": ("reflexology",)}, text="x")
    talk = asked().does(Command("start_routine", text="none of that, the reflexology rather", parts=(no, other)))
    assert (talk.shown["state"], talk.shown["routine"]) == ("preparing", "reflexology")


def test_a_bare_no_before_another_massage_is_of_the_first_one() -> None:
    no, other = Command("deny", text="no"), Command("start_routine", {"routine": ("reflexology",)}, text="x")
    talk = asked().does(Command("start_routine", text="no, the reflexology", parts=(no, other)))
    assert (talk.shown["state"], talk.shown["routine"]) == ("screening", "reflexology")


def test_another_person_s_hands_are_asked_about_anew() -> None:
    talk = asked().says("deny").says("affirm").says("stop")
    talk.does(Command("out_of_scope", text="now I want to do it for my mother"))
    assert talk.says("resume").shown["asked"] == "screening"


def test_a_question_that_begins_with_no_does_not_pass() -> None:
    text = "no no hang on, which one is good for stiff hands"
    command = Command("report_symptom", {"symptom": ("stiffness",)}, text=text)
    assert asked().does(command).shown["state"] == "screening"


@pytest.mark.parametrize(
    "text", ["well I do have arthritis but nothing else", "arthritis, otherwise no", "arthritis. apart from that none"]
)
def test_a_complaint_beside_no_to_the_rest_passes(text: str) -> None:
    talk = asked().does(Command("report_symptom", {"symptom": ("arthritis",)}, text=text))
    assert talk.shown["state"] == "preparing"


def test_no_to_the_rest_passes_where_a_complaint_was_told_before() -> None:
    talk = Talk().says("report_symptom", symptom="arthritis").says("affirm")
    assert talk.does(Command("deny", text="no to everything else")).shown["state"] == "preparing"


@pytest.mark.parametrize(
    "text", ["no to everything else", "I've this odd thing with my veins, nothing else", "a fever, otherwise no"]
)
def test_no_to_the_rest_alone_is_no_answer(text: str) -> None:
    assert answered(text, "deny").shown["state"] in ("screening", "stopped")


def test_a_danger_in_a_clause_of_the_answer_is_heard() -> None:
    danger = Command("report_red_flag", {"symptom": ("clot",)}, text="but there's a clot in my arm")
    whole = Command(
        "out_of_scope",
        text="no I'm fine. but there's a clot in my arm",
        parts=(Command("deny", text="no I'm fine"), danger),
    )
    assert asked().does(whole).card == "safety"


def test_the_whole_list_may_be_denied_after_what_is_told() -> None:
    assert answered("she's frail and forgetful, but nothing on that list", "deny").shown["state"] == "preparing"


@pytest.mark.parametrize(
    "text",
    [
        "a cut on my thumb but nothing on that list",
        "I bruise easily, none of the above",
        "nothing on the list except a clot",
    ],
)
def test_what_may_be_on_the_list_is_asked_about(text: str) -> None:
    assert answered(text, "deny").shown["state"] != "preparing"


def test_an_answer_that_is_passed_on_counts_beside_a_complaint() -> None:
    said = Command("out_of_scope", {"symptom": ("cold_hands",)}, text="she says no. only cold hands")
    assert asked().does(said).shown["state"] == "preparing"


def test_a_permission_told_during_the_question_is_noted_and_the_question_stays() -> None:
    said = Command("nlu_fallback", text="my doctor is glad of it", answers={"screening": ("doctor_ok", 0.95)})
    talk = asked().does(said)
    assert talk.shown["state"] == "screening"
    assert "don't know that one" not in talk.text


@pytest.mark.parametrize("text", ["no other thing", "no other problems, thank you", "there are no others"])
def test_no_other_thing_is_a_clear_no(text: str) -> None:
    assert answered(text, "deny").shown["state"] == "preparing"


@pytest.mark.parametrize(
    "text", ["no, the other hand has it", "no other thing but a wound", "no other thing than a rash"]
)
def test_another_thing_that_is_named_is_no_clear_no(text: str) -> None:
    assert answered(text, "deny").shown["state"] != "preparing"


def asked_beside_no(told: str, symptom: str) -> Talk:
    parts = (
        Command("deny", text="no, nothing"),
        Command("report_symptom", {"symptom": (symptom,)}, text=told),
        Command("explain_benefit", text="does that matter?", confidence=0.4),
    )
    text = f"no, nothing; {told}, does that matter?"
    return asked().does(Command("deny", {"symptom": (symptom,)}, text=text, parts=parts, confidence=0.3))


def test_a_harmless_complaint_asked_about_beside_a_no_gets_its_caution() -> None:
    talk = asked_beside_no("he has cold hands", "cold_hands")
    assert (talk.shown["state"], "turn white or blue" in talk.text) == ("preparing", True)


@pytest.mark.parametrize("told", ["his hand is swollen", "he has a fever", "he has a wound"])
def test_a_condition_asked_about_beside_a_no_does_not_pass(told: str) -> None:
    assert asked_beside_no(told, "sore_hands").shown["state"] != "preparing"


def test_a_question_after_nothing_else_is_answered_and_the_safety_question_asked_again() -> None:
    text = "no, nothing else; she has very thin skin, does that matter?"
    talk = asked().does(Command("faq/who_should_not", text=text, answer="thin_skin"))
    assert (talk.card, talk.shown["state"]) == ("faq", "screening")


def test_what_was_said_before_the_question_is_no_answer_to_it() -> None:
    parts = (
        Command("start_routine", {"routine": ("classic",)}, text="do the classic one"),
        Command("deny", text="not that"),
    )
    wish = Command("start_routine", {"routine": ("classic",)}, text="do the classic one but not that", parts=parts)
    assert Talk().does(wish).shown["asked"] == "screening"


@pytest.mark.parametrize(
    "text",
    ["yes a cut on the right, but we do only the left", "well yeah, the split, but leave that finger out then"],
)
@pytest.mark.parametrize("intent", ["switch_hand", "nlu_fallback", "affirm"])
def test_a_yes_counts_whatever_is_wished_for_beside_it(text: str, intent: str) -> None:
    talk = answered(text, intent)
    assert (talk.card, talk.session.flag) == ("safety", "open_wound")


@pytest.mark.parametrize("text", ["then I'll leave that alone and carry on", "leave that finger, do the rest"])
def test_who_leaves_a_part_out_is_asked_again(text: str) -> None:
    assert answered(text, "next_step").shown["asked"] == "screening"


@pytest.mark.parametrize(
    ("text", "meaning", "state"),
    [
        ("none of those, I only type all day", "no", "preparing"),
        ("nope I'm fine, I just chew my nails", "no", "preparing"),
        ("none of those, I only had a thing done on Friday", "condition", "screening"),
        ("none of those, it only bleeds at times", "no", "screening"),
        ("none of those except one", "no", "screening"),
    ],
)
def test_a_no_to_the_whole_list_counts_beside_what_is_harmless(text: str, meaning: str, state: str) -> None:
    said = Command("out_of_scope", text=text, confidence=0.6, answers={"screening": (meaning, 0.8)})
    assert asked().does(said).shown["state"] == state


def test_a_cut_that_has_closed_is_none() -> None:
    assert answered("only a small cut, it's closed already, nothing else", "deny").shown["state"] == "preparing"
    assert answered("only a small cut, not closed yet, nothing else", "deny").shown["state"] != "preparing"


def test_what_healed_long_ago_does_not_count() -> None:
    talk = answered("does an operation from ten years ago count", "faq")
    assert "does not count" in talk.text
    assert talk.shown["asked"] == "screening"


@pytest.mark.parametrize(
    ("clause", "intent", "state"),
    [
        ("take me back there", "previous_step", "preparing"),
        ("carry on at the bending", "resume", "preparing"),
        ("my wrist is sore", "report_symptom", "screening"),
    ],
)
def test_a_plain_no_may_be_told_with_the_wish_to_go_on(clause: str, intent: str, state: str) -> None:
    talk = at("screening")
    parts = (Command("deny", text="no none of those"), Command(intent, text=clause))
    talk.does(Command(intent, confidence=0.6, text=f"no none of those and {clause}", parts=parts), after=0)
    assert talk.session.state == state
