"""The widget in Debian's Firefox: the same massage, another engine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from palmwise.resources import ROOT
from tests.web.conftest import AXE
from tests.web.firefox import PROGRAM, Firefox

if TYPE_CHECKING:
    from tests.web.fake import Served

pytestmark = pytest.mark.browser

RESULTS = ROOT / "results" / "web"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    if not PROGRAM.exists():
        pytest.skip("Debian's firefox-esr is not installed")
    browser = Firefox(tmp_path_factory.mktemp("firefox"))
    yield browser
    browser.close()


VIOLATIONS = "return (await axe.run()).violations.map((one) => `${one.id}: ${one.nodes[0].target}`);"
FADES = 5
"""Times that a contrast is looked at, half a second apart: a list that opens fades in."""


def findings(firefox: Firefox) -> list[str]:
    """What axe has to say, once everything has come to rest."""
    # What is fading in has too little contrast for a moment.
    firefox.until("return [...root.querySelectorAll('.entry')].every((one) => getComputedStyle(one).opacity === '1');")
    firefox.read(AXE.read_text(encoding="utf-8") + "; window.axe ??= axe;")
    for _ in range(FADES):
        found = list(firefox.read(VIOLATIONS))
        if not any(one.startswith("color-contrast") for one in found):
            break
        time.sleep(0.5)
    return found


def test_a_massage_is_the_same_in_firefox(firefox: Firefox, served: Served) -> None:
    firefox.complaints.clear()
    firefox.visit(served.address + "/")
    firefox.until("return root?.querySelector('.entry.coach');")
    for words in ("classic", "no", "ready"):
        firefox.say(words)
    firefox.until("return root.querySelector('.stage')?.textContent.includes('Step 1 of 6');")
    RESULTS.mkdir(parents=True, exist_ok=True)
    firefox.picture(RESULTS / "firefox-step.png")
    widths = "return ['.card', '.scene'].map((one) => root.querySelector(one).getBoundingClientRect().width);"
    assert len(set(firefox.read(widths))) == 1, "no scrollbar parts the picture from the edge"
    assert findings(firefox) == []
    firefox.press("Pause")
    firefox.until("return root.querySelector('.stage').dataset.kind === 'paused';")
    firefox.press("Go on")
    firefox.until("return root.querySelector('.stage').dataset.kind !== 'paused';")
    firefox.press("Next")
    firefox.until("return root.querySelector('.stage')?.textContent.includes('Step 2 of 6');")
    firefox.press("It hurts")
    firefox.until("return root.querySelector('.stage').dataset.kind === 'paused';")
    firefox.visit(served.address + "/", 1280, 800)
    firefox.until("return root?.querySelector('.stage')?.textContent.includes('Step 2 of 6');")
    assert firefox.complaints == []


def test_offer_list_of_steps_settings_and_danger_are_the_same_in_firefox(firefox: Firefox, served: Served) -> None:
    firefox.complaints.clear()
    firefox.visit(served.address + "/")
    firefox.until("return root?.querySelector('.entry.coach');")
    firefox.say("arthritis")
    firefox.until("return root.querySelectorAll('[data-card=offer] .strip img').length > 3;")
    assert findings(firefox) == []
    for words in ("yes", "no", "ready"):
        firefox.say(words)
    firefox.until("return root.querySelector('.stage').dataset.kind;")
    firefox.press("More")
    firefox.press("All steps")
    firefox.until("return root.querySelectorAll('.steps li').length > 3;")
    assert findings(firefox) == []
    firefox.read("root.querySelector('.steps').close();")
    firefox.press("Menu")
    firefox.press("Settings")
    firefox.until("return root.querySelector('.preferences')?.open;")
    assert findings(firefox) == []
    firefox.read(
        "root.querySelector('.preferences [value=\"1.2\"]')?.click(); root.querySelector('.preferences').close();"
    )
    firefox.say("my chest hurts")
    firefox.until("return root.querySelectorAll('[data-card=safety] a.call').length > 1;")
    assert firefox.read("return root.querySelector('.stage').checkVisibility();") is False
    assert findings(firefox) == []
    assert firefox.complaints == []


def test_a_massage_goes_on_without_the_server_in_firefox(firefox: Firefox, served: Served) -> None:
    firefox.visit(served.address + "/")
    firefox.until("return root?.querySelector('.entry.coach');")
    for words in ("reflexology", "no", "ready"):
        firefox.say(words)
    firefox.until("return root.host.talk.canLead;")
    served.stop()
    firefox.press("Next")
    firefox.until("return root.querySelector('.stage')?.textContent.includes('Step 2 of 4');")
    firefox.until("return root.querySelector('.trouble').textContent.includes('Offline');")
    firefox.press("It hurts")
    firefox.until("return root.querySelector('.ease')?.textContent.includes('Go on, lighter');")
    served.start()
    firefox.read("root.querySelector('.trouble button').click();")  # it may have found the coach by itself
    firefox.until("return root.querySelector('.trouble').hidden;")
    session = next(iter(served.coach.talks.values())).session
    assert (session.state, session.step, session.easing) == ("paused", 2, True)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_the_corner_opens_and_closes_in_firefox(firefox: Firefox, served: Served, width: int, height: int) -> None:
    firefox.complaints.clear()
    firefox.visit(served.address + "/coach/options.html", width, height)
    firefox.until("return root?.querySelector('.entry.coach');")
    firefox.read(
        """const corner = document.createElement("palmwise-coach");
        corner.setAttribute("launcher", "");
        document.body.replaceChildren(corner);"""
    )
    seen = "return root.querySelector('.panel')?.checkVisibility() ?? false;"
    assert firefox.read(seen) is False
    firefox.press("Open the hand massage coach")
    firefox.until(seen)
    firefox.until("return root.querySelector('.entry.coach');")
    assert firefox.read("return root.activeElement?.classList.contains('panel');")
    firefox.press("Close")
    firefox.until("return !root.querySelector('.panel').checkVisibility();")
    assert firefox.read("return root.activeElement?.className;") == "launcher"
    assert firefox.complaints == []
