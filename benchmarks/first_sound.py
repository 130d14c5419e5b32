"""Measures how soon the widget speaks after an answer has come: `python -m benchmarks.first_sound`.

A real server and Chromium. From the last byte of the answer to the start of its first sound, which the browser then
plays through its own buffer of 10 to 20 ms.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright
from playwright.sync_api import TimeoutError as LateError

from benchmarks.tables import table, write_report
from benchmarks.voice.voice_session import temporary_server

log = logging.getLogger(__name__)
CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--autoplay-policy=no-user-gesture-required")
WATCH = """
window.answered = [];
window.sounded = [];
const fetched = window.fetch;
window.fetch = async (...given) => {
  const response = await fetched(...given);
  if (String(given[0]?.url ?? given[0]).includes("/coach/message")) {
    const {text, json} = response;
    for (const [name, read] of Object.entries({text, json}))
      response[name] = async () => {
        const found = await read.call(response);
        answered.push(performance.now());
        return found;
      };
  }
  return response;
};
const {start} = AudioBufferSourceNode.prototype;
AudioBufferSourceNode.prototype.start = function (...given) {
  sounded.push(performance.now());
  start.apply(this, given);
};
"""
QUESTIONS = (
    "which oil should I use", "what is petrissage", "does it help with headaches", "how often should I do this",
    "can I do this in bed", "what is effleurage", "how hard should I press", "what can you do", "is it good for sleep",
    "what are the steps", "can children do this", "what is reflexology", "how long does it take", "why use oil",
    "can I use lotion", "does it help with stress", "what is the thenar", "can I do this every day",
    "is it safe in pregnancy", "what if it hurts",
)  # fmt: skip
"""Each of another answer, so that its sound has not been made before."""
PATIENCE = 30_000
"""Milliseconds."""
TRIES = 5


def main() -> None:
    """Measure, and write `first-sound.md`."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.first_sound", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--server", help="address of one that runs already")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with contextlib.ExitStack() as stack:
        server = options.server or stack.enter_context(temporary_server())
        driver = stack.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        waits = measure(browser.new_page(), server)
        browser.close()
    rows = [("answer to first sound", len(waits), round(median(waits)), round(quantiles(waits, n=10)[-1]))]
    found = table(("from - to", "answers", "median, ms", "90 %, ms"), rows, "The widget's voice")
    sys.stdout.write(write_report("first-sound", found, f"Load at the end: {os.getloadavg()[0]:.1f}.\n"))


def measure(page: Page, server: str) -> list[float]:
    """Return the milliseconds from each answer to its first sound."""
    page.set_default_timeout(PATIENCE)
    page.add_init_script(WATCH)
    page.goto(f"{server}/")
    page.locator(".entry.coach").first.wait_for()
    for name in ("Hands-free", "Only read aloud"):
        page.get_by_role("button", name=name, exact=True).last.click()
    waits = []
    for question in QUESTIONS:
        page.wait_for_timeout(1500)
        answered, sounded = page.evaluate("[answered.length, sounded.length]")
        _ask(page, question, answered)
        at = page.evaluate("answered.at(-1)")
        # What was being said before may start another sentence until the answer is there.
        page.wait_for_function("([count, at]) => sounded.slice(count).some((each) => each >= at)", arg=[sounded, at])
        waits.append(
            page.evaluate("([count, at]) => sounded.slice(count).find((each) => each >= at) - at", [sounded, at])
        )
        log.info("%s: %.0f ms", question, waits[-1])
    return waits


def _ask(page: Page, question: str, answered: int) -> None:
    """Type a question, again if the widget was busy, until there are more answers than before."""
    for _ in range(TRIES):
        if page.locator("#say").is_hidden():
            page.get_by_role("button", name="Type", exact=True).last.click()
        page.fill("#say", question)
        page.press("#say", "Enter")
        with contextlib.suppress(LateError):
            page.wait_for_function("(count) => answered.length > count", arg=answered, timeout=PATIENCE / TRIES)
            return
    raise RuntimeError(f"There was no answer to {question!r}.")


if __name__ == "__main__":
    main()
