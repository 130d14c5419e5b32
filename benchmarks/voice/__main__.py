"""Measures the voice client: `make bench-voice`, or `python -m benchmarks.voice --only ears`."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from collections.abc import Callable, Mapping

from benchmarks.tables import write_report
from benchmarks.voice import leaking, massages, mouth, recognizer_results, timing
from benchmarks.voice.voice_session import temporary_server

HEAD = """# The hands-free client, measured

By `make bench-voice`: with synthetic voices (flite, festival, hibari-tts), and, where something is played, in a virtual
room (PulseAudio null sinks). They compare; they do not promise a figure for people. The room adds no delay of a sound
card (20 to 100 ms) and no drift. Load of this machine at the end: {load:.1f} on {cores} cores.
"""
NEED_SERVER = frozenset({"timing", "massages", "leaking"})


def main() -> None:
    """Measure the parts that are asked for, and write the tables of each."""
    parts: Mapping[str, Callable[[str], str]] = {
        "ears": lambda _: recognizer_results.measure(options.recognizers.split(","), every=options.every),
        "mouth": mouth.measure,
        "timing": timing.measure,
        "massages": massages.measure,
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
    chosen = options.only or list(parts)
    with contextlib.ExitStack() as stack:
        server = options.server or ""
        if not server and NEED_SERVER.intersection(chosen):
            server = stack.enter_context(temporary_server())
        for name in chosen:
            report = parts[name](server)
            head = HEAD.format(load=os.getloadavg()[0], cores=os.cpu_count())
            sys.stdout.write(write_report(f"voice-{name}", head, report))


if __name__ == "__main__":
    main()
