from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest

from palmwise.server import logs
from palmwise.server.metrics import Metrics, TurnRecord, digest, timed
from palmwise.server.settings import MetricsAddress, retention_hours

SAID = "my thumb is as blue as a plum"


def record(name: str, message: str, *arguments: Any, broken: BaseException | None = None) -> logging.LogRecord:
    cause = (type(broken), broken, broken.__traceback__) if broken else None
    return logging.LogRecord(name, logging.ERROR, __file__, 7, message, arguments, cause, "somewhere")


def nested_error() -> BaseException:
    try:
        try:
            raise ValueError(SAID)  # noqa: TRY301
        except ValueError as error:
            raise RuntimeError(f"cannot handle {SAID}") from error
    except RuntimeError as error:
        return error


@pytest.mark.parametrize("formatter", [logs.TextFormatter(), logs.JsonFormatter()])
@pytest.mark.parametrize("name", ["rasa.core.processor", "sanic.error", "sqlalchemy.engine", "asyncio"])
def test_records_of_libraries_keep_only_place_and_kind(formatter: logging.Formatter, name: str) -> None:
    line = formatter.format(record(name, f"failed at {SAID}", broken=nested_error()))
    assert "plum" not in line
    assert "line 7" in line
    assert "ValueError" in line
    assert "RuntimeError" in line


def test_our_own_records_are_written_whole() -> None:
    assert "3 are gone" in logs.TextFormatter().format(record("palmwise.server.retention", "%d are gone", 3))


def test_a_turn_is_one_line_of_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    logs.install("turns")
    with Metrics().turn("a" * 32, "person") as turn, timed("store"):
        turn.intent = "next_step"
        turn.record_answer([{"text": SAID}, {"custom": {"card": "step", "say": SAID, "session": {"state": "running"}}}])
    logs.install("warnings")
    told = json.loads(capsys.readouterr().err)
    assert (told["intent"], told["card"], told["state"]) == ("next_step", "step", "running")
    assert (told["conversation"], list(told["parts"])) == (digest("a" * 32), ["store"])
    assert "plum" not in json.dumps(told)
    root.setLevel(logging.WARNING)
    assert sys.stderr


def test_turns_are_counted_by_intent_and_outcome() -> None:
    now = 0.0
    metrics = Metrics(lambda: now)

    def turn(conversation: str, intent: str, state: str) -> None:
        metrics.count(
            TurnRecord(conversation, "person", 0.0, intent=intent, session={"state": state}, milliseconds=3.0)
        )

    turn("a", "affirm", "running")
    turn("b", "affirm", "running")
    turn("b", "report_red_flag", "stopped")
    turn("c", "nlu_fallback", "none")
    assert metrics.active_routines() == 1
    found = metrics.registry.get_sample_value
    assert found("palmwise_red_flags_total") == found("palmwise_fallbacks_total") == 1
    assert found("palmwise_turns_total", {"intent": "affirm", "outcome": "answered"}) == 2
    assert found("palmwise_turn_seconds_bucket", {"le": "0.005"}) == 4
    now = 3601.0
    assert metrics.active_routines() == 0


@pytest.mark.parametrize("text", ["0", "70000", "abc", "-1"])
def test_a_metrics_port_is_a_valid_port(text: str) -> None:
    with pytest.raises(ValueError, match="PALMWISE_METRICS_PORT"):
        MetricsAddress.from_environment({"PALMWISE_METRICS_PORT": text})
    assert MetricsAddress.from_environment({}).port is None


@pytest.mark.parametrize("text", ["0", "-1", "inf", "nan", "a day"])
def test_retention_hours_are_above_zero(text: str) -> None:
    with pytest.raises(ValueError, match="PALMWISE_RETENTION_HOURS"):
        retention_hours({"PALMWISE_RETENTION_HOURS": text})
    assert retention_hours({"PALMWISE_RETENTION_HOURS": "0.5"}) == 0.5
