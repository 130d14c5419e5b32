"""Measures the voice client: `make bench-voice`, or `python -m benchmarks.voice --only recognizers`."""

from __future__ import annotations

import argparse
import contextlib
import logging
import sys
from collections.abc import Callable, Mapping

from benchmarks.tables import write_report
from benchmarks.voice import leaking, mouth, recognizer_results, timing
from benchmarks.voice.voice_session import temporary_server

HEAD = """# The hands-free client, measured

By `make bench-voice`: in a virtual room (PulseAudio null sinks) with synthetic voices (flite slt and rms) and pink
noise. They compare recognizers; they do not promise a figure for people. The room adds no delay of a sound card
(20 to 100 ms), no reverberation, no drift.
"""


def main() -> None:
    """Measure the parts that are asked for, and write the tables of each."""
    parts: Mapping[str, Callable[[str], str]] = {
        "timing": timing.measure,
        "mouth": mouth.measure,
        "recognizers": lambda _: recognizer_results.measure(options.recognizers.split(",")),
        "ears": lambda _: recognizer_results.measure_unseen(options.recognizers.split(","), every=options.every),
        "leaking": lambda server: leaking.measure(server, options.minutes),
    }
    parser = argparse.ArgumentParser(prog="python -m benchmarks.voice", description="Measure the voice client.")
    parser.add_argument("--only", choices=list(parts), action="append", help="a part (all)")
    parser.add_argument("--recognizers", default=",".join(recognizer_results.RECOGNIZERS), help="which recognizers")
    parser.add_argument("--every", type=int, default=3, help="a voice says one of so many phrases (ears)")
    parser.add_argument("--minutes", type=float, default=10.0, help="of the coach speaking to itself")
    parser.add_argument("--server", help="address of one that runs already")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with contextlib.nullcontext(options.server) if options.server else temporary_server() as server:
        for name in options.only or parts:
            sys.stdout.write(write_report(f"voice-{name}", HEAD, parts[name](server)))


if __name__ == "__main__":
    main()
