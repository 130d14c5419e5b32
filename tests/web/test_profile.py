"""What a browser keeps of a conversation after it was closed, in a profile as people have it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Playwright

from tests.web.conftest import CHROMIUM, FLAGS
from tests.web.fake import Served
from tests.web.visitor import Visitor

if TYPE_CHECKING:
    from tests.web.conftest import Visit

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


def readable(profile: Path, words: str) -> list[str]:
    """The files of a profile that have these words, one or two bytes a letter."""
    forms = [words.encode(encoding) for encoding in ("utf-8", "utf-16-le")]
    files = [file for file in profile.rglob("*") if file.is_file()]
    return [file.name for file in files if any(form in file.read_bytes() for form in forms)]


def test_nobody_can_read_the_conversation_once_the_browser_is_closed(
    driver: Playwright, served: Served, tmp_path: Path
) -> None:
    with opened(driver, tmp_path, served.address) as visitor:
        visitor.say(SAID).page.reload()
        visitor.shows(".entry.me", SAID)
        answer = visitor.answer.locator("p").first.inner_text()
        visitor.page.evaluate("localStorage['control'] = 'in clear'")
        cookies = {cookie["name"]: cookie for cookie in visitor.page.context.cookies()}
        assert {cookie["expires"] for cookie in cookies.values()} == {-1}
        assert {name for name, cookie in cookies.items() if cookie["httpOnly"]} == {"palmwise_conversation"}
        assert SAID in visitor.kept
        assert cookies["palmwise_conversation"]["value"] not in visitor.kept
    assert readable(tmp_path, "in clear"), "the storage is where this test looks for it"
    assert [words for words in (SAID, "xylophone", answer) if readable(tmp_path, words)] == []
    context = driver.chromium.launch_persistent_context(str(tmp_path), executable_path=CHROMIUM, args=FLAGS)
    context.route("**/coach/conversation", lambda route: route.abort())
    visitor = Visitor(context, f"{served.address}/")
    visitor.shows(".trouble", "reach the coach")
    assert visitor.find(".entry").count() == 0, "what was said is not shown until the coach is reached, either"
    context.unroute("**/coach/conversation")
    visitor.wait(12).arrived()
    assert SAID not in visitor.kept
    assert visitor.page.context.cookies()[0]["value"] not in {cookie["value"] for cookie in cookies.values()}
    context.close()


# RFC 8439, appendix A.1: key, counter, nonce and the first bytes of the stream.
STREAMS = [
    ("00" * 32, 0, "00" * 12, "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"),
    ("00" * 32, 1, "00" * 12, "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"),
    ("00" * 31 + "01", 1, "00" * 12, "3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a"),
    ("00ff" + "00" * 30, 2, "00" * 12, "72d54dfbf12ec44b362692df94137f328fea8da73990265ec1bbbea1ae9af0ca"),
    ("00" * 32, 0, "00" * 11 + "02", "c2c64d378cd536374ae204b9ef933fcd1a8b2288b3dfa49672ab765b54ee27c7"),
]


def test_the_seal_is_the_published_cipher(visit: Visit) -> None:
    script = """async ([key, counter, nonce]) => {
      const { chacha20 } = await import("/coach/seal.js");
      const bytes = (hex) => Uint8Array.from(hex.match(/../g), (byte) => Number.parseInt(byte, 16));
      const stream = chacha20(bytes(key), bytes(nonce), new Uint8Array(32), counter);
      return [...stream].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    }"""
    visitor = visit()
    assert [visitor.page.evaluate(script, one[:3]) for one in map(list, STREAMS)] == [one[3] for one in STREAMS]


def test_what_was_sealed_is_read_by_its_key_alone(visit: Visit) -> None:
    script = """async () => {
      const { newKey, seal, unseal } = await import("/coach/seal.js");
      const [key, other] = [newKey(), newKey()];
      const long = String.fromCodePoint(252, 0x1f590).repeat(999);
      const opened = (sealed, key) => { try { return unseal(sealed, key); } catch { return null; } };
      return [opened(seal(long, key), key) === long, opened(seal(long, key), other), seal("a", key) === seal("a", key)];
    }"""
    assert visit().page.evaluate(script) == [True, None, False]
