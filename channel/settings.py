"""What can be set from outside, by environment or by argument."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
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

    @staticmethod
    def from_environment(environment: Mapping[str, str]) -> Limits:
        """`PALMWISE_<FIELD>` for each field. Raises ValueError for what is no number above zero."""
        given: dict[str, Any] = {}
        for name, default in vars(Limits()).items():
            variable = f"PALMWISE_{name.upper()}"
            if environment.get(variable):
                given[name] = _positive(variable, environment[variable], type(default))
        return Limits(**given)


@dataclass(frozen=True)
class Settings:
    """How the server is started."""

    port: int = 5005
    """0 takes any free one."""
    interface: str = "127.0.0.1"
    model: Path = Path("models")
    """A trained model, or the folder whose newest is taken."""
    database: Path = Path(".palmwise/conversations.db")
    """The conversations, where `endpoints` names SQLite."""
    endpoints: Path = ROOT / "endpoints.yml"
    credentials: Path = ROOT / "credentials.yml"

    @staticmethod
    def read(arguments: Sequence[str], environment: Mapping[str, str]) -> Settings:
        """From the command line, else from `PALMWISE_<NAME>`, else the defaults. Exits with usage when wrong."""
        parser = argparse.ArgumentParser(prog="python -m channel", description="Serve the hand-massage coach.")
        defaults = Settings()
        for name, text in _HELP.items():
            default = getattr(defaults, name)
            value = environment.get(f"PALMWISE_{name.upper()}") or default
            parser.add_argument(f"--{name}", type=_port if name == "port" else type(default), default=value, help=text)
        return Settings(**vars(parser.parse_args(arguments)))


_HELP = {
    "port": "port to listen on (5005)",
    "interface": "address to listen on (127.0.0.1: this machine only)",
    "model": "trained model, or the folder whose newest is taken (models)",
    "database": "file that keeps the conversations (.palmwise/conversations.db)",
    "endpoints": "Rasa's endpoints file",
    "credentials": "Rasa's credentials file",
}


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError("a port is between 0 and 65535")
    return port


def _positive(variable: str, text: str, kind: type[float]) -> float:
    value = kind(text)
    if not value > 0:
        raise ValueError(f"{variable} must be above zero")
    return value
