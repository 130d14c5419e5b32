"""Writes the measurements of the voice client as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

HEAD = """# The hands-free client, measured

By `make bench-voice`: in a virtual room (PulseAudio null sinks) with synthetic voices (flite slt and rms) and pink
noise. They compare recognizers; they do not promise a figure for people. The room adds no delay of a sound card
(20 to 100 ms), no reverberation, no drift.
"""


def write(found: Mapping[str, Any], file: Path) -> None:
    """Write the tables of the parts that were measured."""
    parts: dict[str, Callable[[Any], str]] = {"timing": _timing, "recognizers": _recognizers, "leaking": _leaking}
    text = HEAD + "".join(part(found[name]) for name, part in parts.items() if name in found)
    file.write_text(text, encoding="utf-8")


def _timing(times: Mapping[str, Any]) -> str:
    measured = {
        "person's first sound to the coach's silence": times["silence"],
        "person's last sound to the coach's first, sphinx": times["answer"],
        "the same where a step follows": times["step"],
    }
    rows = [
        (name, len(tries), _ms(median(tries)), _ms(quantiles(tries, n=10)[-1]))
        for name, tries in measured.items()
        if len(tries) > 1
    ]
    return (
        "\n## Times\n\n"
        + _table(("from - to", "tries", "median", "90 %"), rows)
        + "\nWhat they are made of:\n\n"
        + _table(("stage", "median"), [(name, _ms(seconds)) for name, seconds in times["stages"].items()])
        + f"\nIdle, listening: {times['idle_cpu']:.0%} of a core, {times['memory']:.0f} MB with the voice's process."
        + f" Load of the machine: {times['load']:.1f}.\n"
    )


def _recognizers(scores: Sequence[Mapping[str, Any]]) -> str:
    head = (
        "recognizer", "noise", "commands exact", "same intent", "halting commands missed", "word errors in questions",
        "false commands", "an hour", "other talk let through", "a clip",
    )  # fmt: skip
    rows = [
        (
            score["recognizer"],
            "clean" if score["noise"] is None else f"{score['noise']:.0f} dB",
            f"{score['exact']:.0%}",
            f"{score['meant']:.0%}",
            ", ".join(score["missed"]) or "none",
            f"{score['word_errors']:.0%}",
            f"{score['false']:.1%}",
            f"{score['false_an_hour']:.0f}",
            f"{score['passed']:.0%}",
            _ms(score["seconds"]),
        )
        for score in scores
    ]
    return "\n## Recognizers\n\n" + _table(head, rows)


def _leaking(leaks: Sequence[Mapping[str, Any]]) -> str:
    head = (
        "policy", "minutes of the coach", "own commands obeyed", "own voice taken for another's",
        "times fallen silent", "lines typed meanwhile",
    )  # fmt: skip
    fields = ("policy", "minutes", "commands", "noticed", "interruptions", "typed")
    rows = [[f"{leak[name]:.0f}" if name == "minutes" else leak[name] for name in fields] for leak in leaks]
    return "\n## Its own voice in the microphone\n\n" + _table(head, rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"
