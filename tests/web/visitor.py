"""Somebody in front of a browser: what they do, what they see."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

PATIENCE = 60_000
"""Milliseconds until something should have shown; generous, for a busy machine."""
TRIES = 10
"""Presses of a button within that time."""
EXPECTED = re.compile(r"Failed to load resource|error occurred when fetching the script")
"""The browser's own notes on an answer that is no 200, and on a worker that it cannot fetch; what is to happen then is
tested by itself."""
GET_READY = 5
"""Seconds before a step begins, as in `web/clock.js`."""
WATCH = """
addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) =>
  console.error("CSP: " + violatedDirective + blockedURI));
AbortSignal.timeout = () => new AbortController().signal;
window.refused = 0;
addEventListener("click", (event) => {
  const why = event.composedPath().map((one) => one.dataset?.settling).find(Boolean);
  if (why && (event.detail || !why.startsWith("moved"))) window.refused += 1;
}, {capture: true});
"""
"""Reports what the page was forbidden, waits for an answer however long it takes, and counts presses on buttons that
are settling, which the widget ignores; a key presses one that has only moved."""
KEPT = """async () => {
  const { unseal } = await import("/coach/seal.js");
  const key = document.cookie.match(/palmwise_key=(\\w+)/)?.[1];
  const open = (text) => { try { return unseal(text.split(" ")[1], key); } catch { return text; } };
  return Object.values({ ...(window.disk ?? localStorage) }).map(open).join("\\n");
}"""
SETTLING = 0.5
"""Seconds for which a button that has changed ignores presses, as in `web/guard.js`."""


class ScriptedTime:
    """A clock that moves only when told to; `palmwise.coach` takes it for the time of day."""

    def __init__(self) -> None:
        self._now = time.time()

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        self._now += seconds


class Visitor:
    """One tab. Its clock stands still but for `wait` and `sleep`: nothing goes by unseen on a slow machine."""

    def __init__(
        self,
        context: BrowserContext,
        address: str,
        script: str | None = None,
        *,
        clock: ScriptedTime | None = None,
        shares_clock: bool = False,
    ) -> None:
        """`clock` goes with the page's; `shares_clock`: with another tab of `context`, which has the clock."""
        expect.set_options(timeout=PATIENCE)
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.tolerated: list[str] = []
        """Parts of complaints that a test brings about on purpose."""
        self._complaints: list[str] = []
        self.asked: list[str] = []
        """Every address that the page asked for."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._complaints.append(f"page error: {error}"))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.add_init_script(WATCH + (script or ""))
        self.clock = clock or ScriptedTime()
        if not shares_clock:
            now = self.clock()
            self.page.clock.install(time=now - PATIENCE / 1000)
            self.page.clock.pause_at(now)  # refused if it was this late already
        self.page.goto(address)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            self._complaints.append(message.text)

    def complaints(self) -> list[str]:
        """What the browser complained of."""
        return [text for text in self._complaints if not any(part in text for part in self.tolerated)]

    def find(self, selector: str) -> Locator:
        """By CSS, through the shadow root."""
        return self.page.locator(selector)

    @property
    def answer(self) -> Locator:
        """The latest answer in the log."""
        return self.find(".entry.coach").last

    @property
    def stage(self) -> Locator:
        """The step card."""
        return self.find(".stage")

    def arrived(self) -> Visitor:
        """Waits for the greeting."""
        expect(self.find(".entry.coach").first).to_be_visible()
        return self

    def say(self, text: str, *, answered: bool = True) -> Visitor:
        """Types and sends; waits for an answer."""
        before = self.find(".entry.coach").count()
        if self.find("#say").is_hidden():
            self.tap("Type")
        self.page.fill("#say", text)
        self.page.press("#say", "Enter")
        if answered:
            expect(self.find(".entry.coach")).to_have_count(before + 1)
        return self

    def tap(self, name: str, within: str = "palmwise-coach") -> Visitor:
        """Taps the last button of that name."""
        return self.click(self.find(within).get_by_role("button", name=name, exact=True).last)

    def click(self, button: Locator) -> Visitor:
        """Clicks, once a person could have read what the button says."""
        expect(button).to_be_visible()
        return self._until_taken(button.click)

    def key(self, key: str) -> Visitor:
        """Presses a key where the focus is, once a person could have read what is there."""
        return self._until_taken(lambda: self.page.keyboard.press(key))

    def _until_taken(self, press: Callable[[], None]) -> Visitor:
        # An answer may move a button just then: people press again, too.
        refused = -1
        while refused != (refused := self.page.evaluate("window.refused")):
            self.settled()
            press()
        return self

    def settled(self) -> Visitor:
        """Lets time pass until every button takes a press."""
        while self.find("[data-settling]").count():
            self.wait(SETTLING)
        return self

    def reconnected(self) -> Visitor:
        """Taps "Try now" until the coach is found again; the widget also tries by itself, and the button goes."""
        trouble = self.find(".trouble")
        for _ in range(TRIES):
            if trouble.is_hidden():
                break
            self.settled()
            with suppress(PlaywrightTimeoutError):
                self.find("palmwise-coach").get_by_role("button", name="Try now").last.click(timeout=PATIENCE / TRIES)
            with suppress(AssertionError):
                expect(trouble).to_be_hidden(timeout=PATIENCE / TRIES)
        expect(trouble).to_be_hidden()
        return self

    def begin(self, routine: str = "classic") -> Visitor:
        """From the greeting to the first second of a routine."""
        return self.get_ready(routine).wait(GET_READY + 0.1)

    def get_ready(self, routine: str = "classic") -> Visitor:
        """From the greeting to the seconds before a routine begins."""
        self.arrived().say(routine).say("no").say("ready")
        expect(self.stage).to_be_visible()
        return self.until("document.querySelector('palmwise-coach').talk.canLead")

    def wait(self, seconds: float) -> Visitor:
        """Time passes, every tick of it."""
        self.clock.advance(seconds)
        self.page.clock.run_for(round(seconds * 1000))
        return self

    def sleep(self, seconds: float) -> Visitor:
        """Time has passed, as for a phone that slept."""
        self.clock.advance(seconds)
        self.page.clock.fast_forward(round(seconds * 1000))
        return self

    def until(self, condition: str) -> Visitor:
        """Waits until an expression of the page, which may await something, is true. Raises `AssertionError`."""
        for _ in range(PATIENCE // 100):
            if self.page.evaluate(f"(async () => Boolean({condition}))()"):
                return self
            self.page.wait_for_timeout(100)
        raise AssertionError(condition)

    def shows(self, selector: str, text: str | re.Pattern[str]) -> Visitor:
        """Waits until something says so."""
        expect(self.find(selector)).to_contain_text(text)
        return self

    @property
    def left(self) -> int:
        """The seconds that the ring shows."""
        minutes, _, seconds = self.find(".ring .number").inner_text().rpartition(":")
        return int(minutes or 0) * 60 + int(seconds)

    @property
    def kept(self) -> str:
        """All that this browser's storage has, read as the widget reads it."""
        text: str = self.page.evaluate(KEPT)
        return text

    def read(self, script: str, argument: Any = None) -> Any:
        """What a script in the page says; `root` is the widget's shadow root."""
        wrapped = f"(argument) => {{ const root = document.querySelector('palmwise-coach').shadowRoot; {script} }}"
        return self.page.evaluate(wrapped, argument)
