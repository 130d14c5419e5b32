/** The bones of a left hand and what a pose makes of them.
 *
 * Lengths are centimetres. The wrist is the origin; y leads to the fingertips, z out of the palm, the thumb is on the
 * side of -x. A right hand is the mirror image. Proportions: a hand of 19 cm.
 */

import { cross, inverse, matrixFrom, matrixOf, multiply, normalize, scale, subtract, dot, turnAbout, turned } from "./vectors.js";

/** Finger by finger: the joints from the base to the tip, the radii there, and the side that the pad faces. */
export const FINGERS = {
  thumb: { joints: [[-1.7, 1.6, 0.7], [-4.3, 4.9, 1.3], [-6.0, 7.4, 1.5], [-7.3, 9.4, 1.5]], radii: [1.3, 1.12, 0.98, 0.76], pad: [0.62, 0, 0.78] },
  index: { joints: [[-2.75, 8.7, -0.1], [-3.5, 12.7, -0.1], [-3.9, 15.2, -0.1], [-4.15, 16.9, -0.05]], radii: [1.02, 0.9, 0.78, 0.66], pad: [0, 0, 1] },
  middle: { joints: [[-0.65, 9.1, -0.2], [-0.75, 13.6, -0.2], [-0.8, 16.5, -0.2], [-0.82, 18.4, -0.15]], radii: [1.02, 0.92, 0.79, 0.67], pad: [0, 0, 1] },
  ring: { joints: [[1.35, 8.7, -0.1], [1.95, 12.9, -0.1], [2.32, 15.6, -0.1], [2.55, 17.4, -0.05]], radii: [0.98, 0.87, 0.75, 0.64], pad: [0, 0, 1] },
  little: { joints: [[3.1, 7.8, 0.1], [4.3, 10.9, 0.1], [5.0, 12.8, 0.1], [5.5, 14.4, 0.12]], radii: [0.9, 0.76, 0.66, 0.56], pad: [0, 0, 1] },
};

const WRIST = [0, 0, 0];
export const ELBOW = [0, -12, 0];

function frame(from, to, pad) {
  const y = normalize(subtract(to, from));
  const z = normalize(subtract(pad, scale(y, dot(pad, y))));
  return matrixFrom(cross(y, z), y, z, from);
}

/** Each bone: its name, its parent's number, the frame of its joint at rest, and the segments that it moves. */
export const BONES = [
  { name: "forearm", parent: -1, rest: matrixOf([0, 0, 0, 1]), segments: [[[0, -1, 0], ELBOW]] },
  {
    name: "hand",
    parent: 0,
    rest: matrixOf([0, 0, 0, 1], WRIST),
    segments: ["index", "middle", "ring", "little"].map((name) => [[FINGERS[name].joints[0][0] * 0.45, 1, 0], FINGERS[name].joints[0]]),
  },
];
for (const [finger, { joints, pad }] of Object.entries(FINGERS)) {
  for (let at = 0; at < 3; at++) {
    const [from, to] = [joints[at], joints[at + 1]];
    BONES.push({ name: `${finger}${at + 1}`, parent: at ? BONES.length - 1 : 1, rest: frame(from, to, pad), segments: [[from, to]] });
  }
}

export const boneNamed = (name) => BONES.findIndex((bone) => bone.name === name);
const UNDO = BONES.map(({ rest }) => inverse(rest));
const STEP = BONES.map(({ parent, rest }) => (parent < 0 ? rest : multiply(UNDO[parent], rest)));

/** The turn of each joint in a pose, which has angles in degrees:
 *
 * - `wrist`: bend towards the palm, lean towards the thumb, twist;
 * - `thumb`: across the palm, out of the palm, twist, bend of the middle joint, bend of the last joint;
 * - a finger: spread towards the thumb, bends of its three joints, roll about itself.
 */
export function jointsOf(pose) {
  const still = turnAbout(0, 0);
  const hinge = (bend) => turnAbout(0, bend);
  const [bend, lean, twist] = pose.wrist;
  const [across, out, roll, middle, last] = pose.thumb;
  const joints = [still, turned(turnAbout(2, lean), hinge(bend), turnAbout(1, twist))];
  joints.push(turned(turnAbout(0, across), turnAbout(2, out), turnAbout(1, roll)), hinge(middle), hinge(last));
  for (const name of ["index", "middle", "ring", "little"]) {
    const [spread, first, second, third, roll = 0] = pose[name];
    joints.push(turned(turnAbout(2, spread), hinge(first), turnAbout(1, roll)), hinge(second), hinge(third));
  }
  return joints;
}

/** Where each bone's frame comes to lie, and what carries a point of the hand at rest there, the forearm at its rest. */
export function bonesAt(joints) {
  const frames = [];
  for (const [at, { parent }] of BONES.entries()) {
    const local = multiply(STEP[at], matrixOf(joints[at]));
    frames.push(parent < 0 ? local : multiply(frames[parent], local));
  }
  return { frames, carries: frames.map((one, at) => multiply(one, UNDO[at])) };
}
