"""Looks for what would keep the server from starting, before Rasa takes its seconds to load."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import yaml

from palmwise import resources
from palmwise.errors import ContentError, StartError
from palmwise.server import logs, middleware
from palmwise.server.metrics import Door
from palmwise.server.settings import Limits, Settings, retention_hours

_VARIABLE = re.compile(r"\$\{(\w+)\}")


def check(settings: Settings, environment: dict[str, str]) -> None:
    """Raises `StartError` for a missing model, broken content, a database without a place, a senseless limit."""
    if not _has_model(settings.model):
        raise StartError(f"There is no trained model in {settings.model}: run `make train` first.")
    for file in (settings.endpoints, settings.credentials):
        if not file.is_file():
            raise StartError(f"{file} is missing.")
    try:
        Limits.from_environment(environment)
        middleware.listed(environment)
        retention_hours(environment)
        logs.kind(environment)
        Door.from_environment(environment)
    except ValueError as error:
        raise StartError(f"Something is not set right: {error}.") from None
    try:
        resources.content()
    except ContentError as error:
        first, *others = error.problems
        more = f" (and {len(others)} more; `make validate` tells them all)" if others else ""
        raise StartError(f"The content has a mistake: {first}{more}") from None
    _check_addresses(settings.endpoints, environment)
    _check_metrics(Door.from_environment(environment))
    database = settings.database or _file(settings.endpoints)
    if settings.database_url or database is None:
        return
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"{database} cannot be made: {error.strerror}.") from None


def reserve(interface: str, port: int) -> socket.socket:
    """The port, bound before anything slow happens. Raises `StartError` when somebody else listens on it.

    It does not listen yet: whoever knocks early is turned away at once instead of waiting for the model.
    """
    reserved = socket.socket(socket.AF_INET6 if ":" in interface else socket.AF_INET)
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        reserved.bind((interface, port))
    except OSError as error:
        reserved.close()
        raise StartError(f"Port {port} on {interface} cannot be used: {error.strerror}.") from None
    return reserved


def _check_addresses(endpoints: Path, environment: dict[str, str]) -> None:
    """Rasa would end with a page of traces at the first variable that is not there."""
    lines = [line.partition("#")[0] for line in endpoints.read_text(encoding="utf-8").splitlines()]
    missing = [name for name in _VARIABLE.findall("\n".join(lines)) if name not in environment]
    if missing:
        raise StartError(f"{endpoints} needs {' and '.join(missing)} from the environment.")


def _file(endpoints: Path) -> Path | None:
    """Where the conversations are, by Rasa's own file."""
    store = (yaml.safe_load(endpoints.read_text(encoding="utf-8")) or {}).get("tracker_store") or {}
    return Path(str(store["db"])) if "db" in store else None


def _check_metrics(door: Door) -> None:
    if door.port is not None:
        reserve(door.interface, door.port).close()


def _has_model(model: Path) -> bool:
    return model.is_file() or (model.is_dir() and any(model.glob("*.tar.gz")))
