"""Names by which the server may be called."""

from __future__ import annotations

import pytest

from palmwise.server.settings import own_names


def test_a_server_for_this_machine_has_no_other_names() -> None:
    assert own_names({}) == frozenset()
    assert own_names({"PALMWISE_HOSTS": "Coach.example, b.example"}) == frozenset({"coach.example", "b.example"})


def test_a_server_for_others_goes_by_any_name_unless_told() -> None:
    assert own_names({"PALMWISE_INTERFACE": "0.0.0.0"}) is None  # noqa: S104
    assert own_names({"PALMWISE_INTERFACE": "0.0.0.0", "PALMWISE_HOSTS": "a.example"}) == frozenset({"a.example"})  # noqa: S104


def test_an_invalid_name_is_told() -> None:
    with pytest.raises(ValueError, match="PALMWISE_HOSTS"):
        own_names({"PALMWISE_HOSTS": "https://a.example"})
