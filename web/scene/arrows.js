/** Arrows over the picture, as triangles in the frame's own coordinates (-1 to 1). */

const WIDTH = 0.028; // of half the height
const HALO = 0.02;

function curve(points, steps = 10) {
  const all = [points[0], ...points, points.at(-1)];
  const fine = [];
  for (let at = 1; at < all.length - 2; at++) {
    for (let step = 0; step < steps; step++) {
      const t = step / steps;
      const [a, b, c, d] = [-0.5 * t + t * t - 0.5 * t ** 3, 1 - 2.5 * t * t + 1.5 * t ** 3, 0.5 * t + 2 * t * t - 1.5 * t ** 3, -0.5 * t * t + 0.5 * t ** 3];
      fine.push(all[at].map((_, axis) => a * all[at - 1][axis] + b * all[at][axis] + c * all[at + 1][axis] + d * all[at + 2][axis]));
    }
  }
  return [...fine, points.at(-1)];
}

/** A band along `path` (y up, both axes in half heights) that ends in a head. */
function band(path, width, head) {
  const triangles = [];
  const at = (n) => path[Math.min(path.length - 1, Math.max(0, n))];
  const edges = path.map((point, n) => {
    const [dx, dy] = [at(n + 1)[0] - at(n - 1)[0], at(n + 1)[1] - at(n - 1)[1]];
    const far = Math.hypot(dx, dy) || 1;
    return [[point[0] - (dy / far) * width, point[1] + (dx / far) * width], [point[0] + (dy / far) * width, point[1] - (dx / far) * width]];
  });
  for (let n = 1; n < edges.length; n++) triangles.push(edges[n - 1][0], edges[n - 1][1], edges[n][0], edges[n][0], edges[n - 1][1], edges[n][1]);
  const end = at(path.length - 1);
  const [dx, dy] = [end[0] - at(path.length - 4)[0], end[1] - at(path.length - 4)[1]];
  const far = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / far, dy / far];
  const back = head - width;
  triangles.push(
    [end[0] + ux * head, end[1] + uy * head],
    [end[0] - ux * (back * 0.35) - uy * head * 0.9, end[1] - uy * (back * 0.35) + ux * head * 0.9],
    [end[0] - ux * (back * 0.35) + uy * head * 0.9, end[1] - uy * (back * 0.35) - ux * head * 0.9],
  );
  return triangles;
}

/** `project` gives a scene's point in the frame; `reversed` has the arrows go the other way. */
export function strokesOf({ arrows, share = 1 }, reversed, project, aspect, dark) {
  return arrows.flatMap((through) => {
    const points = reversed ? [...through].reverse() : through;
    const path = curve(points.map(([x, y, z = 4]) => project([x, y, z])).map(([x, y]) => [x * aspect, y]));
    const flat = (width, head) => band(path, width, head).flatMap(([x, y]) => [x / aspect, y]);
    return [
      { points: flat(WIDTH / 2 + HALO, 0.075 + HALO * 1.4), ink: dark ? [0.08, 0.13, 0.12, 0.9 * share] : [1, 1, 1, 0.92 * share] },
      { points: flat(WIDTH / 2, 0.075), ink: dark ? [0.37, 0.92, 0.83, share] : [0.06, 0.46, 0.43, share] },
    ];
  });
}
