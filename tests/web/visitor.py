"""Somebody in front of a browser: what they do, what they see."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

PATIENCE = 20_000
"""Milliseconds until something should have shown; generous, for a busy machine."""
EXPECTED = re.compile(r"Failed to load resource|error occurred when fetching the script")
"""The browser's own notes on an answer that is no 200, and on a worker that it cannot fetch; what is to happen then is
tested by itself."""
GET_READY = 5
"""Seconds before a step begins, as in `web/clock.js`."""
WATCH = """
addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) =>
  console.error("CSP: " + violatedDirective + blockedURI));
window.refused = 0;
addEventListener("click", (event) => {
  if (event.composedPath().some((one) => one.dataset?.settling)) window.refused += 1;
}, {capture: true});
"""
"""Reports what the page was forbidden, and counts clicks on buttons that are settling, which the widget ignores."""


class Visitor:
    """One tab. Its clock can be moved."""

    def __init__(self, context: BrowserContext, address: str, script: str | None = None) -> None:
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
        self.page.clock.install()
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
        """Taps the last button of that name, once it has been there long enough to be read."""
        button = self.find(within).get_by_role("button", name=name, exact=True).last
        # A button that is not there yet has no attribute either, and an empty pattern would match none.
        expect(button).to_be_visible()
        button.hover()  # waits until it moves no more
        expect(button).not_to_have_attribute("data-settling", re.compile("."))
        return self.click(button)

    def click(self, button: Locator) -> Visitor:
        """Clicks, and again when it came too early, as for a button that an answer moved just then."""
        refused = -1
        while refused != (refused := self.page.evaluate("window.refused")):
            self.settled()
            button.click()
        return self

    def reconnected(self) -> Visitor:
        """Taps "Try now", unless the widget has found the coach again by itself."""
        button = self.find("palmwise-coach").get_by_role("button", name="Try now", exact=True)
        with suppress(PlaywrightTimeoutError):
            button.click(timeout=PATIENCE / 10)
        expect(button).to_be_hidden()
        return self

    def settled(self) -> Visitor:
        """Waits until every button takes a press."""
        expect(self.find("[data-settling]")).to_have_count(0)
        return self

    def begin(self, routine: str = "classic") -> Visitor:
        """From the greeting to the first second of a routine."""
        return self.get_ready(routine).wait(GET_READY + 0.1)

    def get_ready(self, routine: str = "classic") -> Visitor:
        """From the greeting to the seconds before a routine begins."""
        self.arrived().say(routine).say("no").say("ready")
        expect(self.stage).to_be_visible()
        return self

    def wait(self, seconds: float) -> Visitor:
        """Time passes, every tick of it."""
        self.page.clock.run_for(round(seconds * 1000))
        return self

    def sleep(self, seconds: float) -> Visitor:
        """Time has passed, as for a phone that slept."""
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

    def read(self, script: str, argument: Any = None) -> Any:
        """What a script in the page says; `root` is the widget's shadow root."""
        wrapped = f"(argument) => {{ const root = document.querySelector('palmwise-coach').shadowRoot; {script} }}"
        return self.page.evaluate(wrapped, argument)
