from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from palmwise.server.static import POLICY

if TYPE_CHECKING:
    from tests.web.conftest import Visit
    from tests.web.fake import Served

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>**<b onclick='window.hacked=1'>x</b>**"
EVIL_MAP = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"
 onload="window.hacked=1"><script>window.hacked=1</script><a href="javascript:window.hacked=1"><circle r="1"/></a>
 <foreignObject><b>x</b></foreignObject><image href="https://elsewhere.example/x.png"/>
 <g id="point-thumb_pad" style="fill:red" fill="url(https://elsewhere.example/x)" onclick="window.hacked=1">
 <circle cx="4" cy="4" r="3"><animate attributeName="href" to="javascript:window.hacked=1"/></circle></g></svg>"""


def test_nothing_that_anybody_says_is_ever_run(visit: Visit, served: Served) -> None:
    visitor = visit().arrived()
    served.coach.say = [EVIL]
    visitor.say(EVIL)
    visitor.shows(".entry.me >> nth=-1", "<img src=x").shows(".entry.coach >> nth=-1", "<img src=x")
    assert (
        visitor.read(
            "return root.querySelectorAll('.entry img:not(.hello, .massage img), .entry script, .entry b').length"
        )
        == 0
    )
    visitor.page.reload()
    visitor.shows(".entry.me >> nth=-1", "<img src=x")
    assert visitor.page.evaluate("window.hacked") is None


def test_the_map_is_a_picture_that_runs_nothing(visit: Visit) -> None:
    visitor = visit().arrived()
    visitor.tolerated = ["Content Security Policy", "CSP:"]  # the parser itself says what it refuses
    visitor.page.route(
        "**/reflexology_map.svg", lambda route: route.fulfill(body=EVIL_MAP, content_type="image/svg+xml")
    )
    visitor.tap("Menu").tap("Reflexology map")
    expect(visitor.find(".drawing img")).to_be_visible()
    assert visitor.read("return root.querySelectorAll('.drawing svg').length") == 0
    visitor.click(visitor.find("#point-thumb_pad"))
    visitor.shows(".entry.coach >> nth=-1", "thumb pad")
    assert visitor.page.evaluate("window.hacked") is None


def test_the_policy_has_no_hole_and_nobody_else_is_asked(visit: Visit, served: Served) -> None:
    assert "unsafe" not in POLICY
    visitor = visit().begin().say("reflex points").tap("Next")
    visitor.page.wait_for_load_state("networkidle")
    assert {address for address in visitor.asked if not address.startswith(served.address)} == set()


class Site(BaseHTTPRequestHandler):
    """A page of somebody else's with the widget's one script."""

    coach = ""

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        body = f'<!doctype html><title>x</title><script type="module" src="{self.coach}/coach/widget.js"></script>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body.encode() if self.path == "/" else b"")


@pytest.fixture
def site(served: Served) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OwnSite", (Site,), {"coach": served.address}))
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_listed_site_has_the_coach_in_its_corner_and_no_cookie_but_the_key(
    visit: Visit, served: Served, site: str
) -> None:
    served.coach.origins = frozenset([site])
    visitor = visit(site)
    visitor.tap("Open the hand massage coach").begin().wait(5)
    assert [cookie["name"] for cookie in visitor.page.context.cookies()] == ["palmwise_key"]
    visitor.page.reload()
    visitor.tap("Open the hand massage coach").shows(".where", "Step 1 of 6")
    assert len(served.coach.talks) == 1


def test_after_an_hour_of_silence_a_listed_site_is_answered_anew(visit: Visit, served: Served, site: str) -> None:
    served.coach.origins = frozenset([site])
    visitor = visit(site).tap("Open the hand massage coach").arrived().say("hello")
    served.coach.talks.clear()
    visitor.sleep(61 * 60)
    visitor.say("which oil", answered=False).shows(".entry.coach >> nth=-1", "Which oil")
    visitor.shows(".note", "begin afresh")
    assert len(served.coach.talks) == 1


def test_without_its_cookie_the_own_site_is_answered_anew(visit: Visit, served: Served) -> None:
    visitor = visit().arrived().say("hello")
    visitor.page.context.clear_cookies()
    visitor.say("which oil", answered=False).shows(".entry.coach >> nth=-1", "Which oil")
    visitor.shows(".note", "begin afresh")


def test_a_site_that_is_not_listed_gets_nothing(visit: Visit, served: Served, site: str) -> None:
    visitor = visit(site)
    visitor.tolerated = ["CORS policy"]
    visitor.page.wait_for_load_state("networkidle")
    expect(visitor.find("palmwise-coach")).to_have_count(0)
    refused = visitor.page.evaluate(
        """(address) => fetch(address, {method: "POST"}).then(() => "answered", () => "refused")""",
        f"{served.address}/coach/conversation",
    )
    assert refused == "refused"
    assert served.coach.talks == {}
