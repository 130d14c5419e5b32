/** The sleeve that tells the working arm: a tube around the forearm, with a folded edge. */

import { drawnOut, skinNormal, skinPoint } from "./shape.js";
import { add, normalize, scale } from "./vectors.js";

export const CLOTH = 3;
export const FOLD = 4;
const SIDES = 44;
const END = -9.8; // cm: the last ring that is modelled; beyond, it is drawn out like the arm

/** From the hand on: place along the arm, distance from the skin, kind (all cm). */
const RINGS = [
  [-6.35, 0.05, FOLD],
  [-6.25, 0.3, FOLD],
  [-6.4, 0.52, FOLD],
  [-6.9, 0.6, FOLD],
  [-7.45, 0.56, FOLD],
  [-7.55, 0.36, FOLD],
  [-7.56, 0.36, CLOTH],
  [END, 0.5, CLOTH],
];

/** Adds the sleeve to a mesh with `vertices`, `faces` and `add(point, normal, kind)`. */
export function addCuff(mesh) {
  const first = mesh.vertices.length;
  for (const [y, out, kind] of RINGS) {
    for (let side = 0; side <= SIDES; side++) {
      const angle = (2 * Math.PI * side) / SIDES;
      const way = [Math.sin(angle), 0, Math.cos(angle)];
      const skin = skinPoint(add(scale(way, 6), [0, y, 0]), scale(way, -1));
      const normal = normalize(skinNormal(skin).map((one, axis) => (axis === 1 ? 0 : one)));
      mesh.add(drawnOut(add(skin, scale(normal, out))), normal, kind);
    }
  }
  for (let ring = 1; ring < RINGS.length; ring++) {
    for (let side = 0; side < SIDES; side++) {
      const here = first + ring * (SIDES + 1) + side;
      const above = here - SIDES - 1;
      mesh.faces.push(here, here + 1, above, above, here + 1, above + 1);
    }
  }
}
