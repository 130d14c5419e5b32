"""The pipelines that are compared: ours, ours without one of its parts, and Rasa's default."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

OURS = "Palmwise"
DEFAULT = "Rasa default"

Config = Mapping[str, Any]
Component = dict[str, Any]


@dataclass(frozen=True)
class Pipeline:
    """A pipeline to train."""

    name: str
    config: Config
    """As in a `config.yml`."""
    is_ours: bool = False
    """Whether it has components of `palmwise/nlu`, so that a change there outdates what was measured."""

    @property
    def slug(self) -> str:
        """The name as part of a file name."""
        return "".join(letter if letter.isalnum() else "-" for letter in self.name.lower())


def load_pipelines(config: Path, epochs: int | None = None) -> tuple[Pipeline, ...]:
    """All pipelines, the quickest to train first; `epochs` replaces the 100 of Rasa's default."""
    own = yaml.safe_load(config.read_text(encoding="utf-8"))
    return (Pipeline(OURS, own, is_ours=True), *_ablations(own), _rasa_default(epochs))


def changed(pipeline: Sequence[Component], changes: Mapping[str, Component | None]) -> list[Component]:
    """The components with changes by name: updated settings, or left out for None."""
    kept = []
    for component in pipeline:
        change = changes.get(component["name"], {})
        if change is not None:
            kept.append({**component, **change})
    return kept


def _ablations(own: Config) -> tuple[Pipeline, ...]:
    repair = "palmwise.nlu.message_repair.MessageRepair"
    classifier = "palmwise.nlu.classifier.SentenceClassifier"
    without: Mapping[str, Mapping[str, Component | None]] = {
        "repair": {repair: {"name": "benchmarks.nlu.ablations.NoRepair"}},
        "noisy copies": {repair: {"noisy": False}},
        "n-grams": {classifier: {"name": "benchmarks.nlu.ablations.NoNgrams"}},
        "names": {"palmwise.nlu.entities.NameExtractor": None},
        "phrase lists": {"palmwise.nlu.safety_phrases.SafetyPhrases": None},
        "fallback": {"palmwise.nlu.fallback.Fallback": None},
    }
    return tuple(
        Pipeline(f"without {part}", {**own, "pipeline": changed(own["pipeline"], changes)}, is_ours=True)
        for part, changes in without.items()
    )


def _rasa_default(epochs: int | None) -> Pipeline:
    """The pipeline that the installed Rasa takes for a config without one, with a seed."""
    # find_spec of a top-level package does not import it, which would take seconds.
    spec = importlib.util.find_spec("rasa")
    folder = Path(next(iter((spec.submodule_search_locations if spec else None) or [""])))
    raw = yaml.safe_load((folder / "engine/recipes/config_files/default_config.yml").read_text(encoding="utf-8"))
    changes = {"random_seed": 1, **({"epochs": epochs} if epochs else {})}
    pipeline = [{**each, **changes} if "epochs" in each else each for each in raw["pipeline"]]
    name = f"{DEFAULT}, {epochs} epochs" if epochs else DEFAULT
    importer = {"name": "benchmarks.nlu.annotated_importer.AnnotatedImporter"}
    head = {"recipe": "default.v1", "assistant_id": "reference", "language": "en"}
    return Pipeline(name, {**head, "importers": [importer], "pipeline": pipeline})
