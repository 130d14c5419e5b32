"""Takes a picture of every card, to be looked at by a person: `results/web/`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from palmwise.resources import ROOT

if TYPE_CHECKING:
    from tests.web.conftest import Visit

pytestmark = pytest.mark.browser

RESULTS = ROOT / "results" / "web"
SIZES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 760}},
    "tablet": {"viewport": {"width": 1024, "height": 768}},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
}
TALK = (
    *("routines", "arthritis", "yes", "no", "ready", "how long", "what are the steps", "pause", "ouch", "go on"),
    *("next", "next", "next", "next", "which oil", "reflex points", "my finger is broken"),
)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_card_has_its_picture_taken(visit: Visit, size: str, scheme: str) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    visitor = visit(**SIZES[size], color_scheme=scheme, reduced_motion="reduce").arrived()
    for at, said in enumerate(("", *TALK)):
        if said:
            visitor.say(said)
        card = visitor.read("return root.host.talk.entries.at(-1).custom.card")
        visitor.page.wait_for_timeout(150)
        file = RESULTS / f"{size}-{scheme}-{at:02d}-{card}.png"
        visitor.page.screenshot(path=file)
        assert file.stat().st_size > 10_000
