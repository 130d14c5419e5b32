"""Looks for what would keep the server from starting, before Rasa takes its seconds to load."""

from __future__ import annotations

import socket
from pathlib import Path

from actions.library import library
from channel import logs, origins
from channel.errors import StartError
from channel.metrics import Door
from channel.settings import Limits, Settings, retention_hours
from coach.errors import ContentError


def check(settings: Settings, environment: dict[str, str]) -> None:
    """Raises `StartError` for a missing model, broken content, a database without a place, a senseless limit."""
    if not _has_model(settings.model):
        raise StartError(f"There is no trained model in {settings.model}: run `make train` first.")
    for file in (settings.endpoints, settings.credentials):
        if not file.is_file():
            raise StartError(f"{file} is missing.")
    try:
        Limits.from_environment(environment)
        origins.listed(environment)
        retention_hours(environment)
        logs.kind(environment)
        Door.from_environment(environment)
    except ValueError as error:
        raise StartError(f"Something is not set right: {error}.") from None
    try:
        library()
    except ContentError as error:
        first, *others = error.problems
        more = f" (and {len(others)} more; `make validate` tells them all)" if others else ""
        raise StartError(f"The content has a mistake: {first}{more}") from None
    if settings.database_url:
        return
    try:
        settings.database.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"{settings.database} cannot be made: {error.strerror}.") from None


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


def _has_model(model: Path) -> bool:
    return model.is_file() or (model.is_dir() and any(model.glob("*.tar.gz")))
