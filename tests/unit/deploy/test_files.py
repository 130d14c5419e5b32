"""The deployment files restrict what they have to restrict."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import yaml

from palmwise.resources import ROOT
from palmwise.server.listening import MOST_BYTES
from palmwise.server.settings import Limits

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
VALUES = yaml.safe_load((DEPLOY / "helm" / "values.yaml").read_text(encoding="utf-8"))
ACTIONS = yaml.safe_load((DEPLOY / "helm" / "actions-values.yaml").read_text(encoding="utf-8"))

# What every service has to be; only the proxy may have ports.
SERVICE = {
    "type": "object",
    "required": ["image", "read_only", "cap_drop", "security_opt", "restart", "networks", "pids_limit"],
    "properties": {
        "read_only": {"const": True},
        "cap_drop": {"const": ["ALL"]},
        "security_opt": {"contains": {"const": "no-new-privileges:true"}},
        "privileged": False,
        "network_mode": False,
        "pid": False,
        "ports": False,
        "image": {"type": "string", "not": {"pattern": ":latest$"}},
        "volumes": {"items": {"type": "string", "not": {"pattern": "docker.sock"}}},
        "networks": {"items": {"enum": ["front", "back"]}},
    },
}
HELM = {
    "type": "object",
    "required": ["image", "command", "securityContext", "podSecurityContext", "resources"],
    "properties": {
        "podSecurityContext": {"required": ["runAsNonRoot"], "properties": {"runAsNonRoot": {"const": True}}},
        "securityContext": {
            "required": ["allowPrivilegeEscalation", "readOnlyRootFilesystem", "capabilities"],
            "properties": {
                "allowPrivilegeEscalation": {"const": False},
                "readOnlyRootFilesystem": {"const": True},
                "capabilities": {"const": {"drop": ["ALL"]}},
            },
        },
        "applicationSettings": {
            "properties": {
                "initialModel": {"const": ""},
                "enableAPI": {"const": False},
                "cors": {"const": ""},
                "token": {"const": ""},
                "debugMode": {"const": False},
                "telemetry": {"const": {"enabled": False}},
            }
        },
        "networkPolicy": {"const": {"enabled": True, "denyAll": True}},
        "service": {"properties": {"type": {"const": "ClusterIP"}}},
        "replicaCount": {"minimum": 2},
    },
}


def words(value: Any) -> list[str]:
    """Every text in a tree."""
    if isinstance(value, dict):
        return [word for one in value.values() for word in words(one)]
    if isinstance(value, list):
        return [word for one in value for word in words(one)]
    return [value] if isinstance(value, str) else []


def test_every_service_is_locked_down() -> None:
    for name, service in COMPOSE["services"].items():
        inner = {**service, "networks": ["front"]} if name == "nginx" else service
        jsonschema.validate({key: value for key, value in inner.items() if (name, key) != ("nginx", "ports")}, SERVICE)


def test_only_the_proxy_reaches_the_outside() -> None:
    networks = COMPOSE["networks"]
    assert networks["front"]["internal"] is networks["back"]["internal"] is True
    outside = [name for name, service in COMPOSE["services"].items() if "outside" in service["networks"]]
    assert outside == ["nginx"]
    assert COMPOSE["services"]["actions"]["networks"] == ["back"]


def test_secrets_come_from_the_environment_and_have_no_default() -> None:
    for word in words(COMPOSE):
        for name, default in re.findall(r"\$\{([A-Z_]*(?:PASSWORD|KEY|CERTIFICATE)[A-Z_]*)(.*?)\}", word):
            assert default.startswith(":?"), name
    example = (DEPLOY / "environment.example").read_text(encoding="utf-8")
    assert re.search(r"^POSTGRES_PASSWORD=$", example, re.MULTILINE)


def test_services_wait_for_healthy_dependencies() -> None:
    for name in ("server-1", "server-2"):
        needs = COMPOSE["services"][name]["depends_on"]
        assert {part for part, how in needs.items() if how["condition"] == "service_healthy"} == {
            "postgres",
            "redis",
            "actions",
        }


def test_unsafe_defaults_of_the_charts_are_overridden() -> None:
    jsonschema.validate(VALUES, {**HELM, "required": [*HELM["required"], "applicationSettings", "networkPolicy"]})
    jsonschema.validate(ACTIONS, HELM)
    for part in ("postgresql", "redis", "rabbitmq", "duckling", "nginx"):
        assert VALUES[part].get("install", VALUES[part].get("enabled")) is False
    unsafe = {"rasaToken", "rasaXToken", "password", "redis-password", "token", "*"}
    assert not unsafe & set(words(VALUES))
    assert VALUES["readinessProbe"]["httpGet"]["path"] == "/coach/health"


def test_the_network_policy_names_every_peer_and_port() -> None:
    policies = list(yaml.safe_load_all((DEPLOY / "helm" / "network-policy.yaml").read_text(encoding="utf-8")))
    assert [policy["kind"] for policy in policies] == ["NetworkPolicy"] * 2
    ways = [way for policy in policies for way in policy["spec"]["ingress"]]
    assert all(way["from"] and all(way["from"]) and way["ports"] for way in ways), "an empty rule lets everybody in"
    assert all(way["ports"] for way in policies[0]["spec"]["egress"])
    assert policies[1]["spec"]["egress"] == []


def test_images_run_without_root_and_have_a_health_check() -> None:
    for name in ("Dockerfile", "Dockerfile.actions"):
        lines = (DEPLOY / name).read_text(encoding="utf-8").splitlines()
        stages = [line for line in lines if line.startswith("FROM ")]
        assert len(stages) == 2
        last = lines[lines.index(stages[-1]) :]
        assert any(re.fullmatch(r"USER [1-9]\d+:[1-9]\d+", line) for line in last)
        assert any(line.startswith("HEALTHCHECK") for line in last)
        assert not [line for line in lines if line.startswith("ADD ") or "latest" in line]
        for line in lines:
            if line.startswith("COPY ") and "--from" not in line:
                source = line.split()[1]
                assert (ROOT / source).exists(), source


def test_every_advisory_has_an_assessment() -> None:
    listed = yaml.safe_load((DEPLOY / "advisories.yml").read_text(encoding="utf-8"))["advisories"]
    locked = {lock.stem: lock.read_text(encoding="utf-8") for lock in (ROOT / "requirements").glob("*.lock")}
    for entry in listed:
        assert set(entry) == {"package", "locks", "ids", "what", "state", "why"}
        assert entry["state"] in {"fixed", "unreachable", "fenced"}
        pin = re.compile(rf"^{re.escape(entry['package'])}==", re.MULTILINE)
        assert {name for name, text in locked.items() if pin.search(text)} == set(entry["locks"]), entry["package"]
        assert all(re.fullmatch(r"CVE-\d{4}-\d+|GHSA(-[0-9a-z]{4}){3}", name) for name in entry["ids"])


def test_the_proxy_takes_what_the_server_takes_and_keeps_none_of_it_in_a_file() -> None:
    template = (DEPLOY / "nginx" / "palmwise.conf.template").read_text(encoding="utf-8")
    everywhere, sound = template, template.partition("location = /coach/listen {")[2].partition("}")[0]
    for part, most in ((everywhere, Limits().body_bytes), (sound, MOST_BYTES)):
        for name in ("client_max_body_size", "client_body_buffer_size"):
            found = re.search(rf"{name} (\d+)k;", part)
            assert found is not None, name
            assert most <= int(found[1]) * 1024 < most + 16 * 1024, name
    assert "proxy_max_temp_file_size 0;" in template


def test_servers_and_proxies_are_told_the_same_names() -> None:
    for name in ("server-1", "server-2", "nginx"):
        assert COMPOSE["services"][name]["environment"]["PALMWISE_HOSTS"].startswith("${PALMWISE_HOSTS:?")
    told = {each["name"]: each.get("value") for each in VALUES["extraEnv"]}
    assert told["PALMWISE_HOSTS"].split() == [VALUES["ingress"]["hostname"]] == VALUES["ingress"]["tls"][0]["hosts"]
