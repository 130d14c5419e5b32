from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent

Parse = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="session")
def parse() -> Parse:
    """Parse a text with the trained model."""
    agent = Agent.load(os.environ.get("PALMWISE_TEST_MODEL") or Path("models/palmwise.tar.gz"))

    def parsed(text: str) -> dict[str, Any]:
        return asyncio.run(agent.parse_message(text))

    return parsed


@pytest.fixture(scope="session")
def label(parse: Parse) -> Callable[[str], str]:
    """The intent of a text, of a question with its id: `faq/oils`."""

    def labelled(text: str) -> str:
        said = parse(text)
        intent = str(said["intent"]["name"])
        return str(said["response_selector"]["faq"]["response"]["intent_response_key"]) if intent == "faq" else intent

    return labelled
