"""Trains one pipeline, or parses every sentence with what was trained; processes of their own keep memory apart."""

from __future__ import annotations

import asyncio
import json
import logging
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.model_training import train_nlu

from benchmarks.nlu.importers import FLAT

WARM = 20
"""Sentences that are parsed before the clock counts."""


def train(config: str, data: str, out: str) -> None:
    """Trains on a folder of sentences and writes `<out>.tar.gz` and, as `<out>.json`, what it took."""
    begun = time.perf_counter()
    train_nlu(config, data, str(Path(out).parent), fixed_model_name=Path(out).name, domain="domain.yml")
    facts = {
        "train_seconds": time.perf_counter() - begun,
        "train_core_seconds": time.process_time(),
        "train_megabytes": _peak(),
    }
    Path(f"{out}.json").write_text(json.dumps(facts), encoding="utf-8")


def parse(model: str, sentences: str, out: str) -> None:
    """`sentences` is a JSON list of texts; `out` gets an answer for each and the peak of memory."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(model)
    texts: list[str] = json.loads(Path(sentences).read_text(encoding="utf-8"))
    answers = asyncio.run(_parse(agent, texts))
    Path(out).write_text(json.dumps({"memory_megabytes": _peak(), "answers": answers}), encoding="utf-8")


async def _parse(agent: Agent, texts: Sequence[str]) -> list[dict[str, Any]]:
    answers = []
    for text in [*texts[:WARM], *texts]:
        begun = time.perf_counter()
        said = await agent.parse_message(text)
        milliseconds = 1000 * (time.perf_counter() - begun)
        answers.append({**short(said), "milliseconds": milliseconds})
    return answers[WARM:]


def short(said: dict[str, Any]) -> dict[str, Any]:
    """What is judged of a parsed message: its full label, how sure it is, its entities."""
    intent = (said["intent"].get("name") or "").replace(FLAT, "/")
    selectors = said.get("response_selector") or {}
    chosen = (selectors.get("faq") or selectors.get("default") or {}).get("response", {}).get("intent_response_key")
    entities = [(each["entity"], str(each["value"])) for each in said.get("entities") or []]
    return {
        "label": chosen if intent == "faq" and chosen else intent,
        "confidence": said["intent"].get("confidence") or 0.0,
        "entities": entities,
    }


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    if sys.argv[1] == "train":
        train(*sys.argv[2:])
    else:
        parse(*sys.argv[2:])
