"""Message parts: what a message means once corrections in it are applied, and its clauses one by one.

The first component puts a corrected copy and the clauses beside a message, so that everything after it reads them like
messages of their own; the last one takes the corrected reading over and folds the clauses into the message.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from palmwise import resources
from palmwise.language.phrase_matching import Phrases
from palmwise.language.sentences import ClauseWords, breaks_of
from palmwise.language.tokens import Tokens, join
from palmwise.nlu.component import DANGER, NO_KNOWN_WORD, RESPONSE_SELECTOR, TOKENS, Component, intent_of, tokens_of
from palmwise.nlu.danger_model import RED_FLAG
from palmwise.nlu.encoder import load_encoder
from palmwise.nlu.entities import name_table
from palmwise.nlu.safety_phrases import drop_intent

PARTS, MEANT, CORRECTION = "parts", "meant", "correction"
"""Keys of the parse result: the clauses, the words that are meant, and what they correct ("inside" or "across")."""
_PART = "part"
"""Key of a copy that is no message of its own: "clause", "inside" or "across"."""
_READ = (INTENT, INTENT_RANKING_KEY, ENTITIES, RESPONSE_SELECTOR, "reading", "answer")
_MOST_WORDS = 40
"""Longer messages are taken as they are."""
_MOST_PIECES = 48
"""The same for messages of more word pieces, as forty English words do not have: each part is encoded on its own."""
SURELY_EXCUSED, SURE_OF_CLAUSE = 0.9, 0.9
"""Where the whole is so surely excused, a danger in a clause needs this probability."""
_HURTING = frozenset({"fracture"})
"""Dangers that hurt: a joint that cracks without pain is none."""
_NOT_MEANT = frozenset({"nlu_fallback", "out_of_scope"})
"""Intents of a corrected copy that speak against the correction."""
_NEVER_TAKEN_BACK = frozenset({"report_red_flag", "report_pain"})
"""Intents of a whole message that no correction in it replaces."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class PartSplitter(Component):
    """Puts a corrected copy, or the clauses, after each message."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Take the names and word lists as they are in the content now; nothing is trained."""
        super().__init__(config, storage, resource)
        self._names = name_table()
        content = resources.content()
        self._clauses, self._corrections = content.clauses, content.corrections

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training sentences as they are."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Return each message followed by its parts."""
        return [each for message in messages for each in (message, *self._parts(message))]

    def _parts(self, message: Message) -> list[Message]:
        tokens, text = tokens_of(message), message.get(TEXT) or ""
        if not 1 < len(tokens) <= _MOST_WORDS or text.startswith("/"):
            return []
        parts = self._split(tokens, text)
        is_costly = bool(parts) and load_encoder().size(join(tokens)) > _MOST_PIECES
        return [] if is_costly else parts

    def _split(self, tokens: Tokens, text: str) -> list[Message]:
        words = [token.text for token in tokens]
        correction = self._corrections.read(words, self._names.find(words, ""), breaks_of(tokens, text))
        if correction is None:
            return _clauses(self._clauses, tokens, text)
        meant = tuple(tokens[at] for at in correction.kept)
        whole = _copy(meant, join(meant), "across" if correction.across else "inside")
        is_in_order = list(correction.kept) == sorted(correction.kept)
        return [whole, *(_clauses(self._clauses, meant, text) if is_in_order else ())]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PartCollector(Component):
    """Takes the corrected reading of each message over, and lists the readings of its clauses."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Take the phrases as they are in the content now; nothing is trained."""
        super().__init__(config, storage, resource)
        self._painless = Phrases(resources.content().alarms["pain"].sets["painless"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Return the messages without their parts."""
        whole: list[Message] = []
        for message in messages:
            kind = message.get(_PART)
            if kind is None:
                whole.append(message)
            elif kind == "clause":
                if _is_known_harmless(whole[-1], message) or self._is_painless(whole[-1], message):
                    drop_intent(message, RED_FLAG)
                    message.set(ENTITIES, [each for each in message.get(ENTITIES) or [] if each["entity"] != "symptom"])
                whole[-1].set(PARTS, [*(whole[-1].get(PARTS) or ()), _reading(message)], add_to_output=True)
            elif _is_meant(whole[-1], message, kind):
                for key in _READ:
                    whole[-1].set(key, message.get(key), add_to_output=True)
                whole[-1].set(MEANT, message.get(TEXT), add_to_output=True)
                whole[-1].set(CORRECTION, kind, add_to_output=True)
        return whole

    def _is_painless(self, message: Message, clause: Message) -> bool:
        """Whether a clause tells of a danger that hurts, and the whole says that it does not: "it cracked, no pain"."""
        flags = {each["value"] for each in clause.get(ENTITIES) or [] if each["entity"] == "symptom"}
        is_only_clause = intent_of(message) != RED_FLAG and intent_of(clause) == RED_FLAG
        words = [token.text for token in tokens_of(message)]
        return is_only_clause and bool(flags) and flags <= _HURTING and bool(self._painless.spans(words))


def _clauses(words: ClauseWords, tokens: Tokens, text: str) -> list[Message]:
    """The clauses of these tokens of a text, if there are several."""
    spans = words.split(tokens, text)
    clauses = [tokens[first:end] for first, end in spans] if len(spans) > 1 else []
    return [_copy(clause, _text_of(clause, text), "clause") for clause in clauses]


def _text_of(clause: Tokens, text: str) -> str:
    """The clause as it was written, with the question mark that follows it."""
    end = clause[-1].end
    return text[clause[0].start : end] + "?" * text[end:].lstrip().startswith("?")


def _copy(tokens: Tokens, text: str, kind: str) -> Message:
    return Message({TEXT: text, TOKENS: tokens, NO_KNOWN_WORD: False, _PART: kind})


def _reading(clause: Message) -> dict[str, Any]:
    return {TEXT: clause.get(TEXT), **{key: clause.get(key) for key in _READ if key != INTENT_RANKING_KEY}}


def _is_known_harmless(message: Message, clause: Message) -> bool:
    """Whether the whole shows that a clause only sounds like a danger: "my lumpy knuckles: do I go over the lumps?"."""
    whole, part = message.get(DANGER), clause.get(DANGER)
    if whole is None or part is None or intent_of(clause) != RED_FLAG:
        return False
    return bool(whole.excused >= SURELY_EXCUSED and part.probability < SURE_OF_CLAUSE)


def _is_meant(message: Message, corrected: Message, kind: str) -> bool:
    """Whether the corrected reading replaces that of the whole: danger and pain are never taken back."""
    if intent_of(message) in _NEVER_TAKEN_BACK:
        return False
    return kind == "across" or intent_of(corrected) not in _NOT_MEANT
