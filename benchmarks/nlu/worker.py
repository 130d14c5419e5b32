"""Trains one pipeline and parses every sentence with it, in a process of its own: what it imports is not in the way."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.model_training import train_nlu

from benchmarks.nlu.answer_scores import answer_scores, judge, load_questions
from benchmarks.nlu.cases import OURS
from benchmarks.nlu.cases_in_context import ABLATIONS, accuracy, load_conversations
from palmwise.resources import content

WARM_UP = 20
"""Sentences that are parsed before the measurement."""


def measure(folder: Path) -> None:
    """Train by the folder's `config.yml`, unless a model is there; parse its `sentences.json`, and judge questions."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    facts = folder / "facts.json"
    if not facts.exists():
        start = time.perf_counter()
        train_nlu(str(folder / "config.yml"), "data/nlu", str(folder), fixed_model_name="model", domain="domain.yml")
        megabytes = (folder / "model.tar.gz").stat().st_size / 1e6
        facts.write_text(json.dumps({"training, s": time.perf_counter() - start, "model, MB": megabytes}))
    texts: list[str] = json.loads((folder / "sentences.json").read_text(encoding="utf-8"))
    agent = Agent.load(folder / "model.tar.gz")
    (folder / "answers.json").write_text(json.dumps(asyncio.run(_parse(agent, texts))), encoding="utf-8")
    parsed = {each.text: asyncio.run(agent.parse_message(each.text)) for each in load_questions()}
    judged = [judge(content(), question, parsed.__getitem__) for question in load_questions()]
    (folder / "questions.json").write_text(json.dumps(answer_scores(judged)), encoding="utf-8")
    found = _in_context(agent) if folder.name == OURS else {}
    (folder / "conversations.json").write_text(json.dumps(found), encoding="utf-8")


def _in_context(agent: Agent) -> dict[str, dict[str, tuple[int, int]]]:
    """Ablation -> kind of case in context -> number of cases that are right, and of all."""

    @cache
    def parse(text: str) -> dict[str, Any]:
        return asyncio.run(agent.parse_message(text))

    cases = load_conversations()
    return {name: accuracy(cases, parse, leaving_out) for name, leaving_out in ABLATIONS.items()}


async def _parse(agent: Agent, texts: list[str]) -> list[dict[str, Any]]:
    found = []
    for text in [*texts[:WARM_UP], *texts]:
        start = time.perf_counter()
        result = await agent.parse_message(text)
        found.append({**answer_of(result), "milliseconds": 1000 * (time.perf_counter() - start)})
    return found[-len(texts) :]


def answer_of(result: dict[str, Any]) -> dict[str, Any]:
    """What is judged of a parse result: full label, confidence, (entity, value) pairs."""
    intent = result["intent"].get("name") or ""
    selectors = result.get("response_selector") or {}
    key = (selectors.get("faq") or selectors.get("default") or {}).get("response", {}).get("intent_response_key")
    return {
        "label": key if intent == "faq" and key else intent,
        "confidence": result["intent"].get("confidence") or 0.0,
        "entities": [(each["entity"], str(each["value"])) for each in result.get("entities") or []],
    }


if __name__ == "__main__":
    measure(Path(sys.argv[1]))
