"""What a browser keeps of a conversation after it was closed, in a profile as people have it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.web.conftest import CHROMIUM, FLAGS
from tests.web.fake import Served
from tests.web.visitor import Visitor

pytestmark = pytest.mark.browser

SAID = "my xylophone knuckles ache"


@contextmanager
def opened(driver: Playwright, profile: Path, address: str) -> Iterator[Visitor]:
    """The coach's page in a browser of this profile, which is closed afterwards."""
    context = driver.chromium.launch_persistent_context(str(profile), executable_path=CHROMIUM, args=FLAGS)
    try:
        yield Visitor(context, f"{address}/").arrived()
    finally:
        context.close()


def stored(visitor: Visitor) -> dict[str, str]:
    """The browser's storage."""
    found: dict[str, str] = visitor.page.evaluate("({ ...localStorage })")
    return found


def test_the_next_visit_after_the_end_of_the_browser_is_a_new_one(
    driver: Playwright, served: Served, tmp_path: Path
) -> None:
    with opened(driver, tmp_path, served.address) as visitor:
        visitor.say(SAID)
        (cookie,) = visitor.page.context.cookies()
        assert (cookie["expires"], cookie["httpOnly"], cookie["sameSite"]) == (-1, True, "Lax")
        kept = stored(visitor)
        assert [name for name, text in kept.items() if SAID in text] == [f"palmwise:1:{served.address}/coach/"]
        assert not any(cookie["value"] in text for text in kept.values())
    with opened(driver, tmp_path, served.address) as visitor:
        # What the first visit left may show until the server has said that this is another one.
        visitor.say("hello", answered=False).until(f"!JSON.stringify(localStorage).includes({SAID!r})")
        visitor.shows(".entry.coach >> nth=-1", "Hello")
        assert visitor.page.context.cookies()[0]["value"] != cookie["value"]
        assert not any(SAID in text for text in stored(visitor).values())
