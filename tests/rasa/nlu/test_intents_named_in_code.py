"""Intents that the code names are intents of domain.yml, which is the only list of them."""

from __future__ import annotations

import yaml

from palmwise.language import durations, names, step_references
from palmwise.nlu import fallback, safety_phrases
from palmwise.resources import ROOT, content

DOMAIN = {
    intent if isinstance(intent, str) else next(iter(intent))
    for intent in yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
}


def test_the_intents_that_understanding_names_are_in_the_domain() -> None:
    named = {
        *fallback.NEVER_REPLACED,
        *fallback.HALTING_INTENTS,
        *safety_phrases.INTENTS.values(),
        *names.REPORT_INTENTS,
        durations.DURATION_INTENT,
        step_references.GO_TO,
    }
    assert named <= DOMAIN


def test_the_questions_about_risks_are_questions_of_the_content() -> None:
    assert {f"faq/{id}" for id in content().faqs} >= safety_phrases.QUESTIONS_ABOUT_RISKS
