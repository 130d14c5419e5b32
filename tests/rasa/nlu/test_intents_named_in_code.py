"""Intents that the code names are intents of domain.yml, which is the only list of them."""

from __future__ import annotations

import yaml

from palmwise.language import names, numbers, step_references
from palmwise.nlu import danger_model, fallback, safety_phrases
from palmwise.nlu.training_data import danger_sentences
from palmwise.resources import ROOT, content

DOMAIN = {
    intent if isinstance(intent, str) else next(iter(intent))
    for intent in yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
}


def test_the_intents_that_understanding_names_are_in_the_domain() -> None:
    named = {
        *fallback.NEVER_REPLACED,
        *fallback.HALTING_INTENTS,
        danger_model.RED_FLAG,
        *safety_phrases.INTENTS.values(),
        *names.REPORT_INTENTS,
        numbers.DURATION_INTENT,
        step_references.GO_TO,
    }
    assert named <= DOMAIN


def test_every_danger_that_is_learnt_is_a_red_flag_of_the_content_and_the_other_way_round() -> None:
    learnt = {sentence.label for sentence in danger_sentences() if not sentence.label.startswith(danger_model.HARMLESS)}
    assert learnt == content().red_flags.keys()
