"""The proxy's own check of its configuration, and whom it answers."""

from __future__ import annotations

import http.client
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import services
from tests.cluster.services import nginx_files

pytestmark = pytest.mark.services


def test_nginx_accepts_the_configuration(folder: Path) -> None:
    room = folder / "checked"
    room.mkdir()
    told = subprocess.run(
        [*nginx_files(room, [5001, 5002], 8080, 8443), "-t"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert "warn" not in told.stderr


@pytest.fixture
def ports(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """Those of a proxy without servers behind it: for http and for https."""
    room = folder / tmp_path_factory.mktemp("proxy").name
    room.mkdir()
    http_port, https_port = services.free_port(), services.free_port()
    command = nginx_files(room, [services.free_port(), services.free_port()], http_port, https_port)
    proxy = services.Service("nginx", command, room / "nginx.log", lambda: services.listens(https_port))
    proxy.start()
    yield http_port, https_port
    proxy.stop()


def answer(port: int, host: str, path: str, *, tls: bool) -> tuple[int, str | None]:
    """Status and `Location` of the answer to somebody who calls the proxy by a name."""
    connection: http.client.HTTPConnection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    if tls:
        trust = ssl.create_default_context()
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=trust)
    connection.request("GET", path, headers={"Host": host})
    found = connection.getresponse()
    connection.close()
    return found.status, found.getheader("Location")


def test_only_the_names_of_the_coach_are_answered(ports: tuple[int, int]) -> None:
    plain, secure = ports
    for host in ("palmwise.test", "palmwise.test:443", "PALMWISE.TEST"):
        assert answer(plain, host, "/", tls=False) == (308, "https://palmwise.test/")
        assert answer(secure, host, "/", tls=True)[0] == 503  # nobody is behind it
    for host in ("evil.example", "palmwise.test.evil.example", "", "10.0.0.1"):
        for path in ("/", "/coach/conversation"):
            assert answer(plain, host, path, tls=False) == (421 if host else 400, None)
            assert answer(secure, host, path, tls=True) == (421 if host else 400, None)


def test_the_container_checks_itself_by_address(ports: tuple[int, int]) -> None:
    assert answer(ports[1], "localhost", "/coach/health", tls=True)[0] == 502  # passed on, and nobody is behind it
