"""The pipelines that are compared: ours, ours without one of its parts, and the references."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

OURS = "Palmwise"
SPARSE = "sparse"
DEFAULT = "Rasa default"

_IMPORTERS = "benchmarks.nlu.importers"
_VARIANTS = "benchmarks.nlu.variants"

Config = Mapping[str, Any]
Component = dict[str, Any]


@dataclass(frozen=True)
class Pipeline:
    """What is trained under a name."""

    name: str
    config: Config
    """As a `config.yml` has it."""
    ours: bool = False
    """Made of components of `nlu/`, so that a change there makes what was measured before stale."""

    @property
    def slug(self) -> str:
        """The name as part of a file's name."""
        return "".join(letter if letter.isalnum() else "-" for letter in self.name.lower())


def load_pipelines(config: Path, epochs: int | None = None) -> tuple[Pipeline, ...]:
    """All of them, the quickest first; `epochs` is for those of Rasa's default, whose own number is 100."""
    own = yaml.safe_load(config.read_text(encoding="utf-8"))
    return (Pipeline(OURS, own, ours=True), *_ablations(own), _sparse(), _default(epochs))


def _ablations(own: Config) -> tuple[Pipeline, ...]:
    classifier = "palmwise.nlu.classifier.SentenceClassifier"

    def reduced(part: str) -> Mapping[str, Component]:
        return {classifier: {"name": f"{_VARIANTS}.ReducedClassifier", part: False}}

    repair = "palmwise.nlu.message_repair.MessageRepair"
    without: Mapping[str, Mapping[str, Component | None]] = {
        "repair": {repair: {"name": f"{_VARIANTS}.WordsAsTyped"}},
        "noisy copies": {repair: {"noisy": False}},
        "n-grams": reduced("ngrams"),
        "sound index": reduced("sound"),
        "hidden layer": reduced("hidden"),
        "middle layer": reduced("middle"),
        "lookups": {"palmwise.nlu.entities.NameExtractor": None},
        "phrase lists": {"palmwise.nlu.safety_phrases.SafetyPhrases": None},
        "fallback": {"palmwise.nlu.fallback.Fallback": None},
    }
    return tuple(
        Pipeline(f"without {part}", {**own, "pipeline": changed(own["pipeline"], changes)}, ours=True)
        for part, changes in without.items()
    )


def changed(pipeline: Sequence[Component], changes: Mapping[str, Component | None]) -> list[Component]:
    """The components with some exchanged, or left out for None; settings of an exchanged one stay."""
    kept = []
    for component in pipeline:
        change = changes.get(component["name"], {})
        if change is not None:
            kept.append({**component, **change})
    return kept


def _sparse() -> Pipeline:
    """Counts of words and letters, one logistic regression over full labels, the names by lookup."""
    counts: list[Component] = [
        {"name": "WhitespaceTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    ]
    rest: list[Component] = [
        {"name": "LogisticRegressionClassifier"},
        {"name": "RegexEntityExtractor", "use_regexes": False},
        {"name": "EntitySynonymMapper"},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ]
    return Pipeline(SPARSE, _reference("FlatImporter", [*counts, *rest]))


def _default(epochs: int | None) -> Pipeline:
    """The pipeline that Rasa chooses when a config has none, as the installed Rasa has it; with a seed."""
    raw = yaml.safe_load(_rasas_own().read_text(encoding="utf-8"))
    pipeline = [
        {**component, "random_seed": 1, **({"epochs": epochs} if epochs else {})}
        if "epochs" in component
        else component
        for component in raw["pipeline"]
    ]
    name = f"{DEFAULT}, {epochs} epochs" if epochs else DEFAULT
    return Pipeline(name, _reference("AnnotatedImporter", pipeline))


def _rasas_own() -> Path:
    # find_spec of a top-level name does not import it, which would take seconds.
    spec = importlib.util.find_spec("rasa")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0]) / "engine/recipes/config_files/default_config.yml"


def _reference(importer: str, pipeline: list[Component]) -> Config:
    return {
        "recipe": "default.v1",
        "assistant_id": "reference",
        "language": "en",
        "importers": [{"name": f"{_IMPORTERS}.{importer}"}],
        "pipeline": pipeline,
    }
