from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.web.fake import Served
from tests.web.visitor import ScriptedTime, Visitor

AXE = next(Path(str(axe_playwright_python.__file__)).parent.rglob("axe.min.js"))
"""Finds faults that keep people with disabilities out; a script for a page."""
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """The only one: a second would find the event loop of the first running, and refuse to start."""
    if not CHROMIUM.exists() and not os.environ.get("CI"):
        pytest.skip("Debian's chromium is not installed")
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> Iterator[Browser]:
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def served() -> Iterator[Served]:
    running = Served()
    yield running
    running.stop()


@pytest.fixture
def visit(chromium: Browser, served: Served) -> Iterator[Visit]:
    """Opens the demo page, or another address; what the browser complained of fails the test.

    The small server's clock goes with the pages', so that what both say of a step agrees on a machine of any speed.
    """
    clock = served.coach.now = ScriptedTime()
    visitors: list[Visitor] = []
    contexts: list[BrowserContext] = []

    def come(
        address: str | None = None, beside: Visitor | None = None, script: str | None = None, **options: object
    ) -> Visitor:
        context = beside.page.context if beside else chromium.new_context(**options)  # type: ignore[arg-type]
        if beside is None:
            contexts.append(context)
        visitor = Visitor(
            context, address or served.address + "/", script, clock=clock, shares_clock=beside is not None
        )
        visitors.append(visitor)
        return visitor

    yield come
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints()]
    for context in contexts:
        context.close()
    assert complaints == []
