/** A movement's file, and what it shows at a moment. Pure: the same seconds give the same picture. */

import { landmark, posed } from "./landmarks.js";
import { POSES } from "./poses.js";
import { boneNamed, bonesAt, jointsOf } from "./rig.js";
import {
  add, betweenTurns, cross, ease, inverse, matrixOf, mix, mixed, multiply, normalize, rotate, scale, subtract, transform, turnAbout, turned,
} from "./vectors.js";

const RADIANS = Math.PI / 180;
const BESIDE = 1.3; // cm: how far beside the touch an arrow shows where it goes
const RING = [-150, -110, -70, -30, 10, 50, 90, 130]; // degrees, in the direction of the circles
const CHANGE = 0.9; // seconds from one part's place to the next
const HANDS = ["worked", "working"];
const FLIP = [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

const isPlain = (value) => value?.constructor === Object;

/** `over` laid over `base`, key by key. */
function laid(base, over) {
  if (!isPlain(base) || !isPlain(over)) return over === undefined ? base : over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, laid(base[key], over[key])]));
}

const between = (a, b, part) => {
  if (typeof a === "number") return mix(a, b, part);
  if (Array.isArray(a)) return a.map((one, at) => between(one, b[at], part));
  if (isPlain(a)) return Object.fromEntries(Object.keys(a).map((key) => [key, between(a[key], b[key], part)]));
  return a;
};

const DEFAULTS = {
  pose: { from: "relaxed" },
  turn: [0, 0, 0],
  at: [0, 0, 0],
  root: "hand",
  touch: null,
};
const TOUCH = { along: 0, lift: 0, circle: 0, aside: [0, 0, 0] };

function whole(hand) {
  const { from, ...own } = hand.pose;
  const touch = hand.touch && { ...TOUCH, ...hand.touch, on: [hand.touch.on].flat() };
  return { ...hand, pose: { ...POSES[from ?? "relaxed"], ...own }, touch };
}

/** Parts with full frames from a movement's file. Throws for names that are unknown. */
export function compiled(data) {
  const base = Object.fromEntries(HANDS.map((name) => [name, laid(DEFAULTS, data[name] ?? {})]));
  const parts = data.parts.map((part) => {
    const own = laid({ ...base, view: { turn: [0, 0], at: [0, 0, 0], size: 24, ...data.view }, arrows: data.arrows ?? [] }, part);
    const frames = (part.frames ?? [{ at: 0 }]).map((frame) => {
      const hands = HANDS.map((name) => whole(laid(own[name], frame[name] ?? {})));
      return { at: frame.at, hands };
    });
    return { ...own, frames, beat: part.beat ?? data.beat ?? 4, lit: [part.lit ?? []].flat() };
  });
  return { ...data, places: data.places ?? [], parts };
}

/** Where each part of a hold of `length` seconds begins, and which is on after `seconds`. */
export function partAt(count, seconds, length) {
  if (!length || count < 2) return { part: 0, since: seconds };
  const part = Math.min(count - 1, Math.max(0, Math.floor((seconds / length) * count)));
  return { part, since: seconds - Math.round((part * length) / count) };
}

/** `value` with what is told of `amount` added, times `factor`. */
function swayed(value, amount, factor) {
  if (typeof value === "number") return value + amount * factor;
  if (Array.isArray(value)) return value.map((one, at) => swayed(one, amount[at] ?? 0, factor));
  return { ...value, ...Object.fromEntries(Object.keys(amount).map((key) => [key, swayed(value[key], amount[key], factor)])) };
}

/** The frames' hands with the movements to and fro that go on all the time: `times` a beat, `late` by a part of one. */
const swaying = (hands, { sways = [] }, turns) =>
  hands.map((hand, at) =>
    sways
      .filter((one) => one[HANDS[at]])
      .reduce((now, { times = 1, late = 0, ...amounts }) => swayed(now, amounts[HANDS[at]], Math.sin(2 * Math.PI * (turns * times - late))), hand),
  );

function frameAt({ frames, once }, turns) {
  const phase = once ? Math.min(turns, frames.at(-1).at) : turns - Math.floor(turns);
  const next = frames.findIndex(({ at }) => at > phase);
  const to = frames[next] ?? { ...frames[once ? frames.length - 1 : 0], at: 1 };
  const from = frames.at(next < 0 ? -1 : next - 1);
  if (to.at === from.at) return from.hands;
  const part = ease((phase - from.at) / (to.at - from.at));
  return from.hands.map((hand, at) => between(hand, to.hands[at], part));
}

/** The joints and the root's turn and place of one hand. `other` is the hand that it touches. */
function placed(hand, mirror, other, circles) {
  const joints = jointsOf(hand.pose);
  const { frames, carries } = bonesAt(joints);
  const home = inverse(frames[boneNamed(hand.root)]);
  const [spin, tilt, roll] = hand.turn;
  const turn = turned(turnAbout(2, roll), turnAbout(0, tilt), turnAbout(1, spin));
  const held = (name) => {
    const [x, y, z] = transform(home, posed(landmark(name), carries).at);
    return rotate(matrixOf(turn), [mirror ? -x : x, y, z]);
  };
  const shown = { ring: null, path: null };
  let at = hand.anchor ? subtract(hand.at, held(hand.anchor)) : hand.at;
  if (hand.touch) {
    const { on, along, lift, circle, aside } = hand.touch;
    const spot = spotOn(other, on, along);
    const target = add(add(spot.at, scale(spot.out, lift)), aside);
    const side = normalize(cross(spot.out, [0.05, 1, 0.1]));
    const up = cross(side, spot.out);
    const round = (angle, radius) => add(target, add(scale(side, radius * Math.cos(angle)), scale(up, radius * Math.sin(angle))));
    at = subtract(round(circles * 2 * Math.PI, circle), held(hand.touch.with));
    if (circle) shown.ring = RING.map((degrees) => add(round(degrees * RADIANS, circle + BESIDE), scale(spot.out, BESIDE)));
    else if (on.length > 2) {
      const spots = on.map((_, n) => spotOn(other, on, n));
      shown.path = spots.map((one) => add(one.at, add(scale(side, BESIDE), scale(one.out, BESIDE))));
    }
  }
  return { joints, root: hand.root, turn, at, mirror, ...shown, along: hand.touch?.along ?? 0, lift: hand.touch?.lift ?? 0 };
}

/** The model matrix and the bones' matrices of a hand that is placed. */
export function matrices({ joints, root, turn, at, mirror }) {
  const { frames, carries } = bonesAt(joints);
  const home = inverse(frames[boneNamed(root)]);
  const set = matrixOf(turn, at);
  return { model: multiply(mirror ? multiply(set, FLIP) : set, home), carries, mirror };
}

/** The place and the outward direction in the scene of a point between landmarks on a hand that is placed. */
export function spotOn(hand, names, along) {
  const { model, carries } = matrices(hand);
  const at = Math.min(names.length - 1, Math.floor(along));
  const [a, b] = [names[at], names[Math.min(names.length - 1, at + 1)]].map((name) => posed(landmark(name), carries));
  const part = along - at;
  return { at: transform(model, mixed(a.at, b.at, part)), out: normalize(rotate(model, mixed(a.out, b.out, part))) };
}

/** Both hands of a frame, as placed. */
export const handsFor = (part, frame) => pair(part.frames[frame].hands, 0);

function handsAt(part, seconds) {
  const turns = seconds / part.beat;
  return pair(swaying(frameAt(part, turns), part, turns), turns * (part.circles ?? 1));
}

function pair([worked, working], circles) {
  const first = placed(worked, false, null, 0);
  return [first, placed(working, true, first, circles)];
}

const blend = (a, b, share) => ({
  ...b,
  joints: a.joints.map((one, at) => betweenTurns(one, b.joints[at], share)),
  turn: betweenTurns(a.turn, b.turn, share),
  at: mixed(a.at, b.at, share),
});

/** What a movement shows: both hands, the view, the places with the one that is on, the arrows.
 *
 * `since`: seconds since the part began. `backwards` runs circles the other way round, for the mirrored picture.
 */
export function moment(movement, { part, since, pace = 1, still = false, backwards = false }) {
  const now = movement.parts[part];
  const way = backwards && movement.handed ? -1 : 1;
  const at = still ? (now.still ?? 0) * now.beat : since / pace;
  let hands = handsAt(now, way * at);
  let view = now.view;
  const share = still ? 1 : ease(since / CHANGE);
  if (part > 0 && share < 1) {
    const before = movement.parts[part - 1];
    const old = handsAt(before, way * (before.seconds ?? 0) + at);
    hands = hands.map((hand, n) => blend(old[n], hand, share));
    view = between(before.view, view, share);
  }
  const along = hands[1].along;
  const lit = now.travels ? [now.lit[Math.round(along)]] : now.lit;
  const { ring, path } = hands[1];
  const mirrored = Boolean(now.mirrors && !still && Math.floor(at / now.beat) % 2);
  const hint = ring ?? (still ? path : null);
  const arrows = now.arrows.length || !hint ? now.arrows : [hint];
  return { hands, view, lit, lift: hands[1].lift, arrows, share, mirrored };
}
