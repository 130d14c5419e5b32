"""Starts the parts of a cluster as plain processes: PostgreSQL, Redis, nginx, servers, actions."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import string
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from palmwise.resources import ROOT

PATIENCE = 240.0
"""Seconds until a service answers; Rasa loads slowly on a busy machine."""
PASSWORD = "only for this test"
POSTGRES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), Path("/nonexistent"))


def lacking() -> list[str]:
    """The programs that are not installed."""
    programs = ["redis-server", "nginx", "openssl", "setpriv", str(POSTGRES / "postgres")]
    return [program for program in programs if shutil.which(program) is None]


_GIVEN: set[int] = set()
"""Ports that were given out, whether or not somebody listens there by now."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now, another one each time."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = int(found.getsockname()[1])
        if port in _GIVEN:
            return free_port()
    _GIVEN.add(port)
    return port


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Service:
    """A process that can be killed as by a power cut, and started again as it was."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        ready: Callable[[], bool],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self._command = list(command)
        self._log = log
        self._ready = ready
        self._environment = dict(environment or {})
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Starts it without waiting."""
        with self._log.open("ab") as console:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env={**os.environ, **self._environment},
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def await_ready(self) -> None:
        """Returns when it answers; raises with its output when it does not."""
        deadline = time.monotonic() + PATIENCE
        while not self._ready():
            ended = self._process is None or self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not start: {self.output()}")
            time.sleep(0.1)

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self.begin()
        self.await_ready()

    def kill(self) -> None:
        """SIGKILL to all of it."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """An orderly end."""
        self._end(signal.SIGTERM)

    def output(self) -> str:
        """What it printed so far."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def _end(self, number: int) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def as_user(user: str) -> list[str]:
    """What to put before a command that root may not run itself."""
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if os.geteuid() == 0 else []


def postgres(folder: Path) -> tuple[Service, str]:
    """A new database cluster, and the address of the database in it."""
    port, data, secret = free_port(), folder / "postgres", folder / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        for path in (folder, data, secret):
            shutil.chown(path, "postgres")
    make = [str(POSTGRES / "initdb"), "-D", str(data), "-U", "palmwise", "-A", "scram-sha-256", f"--pwfile={secret}"]
    subprocess.run([*as_user("postgres"), *make], check=True, capture_output=True, cwd=folder)
    command = [str(POSTGRES / "postgres"), "-D", str(data), "-p", str(port), "-k", str(data)]
    # The second as in compose.yaml: without it, what could not be stored is written down with all its words.
    command += ["-c", "listen_addresses=127.0.0.1", "-c", "log_min_error_statement=panic"]
    url = f"postgresql://palmwise:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{port}/postgres?connect_timeout=3"
    probe = [str(POSTGRES / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]

    def ready() -> bool:
        return subprocess.run(probe, check=False).returncode == 0

    return Service("postgres", [*as_user("postgres"), *command], folder / "postgres.log", ready), url


def redis(folder: Path) -> tuple[Service, str]:
    """A new Redis that keeps nothing on disk, and its address."""
    port = free_port()
    secret = PASSWORD.replace(" ", "-")
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--requirepass", secret, "--save", ""]
    command += ["--dir", str(folder), "--appendonly", "no"]
    url = f"redis://:{secret}@127.0.0.1:{port}/0"
    return Service("redis", command, folder / "redis.log", lambda: listens(port)), url


def actions(folder: Path) -> tuple[Service, str]:
    """An action server on 127.0.0.1, and the address of its webhook."""
    port = free_port()
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)]
    service = Service("actions", command, folder / "actions.log", lambda: listens(port), {"SANIC_HOST": "127.0.0.1"})
    return service, f"http://127.0.0.1:{port}/webhook"


def coach(folder: Path, name: str, environment: Mapping[str, str]) -> tuple[Service, int]:
    """A server of the coach and its port."""
    port = free_port()
    model = os.environ.get("PALMWISE_TEST_MODEL") or str(ROOT / "models")
    command = [sys.executable, "-m", "palmwise", "serve", "--port", str(port), "--model", model]
    log = folder / f"{name}.log"
    return Service(name, command, log, lambda: listens(port), environment), port


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1, and its key."""
    made = folder / "proxy.crt", folder / "proxy.key"
    subject = ["-subj", "/CN=palmwise.test", "-addext", "subjectAltName=IP:127.0.0.1"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command = ["openssl", "req", "-x509", *kind, *subject, "-out", str(made[0]), "-keyout", str(made[1])]
    subprocess.run(command, check=True, capture_output=True)
    return made


def nginx_files(folder: Path, servers: Sequence[int], http: int, https: int) -> list[str]:
    """Fills in the template that is deployed; the command that runs nginx with it, or tests it."""
    cert, key = certificate(folder)
    values = {
        "PALMWISE_SERVER_1": f"127.0.0.1:{servers[0]}",
        "PALMWISE_SERVER_2": f"127.0.0.1:{servers[1]}",
        "PALMWISE_HOSTS": "127.0.0.1 palmwise.test",
        "PALMWISE_HTTP_PORT": f"127.0.0.1:{http}",
        "PALMWISE_HTTPS_PORT": f"127.0.0.1:{https}",
        "PALMWISE_TLS_CERTIFICATE": str(cert),
        "PALMWISE_TLS_KEY": str(key),
        "PALMWISE_ACCESS_LOG": str(folder / "access.log"),
        # Everybody in the tests has one address.
        "PALMWISE_PROXY_RATE": "5000",
        "PALMWISE_PROXY_BURST": "5000",
    }
    template = (ROOT / "deploy/nginx/palmwise.conf.template").read_text(encoding="utf-8")
    # As envsubst does for nginx's own image: only what is in the environment, so that nginx keeps its variables.
    filled = template
    for name, value in values.items():
        filled = filled.replace("${" + name + "}", value)
    site = folder / "palmwise.conf"
    site.write_text(filled.replace("limit_conn palmwise_connections 64", "limit_conn palmwise_connections 1000"))
    main = string.Template(_MAIN).substitute(folder=folder, site=site)
    (folder / "nginx.conf").write_text(main, encoding="utf-8")
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.log")]


def nginx(folder: Path, servers: Sequence[int]) -> tuple[Service, str]:
    """The proxy before the servers, and its address."""
    http, https = free_port(), free_port()
    command = nginx_files(folder, servers, http, https)
    service = Service("nginx", command, folder / "nginx.log", lambda: listens(https))
    return service, f"https://127.0.0.1:{https}"


_MAIN = """
daemon off;
worker_processes 1;
pid $folder/nginx.pid;
error_log $folder/nginx.log warn;
events { worker_connections 1024; }
http {
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    include $site;
}
"""
