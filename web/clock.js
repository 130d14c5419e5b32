/** Keeps the time of a step by timestamps: right after a background tab, and when the device's clock is set. */

import { Emitter } from "./dom.js";
import { now, skew } from "./time.js";

const TICK = 250; // ms
const LATE = 4; // seconds until a cue is stale
const DRIFT = 2; // seconds that an answer may have been on its way
export const GET_READY = 5; // seconds before a step begins; workout timers give as many
const LEAP = 2000; // ms by which the device's clock was set, or which it slept
const OFF = { duration: 0, elapsed: 0, from: 0, cues: [] };

/** One step's clock. Events: `tick`, `cue` (the cue), `end` (the token), `leap`. */
export class StepClock extends Emitter {
  #set = OFF;
  #timer = null;
  #played = 0;
  #ended = false;
  #skew = skew();

  constructor(signal) {
    super();
    document.addEventListener("visibilitychange", this.#look, { signal });
  }

  /** Takes over a clock as it was when the device's clock said `at`; one that has not begun gets time to get ready. */
  set(clock, token, cues, at) {
    const { elapsed } = this;
    const ahead = elapsed - clock.elapsed;
    const same = this.token === token && ahead <= DRIFT;
    // The coach knows nothing of the time to get ready.
    const agrees = same && ahead > -DRIFT - GET_READY && this.running === clock.running && !clock.lead_in;
    const leadIn = clock.lead_in ?? (clock.running && !clock.elapsed ? GET_READY : 0);
    const start = agrees ? { elapsed, at: Math.max(now(), this.#set.at) } : { at: at - skew() + leadIn * 1000, leadIn };
    this.#set = { leadIn: this.#set.leadIn, ...clock, from: clock.elapsed, token, cues, ...start };
    this.#ended = false;
    if (!same) this.#played = this.elapsed > LATE ? this.#passed() : 0;
    this.#look();
  }

  clear() {
    this.#set = OFF;
    this.#look();
  }

  /** Holds at once. */
  freeze() {
    this.#set = { ...this.#set, elapsed: this.elapsed, running: false };
    this.#look();
  }

  get token() {
    return this.#set.token;
  }

  get running() {
    return Boolean(this.#set.running);
  }

  get duration() {
    return this.#set.duration;
  }

  get leadIn() {
    return this.running ? Math.max(0, (this.#set.at - now()) / 1000) : 0;
  }

  /** The part of the lead-in that is still to come, 0 to 1. */
  get leadInPart() {
    return this.#set.leadIn ? Math.min(1, this.leadIn / this.#set.leadIn) : 0;
  }

  get elapsed() {
    const gone = this.running ? Math.max(0, (now() - this.#set.at) / 1000) : 0;
    return Math.min(this.duration, this.#set.elapsed + gone);
  }

  /** Seconds that it has run since it was set, also once it is held. */
  get gone() {
    return this.elapsed - this.#set.from;
  }

  get report() {
    return this.token && { token: this.token, elapsed: Math.round(this.elapsed * 10) / 10 };
  }

  #passed = () => this.#set.cues.filter((cue) => cue.at <= this.elapsed).length;

  #look = () => {
    clearTimeout(this.#timer);
    this.emit("tick");
    if (Math.abs(skew() - this.#skew) > LEAP) {
      this.#skew = skew();
      this.emit("leap");
    }
    if (!this.running) return;
    this.#timer = setTimeout(this.#look, TICK);
    const passed = this.#passed();
    if (!this.leadIn && passed > this.#played) {
      this.#played = passed;
      const cue = this.#set.cues[passed - 1];
      if (this.elapsed - cue.at < LATE) this.emit("cue", cue);
    }
    if (!this.#ended && !this.leadIn && this.elapsed >= this.duration) {
      this.#ended = true;
      this.emit("end", this.token);
    }
  };
}
