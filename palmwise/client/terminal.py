"""Terminal chat client: `palmwise chat`."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import sys
import textwrap
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout

from palmwise.client.answers import read_answer
from palmwise.client.autostart import running_server
from palmwise.client.countdown import Countdown
from palmwise.client.http_client import CoachClient, Messages
from palmwise.errors import RefusedError, UnreachableError

GREETING = "hello"
QUIT_COMMANDS = ("/quit", "/exit")
TICK_SECONDS = 0.2
"""Between two looks at the clock."""
RETRY_SECONDS = 2.0
"""Until a request is repeated, where the server did not say when."""
LONGEST_NUMBER = 4
"""Characters; longer ones are words."""
SERVICE_UNAVAILABLE = 503
UNREACHABLE = "The coach does not answer just now. Your place is kept; please say it again in a moment."
WIDEST = 88
"""Columns."""
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
ReadLine = Callable[[], str]
"""Returns the next line that was typed; raises `EOFError` when there will be none."""


class Chat:
    """A conversation and its countdown. Thread-safe: lines are typed in one thread while time passes in another."""

    def __init__(
        self,
        client: CoachClient,
        show: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`show` writes a paragraph; `clock` returns seconds that never go back; `pause` waits for some seconds."""
        self._client = client
        self._show = show
        self._clock = clock
        self._pause = pause
        self._lock = threading.Lock()
        self._countdown: Countdown | None = None
        self._payloads: list[str] = []
        self._reported = ""
        self._report_id = ""
        self._report_after = 0.0

    def begin(self) -> None:
        """Open the conversation. Raises `UnreachableError`, `RefusedError`."""
        self._client.open()
        self._take(self._client.say(GREETING))

    def answer(self, line: str) -> None:
        """Press the button with that number, or say the line; show what the coach answers."""
        with self._lock:
            clock = {"clock": self._countdown.report(self._clock())} if self._countdown else {}
            # The id lets the server recognise a message that is sent again because its answer was lost.
            fields = {**clock, "id": uuid.uuid4().hex}
            number = int(line) if line.strip().isdecimal() and len(line) <= LONGEST_NUMBER else 0
            if 0 < number <= len(self._payloads):
                message = {"payload": self._payloads[number - 1], "by": "button", **fields}
            else:
                message = {"text": line, **fields}
            try:
                try:
                    self._take(self._client.send(message))
                except (RefusedError, UnreachableError) as error:
                    if isinstance(error, RefusedError) and error.status != SERVICE_UNAVAILABLE:
                        raise
                    self._pause(_seconds_to_wait(error))
                    self._take(self._client.send(message))
            except (RefusedError, UnreachableError) as error:
                self._show(_explain(error))

    def tick(self) -> None:
        """Show the cues that are due; go on to the next step when the time of this one is over."""
        with self._lock:
            if self._countdown is None:
                return
            now = self._clock()
            cues, self._countdown = self._countdown.take_cues(now)
            for cue in cues:
                self._show(f"({cue.say})")
            if self._countdown.is_over(now):
                self._report_end(self._countdown, now)

    def status(self) -> str:
        """Return the step that is on and the time left, as in "Kneading 1:05"; empty away from a step."""
        countdown = self._countdown
        if countdown is None:
            return ""
        paused = "" if countdown.running else " (paused)"
        return f"{countdown.title} {countdown.remaining(self._clock())}{paused}"

    def _report_end(self, countdown: Countdown, now: float) -> None:
        """Tell the coach that the step is over: again and again with the same id until it answers."""
        first = countdown.token != self._reported
        if first:
            self._reported, self._report_id = countdown.token, uuid.uuid4().hex
        elif now < self._report_after:
            return
        try:
            answer = self._client.end_step(countdown.token, clock=countdown.report(now), id=self._report_id)
            # No message means that the coach's clock is another by now.
            self._take(answer or self._client.current_card())
        except (RefusedError, UnreachableError) as error:
            self._report_after = now + _seconds_to_wait(error)
            if first:
                self._show(_explain(error))
        else:
            self._reported = ""

    def _take(self, messages: Messages) -> None:
        answer = read_answer(messages)
        payloads = []
        for message in messages:
            if message.get("text"):
                self._show(message["text"])
            for button in message.get("buttons") or ():
                payloads.append(button["payload"])
                self._show(f"  [{len(payloads)}] {button['title']}")
        # After a turn without buttons the numbers of the last ones still work.
        self._payloads = payloads or self._payloads
        if answer is not None:
            countdown = Countdown.from_answer(answer, self._countdown)
            self._countdown = countdown.start(self._clock()) if countdown else None


def _seconds_to_wait(error: RefusedError | UnreachableError) -> float:
    return float((error.retry_after if isinstance(error, RefusedError) else None) or RETRY_SECONDS)


def _explain(error: RefusedError | UnreachableError) -> str:
    return error.detail if isinstance(error, RefusedError) else UNREACHABLE


def run(chat: Chat, read_line: ReadLine) -> None:
    """Chat until the input ends or a line is one of `QUIT_COMMANDS`, while another thread keeps the time."""
    ended = threading.Event()

    def keep_time() -> None:
        while not ended.wait(TICK_SECONDS):
            chat.tick()

    chat.begin()
    threading.Thread(target=keep_time, daemon=True, name="countdown").start()
    try:
        with contextlib.suppress(EOFError):
            while (line := read_line()).strip().lower() not in QUIT_COMMANDS:
                chat.answer(line)
    finally:
        ended.set()


def format_paragraph(text: str, *, bold: str) -> str:
    r"""Wrap a text to the width of the terminal; `bold` is what replaces bold text, with `\1` for its words."""
    width = min(WIDEST, shutil.get_terminal_size().columns)
    indent = "  " + " " * (len(text) - len(text.lstrip(" ")))
    lines = [
        textwrap.fill(line.strip(), width, initial_indent=indent, subsequent_indent=indent) for line in text.split("\n")
    ]
    return _BOLD.sub(bold, "\n".join(lines)) + "\n"


@contextlib.contextmanager
def live_terminal(status: Callable[[], str], session: PromptSession[str]) -> Iterator[ReadLine]:
    """Edit lines with prompt-toolkit, below all that is written meanwhile, with `status` in a line below that."""

    def toolbar() -> str | None:
        return f" {status()}" if status() else None

    def interrupt(*_: Any) -> None:
        # Ends the prompt in order, so that the terminal is left as it was found.
        if session.app.is_running and session.app.loop is not None:
            session.app.loop.call_soon_threadsafe(lambda: session.app.exit(exception=KeyboardInterrupt()))
        else:
            raise KeyboardInterrupt

    with _end_signals(interrupt), patch_stdout(raw=True):
        yield lambda: session.prompt("\n> ", bottom_toolbar=toolbar, refresh_interval=0.5)


def read_plain_line() -> str:
    """Read a line from standard input, and write it, so that a transcript has both sides."""
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    sys.stdout.write(f"\n> {line.rstrip()}\n")
    return line.rstrip("\n")


@contextlib.contextmanager
def _end_signals(handler: Callable[..., None]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def _chat(client: CoachClient) -> None:
    live = sys.stdin.isatty() and sys.stdout.isatty()

    def show(text: str) -> None:
        sys.stdout.write(format_paragraph(text, bold="\x1b[1m\\1\x1b[0m" if live else r"\1"))
        sys.stdout.flush()

    chat = Chat(client, show)
    if not live:
        run(chat, read_plain_line)
        return
    with live_terminal(chat.status, PromptSession()) as read_line:
        run(chat, read_line)


def main(arguments: Sequence[str] | None = None) -> int:
    """Chat until Ctrl-C, Ctrl-D or /quit; 1 with one line on standard error when there is no coach to talk to."""
    port = os.environ.get("PALMWISE_PORT") or "5005"
    parser = argparse.ArgumentParser(prog="palmwise chat", description="Talk to the coach in this terminal.")
    parser.add_argument(
        "--address", default=f"http://127.0.0.1:{port}", help="of the server; one is started if none answers there"
    )
    address = parser.parse_args(arguments).address.rstrip("/")
    try:
        with (
            _end_signals(signal.default_int_handler),
            running_server(address),
            contextlib.closing(CoachClient(address)) as client,
        ):
            _chat(client)
    except (UnreachableError, RefusedError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
