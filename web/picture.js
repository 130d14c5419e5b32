/** The living picture of the movement that is on, driven by the step's clock. */

import { GET_READY } from "./clock.js";
import { h } from "./dom.js";
import { mountScene } from "./scene/scene.js";
import { settings } from "./settings.js";

const PLANS = ["offer", "prepare"];

export class Picture {
  #talk;
  #scene;
  #drawings = []; // of the steps to come
  element = h("div.picture");

  constructor(talk) {
    this.#talk = talk;
    this.#scene = mountScene(this.element);
    // What comes first is there before it is wanted.
    talk.on("entry", ({ entry: { custom }, fresh }) => fresh && PLANS.includes(custom?.card) && this.#preload(custom.steps[0]));
    // A connection may get lost.
    talk.on("plan", (steps) => {
      steps.forEach((step) => this.#preload(step));
      this.#drawings = steps.map(({ picture }) => Object.assign(new Image(), { src: talk.url(picture.src) }));
    });
  }

  /** Has what follows a step ready in time. */
  show({ steps, session }) {
    this.#preload(steps[session.step]);
  }

  destroy() {
    this.#scene.destroy();
  }

  /** Follows the clock; the seconds to get ready show the movement beforehand. */
  follow({ kind, hand, whole, into }, step, clock) {
    const { technique, pace } = this.#talk.session;
    const { src, alt } = step.picture;
    this.#scene.show({
      movement: technique,
      hand,
      length: kind === "swap" ? 0 : whole,
      seconds: kind === "ready" ? GET_READY - clock.leadIn : Math.max(0, into),
      pace,
      paused: kind === "paused",
      tone: settings.get("tone"),
      picture: { src: this.#talk.url(src), alt },
    });
  }

  #preload(step) {
    if (step) this.#scene.preload(step.id).catch(() => null);
  }
}
