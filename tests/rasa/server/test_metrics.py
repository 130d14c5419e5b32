from __future__ import annotations

import asyncio

import pytest

from palmwise.server.metrics import Metrics


def test_a_turn_whose_client_hung_up_counts_as_left() -> None:
    metrics = Metrics()

    def hang_up() -> None:
        with metrics.turn("c", "person") as turn:
            turn.intent = "next_step"
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        hang_up()
    told = {"intent": "next_step", "outcome": "left"}
    assert metrics.registry.get_sample_value("palmwise_turns_total", told) == 1
