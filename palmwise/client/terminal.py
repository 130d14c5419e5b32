"""Terminal chat client: `palmwise chat`."""

from __future__ import annotations

import argparse
import codecs
import contextlib
import http.client
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import textwrap
import time
import tty
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO

from palmwise.client.conversation import Talk
from palmwise.client.countdown import Countdown
from palmwise.errors import RefusedError, StartError, UnreachableError

_ESCAPES = re.compile(r"\x1b(\[[0-9;]*[A-Za-z~]|O.|.)?")
_BACKSPACES = "\x7f\b"
_KILL_LINE = "\x15"
_END = "\x04"


class Line:
    """The line being typed."""

    def __init__(self) -> None:
        self.text = ""
        self.ended = False
        """Whether there will be no more."""

    def feed(self, keys: str) -> list[str]:
        """Takes keys as they come; the lines that they finish."""
        finished = []
        for key in _ESCAPES.sub("", keys):
            if key in "\r\n":
                finished.append(self.text)
                self.text = ""
            elif key in _BACKSPACES:
                self.text = self.text[:-1]
            elif key == _KILL_LINE:
                self.text = ""
            elif key == _END:
                self.ended = self.ended or not self.text
            elif key.isprintable():
                self.text += key
        return finished


class Keyboard:
    """Standard input, a terminal or not."""

    def __init__(self) -> None:
        self.line = Line()
        self.live = sys.stdin.isatty() and sys.stdout.isatty()
        """Whether a person sees what is typed, key by key."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def lines(self, seconds: float) -> list[str]:
        """What was typed within so many seconds, sooner when there is something."""
        descriptor = sys.stdin.fileno()
        ready, _, _ = select.select([descriptor], [], [], seconds)
        if not ready:
            return []
        read = os.read(descriptor, 4096)
        if read:
            return self.line.feed(self._decoder.decode(read))
        self.line.ended = True
        return [self.line.text] if self.line.text else []

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Keys one by one and unseen meanwhile, as before afterwards; Ctrl-C stays Ctrl-C."""
        if not self.live:
            yield
            return
        before = termios.tcgetattr(sys.stdin)
        tty.setcbreak(sys.stdin, termios.TCSADRAIN)
        try:
            yield
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


WIDEST = 88
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_CLEAR = "\r\x1b[K"


class Screen:
    """A terminal, or a file where nothing can be drawn again."""

    def __init__(self, out: TextIO, *, live: bool) -> None:
        """`live`: whether the last line can be drawn again."""
        self._out = out
        self._live = live
        self._drawn = ""

    def messages(self, messages: Iterable[dict[str, Any]]) -> list[str]:
        """Shows the coach's texts and its buttons, numbered; the payloads in their order."""
        payloads: list[str] = []
        for message in messages:
            if message.get("text"):
                self.tell(message["text"])
            for button in message.get("buttons", ()):
                payloads.append(button["payload"])
                self.tell(f"[{len(payloads)}] {button['title']}", indent="    ")
        return payloads

    def tell(self, text: str, indent: str = "  ") -> None:
        """One paragraph, above the line."""
        width = min(WIDEST, shutil.get_terminal_size().columns)
        bold = "\x1b[1m\\1\x1b[0m" if self._live else r"\1"
        self._clear()
        for paragraph in text.split("\n"):
            wrapped = textwrap.wrap(paragraph, width, initial_indent=indent, subsequent_indent=indent)
            self._out.write(_BOLD.sub(bold, "\n".join(wrapped)) + "\n")
        self._out.flush()

    def said(self, text: str) -> None:
        """What the person said, which on a live screen was seen in the line until now."""
        self._clear()
        self._out.write(f"\n> {text}\n")
        self._out.flush()

    def line(self, clock: str, typed: str) -> None:
        """The line below: the countdown, then what is being typed."""
        text = f"{clock}> {typed}"
        if not self._live or text == self._drawn:
            return
        room = shutil.get_terminal_size().columns - 1
        self._out.write(_CLEAR + text[-room:])
        self._out.flush()
        self._drawn = text

    def close(self) -> None:
        """Leaves the cursor at the start of a line."""
        self._clear()
        self._out.flush()

    def _clear(self) -> None:
        if self._live:
            self._out.write(_CLEAR)
            self._drawn = ""


TICK = 0.2
"""Seconds between two looks at the clock."""
START = 180.0
"""Seconds that a server may take to come up on a slow machine."""
LOCAL = ("127.0.0.1", "localhost")
HELLO = "hello"
RETRY = 2.0
"""Seconds until something is asked again, where the server did not say."""
AWAY = "The coach does not answer just now. Your place is kept; please say it again in a moment."
Pause = Callable[[float], None]
Call = Callable[[], list[dict[str, Any]]]
LEAVE = ("/quit", "/exit")


class Chat:
    """One conversation, its clock, its screen."""

    def __init__(
        self, talk: Talk, screen: Screen, keyboard: Keyboard, clock: Callable[[], float], pause: Pause = time.sleep
    ) -> None:
        """`clock` gives seconds that never go back; `pause` waits for so many."""
        self._talk = talk
        self._screen = screen
        self._keyboard = keyboard
        self._clock = clock
        self._countdown: Countdown | None = None
        self._payloads: list[str] = []
        self._pause = pause
        self._ring: tuple[str, float, str] | None = None

    def run(self) -> None:
        """Until the person leaves."""
        self._talk.open()
        self._take(self._talk.say(HELLO))
        while not self._keyboard.line.ended:
            self._tick()
            for line in self._keyboard.lines(TICK):
                if line.strip().lower() in LEAVE:
                    return
                self.answer(line)

    def answer(self, line: str) -> None:
        """A number presses the button that was shown with it; all else is said."""
        choice = int(line) if line.strip().isdecimal() else 0
        clock = {"clock": self._countdown.report(self._clock())} if self._countdown else {}
        self._screen.said(line)
        # By its name the server knows it again, should its answer be lost.
        more = {**clock, "id": uuid.uuid4().hex}
        if 0 < choice <= len(self._payloads):
            payload = self._payloads[choice - 1]
            self._ask(lambda: self._talk.press(payload, **more), again=True)
        else:
            self._ask(lambda: self._talk.say(line, **more), again=True)

    def _tick(self) -> None:
        """Cues at their second, the next step at its time, the line below."""
        now = self._clock()
        countdown = self._countdown
        if countdown is not None:
            due, self._countdown = countdown.heard(now)
            for say in due:
                self._screen.tell(f"({say})")
            if countdown.over(now):
                self._end(countdown, now)
        self._screen.line(self._shown(self._clock()), self._keyboard.line.text)

    def _end(self, countdown: Countdown, now: float) -> None:
        """Tells the coach that a step's time is over; again and again, by the same name, until it answers."""
        token, at, name = self._ring or ("", now, "")
        if token != countdown.token:
            at, name = now, uuid.uuid4().hex
        elif now < at:
            return

        def call() -> list[dict[str, Any]]:
            answer = self._talk.ring(countdown.token, clock=countdown.report(now), id=name)
            # Silence means that the clock here is not the coach's any more.
            return answer or list(self._talk.look()["messages"])

        wait = self._ask(call, quiet=token == countdown.token)
        self._ring = None if wait is None else (countdown.token, now + wait, name)

    def _ask(self, call: Call, *, again: bool = False, quiet: bool = False) -> float | None:
        """Shows the answer, or why there is none and then the seconds to wait; the countdown goes on.

        `again`: asks once more before it gives up. `quiet`: without a word, since it was told before.
        """
        try:
            messages = call()
        except (RefusedError, UnreachableError) as error:
            told = error.detail if isinstance(error, RefusedError) else AWAY
            wait = float((error.retry_after if isinstance(error, RefusedError) else None) or RETRY)
            if again and (not isinstance(error, RefusedError) or error.status == http.client.SERVICE_UNAVAILABLE):
                self._pause(wait)
                return self._ask(call)
            if not quiet:
                self._screen.tell(told)
            return wait
        self._take(messages)
        return None

    def _shown(self, now: float) -> str:
        if self._countdown is None:
            return ""
        paused = "" if self._countdown.running else " paused"
        return f"[{self._countdown.title} {self._countdown.shown(now)}{paused}] "

    def _take(self, messages: list[dict[str, Any]]) -> None:
        if not messages:
            return
        payloads = self._screen.messages(messages)
        # A turn without buttons leaves the numbers of the last one standing.
        self._payloads = payloads or self._payloads
        card = messages[-1].get("custom")
        if isinstance(card, dict):
            self._countdown = Countdown.told(card, self._clock(), self._countdown)


@contextlib.contextmanager
def server(address: str) -> Iterator[None]:
    """A server at `address`: the one that answers there already, else one of our own. Raises `StartError`."""
    talk = Talk(address)
    if _answers(talk):
        yield
        return
    host, _, port = address.rpartition("//")[2].partition(":")
    if host not in LOCAL:
        raise StartError(f"Nobody answers at {address}.")
    sys.stdout.write("Waking the coach, which takes a few seconds...\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", "palmwise", "serve", "--port", port or "80"]
    # A session of its own: the Ctrl-C that ends the chat is not for the server, which is ended in order.
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as process:  # noqa: S603
        try:
            _await(talk, process)
            yield
        finally:
            process.terminate()


def _await(talk: Talk, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START
    while not _answers(talk):
        if process.poll() is not None:
            raise StartError("The coach could not be started.")
        if time.monotonic() > deadline:
            raise StartError("The coach does not come up.")
        time.sleep(TICK)


def _answers(talk: Talk) -> bool:
    with contextlib.suppress(UnreachableError, RefusedError):
        talk.ask("GET", "/coach/health")
        return True
    return False


def main() -> int:
    """Talks until Ctrl-C, Ctrl-D or /quit; 1 with one line when there is nobody to talk to."""
    port = os.environ.get("PALMWISE_PORT") or "5005"
    parser = argparse.ArgumentParser(prog="palmwise chat", description="Talk to the coach.")
    parser.add_argument("--address", default=f"http://127.0.0.1:{port}", help="the server's (one is started if none)")
    address = parser.parse_args().address.rstrip("/")
    # Ended by whatever means, it ends the server that it started.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    keyboard = Keyboard()
    screen = Screen(sys.stdout, live=keyboard.live)
    try:
        with server(address), keyboard.open():
            Chat(Talk(address), screen, keyboard, time.monotonic).run()
    except (StartError, UnreachableError, RefusedError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        pass
    screen.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
