/** The model of a hand, ready for the graphics card: built once, shared by both hands.
 *
 * Its indices have the skin first, then what is drawn on it (up to `bare`), then the sleeve.
 */

import { addCuff } from "./cuff.js";
import { addDetails, KIND } from "./details.js";
import { FINGERS } from "./rig.js";
import { buildSkin, drawnOut, skinNormal, weightsAt } from "./shape.js";
import { subtract } from "./vectors.js";

export const STRIDE = 36; // bytes: place, normal, bones, shares, kind and blush

/** Where the skin is rosier: [centre, reach in cm]. */
const ROSY = [
  ...Object.values(FINGERS).map(({ joints }) => [joints[3], 1.9]),
  [[-3.0, 3.2, 2], 3.2],
  [[2.9, 3.4, 1.6], 2.9],
  [[0, 7.6, 1], 2.2],
];
const blush = (point) => Math.max(...ROSY.map(([centre, reach]) => 1 - Math.hypot(...subtract(point, centre)) / reach), 0);

const SLICE = 600; // vertices between two breaths

let model = null;
let building = null;

function* build() {
  const { vertices, faces } = yield* buildSkin();
  const normals = [];
  for (const point of vertices) {
    if (normals.push(skinNormal(point)) % SLICE === 0) yield;
  }
  const kinds = vertices.map(() => KIND.skin);
  const skin = faces.length;
  const add = (point, normal, kind) => {
    vertices.push(point);
    normals.push(normal);
    kinds.push(kind);
  };
  addDetails({ vertices, faces, add });
  yield;
  const bare = faces.length;
  addCuff({ vertices, faces, add });
  yield;
  const packed = yield* pack(vertices, normals, kinds);
  model = { vertices: packed, indices: new Uint16Array(faces), skin, bare };
}

function* pack(vertices, normals, kinds) {
  const bytes = new ArrayBuffer(vertices.length * STRIDE);
  const floats = new Float32Array(bytes);
  const octets = new Uint8Array(bytes);
  for (const [at, point] of vertices.entries()) {
    const { bones, shares } = weightsAt(point);
    floats.set(kinds[at] > KIND.line ? point : drawnOut(point), (at * STRIDE) / 4);
    floats.set(normals[at], (at * STRIDE) / 4 + 3);
    octets.set([...bones, ...shares, kinds[at], Math.round(255 * blush(point)), 0, 0], at * STRIDE + 24);
    if (at % SLICE === 0) yield;
  }
  return bytes;
}

/** The model; built at once if it is not there yet. */
export function modelNow() {
  building ??= build();
  while (!model) building.next();
  return model;
}

/** Builds the model little by little, so that the page stays awake. */
export async function prepareModel() {
  building ??= build();
  while (!model) {
    building.next();
    await breath();
  }
}

// A message, since timers are slowed down in a page that is not looked at.
const breath = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
