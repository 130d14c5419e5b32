"""A client that sends as much as it can, on command: `python tests/flood.py host:port own-address connections`.

Commands are lines. `pour` starts sending and is answered at once; `refused` starts sending and is answered as soon as a
request is refused. `stop` is answered when all requests are, by a line of JSON: for each request the monotonic seconds
at which it was sent and answered, and its status. The end of the input ends the process.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time

MESSAGE, OPEN = "/coach/message", "/coach/conversation"
HEADERS = {"Content-Type": "application/json"}
REFUSED = 429


class Pipe:
    """A connection that talks in one conversation, or opens a new one at every request."""

    def __init__(self, place: str, home: str, path: str) -> None:
        self.told: list[tuple[float, float, int]] = []
        self._wire = http.client.HTTPConnection(place, timeout=60, source_address=(home, 0))
        self._path, self._body = OPEN, "{}"
        conversation = json.loads(self._ask())["conversation"]
        if path == MESSAGE:
            self._path, self._body = path, json.dumps({"conversation": conversation, "payload": "/repeat_step"})

    def pour(self, over: threading.Event, refused: threading.Event) -> None:
        """Send requests, each as soon as the one before is answered."""
        while not over.is_set():
            self._ask()
            if self.told[-1][2] == REFUSED:
                refused.set()

    def _ask(self) -> bytes:
        sent = time.monotonic()
        self._wire.request("POST", self._path, self._body, HEADERS)
        answer = self._wire.getresponse()
        content = answer.read()
        self.told.append((sent, time.monotonic(), answer.status))
        return content


def main() -> None:
    """Carry out the commands."""
    place, home, connections = sys.argv[1], sys.argv[2], int(sys.argv[3])
    pipes = [Pipe(place, home, (MESSAGE, OPEN)[number % 2]) for number in range(connections)]
    threads: list[threading.Thread] = []
    over = threading.Event()
    for line in sys.stdin:
        if line.strip() == "stop":
            over.set()
            for thread in threads:
                thread.join()
            sys.stdout.write(json.dumps([told for pipe in pipes for told in pipe.told]))
        else:
            over, refused = threading.Event(), threading.Event()
            threads = [threading.Thread(target=pipe.pour, args=(over, refused), daemon=True) for pipe in pipes]
            for thread in threads:
                thread.start()
            if line.strip() == "refused":
                refused.wait(60)
        sys.stdout.write("\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
