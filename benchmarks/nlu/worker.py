"""Trains one pipeline, or parses every sentence with it, in a process of its own to measure its memory."""

from __future__ import annotations

import asyncio
import json
import logging
import resource
import sys
import time
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.model_training import train_nlu

WARM_UP = 20
"""Sentences that are parsed before the measurement."""


def train(config: str, data: str, model: str) -> None:
    """Train on a folder of sentences; write `MODEL.tar.gz`, then `MODEL.json` with what it took."""
    start = time.perf_counter()
    train_nlu(config, data, str(Path(model).parent), fixed_model_name=Path(model).name, domain="domain.yml")
    facts = {
        "train_seconds": time.perf_counter() - start,
        "train_core_seconds": time.process_time(),
        "train_megabytes": _peak_megabytes(),
    }
    Path(f"{model}.json").write_text(json.dumps(facts), encoding="utf-8")


def parse(model: str, sentences: str, answers: str) -> None:
    """Parse a JSON list of texts; write an answer for each, and the peak memory."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    agent = Agent.load(model)
    texts: list[str] = json.loads(Path(sentences).read_text(encoding="utf-8"))

    async def parsed() -> list[dict[str, Any]]:
        found = []
        for text in [*texts[:WARM_UP], *texts]:
            start = time.perf_counter()
            result = await agent.parse_message(text)
            found.append({**answer_of(result), "milliseconds": 1000 * (time.perf_counter() - start)})
        return found[-len(texts) :]

    result = {"answers": asyncio.run(parsed()), "megabytes": _peak_megabytes()}
    Path(answers).write_text(json.dumps(result), encoding="utf-8")


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


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    {"train": train, "parse": parse}[sys.argv[1]](*sys.argv[2:])
