"""An action in this process gives the results that it gives behind an action server."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.endpoint import create_app
from sanic import Sanic

from palmwise.server.runtime.action_endpoint import InProcessActions
from tests.rasa.runtime import sample_actions
from tests.rasa.storage.fakes import DOMAIN, session_start, step, turn, wait


def _tracker() -> DialogueStateTracker:
    return DialogueStateTracker.from_events("a", session_start() + turn(1), DOMAIN.slots)


def _call(action: str) -> dict[str, Any]:
    return RemoteAction(action, EndpointConfig("http://nowhere"))._action_call_format(_tracker(), DOMAIN)


async def _outcome(request: Callable[..., Awaitable[Any]], call: dict[str, Any]) -> Any:
    try:
        return await request(json=call, method="post")
    except ClientResponseError as error:
        return error.status


async def _over_http(calls: list[dict[str, Any]]) -> list[Any]:
    Sanic._app_registry.clear()
    server: Any = await create_app(sample_actions).create_server(
        host="127.0.0.1", port=5151, return_asyncio_server=True, access_log=False
    )
    await server.startup()
    endpoint = EndpointConfig("http://127.0.0.1:5151/webhook")
    try:
        return [await _outcome(endpoint.request, call) for call in calls]
    finally:
        server.close()
        await server.wait_closed()


def test_results_equal_those_of_an_action_server() -> None:
    async def scenario() -> None:
        calls = [_call(f"action_{name}") for name in ("answers", "rejects", "breaks", "unknown")]
        endpoint = InProcessActions(sample_actions.__name__)
        ours = [await _outcome(endpoint.request, copy.deepcopy(call)) for call in calls]
        theirs = await _over_http(calls)
        assert ours == theirs
        assert ours[1:] == [400, 500, 404]

    wait(scenario())


def test_an_action_cannot_modify_the_tracker() -> None:
    async def scenario() -> None:
        endpoint, tracker = InProcessActions(sample_actions.__name__), _tracker()
        before = copy.deepcopy([event.as_dict() for event in tracker.events])
        nlg, channel = NaturalLanguageGenerator.create(None, DOMAIN), CollectingOutputChannel()
        assert await RemoteAction("action_meddles", endpoint).run(channel, nlg, tracker, DOMAIN) == []
        assert [event.as_dict() for event in tracker.events] == before
        assert step(tracker) == 1
        assert DOMAIN.as_dict()["actions"]

    wait(scenario())


def test_rejections_and_errors_reach_rasa_as_over_http() -> None:
    async def scenario() -> None:
        endpoint = InProcessActions(sample_actions.__name__)
        nlg, channel = NaturalLanguageGenerator.create(None, DOMAIN), CollectingOutputChannel()
        with pytest.raises(ActionExecutionRejection, match="not now"):
            await RemoteAction("action_rejects", endpoint).run(channel, nlg, _tracker(), DOMAIN)
        with pytest.raises(RasaException, match="action_breaks"):
            await RemoteAction("action_breaks", endpoint).run(channel, nlg, _tracker(), DOMAIN)

    wait(scenario())
