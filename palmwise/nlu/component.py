"""Base class of the graph components, and what they pass on to each other in a message."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from palmwise import resources
from palmwise.errors import UntrainedError
from palmwise.language.tokens import EntitySpan, Token, Tokens
from palmwise.nlu.training_data import names_of

TOKENS = "repaired_tokens"
"""Key of a message for its repaired tokens. None of these keys is part of the parse result."""
VARIANTS = "training_variants"
"""Key of a training example for the texts to train on: itself repaired, then noisy copies."""
VECTOR = "sentence_vector"
"""Key for the encoder's vector of the repaired tokens, which several components use."""
NO_KNOWN_WORD = "no_known_word"
"""Key for whether none of the tokens is a known word."""
DECIDED_BY = "decided_by"
"""Key for the name of the component that set the intent regardless of probabilities, which none after it changes."""
DANGER = "danger"
"""Key for the danger that the message may tell of, a `danger_model.Danger`."""
RESPONSE_SELECTOR = "response_selector"
"""Rasa's key for the responses of retrieval intents."""


class Component(GraphComponent):
    """A component that keeps what it learned as plain files in the model, never as pickled objects."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """`config`: the component's entry of `config.yml`."""
        self._config = {**self.get_default_config(), **config}
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa passes it by name
    ) -> Component:
        """Create an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa passes it by name
        **kwargs: Any,  # noqa: ARG003 - Rasa may pass more
    ) -> Component:
        """Load the component as it was trained."""
        component = cls(config, model_storage, resource)
        # Rasa also loads components that are not trained; they have no folder.
        if cls.read is not Component.read:
            with model_storage.read_from(resource) as folder:
                component.read(Path(folder))
        return component

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:  # noqa: ARG003 - Rasa passes it
        """Hash of what a component depends on beside the training data, so that Rasa's cache sees a change of it."""
        return _hash_of_dependencies()

    def read(self, folder: Path) -> None:
        """Read what `persist` wrote; components that are not trained have nothing to read."""

    def persist(self, write: Callable[[Path], None]) -> Resource:
        """Have `write` put files into the component's folder of the model."""
        with self._storage.write_to(self._resource) as folder:
            write(Path(folder))
        return self._resource


def texts_in(training_data: TrainingData) -> tuple[str, ...]:
    """The training sentences as they were written."""
    return tuple(message.get(TEXT) for message in messages_with_text(training_data))


def messages_with_text(training_data: TrainingData) -> list[Message]:
    """The training examples that are sentences."""
    return [message for message in training_data.intent_examples if message.get(TEXT)]


def tokens_of(message: Message) -> Tokens:
    """The repaired tokens of a message; raises `UntrainedError` before `MessageRepair` has set them."""
    tokens: Tokens | None = message.get(TOKENS)
    if tokens is None:
        raise UntrainedError("palmwise.nlu.message_repair.MessageRepair must come first in the pipeline.")
    return tokens


def intent_of(message: Message) -> str:
    """The intent that is set; empty if there is none."""
    return str((message.get(INTENT) or {}).get("name") or "")


def probability_of(message: Message, intent: str) -> float:
    """The probability of an intent in the ranking; 0 if it is not there."""
    ranking = message.get(INTENT_RANKING_KEY) or []
    return next((float(each["confidence"]) for each in ranking if each["name"] == intent), 0.0)


def set_intent(message: Message, name: str, confidence: float) -> None:
    """Set the intent and put it first in the ranking; the rest of the ranking stays."""
    entry = {"name": name, "confidence": confidence}
    others = [each for each in message.get(INTENT_RANKING_KEY) or [] if each["name"] != name]
    message.set(INTENT, entry, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [dict(entry), *others], add_to_output=True)


def add_entities(message: Message, tokens: Sequence[Token], spans: Sequence[EntitySpan], extractor: str) -> None:
    """Add entities in Rasa's format, in order of mention, with offsets into the text as it was typed."""
    entities: list[dict[str, Any]] = list(message.get(ENTITIES) or [])
    entities.extend(
        {
            "entity": span.entity,
            "start": tokens[span.first].start,
            "end": tokens[span.first + span.size - 1].end,
            "value": span.value,
            "extractor": extractor,
        }
        for span in spans
    )
    entities.sort(key=lambda entity: entity["start"])
    message.set(ENTITIES, entities, add_to_output=True)


def write_json(path: Path, data: Any) -> None:
    """Write a JSON file."""
    path.write_text(json.dumps(data), encoding="utf-8")


@lru_cache(maxsize=1)
def _hash_of_dependencies() -> str:
    here = Path(__file__).parent
    files = [*here.glob("*.py"), *here.glob("*.yml"), *here.with_name("language").glob("*.py")]
    files += (resources.content_folder() / "safety").glob("phrases_*.yml")
    files += (resources.ROOT / "data" / "danger").glob("*.yml")
    files += resources.CONVERSATION.rglob("*.yml")
    names = json.dumps(names_of(resources.content()), sort_keys=True).encode()
    return sha256(b"".join([names, *(file.read_bytes() for file in sorted(files))])).hexdigest()
