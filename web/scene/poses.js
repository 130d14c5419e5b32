/** Poses that movements start from; the angles are told in rig.js. */

export const POSES = {
  flat: { wrist: [0, 0, 0], thumb: [0, 0, 0, 0, 0], index: [0, 2, 2, 2, 0], middle: [0, 2, 2, 2, 0], ring: [0, 2, 2, 2, 0], little: [0, 2, 2, 2, 0] },
  relaxed: { wrist: [0, 0, 0], thumb: [8, -8, 0, 8, 12], index: [-3, 12, 16, 8, 0], middle: [0, 16, 20, 10, 0], ring: [2, 18, 22, 12, 0], little: [3, 18, 22, 12, 0] },
  closed: { wrist: [0, 0, 0], thumb: [10, -16, 0, 6, 8], index: [-8, 5, 6, 4, 0], middle: [0, 5, 6, 4, 0], ring: [5, 5, 6, 4, 0], little: [12, 6, 7, 5, 0] },
};
