"""A measurement that was broken off goes on, and tells of what it has so far."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks import service, service_report
from benchmarks.service import QUICK, Bench
from benchmarks.service_bots import FLOOR
from benchmarks.service_kept import Kept


def test_pieces_are_kept_by_plan_and_model(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "whole", "model 1")
    kept.put("beside-1", {"a": [1.5]})
    assert Kept(tmp_path, "whole", "model 1").get("beside-1") == {"a": [1.5]}
    assert Kept(tmp_path, "whole", "model 2").get("beside-1") is None
    kept.clear()
    assert not kept.has("beside-1")


def test_what_was_measured_is_not_measured_again(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "whole")
    for crowd in QUICK.crowds:
        kept.put(f"beside-{crowd.people}", {FLOOR: [1.0, 2.0]})
        kept.put(f"replicas-{crowd.people}", {service.SQLITE: [1.0, 2.0]})
    for who in ("floor", "coach"):
        kept.put(f"growing-{who}", {"bot": who, "rows": [(100, 2.0, 3.0)]})
        kept.put(f"memory-{who}", {"bot": who, "start": 3.0, "megabytes": [500, 510]})
    bench = Bench(QUICK, kept, tmp_path / "nowhere", tmp_path / "no-model")
    for part in service.PARTS.values():
        part(bench)


def test_the_report_tells_what_there_is(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "state", "whole")
    plan = replace(QUICK, crowds=QUICK.crowds[:1])
    assert "| people |" not in service_report.write(plan, kept, tmp_path)
    kept.put("beside-1", {FLOOR: [2.0] * 10, "Palmwise, next": [3.0] * 10})
    kept.put("growing-coach", {"bot": "Palmwise", "rows": [(300, 2.0, 2.5), (1000, 2.0, 3.0)]})
    told = service_report.write(plan, kept, tmp_path)
    assert "| 1 | Palmwise, next | 3.0 | 3.0 | 3.0 | 1.50 | 1.50 | 333 |" in told
    assert "| Palmwise | 2.0 | 1000 | 3.0 | 1.50 |" in told
    assert (tmp_path / "service_latency.svg").is_file()
    assert (tmp_path / "service_growth.svg").is_file()
