"""The coach's own page as an app of the device: it keeps its files, and a massage goes on without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.web.conftest import Visit
    from tests.web.fake import Served
    from tests.web.visitor import Visitor

pytestmark = pytest.mark.browser


def kept(visitor: Visitor) -> list[str]:
    """Paths of all that the browser's caches have."""
    script = """const names = await caches.keys();
    const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return all.flat().map(({url}) => new URL(url).pathname);"""
    return list(visitor.page.evaluate(f"(async () => {{ {script} }})()"))


def installed(visit: Visit) -> Visitor:
    """In the first second of a massage, all files kept."""
    visitor = visit().begin()
    visitor.until("(await navigator.serviceWorker.ready).active.state === 'activated'")
    return visitor


def test_the_page_names_an_app_that_can_be_installed(visit: Visit) -> None:
    visitor = visit().arrived()
    address = visitor.page.evaluate("document.querySelector('link[rel=manifest]').href")
    answer = visitor.page.request.get(address)
    assert answer.headers["content-type"] == "application/manifest+json"
    for icon in answer.json()["icons"]:
        answer = visitor.page.request.get(f"{address.rpartition('/')[0]}/{icon['src']}")
        assert answer.headers["content-type"] == icon["type"]
        assert "immutable" in answer.headers["cache-control"]
    session = visitor.page.context.new_cdp_session(visitor.page)
    assert session.send("Page.getAppManifest")["errors"] == []


def test_nothing_but_the_page_and_its_files_is_kept(visit: Visit) -> None:
    visitor = visit().arrived()
    assert kept(visitor) == []
    assert visitor.page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    visitor = installed(visit).say("which oil")
    paths = kept(visitor)
    version = visitor.page.evaluate("document.querySelector('script').src").split("/")[-2]
    others = {path for path in paths if not path.startswith(f"/coach/v/{version}/")}
    assert {path for path in others if not path.startswith("/coach/pictures/")} == {"/"}
    assert "/coach/pictures/light_finish.svg" in others
    names = {path.rpartition("/")[2] for path in paths}
    assert {"widget.js", "panel.js", "widget.css", "phrases.json", "scene.js", "light_finish.json"} <= names


def test_a_reload_without_a_network_keeps_the_running_massage(visit: Visit, served: Served) -> None:
    visitor = installed(visit)
    served.stop()
    visitor.page.reload()
    visitor.shows(".where", "Step 1 of 6").wait(4)
    visitor.shows(".trouble", "Offline: I go on with the steps")
    visitor.tap("Next").shows(".where", "Step 2 of 6")
    asked = "fetch('/coach/pictures/outer_edge.svg', {cache: 'no-store'}).then((answer) => answer.status)"
    assert visitor.page.evaluate(asked) == 200, "the drawings are kept, too"
    visitor.page.reload()
    visitor.shows(".where", "Step 2 of 6").say("ouch", answered=False).shows(".ring .label", "Paused")
    served.start()
    visitor.reconnected().shows(".ease", "lighter")
    talk = next(iter(served.coach.talks.values()))
    assert (talk.session.step, talk.session.state) == (2, "paused")


def test_another_version_takes_the_place_of_what_was_kept(visit: Visit) -> None:
    visitor = installed(visit)
    script = """const cache = await caches.open("palmwise /coach/v/old/");
    await cache.put("/coach/v/old/panel.js", new Response("old"));
    const [registration] = await navigator.serviceWorker.getRegistrations();
    await registration.unregister();"""
    visitor.page.evaluate(f"(async () => {{ {script} }})()")
    visitor.page.reload()
    visitor.until("(await caches.keys()).length === 1")
    assert not any("/old/" in path for path in kept(visitor))


def test_a_page_that_embeds_the_coach_gets_no_worker(visit: Visit, served: Served) -> None:
    visitor = visit(served.address + "/coach/options.html").begin()
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    expect(visitor.stage).to_be_visible()
