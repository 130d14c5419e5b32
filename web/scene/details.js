/** What is drawn on the skin: nails, creases, the lines of the palm. Laid on as thin strips, so that they stay sharp. */

import { FINGERS, BONES, boneNamed } from "./rig.js";
import { skinNormal, skinPoint } from "./shape.js";
import { add, cross, mix, normalize, rotate, scale, subtract, transform } from "./vectors.js";

export const KIND = { skin: 0, nail: 1, line: 2 };
const LIFT = 0.045; // cm above the skin
const NAIL = { width: 0.74, from: 0.42, to: 0.95, across: 7, along: 8 };

/** Points on the skin, seen from the palm's side (1) or from the back (-1), through `controls` [x, y]. */
const seenFrom = (side, controls) => controls.map(([x, y]) => skinPoint([x, y, side * 3.2], [0, 0, -side]));

function smooth(points, steps = 7) {
  const all = [points[0], ...points, points.at(-1)];
  const fine = [];
  for (let at = 1; at < all.length - 2; at++) {
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      const weights = [-0.5 * t + t * t - 0.5 * t ** 3, 1 - 2.5 * t * t + 1.5 * t ** 3, 0.5 * t + 2 * t * t - 1.5 * t ** 3, -0.5 * t * t + 0.5 * t ** 3];
      fine.push(weights.reduce((sum, weight, n) => add(sum, scale(all[at - 1 + n], weight)), [0, 0, 0]));
    }
  }
  return [...fine, points.at(-1)];
}

/** A line on the skin that thins out at its ends. */
function strip(mesh, controls, width) {
  const points = smooth(controls);
  const first = mesh.vertices.length;
  points.forEach((point, at) => {
    const normal = skinNormal(point);
    const way = normalize(subtract(points[Math.min(at + 1, points.length - 1)], points[Math.max(at - 1, 0)]));
    const side = scale(cross(normal, way), (width / 2) * Math.sin(Math.PI * mix(0.08, 0.92, at / (points.length - 1))));
    const middle = add(point, scale(normal, LIFT));
    for (const edge of [add(middle, side), subtract(middle, side)]) mesh.add(edge, normal, KIND.line);
    if (at) mesh.faces.push(first + 2 * at - 2, first + 2 * at - 1, first + 2 * at, first + 2 * at, first + 2 * at - 1, first + 2 * at + 1);
  });
}

function nail(mesh, finger) {
  const { joints, radii } = FINGERS[finger];
  const { rest } = BONES[boneNamed(`${finger}3`)];
  const reach = Math.hypot(...subtract(joints[3], joints[2])) + radii[3];
  const first = mesh.vertices.length;
  const { across, along } = NAIL;
  const outline = [];
  for (let row = 0; row <= along; row++) {
    for (let column = 0; column <= across; column++) {
      const u = (2 * column) / across - 1;
      const v = (2 * row) / along - 1;
      const round = (v > 0 ? 1 - 0.16 * v ** 4 : 1 - 0.14 * v ** 2) * Math.sqrt(1 - 0.35 * v ** 6);
      const x = u * round * radii[3] * NAIL.width;
      const y = mix(NAIL.from, NAIL.to, (v + 1) / 2) * reach - 0.16 * u * u * Math.abs(v) * Math.sign(v) * 0.9;
      const point = skinPoint(transform(rest, [x, y, -2]), rotate(rest, [0, 0, 1]));
      const normal = skinNormal(point);
      mesh.add(add(point, scale(normal, LIFT * (v > 0.9 ? 1.8 : 1.2))), normal, KIND.nail);
      if (row === 0 || column === 0 || column === across) outline.push([row, column, point]);
      if (!row || !column) continue;
      const here = first + row * (across + 1) + column;
      mesh.faces.push(here, here - 1, here - across - 2, here, here - across - 2, here - across - 1);
    }
  }
  const edge = (wanted) => outline.filter(wanted).map(([, , point]) => point);
  const rim = [...edge(([row, column]) => column === 0 && row).reverse(), ...edge(([row]) => row === 0), ...edge(([row, column]) => column === across && row)];
  strip(mesh, rim, 0.085);
}

/** Arcs across a finger at its joints: on the pad's side where it folds, on the back over the knuckle. */
function creases(mesh, finger) {
  const { joints, radii } = FINGERS[finger];
  const arc = (bone, side, y, reach, bow, width) => {
    const { rest } = BONES[boneNamed(`${finger}${bone}`)];
    const points = [-1, -0.5, 0, 0.5, 1].map((u) =>
      skinPoint(transform(rest, [u * reach, y + bow * (1 - u * u), side * 2]), rotate(rest, [0, 0, -side])),
    );
    strip(mesh, points, width);
  };
  const thumb = finger === "thumb";
  arc(3, 1, 0, radii[2] * 0.8, -0.1, 0.1);
  if (thumb) arc(2, 1, 0.25, radii[1] * 0.75, -0.1, 0.09);
  else {
    arc(2, 1, 0.02, radii[1] * 0.82, -0.08, 0.1);
    arc(1, 1, Math.hypot(...subtract(joints[1], joints[0])) * 0.42, radii[0] * 0.78, -0.1, 0.1);
    for (const [y, bow] of [[-0.2, 0.16], [0.16, -0.14]]) arc(2, -1, y, radii[1] * 0.5, bow, 0.085);
  }
  for (const [y, bow] of [[-0.1, 0.12], [0.14, -0.1]]) arc(3, -1, y, radii[2] * 0.45, bow, 0.075);
}

const PALM_LINES = [
  [[[3.7, 6.6], [2.0, 6.1], [0.2, 6.5], [-1.1, 7.6]], 0.12],
  [[[-3.0, 6.3], [-1.4, 6.2], [0.6, 5.2], [2.3, 4.0]], 0.12],
  [[[-3.05, 6.15], [-1.2, 5.4], [-0.2, 3.8], [-0.2, 1.6]], 0.13],
  [[[-1.9, -0.1], [0, -0.35], [1.9, -0.1]], 0.1],
  [[[-1.6, -0.6], [0, -0.85], [1.6, -0.6]], 0.07],
];
const KNUCKLES = ["index", "middle", "ring", "little"].map((name) => {
  const [[x, y]] = FINGERS[name].joints;
  return [[[x - 0.45, y + 0.1], [x, y + 0.28], [x + 0.45, y + 0.1]], 0.08];
});

/** Adds all of it to a mesh with `vertices`, `faces` and `add(point, normal, kind)`. */
export function addDetails(mesh) {
  for (const finger of Object.keys(FINGERS)) {
    nail(mesh, finger);
    creases(mesh, finger);
  }
  for (const [line, width] of PALM_LINES) strip(mesh, seenFrom(1, line), width);
  for (const [line, width] of KNUCKLES) strip(mesh, seenFrom(-1, line), width);
}
