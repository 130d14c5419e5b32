from __future__ import annotations

from pathlib import Path

import pytest

from palmwise.server.settings import Limits, ServerSettings, own_names


def test_the_command_line_wins_over_the_environment() -> None:
    environment = {"PALMWISE_PORT": "6000", "PALMWISE_DATABASE": "/data/c.db"}
    settings = ServerSettings.read(["--port", "7000"], environment)
    assert (settings.port, settings.database) == (7000, Path("/data/c.db"))


def test_the_default_interface_is_this_machine_only() -> None:
    settings = ServerSettings.read([], {})
    assert (settings.interface, settings.port) == ("127.0.0.1", 5005)
    assert settings.database is None  # the one that Rasa's own file names


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_an_invalid_port_shows_the_usage(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        ServerSettings.read([f"--port={port}"], {})
    assert "usage" in capsys.readouterr().err


def test_limits_come_from_the_environment() -> None:
    limits = Limits.from_environment({"PALMWISE_CONVERSATION_BURST": "3", "PALMWISE_CLIENT_RATE": "0.5"})
    assert (limits.conversation_burst, limits.client_rate, limits.text_characters) == (3, 0.5, 1000)


@pytest.mark.parametrize("value", ["0", "-3", "many", "nan", "inf"])
def test_invalid_limits_are_refused_by_name(value: str) -> None:
    with pytest.raises(ValueError, match=r"^PALMWISE_CONVERSATION_RATE must be a number above zero$"):
        Limits.from_environment({"PALMWISE_CONVERSATION_RATE": value})
    with pytest.raises(ValueError, match=r"^PALMWISE_BODY_BYTES must be a whole number above zero$"):
        Limits.from_environment({"PALMWISE_BODY_BYTES": value})


def test_a_server_for_this_machine_has_no_other_names() -> None:
    assert own_names({}) == frozenset()
    assert own_names({"PALMWISE_HOSTS": "Coach.example, b.example"}) == frozenset({"coach.example", "b.example"})


def test_a_server_for_others_goes_by_any_name_unless_told() -> None:
    assert own_names({"PALMWISE_INTERFACE": "0.0.0.0"}) is None  # noqa: S104
    assert own_names({"PALMWISE_INTERFACE": "0.0.0.0", "PALMWISE_HOSTS": "a.example"}) == frozenset({"a.example"})  # noqa: S104


def test_an_invalid_name_is_told() -> None:
    with pytest.raises(ValueError, match="PALMWISE_HOSTS"):
        own_names({"PALMWISE_HOSTS": "https://a.example"})
