/** Turns what the painter paints in flat colours into an SVG drawing: the outline of every area of one colour. */

import { compiled, moment } from "./scene/movement.js";
import { Painter, TONES } from "./scene/painter.js";

const WIDTH = 320;
const HEIGHT = 240;
const FINE = 4; // pixels to a unit
const LOOSE = 0.26; // units that a line may be off
const LEAST = 1.1; // square units; smaller areas are left out

const canvas = document.createElement("canvas");
const painter = new Painter(canvas, { antialias: false, preserveDrawingBuffer: true });

/** A picture's pixels as numbers of colours; the most frequent ones only. */
function pixels() {
  const { width, height } = canvas;
  const flat = new OffscreenCanvas(width, height).getContext("2d");
  flat.drawImage(canvas, 0, 0);
  const { data } = flat.getImageData(0, 0, width, height);
  const count = new Map();
  const raw = new Int32Array(width * height);
  for (let at = 0; at < raw.length; at++) {
    raw[at] = data[at * 4 + 3] < 128 ? -1 : (data[at * 4] << 16) | (data[at * 4 + 1] << 8) | data[at * 4 + 2];
    count.set(raw[at], (count.get(raw[at]) ?? 0) + 1);
  }
  const palette = [];
  for (const [colour] of [...count].sort((a, b) => b[1] - a[1])) {
    if (colour >= 0 && palette.length < 16 && palette.every((one) => apart(one, colour) > 26)) palette.push(colour);
  }
  const nearest = new Map([[-1, -1]]);
  const classes = raw.map((colour) => {
    if (!nearest.has(colour)) nearest.set(colour, palette.reduce((best, one, at) => (apart(one, colour) < apart(palette[best], colour) ? at : best), 0));
    return nearest.get(colour);
  });
  return { classes, palette, width, height };
}

const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
const apart = (a, b) => Math.hypot(...parts(a).map((one, at) => one - parts(b)[at]));

/** The edges of a mask as closed loops of corners, the inside on the left. */
function loops(inside, width, height) {
  const next = new Map();
  const key = (x, y) => y * (width + 1) + x;
  const edge = (x0, y0, x1, y1) => {
    const from = key(x0, y0);
    next.set(from, [...(next.get(from) ?? []), key(x1, y1)]);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!inside(x, y)) continue;
      if (!inside(x, y - 1)) edge(x + 1, y, x, y);
      if (!inside(x - 1, y)) edge(x, y, x, y + 1);
      if (!inside(x, y + 1)) edge(x, y + 1, x + 1, y + 1);
      if (!inside(x + 1, y)) edge(x + 1, y + 1, x + 1, y);
    }
  }
  const found = [];
  for (const [start, ways] of next) {
    while (ways.length) {
      const loop = [start];
      for (let at = ways.pop(); at !== start; at = next.get(at).pop()) loop.push(at);
      found.push(loop.map((one) => [(one % (width + 1)) / FINE, Math.floor(one / (width + 1)) / FINE]));
    }
  }
  return found;
}

const area = (loop) => Math.abs(loop.reduce((sum, [x, y], at) => sum + x * loop[(at + 1) % loop.length][1] - loop[(at + 1) % loop.length][0] * y, 0) / 2);

/** The steps of the pixels' corners evened out. */
function smoothed(loop, times = 4) {
  let now = loop;
  for (let n = 0; n < times; n++) {
    now = now.map(([x, y], at) => {
      const [a, b] = [now.at(at - 1), now[(at + 1) % now.length]];
      const fixed = x <= 0 || y <= 0 || x >= WIDTH || y >= HEIGHT;
      return fixed ? [x, y] : [(a[0] + 2 * x + b[0]) / 4, (a[1] + 2 * y + b[1]) / 4];
    });
  }
  return now;
}

/** Douglas and Peucker's way to leave out points. */
function simplified(points) {
  if (points.length < 3) return points;
  const [[x0, y0], [x1, y1]] = [points[0], points.at(-1)];
  const far = Math.hypot(x1 - x0, y1 - y0) || 1e-9;
  let worst = 0;
  let split = 0;
  points.forEach(([x, y], at) => {
    const off = far > 1e-6 ? Math.abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / far : Math.hypot(x - x0, y - y0);
    if (off > worst) [worst, split] = [off, at];
  });
  if (worst < LOOSE) return [points[0], points.at(-1)];
  return [...simplified(points.slice(0, split + 1)).slice(0, -1), ...simplified(points.slice(split))];
}

function pathOf(loop) {
  const half = Math.floor(loop.length / 2);
  const round = [...simplified(loop.slice(0, half + 1)).slice(0, -1), ...simplified([...loop.slice(half), loop[0]])];
  let [px, py] = round[0].map((one) => Math.round(one * 10));
  const number = (tenths) => String(tenths / 10).replace(/^(-?)0\./, "$1.");
  let path = `M${number(px)} ${number(py)}l`;
  for (const [x, y] of round.slice(1, -1)) {
    const [dx, dy] = [Math.round(x * 10) - px, Math.round(y * 10) - py];
    if (!dx && !dy) continue;
    path += `${/[l]$/.test(path) || dx < 0 ? "" : " "}${number(dx)}${dy < 0 ? "" : " "}${number(dy)}`;
    [px, py] = [px + dx, py + dy];
  }
  return `${path}z`;
}

const hex = (colour) => `#${colour.toString(16).padStart(6, "0")}`;

/** The body of an SVG drawing of a movement's `picture`, a part's number. */
export async function still(name) {
  const movement = compiled(await (await fetch(`/coach/scene/movements/${name}.json`)).json());
  Object.assign(canvas, { width: WIDTH * FINE, height: HEIGHT * FINE });
  const shown = moment(movement, { part: movement.picture ?? 0, since: 0, still: true });
  painter.paint(movement, shown, { tone: "tan", pulse: 1, poster: true });
  const { classes, palette, width, height } = pixels();
  const at = (x, y) => (x < 0 || y < 0 || x >= width || y >= height ? -1 : classes[y * width + x]);
  const ink = parseInt(TONES.tan.line.slice(1), 16);
  const lines = palette.reduce((best, colour, n) => (apart(colour, ink) < apart(palette[best], ink) ? n : best), 0);
  const layer = (colour, inside) => {
    const drawn = loops(inside, width, height).filter((loop) => area(loop) > LEAST).map((loop) => pathOf(smoothed(loop)));
    return drawn.length ? `<path fill="${hex(colour)}" d="${drawn.join("")}"/>` : "";
  };
  // All of it in the colour of the lines, then each other colour laid on.
  const others = palette.map((colour, n) => (n === lines ? "" : layer(colour, (x, y) => at(x, y) === n)));
  return layer(palette[lines], (x, y) => at(x, y) >= 0) + others.join("");
}
