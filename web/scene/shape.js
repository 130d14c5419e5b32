/** The form of a hand as a signed distance: capsules that melt into each other. Built once, as a mesh. */

import { BONES, ELBOW, FINGERS } from "./rig.js";
import { add, normalize, scale } from "./vectors.js";

const CELL = 0.29; // cm
const LEAST = [-9.2, -10.6, -2.9];
const MOST = [7.2, 19.8, 3.6];
const CUT = -10; // cm: where the modelled forearm ends
const STRETCH_FROM = -7.6; // cm: beyond, the forearm is drawn out until it leaves every frame
const STRETCH = 16;
const BLOCK = 5; // cells
const SHARP = 7; // how quickly the hold of a bone fades with distance

/** Capsules [from, to, radius from, radius to, flatness along z]. */
const capsule = (from, to, r0, r1 = r0, flat = 1) => {
  const along = [to[0] - from[0], to[1] - from[1], (to[2] - from[2]) * flat];
  return { from, along, square: along[0] ** 2 + along[1] ** 2 + along[2] ** 2, r0, r1, flat };
};

function distanceTo(one, x, y, z) {
  const { from, along } = one;
  const px = x - from[0];
  const py = y - from[1];
  const pz = (z - from[2]) * one.flat;
  const part = Math.min(1, Math.max(0, (px * along[0] + py * along[1] + pz * along[2]) / one.square));
  const dx = px - along[0] * part;
  const dy = py - along[1] * part;
  const dz = pz - along[2] * part;
  return Math.sqrt(dx * dx + dy * dy + dz * dz) - one.r0 - (one.r1 - one.r0) * part;
}

/** The smaller of two distances, with a fillet of `k` cm. */
const melt = (a, b, k) => {
  const h = Math.max(0, k - Math.abs(a - b)) / k;
  return Math.min(a, b) - (h * h * k) / 4;
};

const chain = ({ joints, radii }, at) => capsule(joints[at], joints[at + 1], radii[at], radii[at + 1]);

const FAR = 99;
const digits = Object.values(FINGERS).map((finger, number) => {
  const { joints, radii, pad } = finger;
  const bulge = add(joints[3].map((one, at) => one * 0.55 + joints[2][at] * 0.45), scale(normalize(pad), radii[3] * 0.3));
  const tip = capsule(bulge, joints[3], radii[3] * 0.98, radii[3] * 0.8);
  const parts = number ? [chain(finger, 0), chain(finger, 1), chain(finger, 2), tip] : [chain(finger, 1), chain(finger, 2), tip];
  return { parts, whole: capsule(joints[number ? 0 : 1], joints[3], radii[0] * 1.1) };
});

const palm = [
  ...["index", "middle", "ring", "little"].map((name) => {
    const [[x, y, z]] = FINGERS[name].joints;
    return capsule([x * 0.5, 1.1, 0], [x, y - 0.3, z], 1.32, 1.14);
  }),
  capsule([-2.5, 8.2, 0.2], [2.9, 7.4, 0.3], 1.02, 0.95), // the cushions below the fingers
  capsule([2.0, 1.6, 0.55], [3.0, 5.9, 0.3], 1.3, 1.15), // the fleshy side below the little finger
  capsule([-1.5, 1.7, 0.75], [-3.5, 4.4, 1.0], 1.45, 1.25), // the mound below the thumb
  chain(FINGERS.thumb, 0),
  capsule([-2.2, 6.4, 0.1], [-3.5, 5.2, 0.6], 0.75, 0.7), // the web
];
const arm = [capsule([0, 1.2, 0], [0, -2.2, -0.05], 2.72, 2.55, 1.42), capsule([0, -2.2, -0.05], ELBOW, 2.55, 3.7, 1.25)];

/** Signed distance in cm from the skin of a hand at rest, negative inside; a little too small far away. */
export function skinDistance(x, y, z) {
  let skin = FAR;
  for (const one of palm) skin = melt(skin, distanceTo(one, x, y, z), 1.1);
  let limb = FAR;
  for (const one of arm) limb = melt(limb, distanceTo(one, x, y, z) * 0.8, 1.2);
  skin = melt(skin, limb, 1.6);
  let fingers = FAR;
  for (const { parts, whole } of digits) {
    if (distanceTo(whole, x, y, z) > fingers + 0.5) continue;
    let near = FAR;
    for (const one of parts) near = melt(near, distanceTo(one, x, y, z), 0.25);
    fingers = melt(fingers, near, 0.3);
  }
  return Math.max(melt(skin, fingers, 0.75), CUT - y);
}

export function skinNormal([x, y, z], step = 0.05) {
  return normalize([
    skinDistance(x + step, y, z) - skinDistance(x - step, y, z),
    skinDistance(x, y + step, z) - skinDistance(x, y - step, z),
    skinDistance(x, y, z + step) - skinDistance(x, y, z - step),
  ]);
}

/** The point of the skin that a ray from `from` along `way` meets. */
export function skinPoint(from, way) {
  let point = from;
  for (let tries = 0; tries < 40; tries++) {
    const gap = skinDistance(...point);
    if (Math.abs(gap) < 0.004) break;
    point = add(point, scale(way, gap * 0.8));
  }
  return point;
}

const bones = BONES.map(({ segments }) => segments.map(([from, to]) => capsule(from, to, 0)));

/** The four bones that move a point most, and their shares of 255. */
export function weightsAt([x, y, z]) {
  const holds = bones.map((segments, bone) => {
    let gap = FAR;
    for (const one of segments) gap = Math.min(gap, distanceTo(one, x, y, z));
    return { hold: Math.max(0.05, gap) ** -SHARP, bone };
  });
  const strongest = holds.sort((a, b) => b.hold - a.hold).slice(0, 4);
  const sum = strongest.reduce((total, { hold }) => total + hold, 0);
  return { bones: strongest.map(({ bone }) => bone), shares: strongest.map(({ hold }) => Math.round((255 * hold) / sum)) };
}

/** Naive surface nets: a vertex in each cell that the skin passes, a quad at each edge that crosses it.
 *
 * A generator, so that whoever runs it can let other work pass between its steps.
 */
export function* buildSkin() {
  const size = LEAST.map((least, at) => Math.ceil((MOST[at] - least) / CELL) + 1);
  const at = (i, j, k) => [LEAST[0] + CELL * i, LEAST[1] + CELL * j, LEAST[2] + CELL * k];
  const [nx, ny, nz] = size;
  const number = (i, j, k) => i + nx * (j + ny * k);
  const { field, near } = yield* sampled(size, at, number);
  const vertices = [];
  const vertexOf = new Int32Array(field.length).fill(-1);
  const faces = [];
  for (let k = 0; k < nz - 1; k++) {
    yield;
    for (let j = 0; j < ny - 1; j++) {
      for (let i = 0; i < nx - 1; i++) {
        const found = near[number(i, j, k)] && crossing(field, number, i, j, k);
        if (!found) continue;
        vertexOf[number(i, j, k)] = vertices.push(settled(at(i + found[0], j + found[1], k + found[2]))) - 1;
      }
    }
  }
  const inside = (n) => field[n] < 0;
  for (let k = 1; k < nz - 1; k++) {
    for (let j = 1; j < ny - 1; j++) {
      for (let i = 1; i < nx - 1; i++) {
        const here = number(i, j, k);
        for (const [step, u, v] of [[1, nx, nx * ny], [nx, nx * ny, 1], [nx * ny, 1, nx]]) {
          if (!near[here] || inside(here) === inside(here + step)) continue;
          const [a, b, c, d] = [here, here - u, here - u - v, here - v].map((n) => vertexOf[n]);
          faces.push(...(inside(here) ? [a, b, c, a, c, d] : [a, c, b, a, d, c]));
        }
      }
    }
  }
  return { vertices, faces };
}

/** Distances at the grid's points; those of a block that the skin stays clear of are only right in their sign. */
function* sampled([nx, ny, nz], at, number) {
  const field = new Float32Array(nx * ny * nz);
  const near = new Uint8Array(field.length);
  const reach = BLOCK * CELL * 0.5 * Math.sqrt(3) * 1.3 + CELL;
  for (let k = 0; k < nz; k += BLOCK) {
    yield;
    for (let j = 0; j < ny; j += BLOCK) {
      for (let i = 0; i < nx; i += BLOCK) {
        const middle = skinDistance(...at(i + BLOCK / 2, j + BLOCK / 2, k + BLOCK / 2));
        const clear = Math.abs(middle) > reach;
        for (let c = k; c < Math.min(nz, k + BLOCK); c++) {
          for (let b = j; b < Math.min(ny, j + BLOCK); b++) {
            for (let a = i; a < Math.min(nx, i + BLOCK); a++) {
              field[number(a, b, c)] = clear ? middle : skinDistance(...at(a, b, c));
              near[number(a, b, c)] = clear ? 0 : 1;
            }
          }
        }
      }
    }
  }
  return { field, near };
}

/** The point moved onto the skin. */
function settled(point) {
  const gap = skinDistance(...point);
  return add(point, scale(skinNormal(point), -gap));
}

const CORNERS = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n & 1, (n >> 1) & 1, n >> 2]);
const EDGES = CORNERS.flatMap((_, a) => [1, 2, 4].filter((bit) => !(a & bit)).map((bit) => [a, a | bit]));

function crossing(field, number, i, j, k) {
  const inside = field[number(i, j, k)] < 0;
  const same = CORNERS.every(([x, y, z]) => field[number(i + x, j + y, k + z)] < 0 === inside);
  if (same) return null;
  const values = CORNERS.map(([x, y, z]) => field[number(i + x, j + y, k + z)]);
  const sum = [0, 0, 0];
  let count = 0;
  for (const [a, b] of EDGES) {
    if (values[a] < 0 === values[b] < 0) continue;
    const part = values[a] / (values[a] - values[b]);
    for (let axis = 0; axis < 3; axis++) sum[axis] += CORNERS[a][axis] + part * (CORNERS[b][axis] - CORNERS[a][axis]);
    count++;
  }
  return sum.map((one) => one / count);
}

/** A point of the modelled forearm, drawn out. */
export const drawnOut = ([x, y, z]) => (y < STRETCH_FROM ? [x, STRETCH_FROM + (y - STRETCH_FROM) * STRETCH, z] : [x, y, z]);
