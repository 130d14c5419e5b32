"""One client that sends all it can: `python tests/flood.py host:port own-address connections`, until its input ends."""

from __future__ import annotations

import http.client
import json
import sys
import threading

HEADERS = {"Content-Type": "application/json"}


def pour(place: str, home: str, over: threading.Event, counts: list[int], number: int) -> None:
    """One connection's messages, each sent as soon as the one before is answered."""
    wire = http.client.HTTPConnection(place, timeout=60, source_address=(home, 0))
    wire.request("POST", "/coach/conversation", "{}", HEADERS)
    conversation = json.loads(wire.getresponse().read()).get("conversation", "")
    body = json.dumps({"conversation": conversation, "payload": "/repeat_step"})
    while not over.is_set():
        wire.request("POST", "/coach/message", body, HEADERS)
        wire.getresponse().read()
        counts[number] += 1


def main() -> None:
    """Pours until stdin ends; then says how much it was."""
    place, home, connections = sys.argv[1], sys.argv[2], int(sys.argv[3])
    over, counts = threading.Event(), [0] * connections
    for number in range(connections):
        threading.Thread(target=pour, args=(place, home, over, counts, number), daemon=True).start()
    sys.stdin.read()
    over.set()
    sys.stdout.write(str(sum(counts)))


if __name__ == "__main__":
    main()
