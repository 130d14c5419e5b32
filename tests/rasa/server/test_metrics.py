from __future__ import annotations

import asyncio
import json
import re

import pytest

from palmwise.resources import ROOT
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


def test_the_dashboard_queries_existing_metrics() -> None:
    board = json.loads((ROOT / "deploy" / "grafana" / "palmwise.json").read_text(encoding="utf-8"))
    queries = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    asked = {re.sub("_(total|bucket|sum|count)$", "", name) for name in re.findall(r"palmwise_[a-z_]+", queries)}
    assert asked
    assert asked <= {metric.name for metric in Metrics().registry.collect()}
