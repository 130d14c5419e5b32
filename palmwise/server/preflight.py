"""Checks that need no Rasa: settings, content, files and ports, before the seconds that Rasa takes to import."""

from __future__ import annotations

import fcntl
import re
import socket
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

import yaml

from palmwise import resources
from palmwise.errors import ContentError, StartError
from palmwise.server.settings import (
    Limits,
    MetricsAddress,
    ServerSettings,
    allowed_origins,
    log_format,
    own_names,
    retention_hours,
    speaks,
)
from palmwise.stand_ins import RASA_VERSION

STORE = "palmwise.server.storage.tracker_store.LiveTrackerStore"
"""The only store that answers from memory, and deletes what it is asked to."""
_VARIABLE = re.compile(r"\$\{(\w+)\}")


def check(settings: ServerSettings, environment: Mapping[str, str]) -> None:
    """Raise `StartError` with one sentence for the first thing that would keep the server from starting."""
    _check_files(settings)
    try:
        Limits.from_environment(environment)
        allowed_origins(environment)
        own_names(environment)
        retention_hours(environment)
        log_format(environment)
        speaks(environment)
        metrics = MetricsAddress.from_environment(environment)
    except ValueError as error:
        raise StartError(f"Something is not set right: {error}.") from None
    _check_rasa()
    _check_content()
    _check_addresses(settings.endpoints, environment)
    if metrics.port is not None:
        reserve(metrics.interface, metrics.port).close()
    _make_folder(settings)


def reserve(interface: str, port: int) -> socket.socket:
    """Bind the port without listening yet: early clients are refused at once instead of waiting for the model.

    Raises `StartError` if another program listens on it.
    """
    reserved = socket.socket(socket.AF_INET6 if ":" in interface else socket.AF_INET)
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        reserved.bind((interface, port))
    except OSError as error:
        reserved.close()
        raise StartError(f"Port {port} on {interface} cannot be used: {error.strerror}.") from None
    return reserved


def _check_files(settings: ServerSettings) -> None:
    model = settings.model
    if not (model.is_file() or (model.is_dir() and any(model.glob("*.tar.gz")))):
        raise StartError(f"There is no trained model in {model}: run `make train` first.")
    for file in (settings.endpoints, settings.credentials):
        if not file.is_file():
            raise StartError(f"{file} is missing.")


def _check_rasa() -> None:
    """Private parts of another version of Rasa may have changed, and would be patched wrongly without an error."""
    try:
        installed = version("rasa")
    except PackageNotFoundError:
        raise StartError(f"Rasa is not installed: run `make env`, which installs Rasa {RASA_VERSION}.") from None
    if installed != RASA_VERSION:
        raise StartError(f"This server patches Rasa {RASA_VERSION}, but Rasa {installed} is installed: run `make env`.")


def _check_content() -> None:
    try:
        resources.content()
    except ContentError as error:
        first, *others = error.problems
        more = f" (and {len(others)} more; `make validate` tells them all)" if others else ""
        raise StartError(f"The content has a mistake: {first}{more}") from None


def _check_addresses(endpoints: Path, environment: Mapping[str, str]) -> None:
    """Rasa would print a page of traceback at the first variable that is not set."""
    lines = [line.partition("#")[0] for line in endpoints.read_text(encoding="utf-8").splitlines()]
    missing = [name for name in _VARIABLE.findall("\n".join(lines)) if name not in environment]
    if missing:
        raise StartError(f"{endpoints} needs {' and '.join(missing)} from the environment.")


def _make_folder(settings: ServerSettings) -> None:
    """Make the folder of the SQLite file that the settings or Rasa's endpoints file name, if its store is ours."""
    if _store(settings).get("type") != STORE:
        raise StartError(f"The tracker_store in {settings.endpoints} must be of the type {STORE}.")
    database = _database(settings)
    if database is None:
        return
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"{database} cannot be made: {error.strerror}.") from None


def claim_database(settings: ServerSettings) -> IO[bytes] | None:
    """Claim the SQLite file for this server, until the result is closed or the process ends; None if there is none.

    Two servers would each answer from their own memory: a danger told to one would leave the massage running on the
    other. Raises `StartError` if another server has claimed it, unless the endpoints file says that it is shared.
    """
    database = _database(settings)
    if database is None or _store(settings).get("shared"):
        return None
    path = database.resolve()
    try:
        claimed = path.with_name(f"{path.name}-server").open("ab")
    except OSError as error:
        raise StartError(f"{database} cannot be used: {error.strerror}.") from None
    try:
        fcntl.flock(claimed, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        claimed.close()
        raise StartError(
            f"Another server uses {database} already: stop it, or choose another file with --database."
        ) from None
    except OSError:
        # A network drive without locks, where nothing can be promised.
        pass
    return claimed


def _database(settings: ServerSettings) -> Path | None:
    """The SQLite file that the settings or Rasa's endpoints file name."""
    store = _store(settings)
    if settings.database_url or store.get("url") or store.get("dialect", "sqlite") != "sqlite":
        return None
    return settings.database or (Path(str(store["db"])) if "db" in store else None)


def _store(settings: ServerSettings) -> dict[str, Any]:
    return (yaml.safe_load(settings.endpoints.read_text(encoding="utf-8")) or {}).get("tracker_store") or {}
