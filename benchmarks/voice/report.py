"""Writes what was measured of the voice as a page with plots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

HEAD = """# The hands-free client, measured

By `make bench-voice`: in a virtual room (PulseAudio null sinks) with synthetic voices (flite slt and rms) and pink
noise. They compare recognisers; they do not promise a figure for people. The room adds no delay of a sound card
(20 to 100 ms), no reverberation, no drift.
"""
WIDTH, BAR, LEFT = 640, 22, 190
COLOURS = ("#2f6f6a", "#6fae9f", "#c3d9cf")


def write(found: Mapping[str, Any], folder: Path) -> None:
    """`voice.md` and its plots into a folder."""
    text = HEAD
    if "timing" in found:
        text += _timing(found["timing"])
        (folder / "voice-timing.svg").write_text(_spread(found["timing"]), encoding="utf-8")
        text += "\n![Times to silence and to the answer](voice-timing.svg)\n"
    if "ears" in found:
        text += _ears(found["ears"])
        (folder / "voice-ears.svg").write_text(_bars(found["ears"]), encoding="utf-8")
        text += "\n![Commands heard word by word](voice-ears.svg)\n"
    if "leaking" in found:
        text += _leaking(found["leaking"])
    (folder / "voice.md").write_text(text, encoding="utf-8")


def _timing(times: Mapping[str, Any]) -> str:
    rows = [
        ("person's first sound to the coach's silence", times["silence"]),
        ("person's last sound to the coach's first, default ear", times["answer"]),
        ("the same where a step follows", times["step"]),
    ]
    table = [
        (name, len(all_), _ms(median(all_)), _ms(sorted(all_)[int(0.9 * len(all_))])) for name, all_ in rows if all_
    ]
    idle = f"\nIdle, listening: {times['idle_cpu']:.0%} of a core, {times['memory']:.0f} MB with the voice's process."
    idle += f" Load of the machine: {times['load']:.1f}.\n"
    parts = [(name, _ms(seconds)) for name, seconds in times["stages"].items()]
    return (
        "\n## Times\n\n"
        + _table(("from - to", "tries", "median", "90 %"), table)
        + "\nWhat they are made of:\n\n"
        + _table(("stage", "median"), parts)
        + idle
    )


def _ears(scores: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            score["ear"],
            _noise(score["noise"]),
            f"{score['exact']:.0%}",
            f"{score['meant']:.0%}",
            f"{score['word_errors']:.0%}",
            f"{score['false']:.1%}",
            f"{score['false_an_hour']:.0f}",
            f"{score['passed']:.0%}",
            _ms(score["seconds"]),
        )
        for score in scores
    ]
    head = ("ear", "noise", "commands exact", "same intent", "word errors in questions", "false commands")
    return "\n## Ears\n\n" + _table((*head, "an hour", "other talk let through", "a clip"), rows)


def _leaking(leaks: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            leak["policy"],
            f"{leak['minutes']:.0f}",
            leak["commands"],
            leak["noticed"],
            leak["hushes"],
            leak["hushes_typed"],
        )
        for leak in leaks
    ]
    head = (
        "policy", "minutes of the coach", "own commands obeyed", "own voice taken for another's", "times fallen silent",
        "lines typed meanwhile",
    )  # fmt: skip
    return "\n## Its own voice in the microphone\n\n" + _table(head, rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)


def _noise(decibels: float | None) -> str:
    return "clean" if decibels is None else f"{decibels:.0f} dB"


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


def _bars(scores: Sequence[Mapping[str, Any]]) -> str:
    """Commands exact, a bar for each ear at each noise."""
    parts = []
    for index, score in enumerate(scores):
        top, width = 10 + index * (BAR + 6), (WIDTH - LEFT - 60) * score["exact"]
        colour = COLOURS[index % len(COLOURS)]
        parts.append(
            f'<text x="{LEFT - 8}" y="{top + 16}" text-anchor="end">{score["ear"]}, {_noise(score["noise"])}</text>'
        )
        parts.append(f'<rect x="{LEFT}" y="{top}" width="{width:.0f}" height="{BAR}" fill="{colour}"/>')
        parts.append(f'<text x="{LEFT + width + 6:.0f}" y="{top + 16}">{score["exact"]:.0%}</text>')
    return _picture(20 + len(scores) * (BAR + 6), parts)


def _spread(times: Mapping[str, Any]) -> str:
    """A dot for each try on a line of 1.5 seconds."""
    parts = []
    for index, (name, goal) in enumerate((("silence", 0.3), ("answer", 0.9), ("step", 0.9))):
        top, scale = 30 + index * 50, (WIDTH - LEFT - 20) / 1.5
        parts.append(f'<text x="{LEFT - 8}" y="{top + 5}" text-anchor="end">{name}</text>')
        parts.append(f'<line x1="{LEFT}" y1="{top}" x2="{WIDTH - 20}" y2="{top}" stroke="#bbb"/>')
        at = LEFT + goal * scale
        parts.append(f'<line x1="{at:.0f}" y1="{top - 14}" x2="{at:.0f}" y2="{top + 14}" stroke="#b33"/>')
        parts.append(f'<text x="{at + 3:.0f}" y="{top + 20}" font-size="11">{goal:g} s</text>')
        parts += [
            f'<circle cx="{LEFT + min(1.5, seconds) * scale:.0f}" cy="{top}" r="4" fill="{COLOURS[0]}" opacity="0.6"/>'
            for seconds in times[name]
        ]
    return _picture(170, parts)


def _picture(height: int, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-size="13"'
    return "\n".join(
        [
            f'{head} font-family="sans-serif">',
            f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
            *parts,
            "</svg>",
            "",
        ]
    )
