"""Server settings, from environment variables and the command line."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from palmwise.resources import ROOT

HIGHEST_PORT = 65_535
LOG_FORMATS = ("warnings", "turns")
"""`warnings`: problems as text. `turns`: the same as JSON, and a line of JSON for each turn."""
DEFAULT_RETENTION_HOURS = 24.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_ORIGIN = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?")


@dataclass(frozen=True)
class Limits:
    """Limits of the channel. They are generous: they stop a client that loops, not a person in a hurry."""

    text_characters: int = 1000
    body_bytes: int = 65_536
    conversation_burst: int = 1000
    """Messages that one conversation may send at once."""
    conversation_rate: float = 50.0
    """Messages a second that one conversation may send continuously."""
    client_burst: int = 4000
    """Requests of any kind that one network address may send at once."""
    client_rate: float = 200.0
    """Requests a second that one network address may send continuously."""
    open_burst: int = 1000
    """Conversations that one network address may open at once."""
    open_rate: float = 2.0
    """Conversations a second that one network address may open continuously."""
    total_open_burst: int = 10_000
    """Conversations that all addresses together may open at once."""
    total_open_rate: float = 50.0
    """Conversations a second that all addresses together may open continuously."""
    database_megabytes: int = 10_240
    """Largest size of the SQLite file. At nine tenths of it no new conversation is opened."""
    request_seconds: int = 10
    """Time for the head of a request to arrive; then 408."""
    response_seconds: int = 30
    """Time for its body to arrive and to be answered; then 503. A turn takes milliseconds, a hanging database 10 s."""

    @staticmethod
    def from_environment(environment: Mapping[str, str]) -> Limits:
        """Read `PALMWISE_<FIELD>` for each field. Raises `ValueError` for anything but a number above zero."""
        values: dict[str, Any] = {}
        for name, default in vars(Limits()).items():
            variable = f"PALMWISE_{name.upper()}"
            if environment.get(variable):
                values[name] = _positive(variable, environment[variable], type(default))
        return Limits(**values)


@dataclass(frozen=True)
class MetricsAddress:
    """Address at which Prometheus reads the metrics."""

    port: int | None
    """None: metrics are not served."""
    interface: str = "127.0.0.1"

    @staticmethod
    def from_environment(environment: Mapping[str, str]) -> MetricsAddress:
        """Read `PALMWISE_METRICS_PORT` and `PALMWISE_METRICS_INTERFACE`. Raises `ValueError` for an invalid port."""
        text = environment.get("PALMWISE_METRICS_PORT")
        if not text:
            return MetricsAddress(None)
        if not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT:
            raise ValueError("PALMWISE_METRICS_PORT must be a port")
        return MetricsAddress(int(text), environment.get("PALMWISE_METRICS_INTERFACE") or MetricsAddress.interface)


@dataclass(frozen=True)
class ServerSettings:
    """Where the server listens and which files it uses."""

    port: int = 5005
    """0 takes any free port."""
    interface: str = "127.0.0.1"
    model: Path = ROOT / "models"
    """A trained model, or a folder whose newest model is taken."""
    database: Path | None = None
    """SQLite file for the conversations; None for the one that `endpoints` names."""
    database_url: str | None = field(default=None, repr=False)
    """Another database, such as `postgresql://user:password@host/name`."""
    endpoints: Path = ROOT / "endpoints.yml"
    credentials: Path = ROOT / "credentials.yml"

    @staticmethod
    def read(arguments: Sequence[str], environment: Mapping[str, str]) -> ServerSettings:
        """Read the command line, then `PALMWISE_<NAME>`, then the defaults. Exits with the usage if one is invalid."""
        parser = argparse.ArgumentParser(prog="palmwise serve", description="Serve the hand-massage coach.")
        defaults = ServerSettings()
        for name, text in _HELP.items():
            default = getattr(defaults, name)
            value = environment.get(f"PALMWISE_{name.upper()}") or default
            parser.add_argument(f"--{name}", type=_TYPES.get(name, Path), default=value, help=text)
        # Not an argument: the address holds a password, and every user of the machine may read command lines.
        url = environment.get("PALMWISE_DATABASE_URL") or None
        return ServerSettings(**vars(parser.parse_args(arguments)), database_url=url)


def allowed_origins(environment: Mapping[str, str]) -> frozenset[str]:
    """Sites of `PALMWISE_ORIGINS`, separated by blanks or commas. Raises `ValueError` for an invalid origin."""
    origins = frozenset(environment.get("PALMWISE_ORIGINS", "").replace(",", " ").split())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(f"PALMWISE_ORIGINS holds {origin}, which is not like https://www.example.org")
    return origins


def own_names(environment: Mapping[str, str]) -> frozenset[str] | None:
    """Names by which the server is called, beside this machine's own: `PALMWISE_HOSTS`, by blanks or commas.

    None, any name, if there is no such setting and the server listens for other machines as well. Raises `ValueError`
    for an invalid name.
    """
    hosts = frozenset(environment.get("PALMWISE_HOSTS", "").replace(",", " ").lower().split())
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ValueError(f"PALMWISE_HOSTS holds {host}, which is not like www.example.org")
    interface = environment.get("PALMWISE_INTERFACE") or ServerSettings.interface
    return hosts if hosts or interface in LOOPBACK else None


def retention_hours(environment: Mapping[str, str]) -> float:
    """Hours for which a conversation is kept after its last message: `PALMWISE_RETENTION_HOURS`, fractions allowed.

    Raises `ValueError` for anything but a number above zero.
    """
    try:
        hours = float(environment.get("PALMWISE_RETENTION_HOURS") or DEFAULT_RETENTION_HOURS)
    except ValueError:
        hours = 0.0
    if not 0 < hours < math.inf:
        raise ValueError("PALMWISE_RETENTION_HOURS must be a number of hours above zero")
    return hours


def speaks(environment: Mapping[str, str]) -> bool:
    """Whether the widget may have the coach's voice: `PALMWISE_SPEECH`, `on` or `off`. Raises `ValueError`."""
    chosen = environment.get("PALMWISE_SPEECH") or "on"
    if chosen not in ("on", "off"):
        raise ValueError("PALMWISE_SPEECH is on or off")
    return chosen == "on"


def log_format(environment: Mapping[str, str]) -> str:
    """`PALMWISE_LOG`, one of `LOG_FORMATS`. Raises `ValueError` for anything else."""
    chosen = environment.get("PALMWISE_LOG") or LOG_FORMATS[0]
    if chosen not in LOG_FORMATS:
        raise ValueError(f"PALMWISE_LOG is one of {', '.join(LOG_FORMATS)}")
    return chosen


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


_TYPES: dict[str, Callable[[str], Any]] = {"port": _port, "interface": str}


def _positive(variable: str, text: str, kind: type[float]) -> float:
    try:
        value = kind(text)
    except ValueError:
        value = kind(0)
    if not 0 < value < math.inf:
        number = "whole number" if issubclass(kind, int) else "number"
        raise ValueError(f"{variable} must be a {number} above zero")
    return value
