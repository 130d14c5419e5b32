"""What was answered outlives the process that answered it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from palmwise.client.http_client import CoachClient
from tests.e2e.conftest import Mortal

pytestmark = [pytest.mark.server, pytest.mark.slow]
ADDRESS = re.compile(r"(?<=/coach/speech\?key=)\w+")


def without_sound(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages without the addresses of their sound, which end with the process that gave them out."""
    found: list[dict[str, Any]] = json.loads(ADDRESS.sub("", json.dumps(messages)))
    return found


def test_conversations_survive_a_killed_server(mortal: Mortal) -> None:
    talk, silent = CoachClient(mortal.address), CoachClient(mortal.address)
    talk.open()
    silent.open()
    talk.say("start the classic routine")
    talk.press("/deny")
    talk.press("/affirm")
    answered = talk.say("next", id="lost answer")

    mortal.kill_and_restart()
    talk = CoachClient(mortal.address, conversation=talk.conversation)
    assert talk.look()["session"]["step"] == 2
    assert without_sound(talk.say("next", id="lost answer")) == without_sound(answered)
    assert talk.say("next")[-1]["custom"]["session"]["step"] == 3
    assert CoachClient(mortal.address, conversation=silent.conversation).look()["session"]["state"] == "none"
