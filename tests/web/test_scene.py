"""The living picture: it follows the clock, the hand and the part, and gives way to a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from palmwise.resources import ROOT

if TYPE_CHECKING:
    from tests.web.conftest import Visit
    from tests.web.visitor import Visitor

pytestmark = pytest.mark.browser

MOVEMENTS = sorted(file.stem for file in (ROOT / "web" / "scene" / "movements").glob("*.json"))
PATIENCE = 120_000
"""Milliseconds for a hand that is modelled and drawn without a graphics card."""
AS_IF_A_CARD = """
const given = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, wishes) {
  return given.call(this, kind, { ...wishes, failIfMajorPerformanceCaveat: false, preserveDrawingBuffer: true });
};
const told = WebGL2RenderingContext.prototype.getParameter;
WebGL2RenderingContext.prototype.getParameter = function (name) {
  return name === this.RENDERER ? "A graphics card" : told.call(this, name);
};"""
MOUNT = """
const { mountScene } = await import("/coach/scene/scene.js");
const box = document.createElement("div");
box.id = "box";
const style = { position: "fixed", inset: "0 auto auto 0", width: "160px", height: "120px", background: "#fff" };
Object.assign(box.style, style);
document.body.append(box);
const canvas = () => box.querySelector("canvas");
const seen = () => {
  const { width, height } = canvas();
  const flat = new OffscreenCanvas(width, height).getContext("2d");
  flat.drawImage(canvas(), 0, 0);
  const opaque = [...flat.getImageData(0, 0, width, height).data].filter((_, at) => at % 4 === 3);
  return opaque.map((one) => (one > 127 ? 1 : 0));
};
Object.assign(window, { box, seen, scene: mountScene(box) });
"""


def mounted(visit: Visit, script: str | None = AS_IF_A_CARD) -> Visitor:
    visitor = visit(script=script, viewport={"width": 400, "height": 300})
    visitor.tolerated.append("GL Driver Message")
    visitor.page.evaluate(f"async () => {{ {MOUNT} }}")
    return visitor


def shown(visitor: Visitor, **state: Any) -> Any:
    """What is seen of a state, as rows of nothing (0) and something (1)."""
    given = {"movement": "thumb_pressing", "hand": "left", "seconds": 2, "length": 40, "paused": True, **state}
    visitor.page.evaluate("(state) => scene.show(state)", given)
    expect(visitor.find("#box")).to_have_attribute("data-picture", "living", timeout=PATIENCE)
    visitor.wait(0.1)
    visitor.page.wait_for_timeout(300)
    return visitor.page.evaluate("seen()")


def test_the_right_hand_is_the_mirror_image_of_the_left(visit: Visit) -> None:
    visitor = mounted(visit)
    left = shown(visitor)
    right = shown(visitor, hand="right")
    width = visitor.page.evaluate("box.querySelector('canvas').width")
    rows = [left[at : at + width] for at in range(0, len(left), width)]
    turned = [pixel for row in rows for pixel in reversed(row)]
    different = sum(one != other for one, other in zip(turned, right, strict=True))
    assert 0 < sum(left) < len(left)
    assert different < len(left) / 100


def test_the_same_second_gives_the_same_picture_and_a_pause_freezes_it(visit: Visit) -> None:
    visitor = mounted(visit)
    before = shown(visitor)
    visitor.wait(3)
    assert visitor.page.evaluate("seen()") == before
    assert shown(visitor, seconds=6.5) != before
    assert shown(visitor, seconds=2) == before


def test_the_part_that_is_on_is_shown(visit: Visit) -> None:
    visitor = mounted(visit)
    parts = []
    for seconds in (1, 15, 25, 35, 49):
        shown(visitor, movement="finger_rolling", seconds=seconds, length=50)
        parts.append(visitor.page.evaluate("box.dataset.part"))
    assert parts == ["0", "1", "2", "3", "4"]


def test_who_wants_no_motion_sees_a_still_of_each_part(visit: Visit) -> None:
    visitor = mounted(visit)
    still = shown(visitor, movement="effleurage", paused=False, reducedMotion=True)
    visitor.wait(2)
    assert shown(visitor, movement="effleurage", paused=False, reducedMotion=True, seconds=5) == still
    assert shown(visitor, movement="effleurage", paused=False, reducedMotion=True, seconds=30) != still


def test_without_a_graphics_card_the_drawing_stands_in(visit: Visit) -> None:
    visitor = mounted(visit, None)
    picture = {"src": "/coach/pictures/thumb_pressing.svg", "alt": "A thumb on a palm."}
    given = {"movement": "thumb_pressing", "hand": "left", "seconds": 0, "picture": picture}
    visitor.page.evaluate("(state) => scene.show(state)", given)
    assert visitor.page.evaluate("scene.preload('thumb_pressing').then(Boolean)")
    assert visitor.page.evaluate("[box.dataset.picture, box.querySelector('img').alt]") == ["still", picture["alt"]]
    assert visitor.page.evaluate("getComputedStyle(box.querySelector('img')).scale") == "none"
    visitor.page.evaluate("(state) => scene.show(state)", {**given, "hand": "right"})
    expect(visitor.find("#box img")).to_have_css("scale", "-1 1")


def test_the_picture_turns_over_at_a_change_of_hands(visit: Visit) -> None:
    visitor = mounted(visit)
    shown(visitor)
    visitor.page.evaluate(
        """() => {
          window.told = [];
          const note = () => told.push(box.dataset.mirrored + " " + box.querySelector("canvas").getAnimations().length);
          new MutationObserver(note).observe(box, { attributeFilter: ["data-mirrored"] });
          scene.show({ movement: "thumb_pressing", hand: "right", seconds: 0, length: 0 });
          note();
        }"""
    )
    expect(visitor.find("#box")).to_have_attribute("data-mirrored", "true")
    told = visitor.page.evaluate("told")
    assert told[0] == "false 1"  # the old hand, on its way to the edge
    visitor.until("box.querySelector('canvas').getAnimations().length === 0")


def test_a_light_finish_strokes_one_hand_then_the_other(visit: Visit) -> None:
    visitor = mounted(visit, None)
    beats = visitor.page.evaluate(
        """async () => {
          const { compiled, moment } = await import("/coach/scene/movement.js");
          const movement = compiled(await (await fetch("/coach/scene/movements/light_finish.json")).json());
          const [first, last] = [5.999, 6.001].map((since) => moment(movement, { part: 1, since }));
          const [worked, working] = first.hands;
          const mirrored = [1, 7, 13].map((since) => moment(movement, { part: 1, since }).mirrored);
          return [mirrored, first.mirrored, last.mirrored, worked.at, working.at];
        }"""
    )
    assert beats[:3] == [[False, True, False], False, True]
    # Where the roles change both hands lie alike, so that nothing jumps.
    worked, working = beats[3:]
    assert [-working[0], *working[1:]] == pytest.approx(worked, abs=0.3)


def test_circles_are_shown_with_an_arrow_that_goes_their_way(visit: Visit) -> None:
    visitor = mounted(visit, None)
    ways = visitor.page.evaluate(
        """async () => {
          const { compiled, moment } = await import("/coach/scene/movement.js");
          const movement = compiled(await (await fetch("/coach/scene/movements/palm_centre.json")).json());
          const turn = (points) => points.reduce((sum, [x, y], at) => {
            const [nextX, nextY] = points[(at + 1) % points.length];
            return sum + x * nextY - nextX * y;
          }, 0);
          const beat = movement.parts[0].beat;
          const at = [0, 1, 2, 3].map((quarter) => moment(movement, { part: 0, since: (beat * quarter) / 4 }));
          return [turn(at.map(({ hands }) => hands[1].at)), turn(at[0].arrows[0]), at[0].arrows.length];
        }"""
    )
    assert ways[2] == 1
    assert ways[0] * ways[1] > 0


def test_every_movement_can_be_posed_at_any_moment(visit: Visit) -> None:
    visitor = mounted(visit, None)
    wrong = visitor.page.evaluate(
        """async (names) => {
          const { compiled, matrices, moment } = await import("/coach/scene/movement.js");
          const wrong = [];
          for (const name of names) {
            const movement = compiled(await (await fetch(`/coach/scene/movements/${name}.json`)).json());
            movement.parts.forEach((_, part) => {
              for (const since of [0, 0.4, 3, 11.7]) {
                const { hands, view } = moment(movement, { part, since });
                const numbers = [...hands.flatMap((hand) => matrices(hand).model), view.size, ...view.at];
                if (!numbers.every(Number.isFinite)) wrong.push([name, part, since]);
              }
            });
          }
          return wrong;
        }""",
        MOVEMENTS,
    )
    assert wrong == []
