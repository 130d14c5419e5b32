/** Paints a movement at a moment on a canvas. */

import { landmark } from "./landmarks.js";
import { prepareModel } from "./model.js";
import { matrices, moment } from "./movement.js";
import { hasCard, MARKS, Renderer } from "./renderer.js";
import { strokesOf } from "./arrows.js";
import { BONES } from "./rig.js";
import { clamp, inverse, matrixOf, multiply, normalize, turnAbout, turned, rotate, transform } from "./vectors.js";

const FAR = 62; // cm from the eye to the middle of the scene
const SHAPE = 4 / 3; // width to height of what is always seen
const LIGHT = normalize([-0.45, 0.75, 0.85]);
const INK_WIDTH = 1 / 300; // of the height
const LIFTED = 1.2; // cm above the skin: the touch is off
const INK_LEAST = 1.25; // pixels

const hex = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16) / 255);

export const TONES = {
  light: { base: "#f6d2b8", rose: "#ee9f83", nail: "#fce4da", line: "#8a5139" },
  tan: { base: "#dfa67c", rose: "#cf7f5b", nail: "#f1cbb0", line: "#6b3c25" },
  brown: { base: "#b0754b", rose: "#a7603f", nail: "#dcae8e", line: "#53301d" },
  dark: { base: "#86553a", rose: "#71402b", nail: "#c08f76", line: "#301a11" },
};
const SHADE = [0.76, 0.66, 0.66];

export { hasCard, prepareModel };

export class Painter {
  /** `wishes`: attributes of the drawing context, other than the usual ones. Throws where there is no WebGL 2. */
  constructor(canvas, wishes) {
    this.canvas = canvas;
    this.renderer = new Renderer(canvas, wishes);
  }

  /** `shown`: what moment() gave. `look`: tone, dark, mirrored, pulse (0 to 1), poster (flat colours, to be traced). */
  paint(movement, shown, { tone = "tan", dark = false, mirrored = false, pulse = 0.5, poster = false }) {
    const { width, height } = this.canvas;
    const view = this.#view(shown.view, width / height, mirrored);
    const sun = this.#sun(shown.view);
    const colours = Object.fromEntries(Object.entries(TONES[tone] ?? TONES.tan).map(([key, value]) => [key, hex(value)]));
    const accent = hex(dark ? "#0b5f57" : "#0f766e");
    const thick = Math.max(INK_WIDTH, INK_LEAST / height);
    const look = {
      ...colours, view, sun, accent, mark: hex("#4fd1bd"), shade: SHADE, cloth: hex(dark ? "#4f8f85" : "#2c7a6e"), mirror: mirrored, poster: Number(poster),
      light: rotate(matrixOf(turnAbout(1, 0)), mirrored ? [-LIGHT[0], LIGHT[1], LIGHT[2]] : LIGHT),
      line: dark ? colours.line.map((one) => one * 0.55) : colours.line,
      thick: [(thick * 2 * height) / width, thick * 2],
    };
    const { marks, glow } = this.#marks(movement, shown, pulse);
    const hands = shown.hands.map((hand, at) => {
      const { model: placed, carries } = matrices(hand);
      const lit = at === 0 || movement.both;
      return { model: placed, bones: carries.flat(), mirror: hand.mirror, cuff: at > 0 || Boolean(movement.both), marks: lit ? marks : NONE, glow };
    });
    const aspect = width / height;
    this.renderer.draw(hands, strokesOf(shown, movement.handed && mirrored, (point) => project(view, point), aspect, dark, pulse), look);
  }

  /** The lit place pulses, and pales while the touch is lifted off it. */
  #marks({ places }, { lit, lift }, pulse) {
    const marks = new Array(MARKS * 4).fill(0);
    const glow = new Array(MARKS).fill(0);
    places.slice(0, MARKS).forEach(({ on, reach = 1.1 }, at) => {
      marks.splice(at * 4, 4, ...landmark(on).point, reach);
      glow[at] = lit.includes(at) ? (0.75 + 0.25 * pulse) * (1 - 0.7 * clamp(lift / LIFTED)) : 0.12;
    });
    return { marks, glow };
  }

  #eye({ turn: [spin, tilt], at }) {
    return inverse(multiply(matrixOf([0, 0, 0, 1], at), multiply(matrixOf(turned(turnAbout(1, spin), turnAbout(0, tilt))), matrixOf([0, 0, 0, 1], [0, 0, FAR]))));
  }

  #view(view, aspect, mirrored) {
    const high = view.size * Math.max(1, SHAPE / aspect);
    const zoom = (2 * FAR) / high;
    const [near, end] = [20, 160];
    const lens = [(zoom / aspect) * (mirrored ? -1 : 1), 0, 0, 0, 0, zoom, 0, 0, 0, 0, (near + end) / (near - end), -1, 0, 0, (2 * near * end) / (near - end), 0];
    return multiply(lens, this.#eye(view));
  }

  #sun({ at }) {
    const back = LIGHT;
    const side = normalize([back[2], 0, -back[0]]);
    const up = [back[1] * side[2] - back[2] * side[1], back[2] * side[0] - back[0] * side[2], back[0] * side[1] - back[1] * side[0]];
    const eye = inverse([...side, 0, ...up, 0, ...back, 0, ...at, 1]);
    const [half, deep] = [17, 40];
    return multiply([1 / half, 0, 0, 0, 0, 1 / half, 0, 0, 0, 0, -1 / deep, 0, 0, 0, 0, 1], eye);
  }

  destroy() {
    this.renderer.destroy();
  }
}

const NONE = new Array(MARKS * 4).fill(0);

function project(view, [x, y, z]) {
  const w = view[3] * x + view[7] * y + view[11] * z + view[15];
  const [px, py] = transform(view, [x, y, z]);
  return [px / w, py / w];
}
