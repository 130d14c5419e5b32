"""Traces the still drawings of the movements from the living picture: `make stills` (ARGS: ids of techniques).

The drawings are what is shown where the living picture cannot be: no script, no graphics card, documents, print.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from playwright.sync_api import Page, sync_playwright

from palmwise.coach.model import Technique
from palmwise.resources import ROOT, content
from tests.web.conftest import CHROMIUM, FLAGS
from tests.web.fake import Served

TRACER = Path(__file__).parent / "trace.js"
STYLE = ".bg{fill:#e8f0ec}@media(prefers-color-scheme:dark){.bg{fill:#20302f}}"
SOFTWARE = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
"""So that it works without a graphics card."""


def drawing(technique: Technique, shapes: str) -> str:
    """The SVG file of a technique's drawing."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240" role="img" aria-labelledby="t d">'
        f'<title id="t">{escape(technique.title)}</title><desc id="d">{escape(technique.picture.alt)}</desc>'
        f'<style>{STYLE}</style><path class="bg" d="M0 0h320v240H0z"/>{shapes}</svg>\n'
    )


def trace(page: Page, folder: Path, ids: Sequence[str]) -> None:
    """Write the drawing of each technique into `folder`."""
    for technique in map(content().techniques.__getitem__, ids):
        shapes = page.evaluate("async (id) => (await import('/coach/trace.js')).still(id)", technique.id)
        (folder / technique.picture.src).write_text(drawing(technique, shapes), encoding="utf-8")


def main() -> None:
    """Trace them in a browser."""
    served = Served()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *SOFTWARE])
            page = browser.new_page()
            page.route("**/trace.js", lambda route: route.fulfill(path=TRACER, content_type="text/javascript"))
            page.goto(served.address + "/")
            trace(page, ROOT / "content" / "en" / "pictures", sys.argv[1:] or list(content().techniques))
            browser.close()
    finally:
        served.stop()


if __name__ == "__main__":
    main()
