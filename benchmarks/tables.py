"""Reports: what processes take, and tables in Markdown with the place where they go."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from palmwise.resources import ROOT

RESULTS = ROOT / "benchmarks" / "results"


def table(head: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> str:
    """A table under a title; the first column to the left, the others to the right. Empty without rows."""
    cells = [[f"{cell:.1f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *cells]
    text = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"{title and f'## {title}{2 * chr(10)}'}{text}" if cells else ""


def percent(share: float | None) -> str:
    """A share from 0 to 1 in percent; a dash for none."""
    return "-" if share is None else f"{100 * share:.1f}"


def write_report(name: str, *parts: str) -> str:
    """Write the parts to `benchmarks/results/<name>.md`; return its text."""
    RESULTS.mkdir(exist_ok=True)
    text = "\n".join(parts)
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    return text


# What processes take


def cpu_seconds(pid: int) -> float:
    """The processor time that a process took since its start."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int) -> int:
    """The resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))
