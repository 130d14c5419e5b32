"""What can be set from outside, by environment or by argument."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from palmwise.resources import ROOT

HIGHEST_PORT = 65_535


@dataclass(frozen=True)
class Limits:
    """How much the channel takes. Generous: they stop a client that runs wild, not a person in a hurry."""

    text_characters: int = 1000
    body_bytes: int = 65_536
    conversation_burst: int = 1000
    """Messages that one conversation may send at once."""
    conversation_rate: float = 50.0
    """Messages a second that one conversation may send for ever."""
    client_burst: int = 4000
    """The same for one network address, opening and looking included."""
    client_rate: float = 200.0
    request_seconds: int = 10
    """For the head of a request to arrive; then 408."""
    response_seconds: int = 30
    """For its body to arrive and to be answered; then 503. A turn takes milliseconds, a database that hangs 10 s."""

    @staticmethod
    def from_environment(environment: Mapping[str, str]) -> Limits:
        """`PALMWISE_<FIELD>` for each field. Raises ValueError for what is no number above zero."""
        given: dict[str, Any] = {}
        for name, default in vars(Limits()).items():
            variable = f"PALMWISE_{name.upper()}"
            if environment.get(variable):
                given[name] = _positive(variable, environment[variable], type(default))
        return Limits(**given)


RETENTION = "PALMWISE_RETENTION_HOURS"
HOURS = 24.0
"""How long a conversation is kept after its last message, where nothing else is set."""


def retention_hours(environment: Mapping[str, str]) -> float:
    """`PALMWISE_RETENTION_HOURS`, fractions allowed. Raises ValueError for what is no number above zero."""
    try:
        value = float(environment.get(RETENTION) or HOURS)
    except ValueError:
        value = 0.0
    if not 0 < value < math.inf:
        raise ValueError(f"{RETENTION} must be a number of hours above zero")
    return value


@dataclass(frozen=True)
class Settings:
    """How the server is started."""

    port: int = 5005
    """0 takes any free one."""
    interface: str = "127.0.0.1"
    model: Path = ROOT / "models"
    """A trained model, or the folder whose newest is taken."""
    database: Path | None = None
    """The conversations, where `endpoints` names SQLite; None for the file that it names."""
    database_url: str | None = field(default=None, repr=False)
    """Another database for them, such as `postgresql://user:password@host/name`."""
    endpoints: Path = ROOT / "endpoints.yml"
    credentials: Path = ROOT / "credentials.yml"

    @staticmethod
    def read(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
        """From the command line, else from `PALMWISE_<NAME>`, else the defaults. Exits with usage when wrong."""
        parser = argparse.ArgumentParser(prog="palmwise serve", description="Serve the hand-massage coach.")
        defaults = Settings()
        for name, text in _HELP.items():
            default = getattr(defaults, name)
            value = environment.get(f"PALMWISE_{name.upper()}") or default
            parser.add_argument(f"--{name}", type=_KINDS.get(name, Path), default=value, help=text)
        # Not an argument: it holds a password, and everybody on the machine may read command lines.
        url = environment.get("PALMWISE_DATABASE_URL") or None
        return Settings(**vars(parser.parse_args(arguments)), database_url=url)


_HELP = {
    "port": "port to listen on (5005)",
    "interface": "address to listen on (127.0.0.1: this machine only)",
    "model": "trained model, or the folder whose newest is taken (models)",
    "database": "file that keeps the conversations (the one in endpoints: .palmwise/conversations.db)",
    "endpoints": "Rasa's endpoints file",
    "credentials": "Rasa's credentials file",
}


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError("a port is between 0 and 65535")
    return port


_KINDS: dict[str, Callable[[str], Any]] = {"port": _port, "interface": str}


def _positive(variable: str, text: str, kind: type[float]) -> float:
    try:
        value = kind(text)
    except ValueError:
        value = kind(0)
    if not 0 < value < math.inf:
        number = "whole number" if issubclass(kind, int) else "number"
        raise ValueError(f"{variable} must be a {number} above zero")
    return value
