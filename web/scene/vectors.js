/** Vectors, quaternions [x, y, z, w] and column-major 4x4 matrices, as plain arrays. */

const RADIANS = Math.PI / 180;

export const add = (a, b) => a.map((one, at) => one + b[at]);
export const subtract = (a, b) => a.map((one, at) => one - b[at]);
export const scale = (a, factor) => a.map((one) => one * factor);
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
export const length = (a) => Math.hypot(...a);
export const normalize = (a) => scale(a, 1 / (length(a) || 1));
export const mix = (a, b, part) => a + (b - a) * part;
export const mixed = (a, b, part) => a.map((one, at) => mix(one, b[at], part));
export const clamp = (value, least = 0, most = 1) => Math.min(most, Math.max(least, value));

/** 0 to 1 with a soft begin and end. */
export const ease = (part) => {
  const held = clamp(part);
  return held * held * (3 - 2 * held);
};

/** The turn by `degrees` about x (0), y (1) or z (2). */
export function turnAbout(axis, degrees) {
  const turn = [0, 0, 0, Math.cos((degrees * RADIANS) / 2)];
  turn[axis] = Math.sin((degrees * RADIANS) / 2);
  return turn;
}

/** One turn after another: the last one given happens first. */
export function turned(...turns) {
  return turns.reduce(([ax, ay, az, aw], [bx, by, bz, bw]) => [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ]);
}

/** Between two turns, the short way. */
export function betweenTurns(a, b, part) {
  const side = a.reduce((sum, one, at) => sum + one * b[at], 0) < 0 ? -1 : 1;
  const turn = a.map((one, at) => mix(one, side * b[at], part));
  return scale(turn, 1 / Math.hypot(...turn));
}

/** The matrix of a turn and a place. */
export function matrixOf([x, y, z, w], [px, py, pz] = [0, 0, 0]) {
  return [
    1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w), 0,
    2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w), 0,
    2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y), 0,
    px, py, pz, 1,
  ];
}

/** The matrix with the axes x, y, z and an origin. */
export const matrixFrom = (x, y, z, origin) => [...x, 0, ...y, 0, ...z, 0, ...origin, 1];

export function multiply(a, b) {
  const product = new Array(16);
  for (let column = 0; column < 16; column += 4) {
    for (let row = 0; row < 4; row++) {
      product[column + row] =
        a[row] * b[column] + a[row + 4] * b[column + 1] + a[row + 8] * b[column + 2] + a[row + 12] * b[column + 3];
    }
  }
  return product;
}

export const transform = (m, [x, y, z]) => [0, 1, 2].map((row) => m[row] * x + m[row + 4] * y + m[row + 8] * z + m[row + 12]);
export const rotate = (m, [x, y, z]) => [0, 1, 2].map((row) => m[row] * x + m[row + 4] * y + m[row + 8] * z);

/** The inverse of a matrix that turns and moves only. */
export function inverse(m) {
  const [x, y, z, origin] = [m.slice(0, 3), m.slice(4, 7), m.slice(8, 11), m.slice(12, 15)];
  return [x[0], y[0], z[0], 0, x[1], y[1], z[1], 0, x[2], y[2], z[2], 0, -dot(x, origin), -dot(y, origin), -dot(z, origin), 1];
}

/** A perspective view: `height` units are seen at a distance of `far` units. */
export function perspective(height, far, aspect, near = 1, end = 400) {
  const zoom = (2 * far) / height;
  const depth = 1 / (near - end);
  return [zoom / aspect, 0, 0, 0, 0, zoom, 0, 0, 0, 0, (near + end) * depth, -1, 0, 0, 2 * near * end * depth, 0];
}
