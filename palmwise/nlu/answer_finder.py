"""Answer finder: the answer of the content that fits a question, beside the intent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from palmwise import resources
from palmwise.errors import UntrainedError
from palmwise.language.sentences import asks, is_question
from palmwise.language.tokens import join
from palmwise.nlu.answer_model import AnswerModel, Found, train_answer_model
from palmwise.nlu.classifier import READING, examples_of
from palmwise.nlu.component import DECIDED_BY, VECTOR, Component, intent_of, probability_of, texts_in, tokens_of
from palmwise.nlu.encoder import load_encoder
from palmwise.nlu.training_data import answer_lessons, condition_words, train_repairer

ANSWER = "answer"
"""Key of the parse result for what was found."""
ASKING = frozenset({"faq"})
"""Intents of which a known question is expected."""
UNSURE = frozenset(
    "out_of_scope nlu_fallback explain_step explain_benefit explain_technique how_long list_routines list_steps help "
    "ask_progress report_symptom complain praise bot_challenge start_routine".split()
)
"""Intents that a question is easily taken for; a known question is answered if it is likely enough."""
ABOUT_STATE = frozenset("how_long ask_progress explain_step explain_benefit list_steps list_routines help".split())
"""Intents of questions about what is on."""
ABOUT_PLACE = frozenset({"ask_progress", "how_long"})
"""Those among them that the place and the plan answer: "how many more are there"."""
ELSEWHERE = frozenset({"out_of_scope"})
"""Intents of questions about another field."""
SHORT_TALE = 5
"""Words up to which a complaint is only told: "I have osteoporosis"; a longer one may tell when it comes."""
SHORT = 3
"""Number of words up to which such a question names nothing of its own."""
NEVER = frozenset({"report_red_flag", "stop"})
"""Intents that no question overrides."""
HURTING = "report_pain"
"""What a question about pain is easily taken for; only in the middle of a step it counts more than the question."""
PAUSING = "pause"
"""A wish for a break, which may be put as a question: "can I stop for a second to drink"."""
UNLIKELY = 0.01
"""An answer that is less likely to be right is none for the coach to choose from."""
LIKELY_ASKED = 0.6
"""Probability from which on a message is a question by what it means in context."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AnswerFinder(Component):
    """Sets `answer` on a message: `id` (null if no answer fits), `confidence`, and the ids that are `near`.

    For the coach, which knows what is on: the `chances` of the likeliest answers by id (none where no answer may be
    given), and the chance that is `needed`.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, storage, resource)
        self._model: AnswerModel | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Least chances of being right from which on an answer is taken, chosen on questions that are not trained on.

        `asking`: if a question about hand massage was understood; `unsure`: if something was that it is easily taken
        for, and it is asked; `telling`: if it is told; `moving`: if anything else was understood, and it is asked;
        `hurting`: if it is asked about pain; `elsewhere`: if it is surely about another field; `outright`: if it is
        surely about the place, or short and about what is on, or nothing of this is the case; `on`: if it is longer and
        surely about what is on. `near`: from which on an answer is offered. `plain`: probability of an intent
        from which on it is sure.
        """
        return {
            "asking": 0.3,
            "unsure": 0.33,
            "telling": 0.47,
            "moving": 0.4,
            "hurting": 0.4,
            "outright": 0.65,
            "elsewhere": 0.42,
            "on": 0.5,
            "near": 0.1,
            "plain": 0.8,
        }

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the questions of the content, and on sentences of other intents that ask none of them."""
        repairer = train_repairer(texts_in(training_data))
        lessons = answer_lessons(repairer, examples_of(training_data))
        vectors = load_encoder().encode([lesson.text for lesson in lessons])
        forms = {id: answer.form for id, answer in resources.content().answers.items()}
        self._model = train_answer_model(lessons, vectors, forms, condition_words(lessons))
        return self.persist(self._model.save)

    def read(self, folder: Path) -> None:
        """Read the model."""
        self._model = AnswerModel.load(folder)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set what was found; the intent stays as it is."""
        if self._model is None:
            raise UntrainedError("The answer finder was not trained.")
        asked = [message for message in messages if tokens_of(message) and message.get(VECTOR) is not None]
        if asked:
            sentences = [join(tokens_of(message)) for message in asked]
            found = self._model.find(sentences, [message.get(VECTOR) for message in asked])
            for message, sentence, each in zip(asked, sentences, found, strict=True):
                message.set(ANSWER, self._decision(message, sentence, each), add_to_output=True)
        return messages

    def _decision(self, message: Message, sentence: str, found: Found) -> dict[str, Any]:
        near = (found.id, *found.near) if found.confidence >= self._config["near"] else ()
        confidence, needed = self._confidence(message, sentence, found)
        id = found.id if confidence >= needed else None
        likely = zip((found.id, *found.near), (1.0, *found.odds), strict=True)
        chances = {each: round(confidence * odds, 4) for each, odds in likely if confidence * odds >= UNLIKELY}
        return {
            "id": id,
            "confidence": round(confidence, 3),
            "near": [each for each in near if each != id][:3],
            "chances": chances,
            "needed": needed,
        }

    def _names_it(self, message: Message, intent: str) -> bool:
        """Whether the intent answers by itself: a named movement or massage, or a complaint told in a few words."""
        names = {each["entity"] for each in message.get(ENTITIES) or []}
        words = [token.text for token in tokens_of(message)]
        is_named = (intent == "explain_technique" and "technique" in names) or (
            intent == "start_routine" and "routine" in names and not asks(words)
        )
        is_told = intent == "report_symptom" and "symptom" in names and not asks(words) and len(words) <= SHORT_TALE
        return self._is_sure(message, intent) and (is_named or is_told)

    def _is_sure(self, message: Message, intent: str) -> bool:
        return bool(probability_of(message, intent) >= self._config["plain"])

    def _is_asked(self, message: Message, sentence: str) -> bool:
        """Whether a message asks something, by its words, its mark or what they mean together."""
        acts = (message.get(READING) or {}).get("acts") or {}
        is_marked = str(message.get(TEXT) or "").rstrip().endswith("?")
        return is_marked or is_question(sentence) or acts.get("question", 0.0) >= LIKELY_ASKED

    def _confidence(self, message: Message, sentence: str, found: Found) -> tuple[float, float]:
        """The chance that the answer is right, given the intent, and how much is needed."""
        intent = intent_of(message)
        is_asked = self._is_asked(message, sentence)
        is_wished = (intent == HURTING and not is_asked) or (intent == PAUSING and self._is_sure(message, intent))
        if message.get(DECIDED_BY) is not None or intent in NEVER or is_wished or self._names_it(message, intent):
            return 0.0, 1.0
        if intent in ASKING:
            sure = probability_of(message, intent)
            return sure * found.if_any + (1 - sure) * found.confidence, self._config["asking"]
        return found.confidence, self._config[self._kind(message, intent, is_asked=is_asked)]

    def _kind(self, message: Message, intent: str, *, is_asked: bool) -> str:
        """Which of the least chances holds."""
        if intent == HURTING:
            return "hurting"
        is_sure = self._is_sure(message, intent)
        if is_sure and intent in ELSEWHERE:
            return "elsewhere"
        if is_sure and intent in ABOUT_STATE:
            is_plain = intent in ABOUT_PLACE or len(tokens_of(message)) <= SHORT
            return "outright" if is_plain else "on"
        if intent in UNSURE:
            return "unsure" if is_asked else "telling"
        return "moving" if is_asked else "outright"
