"""After a red flag nothing invites to a massage; only the person can ask for one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmwise.coach.behaviour import TABLE, view
from palmwise.coach.commands import Command
from palmwise.resources import content
from tests.unit.coach.driver import Talk, running

ASKS_TO_START = {"start_routine", "resume", "restart"}
OTHERS = sorted({*TABLE, "faq/oils", "unheard_of"} - ASKS_TO_START - {"faq"})
INVITING = ("carry on", "start over", "begin", "shall we", "shall i", "would you like", "within the hour", "i suggest")
STARTS = ("/start_routine", "/resume", "/restart")


def invites(talk: Talk) -> list[str]:
    """What in the last answer invites to a massage."""
    assert talk.reply is not None
    said = f"{talk.text} {talk.reply.custom['say']}".lower()
    buttons = [button.payload for button in talk.reply.buttons if button.payload.startswith(STARTS)]
    return [*(phrase for phrase in INVITING if phrase in said), *buttons]


@pytest.mark.parametrize("said", OTHERS)
@pytest.mark.parametrize("way", ["at a step", "before any", "at the safety question"])
def test_after_a_red_flag_nothing_invites_to_a_massage(way: str, said: str) -> None:
    if way == "at a step":
        talk = running().says("report_red_flag", symptom="fracture")
    elif way == "before any":
        talk = Talk().says("report_red_flag", symptom="fracture")
    else:
        talk = Talk().says("start_routine").says("affirm").says("affirm")
    for _ in range(3):
        talk.says(said)
        assert (talk.shown["state"], invites(talk)) == ("stopped", [])


@pytest.mark.parametrize("symptom", sorted(content().symptoms))
def test_a_complaint_after_a_red_flag_gets_its_caution_and_no_routine(symptom: str) -> None:
    talk = running().says("report_red_flag", symptom="fracture").says("report_symptom", symptom=symptom, minutes="1")
    assert (talk.shown["state"], invites(talk)) == ("stopped", [])
    assert "doctor" in talk.text
    assert (content().symptoms[symptom].care or "") in talk.text


@pytest.mark.parametrize("ended", ["stop", "goodbye"])
def test_ending_the_safety_question_after_a_red_flag_invites_to_nothing(ended: str) -> None:
    talk = running().says("report_red_flag").says("start_routine", routine="classic").says(ended)
    assert (talk.shown["state"], invites(talk)) == ("stopped", [])


@pytest.mark.parametrize("minutes", ["5", "1"])
def test_minutes_after_a_red_flag_plan_nothing(minutes: str) -> None:
    talk = running().says("report_red_flag").says("set_duration", minutes=minutes)
    assert (talk.shown["state"], talk.session.wish, invites(talk)) == ("stopped", None, [])


def flagged(symptom: str = "clot") -> Talk:
    return running().says("report_red_flag", symptom=symptom)


@pytest.mark.parametrize("said", ["start_routine", "resume", "restart"])
def test_who_wants_to_go_on_is_asked_about_what_they_told(said: str) -> None:
    talk = flagged().says(said)
    assert (talk.card, talk.shown["state"]) == ("screening", "screening")
    assert "a possible blood clot" in talk.text
    assert [item["id"] for item in talk.reply.custom["items"]] == ["clot"] if talk.reply else False
    assert talk.does(Command("deny", text="no")).shown["state"] == "stopped"


@pytest.mark.parametrize("text", ["ok", "let's go", "yes start", "come on please", "I don't have that", "it's fine"])
@pytest.mark.parametrize("intent", ["affirm", "resume", "next_step", "nlu_fallback", "deny"])
def test_insisting_or_contradicting_is_not_enough(text: str, intent: str) -> None:
    talk = flagged().says("resume").does(Command(intent, text=text))
    assert talk.session.flagged
    assert talk.shown["state"] in ("screening", "stopped")


@pytest.mark.parametrize(
    "text", ["my doctor says it's fine", "the physio said I can", "yes, he has", "cleared by my gp, he said ok"]
)
def test_a_doctors_permission_is_kept_and_the_whole_question_asked_anew(text: str) -> None:
    talk = flagged("blood_thinners").says("start_routine").does(Command("nlu_fallback", text=text))
    assert (talk.shown["state"], talk.session.permitted) == ("screening", ("blood_thinners",))
    assert "fever" in talk.text
    assert talk.does(Command("deny", text="no")).shown["state"] == "preparing"
    talk.says("affirm")
    assert talk.says("report_red_flag", symptom="blood_thinners").shown["state"] == "running"
    assert talk.says("report_red_flag", symptom="clot").shown["state"] == "stopped"


def test_a_permission_in_the_same_breath_is_heard() -> None:
    said = Command(
        "report_red_flag", {"symptom": ("blood_thinners",)}, text="I'm on warfarin but my doctor says massage is fine"
    )
    talk = running().does(said)
    assert (talk.shown["state"], talk.session.permitted) == ("running", ("blood_thinners",))
    assert talk.shown["known"] == ["blood_thinners"]


@pytest.mark.parametrize("said", ["start_routine", "resume", "affirm", "next_step"])
@pytest.mark.parametrize("text", ["", "my doctor says it's fine", "yes he has"])
def test_no_permission_outweighs_an_emergency(said: str, text: str) -> None:
    talk = flagged("chest_pain").does(Command(said, text=text))
    assert (talk.shown["state"], talk.session.flagged, talk.session.permitted) == ("stopped", True, ())
    assert "emergency number" in talk.text


@pytest.mark.parametrize("symptom", ["chest_pain", "fracture"])
def test_who_was_misunderstood_is_asked_everything(symptom: str) -> None:
    told = flagged(symptom).does(Command("complain", text="you got me wrong"))
    pressed = flagged(symptom).says("deny", by="button")
    for talk in (told, pressed):
        assert (talk.card, talk.session.known, talk.session.flagged) == ("screening", (), False)
        assert talk.does(Command("deny", text="none of these")).shown["state"] == "preparing"


def test_a_yes_to_the_safety_question_can_be_permitted_too() -> None:
    talk = Talk().says("start_routine", routine="classic").says("affirm").says("thank").says("start_routine")
    assert "something that a doctor should look at" in talk.text
    assert talk.says("affirm", by="button").shown["state"] == "screening"
    assert talk.says("deny", by="button").shown["state"] == "preparing"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(TABLE)),
            st.sampled_from(["", "ok", "yes", "no", "sure", "go on", "carry on please", "never mind"]),
        ),
        max_size=12,
    )
)
def test_after_an_emergency_no_words_without_a_correction_lead_to_a_step(said: list[tuple[str, str]]) -> None:
    talk = flagged("chest_pain")
    for intent, text in said:
        talk.does(Command(intent, text=text))
        assert talk.shown["state"] == "stopped"
        assert talk.session.flagged


@given(
    st.lists(
        st.sampled_from(
            ["ok", "no", "sure", "go on", "I want to", "please", "not at all", "next", "never mind", "none"]
        ),
        max_size=12,
    ),
    st.sampled_from(sorted(set(TABLE) - {"affirm"})),
)
def test_nothing_but_a_permission_or_a_correction_leads_on_from_a_red_flag(texts: list[str], intent: str) -> None:
    talk = flagged("fracture")
    for text in texts:
        talk.does(Command(intent, text=text))
        assert talk.session.flagged
        assert talk.shown["state"] in ("stopped", "screening")


@pytest.mark.parametrize("said", ["pause", "next_step"])
def test_after_the_end_nobody_is_asked_to_begin(said: str) -> None:
    talk = running().says("go_to_step", step_number="last").says("next_step").says(said)
    assert talk.shown["state"] == "finished"
    assert "like to begin" not in talk.text


def test_a_permission_that_sounds_like_a_doctors_warning_is_a_permission() -> None:
    said = Command("report_red_flag", {"symptom": ("advised_against",)}, text="my doctor says it's quite all right")
    assert flagged("blood_thinners").does(said).session.permitted == ("blood_thinners",)
    assert running().does(said).shown["state"] == "running"
    assert flagged("chest_pain").does(said).session.flagged


def test_somebody_in_distress_is_told_of_people_and_not_of_massage() -> None:
    talk = flagged("self_harm")
    assert "crisis line" in talk.text.replace("**", "")
    for said in ("start_routine", "out_of_scope", "affirm"):
        assert "crisis line" in talk.says(said).text
        assert not [button for button in talk.reply.buttons if "massage" in button.title] if talk.reply else False


@pytest.mark.parametrize("flag", ["unconscious", "hot_swelling"])
def test_what_to_do_is_told_again_when_asked_for(flag: str) -> None:
    talk = flagged(flag)
    advice = talk.text
    assert (talk.says("explain_step").card, talk.text) == ("safety", advice)
    talk.does(Command("out_of_scope", text="what shall I do with it until then?"))
    assert (talk.card, talk.text) == ("safety", advice)
    talk.does(Command("out_of_scope", text="my sister rang"))
    assert talk.card == "note"


def test_what_was_told_shows_before_the_massage() -> None:
    talk = Talk().says("report_symptom", symptom="arthritis")
    talk.does(Command("start_routine", {"routine": ("sore_hands",)}, text="it's for my mother"))
    assert talk.shown["known"] == ["arthritis", "for_other"]
    assert "for the person" in talk.text
    talk.does(Command("deny", text="no"))
    assert (talk.card, "arthritis" in talk.text, "somebody else" in talk.text) == ("prepare", True, True)


def test_a_lesser_flag_does_not_make_an_emergency_forgotten() -> None:
    talk = flagged("chest_pain").says("report_red_flag", symptom="fracture")
    assert talk.reply is not None
    assert (talk.card, talk.reply.custom["level"], talk.session.flag) == ("safety", "emergency", "chest_pain")
    assert talk.shown["known"] == ["chest_pain", "fracture"]
    assert talk.says("affirm", by="button").session.flagged


def test_a_reload_shows_the_question_that_is_open_and_no_other() -> None:
    talk = flagged().says("start_routine")
    assert talk.reply is not None
    shown = view(content(), talk.session, talk.now)
    assert (shown.texts, shown.buttons) == (talk.reply.texts, talk.reply.buttons)
    again = talk.says("repeat_step").reply
    assert again is not None
    assert again.buttons == shown.buttons


def test_a_permission_told_beside_a_denial_counts() -> None:
    parts = Command("deny", text="he takes none of those"), Command("affirm", text="his doctor said massage is fine")
    talk = flagged("blood_thinners")
    talk.does(
        Command("affirm", text="he takes none of those, and isn't ill. his doctor said massage is fine", parts=parts)
    )
    assert talk.shown["asked"] == "screening"


def test_what_is_no_danger_after_all_is_asked_about_anew_but_no_emergency() -> None:
    healed = Command("out_of_scope", text="it's a healed scratch, not an open wound")
    assert flagged("open_wound").does(healed).shown["asked"] == "screening"
    assert flagged("chest_pain").does(Command("out_of_scope", text="my hands are fine")).shown["state"] == "stopped"


@pytest.mark.parametrize(
    ("flag", "text"),
    [
        ("hot_swelling", "no it isn't hot, only knobbly as always"),
        ("fracture", "no, nothing broken there"),
        ("fracture", "it's just a sticking plaster"),
        ("blood_thinners", "he takes none, ignore that"),
        ("clot", "there's no clot, I read that wrong"),
        ("open_wound", "the cut has closed up by now"),
        ("fracture", "my joints only popped, the bones are fine"),
        ("hot_swelling", "that knuckle is always a bit swollen, nothing new"),
    ],
)
def test_a_danger_that_is_denied_is_asked_about_anew(flag: str, text: str) -> None:
    talk = flagged(flag).does(Command("deny", text=text))
    assert (talk.shown["asked"], talk.shown["state"]) == ("screening", "screening")


@pytest.mark.parametrize(
    ("flag", "text"),
    [
        ("hot_swelling", "it isn't hot but I've a fever"),
        ("hot_swelling", "it's hot, not red"),
        ("clot", "is it not a clot?"),
        ("chest_pain", "no, not my chest"),
        ("open_wound", "it isn't bleeding but it's still open"),
        ("open_wound", "not bleeding, only a bit raw"),
        ("open_wound", "how soon is it healed already, roughly"),
        ("open_wound", "I'll wait until it's closed"),
        ("hot_swelling", "always swollen, but it's hot today"),
        ("hot_swelling", "not red, only swollen since yesterday"),
    ],
)
def test_a_denial_that_leaves_a_danger_is_not_enough(flag: str, text: str) -> None:
    assert flagged(flag).does(Command("deny", text=text)).shown["state"] == "stopped"


@pytest.mark.parametrize(
    ("text", "intent", "sure"),
    [
        ("honestly a bit of rubbing with oil would fix that", "faq/oils", 0.8),
        ("nah these hands just want their massage", "faq/benefits", 0.9),
        ("she's perfectly fine again, on we go", "praise", 0.4),
        ("surely we could proceed now?", "list_steps", 0.35),
    ],
)
def test_who_insists_in_other_words_is_told_the_reason(text: str, intent: str, sure: float) -> None:
    talk = flagged().does(Command(intent, {}, text=text, confidence=sure, acts={"statement": 0.85}))
    assert "doctor" in talk.text
    assert talk.shown["state"] == "stopped"


def test_a_question_after_a_red_flag_is_answered() -> None:
    asked = Command("faq/oils", {}, text="which oil is best?", confidence=0.9, acts={"question": 0.9})
    assert flagged().does(asked).card == "faq"


@pytest.mark.parametrize(
    "text",
    ["the physio said it's ok to rub, just not too hard", "my doctor is happy with it, nothing against a light one",
     "I asked the GP, she says light massage is no problem", "the surgeon's all right with it, he said be gentle"],
)  # fmt: skip
def test_a_permission_counts_whatever_pressure_it_forbids(text: str) -> None:
    assert flagged("heart_condition").does(Command("nlu_fallback", text=text)).shown["asked"] == "screening"


@pytest.mark.parametrize(
    "text",
    ["the doctor said massage is not fine, not even gentle", "my GP told me no massage, not hard and not soft",
     "the surgeon says gentle massage is ok but not until June", "will the doctor say gentle massage is fine"],
)  # fmt: skip
def test_what_a_doctor_forbids_is_no_permission(text: str) -> None:
    assert flagged("heart_condition").does(Command("nlu_fallback", text=text)).session.flagged


def test_a_wound_is_told_to_need_closed_skin_rather_than_a_doctor() -> None:
    talk = flagged("open_wound").says("switch_hand", hand="left")
    assert "closed" in talk.text
    assert "a doctor should have a look" not in talk.text


def test_a_known_question_is_answered_though_it_names_a_complaint() -> None:
    told = {"symptom": ("soreness",)}
    asked = Command("report_symptom", told, text="what helps in the meantime?", answer="until_doctor")
    assert flagged("hot_swelling").does(asked).card == "faq"
    assert flagged("hot_swelling").does(replace(asked, text="sore thumbs, again")).card == "note"


def test_what_a_movement_does_is_told_after_a_red_flag() -> None:
    asked = Command(
        "explain_benefit", {"technique": ("effleurage",)}, text="what is effleurage good for?", confidence=0.9
    )
    assert flagged().does(asked).card == "technique"
