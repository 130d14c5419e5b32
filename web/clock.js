/** Keeps the time of a step by timestamps: right after a background tab or a sleeping phone. */

import { Emitter } from "./dom.js";

const TICK = 250; // ms
const LATE = 4; // seconds until a cue is stale

/** One step's clock. Events: `tick`, `cue` (the cue), `end` (the token). */
export class StepClock extends Emitter {
  #set = null;
  #since = 0;
  #timer = null;
  #played = 0;
  #ended = false;

  constructor() {
    super();
    document.addEventListener("visibilitychange", this.#look);
  }

  /** Takes over a clock of the contract as it was `age` seconds ago. */
  set(clock, token, cues, age = 0) {
    const same = this.token === token && this.elapsed <= clock.elapsed + 2;
    this.#set = { ...clock, token, cues };
    this.#since = Date.now() + ((clock.lead_in ?? 0) - age) * 1000;
    this.#ended = false;
    if (!same) this.#played = clock.elapsed + age > LATE ? this.#passed() : 0;
    this.#look();
  }

  clear() {
    this.#set = null;
    this.#look();
  }

  /** Holds at once, before the coach has heard of it. */
  freeze() {
    if (this.running) this.#set = { ...this.#set, elapsed: this.elapsed, running: false };
    this.#look();
  }

  get token() {
    return this.#set?.token;
  }

  get running() {
    return Boolean(this.#set?.running);
  }

  get duration() {
    return this.#set?.duration ?? 0;
  }

  get leadIn() {
    return this.running ? Math.max(0, (this.#since - Date.now()) / 1000) : 0;
  }

  get elapsed() {
    const gone = this.running ? Math.max(0, (Date.now() - this.#since) / 1000) : 0;
    return Math.min(this.duration, (this.#set?.elapsed ?? 0) + gone);
  }

  get report() {
    return this.#set ? { token: this.token, elapsed: Math.round(this.elapsed * 10) / 10 } : undefined;
  }

  stop() {
    this.clear();
    document.removeEventListener("visibilitychange", this.#look);
  }

  #passed = () => this.#set.cues.filter((cue) => cue.at <= this.elapsed).length;

  #look = () => {
    clearTimeout(this.#timer);
    this.emit("tick");
    if (!this.running) return;
    this.#timer = setTimeout(this.#look, TICK);
    const passed = this.#passed();
    if (!this.leadIn && passed > this.#played) {
      this.#played = passed;
      const cue = this.#set.cues[passed - 1];
      if (this.elapsed - cue.at < LATE) this.emit("cue", cue);
    }
    if (!this.#ended && this.elapsed >= this.duration) {
      this.#ended = true;
      this.emit("end", this.token);
    }
  };
}
