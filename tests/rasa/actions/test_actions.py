from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.actions import ActionCoach
from palmwise import resources

DOMAIN = cast(DomainDict, {})
NOON = 1_700_000_000.0


class Person:
    """Talks to actions as Rasa would, without Rasa; time stands still unless it is moved."""

    def __init__(self) -> None:
        self.stored: Any = None
        self.now = NOON

    def says(self, intent: str, **message: Any) -> CollectingDispatcher:
        dispatcher = CollectingDispatcher()
        tracker = Tracker(
            "somebody",
            {"coach_session": self.stored},
            {"intent": {"name": intent}, **message},
            [],
            paused=False,
            followup_action=None,
            active_loop={},
            latest_action_name=None,
        )
        events = asyncio.run(ActionCoach(resources.content, lambda: self.now).run(dispatcher, tracker, DOMAIN))
        assert [event["event"] for event in events] == ["slot"]
        self.stored = events[0]["value"]
        return dispatcher

    def card(self, intent: str, **message: Any) -> dict[str, Any]:
        card: dict[str, Any] = self.says(intent, **message).messages[-1]["custom"]
        return card


@pytest.fixture
def person() -> Person:
    return Person()


@pytest.fixture
def busy(person: Person) -> Person:
    """In the first step of the classic routine."""
    person.says("start_routine", entities=[{"entity": "routine", "value": "classic", "start": 0}])
    person.says("deny")
    assert person.card("affirm")["session"]["state"] == "running"
    return person


def test_a_turn_ends_with_one_card(person: Person) -> None:
    told = person.says("report_symptom", entities=[{"entity": "symptom", "value": "soreness", "start": 0}]).messages
    assert [bool(message["custom"]) for message in told] == [False] * (len(told) - 1) + [True]
    assert [bool(message["buttons"]) for message in told] == [False] * (len(told) - 2) + [True, False]


def test_an_unreadable_session_starts_anew(person: Person) -> None:
    person.stored = {"seed": 3, "holds": "of another age"}
    assert person.card("greet")["session"]["state"] == "none"


@pytest.mark.parametrize("change", [{"routine": "gone"}, {"switch_to": "gone"}])
def test_a_session_of_a_routine_that_is_gone_starts_anew(busy: Person, change: dict[str, str]) -> None:
    busy.stored = {**busy.stored, **change}
    assert busy.card("stop")["session"]["state"] != "running"
    assert busy.stored["routine"] != "gone"


def test_a_session_of_a_routine_that_became_shorter_starts_anew(busy: Person) -> None:
    busy.stored["steps"][-1]["source"] = 99
    assert busy.card("greet")["session"]["state"] == "none"


def test_a_question_is_named_by_the_response_selector(person: Person) -> None:
    chosen = {"faq": {"response": {"intent_response_key": "faq/oils"}}}
    assert person.card("faq", response_selector=chosen)["id"] == "faq/oils"


def test_a_question_is_named_by_its_button(person: Person) -> None:
    assert person.card("faq", text="/faq/sleep")["id"] == "faq/sleep"


@pytest.mark.parametrize("text", ["/faq/nothing", "which one"])
def test_a_question_nobody_knows_is_answered(person: Person, text: str) -> None:
    assert person.card("faq", text=text)["card"]


def test_a_late_timer_is_not_answered(busy: Person) -> None:
    before = busy.stored
    told = busy.says("next_step", metadata={"by": "timer", "token": "of another step"}).messages
    assert told == []
    assert busy.stored == before


def test_a_timer_in_time_goes_on(busy: Person) -> None:
    token = busy.card("affirm")["session"]["token"]
    assert busy.card("next_step", metadata={"by": "timer", "token": token})["session"]["step"] == 2


@pytest.mark.parametrize("value", ["4", 4, 4.0, ["4"], "fourth"])
def test_a_step_number_comes_in_many_shapes(busy: Person, value: object) -> None:
    card = busy.card("go_to_step", entities=[{"entity": "step_number", "value": value, "start": 3}])
    assert card["session"]["step"] == (4 if value != "fourth" else 1)


def test_the_step_before_the_last_is_counted_from_the_end(busy: Person) -> None:
    card = busy.card("go_to_step", entities=[{"entity": "step_number", "value": "last-1", "start": 3}])
    assert card["session"]["step"] == 5


def test_entities_are_taken_in_order_of_mention(busy: Person) -> None:
    spoken = [
        {"entity": "step_number", "value": "3", "start": 20},
        {"entity": "step_number", "value": "5", "start": 2},
    ]
    assert busy.card("go_to_step", entities=spoken)["session"]["step"] == 5


@pytest.mark.parametrize(
    "entities",
    [
        None,
        [None, 3, "step_number"],
        [{"entity": None, "value": None}],
        [{"entity": "step_number", "value": {"nested": 1}}],
        [{"entity": "step_number", "value": True}],
        [{"entity": "step_number", "value": "9" * 5000, "start": "no"}],
        [{"entity": "technique", "value": "skydiving"}],
        [{"entity": "unheard_of", "value": "x"}],
    ],
)
def test_what_does_not_fit_is_left_out(busy: Person, entities: object) -> None:
    assert busy.card("go_to_step", entities=entities)["session"]["step"] == 1


@pytest.mark.parametrize(
    "metadata",
    [
        3,
        {"by": "a bird"},
        {"clock": "noon"},
        {"clock": {"token": 3, "elapsed": "x"}},
        {"clock": {"token": "x", "elapsed": float("nan")}},
        {"clock": {"token": "x", "elapsed": True}},
        {"token": ["x"]},
    ],
)
def test_metadata_is_not_trusted(busy: Person, metadata: object) -> None:
    assert busy.card("next_step", metadata=metadata)["session"]["step"] == 2


def test_words_after_a_slash_are_no_command(busy: Person) -> None:
    for intent in ("next_step", "restart", "go_to_step"):
        card = busy.card(intent, metadata={"slashed": True})
        assert (card["card"] in ("note", "help"), card["session"]["step"]) == (True, 1)


@pytest.mark.parametrize(("intent", "state"), [("stop", "stopped"), ("report_pain", "paused")])
def test_halting_intents_count_even_after_a_slash(busy: Person, intent: str, state: str) -> None:
    assert busy.card(intent, metadata={"slashed": True})["session"]["state"] == state


@pytest.mark.parametrize(
    ("said", "state"),
    [("yes and no", "screening"), ("No, well, yes.", "screening"), ("no", "preparing"), ("/deny", "preparing")],
)
def test_a_no_with_a_yes_in_it_is_no_answer_to_the_safety_question(person: Person, said: str, state: str) -> None:
    person.says("start_routine", entities=[{"entity": "routine", "value": "classic", "start": 0}])
    assert person.card("deny", text=said)["session"]["state"] == state


def test_nonsense_is_answered(person: Person) -> None:
    assert person.says("nlu_fallback", text="").messages[0]["text"]


@pytest.mark.parametrize("intent", [None, 3, {}, "unheard_of"])
def test_a_message_without_a_known_intent_is_not_understood(busy: Person, intent: object) -> None:
    assert busy.card(cast(str, intent))["session"]["step"] == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"id": "need_oil", "chances": "none", "needed": "much"},
        {"id": "need_oil", "chances": {"need_oil": "much", "no_such": 0.5}, "needed": None},
        {"id": "need_oil", "chances": {"need_oil": float("nan")}, "needed": 7},
    ],
)
def test_chances_that_are_none_are_left_out(person: Person, answer: dict[str, Any]) -> None:
    assert person.card("faq", text="do i need oil?", answer=answer)["answer"] == "need_oil"
