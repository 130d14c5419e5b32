"""Safety phrases: the safety lists of the content beside the danger model and the classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from palmwise import resources
from palmwise.language.phrase_matching import UNKNOWN_RED_FLAG, Phrases, is_denied
from palmwise.language.tokens import EntitySpan
from palmwise.nlu.component import (
    DANGER,
    DECIDED_BY,
    Component,
    add_entities,
    intent_of,
    probability_of,
    set_intent,
    tokens_of,
)
from palmwise.nlu.danger_model import RED_FLAG, Danger

INTENTS = {"red_flag": RED_FLAG, "stop": "stop", "pain": "report_pain"}
"""Kind of safety list -> intent, the gravest first. The classifier's intent is never replaced by a less grave one."""
_GRAVITY = tuple(INTENTS.values())

_COMMANDS = frozenset(
    "next_step previous_step repeat_step go_to_step resume restart switch_hand slow_down speed_up how_long "
    "ask_progress list_steps list_routines help set_duration start_routine thank praise greet goodbye".split()
)
"""Intents that leave little room for a danger where they are plain."""
_LISTED = 0.3
"""Probability that is added to a red flag which a list found."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SafetyPhrases(Component):
    """Sets `report_red_flag`, `stop` or `report_pain` with confidence 1.

    `stop` and pain need a list that matches. A red flag needs the danger model to be sure of it, or not to object
    where a list matches or the classifier is sure; its id in `red_flags.yml` is the one entity `symptom`.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Read the lists as they are in the content now; nothing is trained."""
        super().__init__(config, storage, resource)
        self._lists = resources.content().alarms
        self._permission = resources.content().questions["permission"]
        lists = self._lists.items()
        self._sets = {(kind, name): Phrases(each) for kind, phrases in lists for name, each in phrases.sets.items()}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Probabilities of the danger model, measured on sentences not trained on.

        There is a red flag from `danger` on; where the intent is one with a probability of `intent`, from `heard` on
        unless `harmless` is reached; where a list matches, from `listed` on, or unless `excused` is reached. Who tells
        of the past or of a film, or asks in general, or plainly gives a command (with a probability of `plain`), needs
        `calm`. Words of which none hints at a danger need `bare`, if only the danger model takes them for one.
        """
        shares = {"danger": 0.5, "heard": 0.3, "intent": 0.8, "listed": 0.15, "excused": 0.5, "calm": 0.95}
        return {**shares, "plain": 0.95, "harmless": 0.6, "bare": 0.8}

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent where there is a danger, or a list finds more than the classifier did."""
        for message in messages:
            words = [token.text for token in tokens_of(message)]
            found = {kind: match.id for kind, phrases in self._lists.items() if (match := phrases.match(words))}
            flag = found.pop("red_flag", None)
            if words and self._is_danger(message, words, flag):
                _escalate(message, RED_FLAG)
                _set_symptom(message, self._flag_of(message, words, flag))
                continue
            drop_intent(message, RED_FLAG)
            if "pain" not in found and self._says("pain", "painless", words):
                drop_intent(message, INTENTS["pain"])
            for kind in (kind for kind in INTENTS if kind in found):
                _escalate(message, INTENTS[kind])
        return messages

    def _says(self, kind: str, name: str, words: Sequence[str]) -> bool:
        """Whether a phrase of a set of one of the lists occurs."""
        return bool(self._sets[kind, name].spans(words))

    def _is_danger(self, message: Message, words: Sequence[str], flag: str | None) -> bool:
        """Whether the danger model is sure of a danger, or one of the others hears one and it does not object."""
        danger: Danger = message.get(DANGER)
        permission = self._permission.match(words) if flag else None
        if permission is not None and permission.id == "allowed":
            return True  # The coach keeps the permission with what it is for.
        if self._is_calm(message, words):
            return danger.probability >= float(self._config["calm"])
        if flag is not None and danger.excused < self._config["excused"]:
            return True
        if flag is None and (least := self._least_unlisted(message, words)):
            return danger.probability >= float(self._config[least])
        is_heard = probability_of(message, RED_FLAG) >= self._config["intent"]
        unlisted = "danger" if self._hints(words) else "bare"
        heard = "heard" if is_heard and danger.excused < self._config["harmless"] else unlisted
        return danger.probability >= float(self._config["listed" if flag else heard])

    def _least_unlisted(self, message: Message, words: Sequence[str]) -> str | None:
        """Key of the probability that is needed where the words speak against a danger; None if they do not."""
        intent = intent_of(message)
        is_plain = probability_of(message, intent) >= float(self._config["plain"])
        # "I'd like to end here now" ends the massage; "I want to end it, life is nothing" has a word of its own.
        if is_plain and (intent in _COMMANDS or (intent == "stop" and not self._hints(words))):
            return "calm"
        hints = self._lists["red_flag"].resolved_hints.values()
        told = [first for phrases in hints for first, _ in phrases.spans(words)]
        # "I can't close my hand, it's swollen" denies only one of two.
        is_denied_here = bool(told) and all(is_denied(words, first) for first in told)
        # Pain from the massage pauses it in any case.
        is_pain = intent == INTENTS["pain"] and probability_of(message, intent) >= float(self._config["intent"])
        return "bare" if is_denied_here or is_pain else None

    def _flag_of(self, message: Message, words: Sequence[str], listed: str | None) -> str:
        """The likeliest red flag; one that a list found is likelier than its probability says.

        An emergency that is not half of the danger, in words that hint at none, is a danger without a name.
        """
        danger: Danger = message.get(DANGER)
        flag = max(danger.flags, key=lambda id: danger.flags[id] + (id == listed) * _LISTED)
        is_emergency = resources.content().red_flags[flag].level == "emergency"
        is_vague = danger.flags[flag] < danger.probability / 2 and not self._hints(words)
        return UNKNOWN_RED_FLAG if is_emergency and is_vague and listed is None else flag

    def _hints(self, words: Sequence[str]) -> bool:
        return bool(self._lists["red_flag"].match_hint(words)) or self._says("red_flag", "serious", words)

    def _is_calm(self, message: Message, words: Sequence[str]) -> bool:
        """Whether the message tells of what is over or of a film and of nothing current, or asks about nobody's own."""
        sets = self._lists["red_flag"].sets
        asks = words[0] in sets["asks"] or str(message.get(TEXT) or "").rstrip().endswith("?")
        if asks and set(sets["own"]).isdisjoint(words):
            return True
        if self._says("red_flag", "over", words) and not self._says("red_flag", "anew", words):
            return True
        return self._says("red_flag", "calm", words) and not self._says("red_flag", "current", words)


def _escalate(message: Message, intent: str) -> None:
    """Set an intent unless the one that is set is graver."""
    current = intent_of(message)
    if current in _GRAVITY and _GRAVITY.index(current) < _GRAVITY.index(intent):
        return
    set_intent(message, intent, 1.0)
    message.set(DECIDED_BY, SafetyPhrases.__name__)


def drop_intent(message: Message, intent: str) -> None:
    """Take the next best intent instead of this one."""
    ranking = [each for each in message.get(INTENT_RANKING_KEY) or [] if each["name"] != intent]
    if intent_of(message) == intent and ranking:
        message.set(INTENT, dict(ranking[0]), add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def _set_symptom(message: Message, flag: str) -> None:
    """Replace everyday complaints ("numb", "stiff") by the red flag, which is what is answered."""
    message.set(ENTITIES, [each for each in message.get(ENTITIES) or [] if each["entity"] != "symptom"])
    span = EntitySpan("symptom", flag, 0, len(tokens_of(message)))
    add_entities(message, tokens_of(message), [span], SafetyPhrases.__name__)
