"""Two running servers with everything that they need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cluster import services
from tests.cluster.services import Service

SERVERS = ("server-1", "server-2")


@dataclass(frozen=True)
class Cluster:
    """What runs, by name, and the address in front of it."""

    address: str
    parts: dict[str, Service]
    ports: dict[str, int]
    """Of the servers, by name."""
    redis: str
    """Its address, with the password in it."""
    database: str
    """The same of PostgreSQL."""


@contextmanager
def cluster(folder: Path, postgres: tuple[Service, str], redis: tuple[Service, str]) -> Iterator[Cluster]:
    """Starts an action server, two servers and the proxy before them; `folder` gets their logs."""
    acting, webhook = services.actions(folder)
    environment = {
        "PALMWISE_ENDPOINTS": "deploy/endpoints.yml",
        "PALMWISE_DATABASE_URL": postgres[1],
        "PALMWISE_REDIS_URL": redis[1],
        "PALMWISE_ACTIONS_URL": webhook,
        "PALMWISE_LOG": "turns",
        "SANIC_REAL_IP_HEADER": "x-real-ip",
        # All of the people come from one address.
        "PALMWISE_CLIENT_RATE": "10000",
        "PALMWISE_CLIENT_BURST": "100000",
    }
    servers = {name: services.coach(folder, name, environment) for name in SERVERS}
    proxy, address = services.nginx(folder, [port for _, port in servers.values()])
    parts = {"actions": acting, **{name: service for name, (service, _) in servers.items()}}
    everything = [*parts.values(), proxy]
    try:
        for service in everything:
            service.begin()
        for service in everything:
            service.await_ready()
        parts.update(postgres=postgres[0], redis=redis[0])
        yield Cluster(address, parts, {name: port for name, (_, port) in servers.items()}, redis[1], postgres[1])
    finally:
        for service in everything:
            service.stop()
