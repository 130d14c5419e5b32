"""What a million conversations cost: `python -m benchmarks.crowded_store` compares with an empty file."""

from __future__ import annotations

import argparse
import secrets
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.bots import Bot, coach
from benchmarks.tables import table, write_report
from palmwise.client.http_client import CoachClient
from palmwise.resources import ROOT

ROUNDS, TURNS = 5, 40
"""Blocks of turns on each server, alternating, so that both see the machine's noise."""
MODEL = ROOT / "models" / "palmwise.tar.gz"


def talk(address: str) -> CoachClient:
    """A conversation at the first step of a massage."""
    client = CoachClient(address)
    client.open()
    for payload in ('/start_routine{"routine": "classic"}', "/deny", "/affirm"):
        client.press(payload)
    return client


def milliseconds(client: CoachClient, count: int) -> list[float]:
    """What each of so many turns took."""
    found = []
    for _ in range(count):
        began = time.perf_counter()
        client.press("/repeat_step")
        found.append(1000 * (time.perf_counter() - began))
    return found


def crowd(database: Path, opened: int, talked: int) -> None:
    """Copy the one conversation in a database as often as asked, and add conversations that were only opened."""
    now = time.time()
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        columns = "type_name, timestamp, intent_name, action_name, data"
        connection.execute(f"CREATE TEMP TABLE sample AS SELECT {columns} FROM events")  # noqa: S608 - no input in it
        senders = [(secrets.token_urlsafe(24), now, 1) for _ in range(talked)]
        connection.executemany(
            f"INSERT INTO events (sender_id, {columns}) SELECT ?, {columns} FROM sample",  # noqa: S608
            ((sender,) for sender, _, _ in senders),
        )
        senders += [(secrets.token_urlsafe(24), now, 0) for _ in range(opened)]
        connection.executemany("INSERT INTO palmwise_conversations VALUES (?, ?, ?)", sorted(senders))


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowded_store", description=__doc__)
    parser.add_argument("--opened", type=int, default=1_000_000, help="conversations in which nothing was said")
    parser.add_argument("--talked", type=int, default=100_000, help="conversations with some turns")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="palmwise-") as first,
        tempfile.TemporaryDirectory(prefix="palmwise-") as second,
    ):
        with coach(Path(first), MODEL) as bot:
            talk(bot.url)
            database = next(Path(first).rglob("*.db"))
        crowd(database, options.opened, options.talked)
        megabytes = database.stat().st_size / 1e6
        with coach(Path(first), MODEL) as crowded, coach(Path(second), MODEL) as empty:
            report(crowded, empty, megabytes, options)


def report(crowded: Bot, empty: Bot, megabytes: float, options: argparse.Namespace) -> None:
    """Compare the two servers."""
    bots = {"empty": empty, "crowded": crowded}
    clients = {name: talk(bot.url) for name, bot in bots.items()}
    taken: dict[str, list[float]] = {name: milliseconds(client, 10) and [] for name, client in clients.items()}
    for _ in range(ROUNDS):
        for name, client in clients.items():
            taken[name] += milliseconds(client, TURNS)
    rows = [
        (name, bots[name].seconds, statistics.median(times), statistics.quantiles(times, n=100)[98])
        for name, times in taken.items()
    ]
    ratio = statistics.median(taken["crowded"]) / statistics.median(taken["empty"])
    title = f"{options.opened} opened and {options.talked} talked-in conversations, {megabytes:.0f} MB"
    head = ("store", "start (s)", "turn p50 (ms)", "p99")
    sys.stdout.write(write_report("crowded_store", table(head, rows, title), f"The medians differ by {ratio:.2f}.\n"))


if __name__ == "__main__":
    main()
