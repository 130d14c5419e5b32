"""Takes a picture of the main moments of the widget: `make screenshots` (ARGS: `--size laptop`, `--dark`, `--docs`).

They are written to `results/screenshots`, a folder for each size and colours, to be looked at by a person after a
change of the widget; `--docs` takes those of the documents anew, too.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import expect, sync_playwright

from palmwise.resources import ROOT
from tests.web.conftest import CHROMIUM, FLAGS
from tests.web.fake import Served
from tests.web.stills import SOFTWARE
from tests.web.test_scene import AS_IF_A_CARD
from tests.web.visitor import GET_READY, Visitor

RESULTS = ROOT / "results" / "screenshots"
SIZES = {
    "phone": (390, 760),
    "small-phone": (320, 568),
    "landscape": (740, 360),
    "laptop": (1280, 800),
    "desktop": (1440, 900),
}
"""Width and height of the window in CSS pixels."""
DOCS = ROOT / "docs" / "screenshots"
STRIDE = 1.5
"""Seconds; less than `LEAP` of `web/clock.js`."""
Moment = Callable[[Visitor], object]
EARLIER = """
const day = (days, seconds, before, after) =>
  ({ at: Date.now() - days * 86400000, title: "Classic hand and wrist massage", seconds, before, after });
const entries = [day(6, 540, 2, 4), day(4, 300, 3, 4), day(1, 610, 2, 5)];
localStorage["palmwise:diary"] ??= JSON.stringify({ entries, now: null });
"""
"""Massages of the days before, for the week of the last picture."""


def later(visitor: Visitor, seconds: float) -> Visitor:
    """Let time pass in strides that the widget takes for no sleep: far fewer pictures are painted than in `wait`."""
    for _ in range(int(seconds / STRIDE)):
        visitor.sleep(STRIDE)
    return visitor.sleep(seconds % STRIDE)


def change_hands(visitor: Visitor) -> None:
    """Wait until the first hand's hold is over."""
    later(visitor.tap("Next").shows(".where", "Step 2 of 6"), GET_READY + 0.1)
    later(visitor, visitor.left + 0.3).shows(".banner", "Switch hands")


def listen(visitor: Visitor) -> None:
    """Turn hands-free on, without the microphone."""
    visitor.tap("Hands-free").tap("Only read aloud")
    expect(visitor.find(".glance")).to_be_visible()


def finish(visitor: Visitor) -> None:
    """Go to the last step and to its end, and say how the hands feel."""
    visitor.tap("Turn hands-free off")
    visitor.read('root.host.talk.press(\'/go_to_step{"step_number": "6"}\')')
    later(visitor.shows(".where", "Step 6 of 6"), GET_READY + 0.1)
    later(visitor, visitor.read("return root.host.talk.clock.duration") + 0.5).shows(".seal + div", "Well done")
    visitor.tap("Good").read("root.activeElement?.blur()")


MOMENTS: dict[str, Moment] = {
    "greeting": lambda visitor: visitor.arrived(),
    "safety-question": lambda visitor: visitor.say("classic"),
    "preparing": lambda visitor: visitor.say("no"),
    "get-ready": lambda visitor: visitor.say("ready").shows(".banner", "Get ready"),
    "step": lambda visitor: later(visitor, GET_READY + 12),
    "change-of-hands": change_hands,
    "answer": lambda visitor: visitor.say("which oil"),
    "pain": lambda visitor: visitor.say("ouch").shows(".ease", "Go on, lighter"),
    "hands-free": listen,
    "end": finish,
}
"""Each begins where the one before has ended."""


def take(visitor: Visitor, folder: Path) -> Iterator[Path]:
    """Take one picture after the other; yields the files."""
    for number, (name, reach) in enumerate(MOMENTS.items(), 1):
        reach(visitor)
        visitor.page.wait_for_timeout(400)
        visitor.wait(0.1).page.wait_for_timeout(100)  # the picture is drawn as time passes
        file = folder / f"{number:02d}-{name}.png"
        visitor.page.screenshot(path=file)
        yield file


def main() -> None:
    """Take them in a browser."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="phone", help="of the window (phone)")
    parser.add_argument("--dark", action="store_true", help="in dark colours")
    parser.add_argument("--docs", action="store_true", help="also renew those of docs/screenshots in this size")
    options = parser.parse_args()
    width, height = SIZES[options.size]
    scheme: Literal["dark", "light"] = "dark" if options.dark else "light"
    folder = RESULTS / f"{options.size}-{scheme}"
    folder.mkdir(parents=True, exist_ok=True)
    served = Served()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *SOFTWARE])
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                reduced_motion="reduce",
            )
            for file in take(Visitor(context, served.address + "/", AS_IF_A_CARD + EARLIER), folder):
                sys.stdout.write(f"{file.relative_to(ROOT)}\n")
                kept = DOCS / f"{file.stem.partition('-')[2]}-{options.size}.png"
                if options.docs and kept.exists():
                    shutil.copy(file, kept)
            browser.close()
    finally:
        served.stop()


if __name__ == "__main__":
    main()
