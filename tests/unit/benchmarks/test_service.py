"""An interrupted measurement goes on, and the report shows what there is so far."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks import service, service_report
from benchmarks.bots import SMALLEST
from benchmarks.service import QUICK, Bench, Measurements


def test_measurements_are_stored_by_extent_and_model(tmp_path: Path) -> None:
    stored = Measurements(tmp_path, "whole", "model 1")
    stored.put("speed-1", {"a": [1.5]})
    assert Measurements(tmp_path, "whole", "model 1").get("speed-1") == {"a": [1.5]}
    assert Measurements(tmp_path, "whole", "model 2").get("speed-1") is None
    stored.clear()
    assert not stored.has("speed-1")


def test_what_has_been_measured_is_not_measured_again(tmp_path: Path) -> None:
    stored = Measurements(tmp_path, "whole")
    for crowd in QUICK.crowds:
        stored.put(f"speed-{crowd.people}", {SMALLEST: [1.0, 2.0]})
    for who in ("smallest", "coach"):
        stored.put(f"growth-{who}", {"bot": who, "rows": [(100, 2.0, 3.0)]})
        stored.put(f"memory-{who}", {"bot": who, "start": 3.0, "megabytes": [500, 510]})
    bench = Bench(QUICK, stored, tmp_path / "nowhere", tmp_path / "no-model")
    for part in service.PARTS.values():
        part(bench)


def test_the_report_shows_what_there_is(tmp_path: Path) -> None:
    stored = Measurements(tmp_path / "state", "whole")
    extent = replace(QUICK, crowds=QUICK.crowds[:1])
    assert "| people |" not in service_report.write(extent, stored, tmp_path)
    stored.put("speed-1", {SMALLEST: [2.0] * 10, "Palmwise, next": [3.0] * 10})
    stored.put("growth-coach", {"bot": "Palmwise", "rows": [(300, 2.0, 2.5), (1000, 2.0, 3.0)]})
    text = service_report.write(extent, stored, tmp_path)
    assert "| 1 | Palmwise, next | 3.0 | 3.0 | 3.0 | 1.50 | 1.50 | 333 |" in text
    assert "| Palmwise | 2.0 | 1000 | 3.0 | 1.50 |" in text
    assert (tmp_path / "service.md").read_text(encoding="utf-8") == text
