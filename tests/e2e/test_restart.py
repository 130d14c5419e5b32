"""What was answered outlives the process that answered it."""

from __future__ import annotations

import pytest

from palmwise.client.http_client import CoachClient
from tests.e2e.conftest import Mortal

pytestmark = [pytest.mark.server, pytest.mark.slow]


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
    assert talk.say("next", id="lost answer") == answered
    assert talk.say("next")[-1]["custom"]["session"]["step"] == 3
    assert CoachClient(mortal.address, conversation=silent.conversation).look()["session"]["state"] == "none"
