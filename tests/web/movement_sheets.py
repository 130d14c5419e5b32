"""Draws every movement at three moments, for a person to look at: `make movement-sheets` (ARGS: ids of techniques).

One file a movement in `results/movements`: a row for each of its parts, the left hand large and at the size of a small
phone in light colours, and the right hand alike in dark ones.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from palmwise.resources import ROOT
from tests.web.conftest import CHROMIUM, FLAGS
from tests.web.fake import Served
from tests.web.stills import SOFTWARE

RESULTS = ROOT / "results" / "movements"
MOVEMENTS = ROOT / "web" / "scene" / "movements"
DRAW = """
async (id) => {
  const { compiled, moment } = await import("/coach/scene/movement.js");
  const { Painter, prepareModel } = await import("/coach/scene/painter.js");
  await prepareModel();
  const wishes = { antialias: true, preserveDrawingBuffer: true };
  window.painter ??= new Painter(document.createElement("canvas"), wishes);
  const movement = compiled(await (await fetch(`/coach/scene/movements/${id}.json`)).json());
  const rows = document.createElement("div");
  rows.id = "rows";
  Object.assign(rows.style, { position: "absolute", inset: "0 auto auto 0", zIndex: 9, background: "#fff" });
  const draw = (row, part, share, mirrored, dark, width, still = false) => {
    const { canvas } = painter;
    const height = width * 0.75;
    Object.assign(canvas, { width, height });
    const since = 1 + share * movement.parts[part].beat;
    const shown = moment(movement, { part, since, backwards: mirrored, still });
    painter.paint(movement, shown, { dark, mirrored: mirrored !== shown.mirrored, pulse: 0.7 });
    const cell = document.createElement("canvas");
    Object.assign(cell, { width, height });
    const flat = cell.getContext("2d");
    flat.fillStyle = dark ? "#1d2b29" : "#e6efea";
    flat.fillRect(0, 0, width, height);
    flat.drawImage(canvas, 0, 0);
    row.append(cell);
  };
  movement.parts.forEach((_, part) => {
    const row = document.createElement("div");
    Object.assign(row.style, { display: "flex", gap: "4px", margin: "4px", alignItems: "end" });
    for (const [mirrored, dark] of [[false, false], [true, true]]) {
      for (const share of [0, 0.35, 0.7]) draw(row, part, share, mirrored, dark, 280);
      draw(row, part, 0.35, mirrored, dark, 200, true);
    }
    rows.append(row);
  });
  document.getElementById("rows")?.remove();
  document.body.append(rows);
}
"""


def draw(page: Page, movement: str) -> Path:
    """Draw the sheet of one movement; gives its file."""
    file = RESULTS / f"{movement}.png"
    page.evaluate(DRAW, movement)
    page.locator("#rows").screenshot(path=file)
    return file


def main() -> None:
    """Draw them in a browser."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    served = Served()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *SOFTWARE])
            page = browser.new_page(viewport={"width": 2140, "height": 1200})
            page.goto(served.address + "/")
            for movement in sys.argv[1:] or sorted(file.stem for file in MOVEMENTS.glob("*.json")):
                sys.stdout.write(f"{draw(page, movement).relative_to(ROOT)}\n")
            browser.close()
    finally:
        served.stop()


if __name__ == "__main__":
    main()
