/** The countdown ring: how much of the hold is left, with its number. */

import { h, s } from "./dom.js";
import { texts } from "./texts.js";

const RADIUS = 44;
const ROUND = 2 * Math.PI * RADIUS;
const SWAP = 6; // seconds; as long as the coach leaves to change hands

/** The stretches of a step, as its cues tell them: [{hand, from, to, swap}], seconds. */
export function stretches(cues, duration) {
  const hands = cues.filter((cue) => cue.hand);
  const found = [];
  hands.forEach((cue, at) => {
    const to = hands[at + 1]?.at ?? duration;
    const from = at ? Math.min(cue.at + SWAP, to) : 0;
    if (at) found.push({ hand: cue.hand, from: cue.at, to: from, swap: true });
    found.push({ hand: cue.hand, from, to, swap: false });
  });
  return found.length ? found : [{ hand: "both", from: 0, to: duration, swap: false }];
}

/** Seconds as a countdown shows them. */
export const counted = (seconds) => (seconds >= 60 ? texts.duration(seconds) : String(seconds));

export class Ring {
  #arc = s("circle", { class: "arc", cx: 50, cy: 50, r: RADIUS, "stroke-dasharray": ROUND });
  #number = h("span", { class: "number" });
  #label = h("span", { class: "label" });

  constructor() {
    this.element = h(
      "div",
      { class: "ring", role: "timer", "aria-label": texts.timer },
      s("svg", { viewBox: "0 0 100 100", "aria-hidden": "true" }, s("circle", { class: "track", cx: 50, cy: 50, r: RADIUS }), this.#arc),
      h("span", { class: "count" }, this.#number, this.#label),
    );
  }

  /** Shows `left` of `whole` seconds, with a word under the number. */
  show(left, whole, label, kind) {
    const number = counted(Math.ceil(left));
    if (this.#number.textContent !== number) this.#number.textContent = number;
    if (this.#label.textContent !== label) this.#label.textContent = label;
    this.#arc.setAttribute("stroke-dashoffset", (ROUND * (1 - (whole ? left / whole : 0))).toFixed(1));
    this.element.dataset.kind = kind;
  }
}
