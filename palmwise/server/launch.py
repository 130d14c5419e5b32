"""Runs Rasa's server in this process, with the coach's channel in it."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket
import sys
from asyncio import AbstractEventLoop
from functools import partial
from pathlib import Path
from typing import Any

from rasa.core.run import (
    close_resources,
    configure_app,
    create_http_input_channels,
    load_agent_on_start,
)
from rasa.core.utils import AvailableEndpoints
from rasa.shared.utils.io import read_config_file
from rasa.utils.common import update_sanic_log_level
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic

from palmwise.errors import StartError
from palmwise.server import logs, runtime
from palmwise.server.listening import MOST_BYTES
from palmwise.server.protocol import StrictProtocol, allow_connections
from palmwise.server.settings import Limits, ServerSettings
from palmwise.server.stopping import StopSignals

SWITCH_SECONDS = 0.0005
"""Thread switch interval: the database thread needs the interpreter briefly, many times per turn."""
BACKLOG = 1024
"""Connections that may wait to be accepted while a turn is computed."""


def serve(settings: ServerSettings, limits: Limits, reserved: socket.socket) -> None:
    """Serve on the bound socket `reserved` until a signal ends the process. Raises `StartError`."""
    configure_structlog(logging.WARNING)
    # Rasa makes the channel, which decides by the interface which names are the server's own.
    os.environ["PALMWISE_INTERFACE"] = settings.interface
    endpoints = _read_endpoints(settings.endpoints)
    _set_database(endpoints, settings, limits)
    channels = create_http_input_channels(None, str(settings.credentials))
    app = configure_app(channels, enable_api=False, port=settings.port, endpoints=endpoints)
    app.config.REQUEST_MAX_SIZE = max(limits.body_bytes, MOST_BYTES)
    app.register_listener(partial(_load_agent, settings, endpoints, reserved), "before_server_start")
    app.register_listener(partial(_announce, reserved), "after_server_start")
    app.register_listener(close_resources, "after_server_stop")
    update_sanic_log_level()
    logs.remove_other_handlers()
    sys.setswitchinterval(SWITCH_SECONDS)
    StrictProtocol.max_connections = allow_connections()
    app.run(
        sock=reserved,
        access_log=False,
        motd=False,
        protocol=StrictProtocol,
        backlog=BACKLOG,
        register_sys_signals=False,
    )


def _read_endpoints(file: Path) -> AvailableEndpoints:
    """What Rasa's `AvailableEndpoints.read_endpoints` returns, which reads and checks the file for each of them."""
    content = read_config_file(file)
    names = ("nlg", "nlu", "action_endpoint", "models", "tracker_store", "lock_store", "event_broker")
    entries = (content.get(name) for name in names)
    return AvailableEndpoints(*(None if entry is None else EndpointConfig.from_dict(entry) for entry in entries))


def _set_database(endpoints: AvailableEndpoints, settings: ServerSettings, limits: Limits) -> None:
    """Let the database of the settings replace the one in `endpoints`, with its largest size."""
    store = endpoints.tracker_store
    if store is not None:
        store.kwargs["megabytes"] = limits.database_megabytes
    if store is not None and settings.database_url:
        store.url = settings.database_url
    elif store is not None and settings.database and store.kwargs.get("dialect", "sqlite") == "sqlite":
        store.kwargs["db"] = str(settings.database)


async def _load_agent(
    settings: ServerSettings,
    endpoints: AvailableEndpoints,
    reserved: socket.socket,
    app: Sanic,
    loop: AbstractEventLoop,
) -> None:
    # Rasa logs pages about a model that it cannot load and goes on without one; Sanic logs pages about a failed start.
    logging.getLogger("rasa.core.agent").setLevel(logging.CRITICAL)
    agent = await load_agent_on_start(str(settings.model), endpoints, None, app, loop)
    if not agent.is_ready():
        logging.getLogger("sanic.error").setLevel(logging.CRITICAL)
        raise StartError("The model cannot be loaded: run `make train` again.")
    # Before the first request: Rasa's own wrapper of the store knows nothing of opening a conversation.
    runtime.install(agent)
    try:
        reserved.listen(BACKLOG)
    except OSError as error:
        # Two servers that start at once can both reserve a port, which only one may listen on.
        logging.getLogger("sanic.error").setLevel(logging.CRITICAL)
        raise StartError(f"Port {settings.port} cannot be used: {error.strerror}.") from None
    # What is loaded stays for the life of the process: garbage collection need not examine it during a turn.
    gc.collect()
    gc.freeze()
    gc.enable()


async def _announce(reserved: socket.socket, app: Sanic, loop: AbstractEventLoop) -> None:
    app.ctx.announcing = loop.create_task(_say_ready(reserved, StopSignals(app.stop), asyncio.current_task()))


async def _say_ready(reserved: socket.socket, signals: StopSignals, start: asyncio.Task[Any] | None) -> None:
    if not start or not await signals.wait_for(start):
        return
    host, port = reserved.getsockname()[:2]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    sys.stdout.write(f"Palmwise is ready at http://{address}\n")
    sys.stdout.flush()
