/** Named places on a hand: where a movement touches, and where it is shown. */

import { BONES, boneNamed, FINGERS } from "./rig.js";
import { skinNormal, skinPoint, weightsAt } from "./shape.js";
import { add, normalize, rotate, scale, subtract, transform } from "./vectors.js";

const PALM = [0, 0, 1];
const BACK = [0, 0, -1];
const reach = (finger, at) => Math.hypot(...subtract(FINGERS[finger].joints[at + 1], FINGERS[finger].joints[at]));

/** name -> [bone, place on its axis, the side from which it is seen], in the bone's frame. */
const PLACES = {
  palm_centre: ["hand", [0.2, 5.0, 0], PALM],
  palm_heel: ["hand", [0.3, 2.0, 0], PALM],
  palm_cushions: ["hand", [0.2, 7.6, 0], PALM],
  palm_rest: ["hand", [0, 6.2, 0], PALM],
  thumb_mound: ["hand", [-2.5, 3.2, 0], PALM],
  little_mound: ["hand", [2.7, 3.6, 0], PALM],
  back_centre: ["hand", [0, 5.2, 0], BACK],
  back_knuckles: ["hand", [0.2, 8.6, 0], BACK],
  back_wrist: ["hand", [0, 0.2, 0], BACK],
  back_arm: ["hand", [0, -2.6, 0], BACK],
  palm_wrist: ["hand", [0, -0.1, 0], PALM],
  palm_arm: ["hand", [0, -2.6, 0], PALM],
  wrist_thumb_side: ["hand", [0, -0.2, 0], [-1, 0, 0]],
  wrist_little_side: ["hand", [0, -0.2, 0], [1, 0, 0]],
  edge_top: ["hand", [0, 6.9, 0.2], [1, 0, 0.25]],
  edge_upper: ["hand", [0, 5.2, 0.2], [1, 0, 0.25]],
  edge_lower: ["hand", [0, 3.5, 0.2], [1, 0, 0.25]],
  edge_heel: ["hand", [0, 1.7, 0.2], [1, 0, 0.25]],
  wrist_thumb_side_back: ["hand", [-1.8, 0.2, 0], BACK],
  wrist_little_back: ["hand", [1.8, 0.2, 0], BACK],
  thumb_joint: ["thumb1", [0, 0.5, 0], BACK],
};
for (const finger of Object.keys(FINGERS)) {
  const first = finger === "thumb" ? 2 : 1;
  PLACES[`${finger}_root`] = [`${finger}${first}`, [0, reach(finger, first - 1) * (finger === "thumb" ? 0.15 : 0.5), 0], BACK];
  PLACES[`${finger}_middle`] = [`${finger}${finger === "thumb" ? 3 : 2}`, [0, 0.3, 0], BACK];
  PLACES[`${finger}_pad`] = [`${finger}3`, [0, reach(finger, 2) * 0.72, 0], PALM];
  PLACES[`${finger}_nail`] = [`${finger}3`, [0, reach(finger, 2) * 0.7, 0], BACK];
  PLACES[`${finger}_tip`] = [`${finger}3`, [0, reach(finger, 2), 0], [0, 1, 0.3]];
  if (finger === "thumb") continue;
  const [x, y] = FINGERS[finger].joints[0];
  PLACES[`${finger}_base`] = ["hand", [x, y - 0.5, 0], PALM];
  PLACES[`${finger}_knuckle`] = ["hand", [x, y, 0], BACK];
}

const found = new Map();

/** The place on the skin of a hand at rest: `point`, `normal`, and the bones that carry it. Throws for unknown names. */
export function landmark(name) {
  if (!PLACES[name]) throw new Error(`no place on the hand is called ${name}`);
  if (!found.has(name)) {
    const [bone, on, side] = PLACES[name];
    const { rest } = BONES[boneNamed(bone)];
    const out = normalize(rotate(rest, side));
    const point = skinPoint(add(transform(rest, on), scale(out, 6)), scale(out, -1));
    found.set(name, { point, normal: skinNormal(point), ...weightsAt(point) });
  }
  return found.get(name);
}

/** A landmark on a hand that `carries` has posed: its place and the direction out of the skin. */
export function posed({ point, normal, bones, shares }, carries) {
  const at = [0, 0, 0];
  const out = [0, 0, 0];
  const sum = shares.reduce((total, one) => total + one, 0);
  bones.forEach((bone, n) => {
    const moved = transform(carries[bone], point);
    const faced = rotate(carries[bone], normal);
    for (let axis = 0; axis < 3; axis++) {
      at[axis] += (shares[n] / sum) * moved[axis];
      out[axis] += (shares[n] / sum) * faced[axis];
    }
  });
  return { at, out: normalize(out) };
}
