"""Takes test sentences that training nearly has out of their sets: `python -m benchmarks.nlu.prune --remove`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.nlu.duplicates import Twin, near_duplicates
from benchmarks.nlu.sets import OWN, load_cases
from benchmarks.nlu.trained import trained_sentences

SPARED = frozenset({"entities"})
"""Sets that measure something else than the intent, for which a known sentence is as good as any."""


def main(words: Sequence[str] | None = None) -> None:
    """Lists them with their twins; with `--remove` also rewrites the sets."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nlu.prune", description="Find near duplicates.")
    parser.add_argument("--remove", action="store_true", help="take them out of the test sets")
    given = parser.parse_args(words)
    found = twins()
    for twin in found:
        sys.stdout.write(f"{twin.cosine:.2f}  {twin.tested}  ~  {twin.trained}\n")
    sys.stdout.write(f"{len(found)} near duplicates.\n")
    if given.remove:
        for path in sorted(OWN.glob("*.jsonl")):
            if path.stem not in SPARED:
                without(path, {twin.tested for twin in found})


def twins(data: Path = Path("data/nlu")) -> list[Twin]:
    """Sentences of the test sets with the training sentences that they nearly are."""
    cases = [case for case in load_cases([OWN]) if case.set not in SPARED]
    return near_duplicates([case.text for case in cases], trained_sentences(data))


def without(path: Path, texts: set[str]) -> None:
    """Rewrites a `.jsonl` file without the lines that have one of these texts."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.strip() or json.loads(line)["text"] not in texts]
    path.write_text("".join(kept), encoding="utf-8")


if __name__ == "__main__":
    main()
