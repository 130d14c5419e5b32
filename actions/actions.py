"""Rasa custom actions: each lets the coach answer one intent."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.session_slot import SLOT, recall
from actions.understanding import command, is_slashed
from palmwise import resources
from palmwise.coach.behaviour import act
from palmwise.coach.cards import Reply
from palmwise.coach.content import Content

FALLBACK = "nlu_fallback"


class CoachAction(Action, ABC):
    """Lets the heart answer one intent.

    `safety`: words after a slash are taken for nonsense, except by the actions that must never be missed.
    """

    safety: ClassVar[bool] = False

    @property
    @abstractmethod
    def intent(self) -> str:
        """The intent that this action answers; abstract so that Rasa's executor does not register this base."""

    def __init__(
        self, content: Callable[[], Content] = resources.content, now: Callable[[], float] = time.time
    ) -> None:
        """`now` gives seconds since 1970."""
        self._content = content
        self._now = now

    def name(self) -> str:
        """The name that the rules call this action by."""
        return f"action_{self.intent}"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: DomainDict,  # noqa: ARG002  Rasa's signature
    ) -> list[dict[str, Any]]:
        """Utter the coach's reply; the session it leads to goes into the slot."""
        message = tracker.latest_message
        intent = FALLBACK if is_slashed(message) and not self.safety else self.intent
        content = self._content()
        turn = act(content, recall(tracker.get_slot(SLOT), content), command(message, intent, content), self._now())
        if turn.reply is not None:
            utter(dispatcher, turn.reply)
        return [SlotSet(SLOT, turn.session.to_json())]


def utter(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Texts in order, buttons on the last of them, then the one card."""
    buttons = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    *earlier, last = reply.texts or ("",)
    for text in earlier:
        dispatcher.utter_message(text=text)
    if last or buttons:
        dispatcher.utter_message(text=last, buttons=buttons)
    dispatcher.utter_message(json_message=dict(reply.custom))


class StartRoutine(CoachAction):
    """A massage is to begin."""

    intent = "start_routine"


class SetDuration(CoachAction):
    """The person has so much time."""

    intent = "set_duration"


class OutOfScope(CoachAction):
    """Something else altogether."""

    intent = "out_of_scope"


class NotUnderstood(CoachAction):
    """Something that was not understood."""

    intent = "nlu_fallback"


class ReportSymptom(CoachAction):
    """An everyday complaint to be helped with."""

    intent = "report_symptom"


class ReportPain(CoachAction):
    """The massage itself hurts."""

    intent = "report_pain"
    safety = True


class ReportRedFlag(CoachAction):
    """Something that a massage must not be started on."""

    intent = "report_red_flag"
    safety = True


class Faq(CoachAction):
    """One of the questions that the content answers."""

    intent = "faq"


class NextStep(CoachAction):
    """The person is done with this step, or skips it."""

    intent = "next_step"


class PreviousStep(CoachAction):
    """Back to the step before."""

    intent = "previous_step"


class RepeatStep(CoachAction):
    """The same step once more."""

    intent = "repeat_step"


class GoToStep(CoachAction):
    """To a certain step, by number or by technique."""

    intent = "go_to_step"


class Pause(CoachAction):
    """Hold where we are."""

    intent = "pause"


class Resume(CoachAction):
    """Pick up after a pause or a stop."""

    intent = "resume"


class Stop(CoachAction):
    """The session ends."""

    intent = "stop"
    safety = True


class Restart(CoachAction):
    """The routine from its beginning; named as Rasa's own action so that Rasa's does not wipe the conversation."""

    intent = "restart"


class SwitchHand(CoachAction):
    """To the other hand."""

    intent = "switch_hand"


class SlowDown(CoachAction):
    """Longer holds."""

    intent = "slow_down"


class SpeedUp(CoachAction):
    """Shorter holds."""

    intent = "speed_up"


class SpeakUp(CoachAction):
    """A louder voice."""

    intent = "speak_up"


class SpeakSoftly(CoachAction):
    """A quieter voice."""

    intent = "speak_softly"


class HowLong(CoachAction):
    """How long something lasts."""

    intent = "how_long"


class AskProgress(CoachAction):
    """Where we are, what remains."""

    intent = "ask_progress"


class ExplainStep(CoachAction):
    """The step in more detail."""

    intent = "explain_step"


class ExplainBenefit(CoachAction):
    """What the step is good for."""

    intent = "explain_benefit"


class ExplainTechnique(CoachAction):
    """What a technique is."""

    intent = "explain_technique"


class ListSteps(CoachAction):
    """An overview of a routine."""

    intent = "list_steps"


class ListRoutines(CoachAction):
    """Which routines there are."""

    intent = "list_routines"


class Help(CoachAction):
    """What the coach can do."""

    intent = "help"


class Greet(CoachAction):
    """A hello."""

    intent = "greet"


class Goodbye(CoachAction):
    """A goodbye."""

    intent = "goodbye"


class Thank(CoachAction):
    """A thank-you."""

    intent = "thank"


class Affirm(CoachAction):
    """A yes, to whatever was asked."""

    intent = "affirm"


class Deny(CoachAction):
    """A no, to whatever was asked."""

    intent = "deny"


class BotChallenge(CoachAction):
    """Whether this is a person."""

    intent = "bot_challenge"


class Praise(CoachAction):
    """Kind words."""

    intent = "praise"


class Complain(CoachAction):
    """Unkind words."""

    intent = "complain"
