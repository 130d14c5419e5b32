/** Keeps the time of a step by timestamps, so that a background tab or a sleeping phone makes no difference. */

const TICK = 250; // milliseconds between looks at the time
const LATE = 4; // seconds after which a cue is no longer worth saying

/** Milliseconds that only ever grow: `performance` may stand still in sleep, `Date` may be set back. */
class Timepiece {
  #wall = Date.now();
  #steady = performance.now();
  #sum = 0;

  now() {
    const wall = Date.now();
    const steady = performance.now();
    this.#sum += Math.max(wall - this.#wall, steady - this.#steady, 0);
    this.#wall = wall;
    this.#steady = steady;
    return this.#sum;
  }
}

/** One step's clock. Events: `tick`, `cue` (detail: the cue), `end` (detail: the token). */
export class StepClock extends EventTarget {
  #piece = new Timepiece();
  #set = null;
  #since = 0;
  #timer = null;
  #played = 0;
  #ended = false;

  constructor() {
    super();
    document.addEventListener("visibilitychange", this.#look);
  }

  /** Takes over a clock of the contract, with the cues of its step, as it was `age` seconds ago. */
  set(clock, token, cues, age = 0) {
    const same = this.#set?.token === token && this.elapsed <= clock.elapsed + 2;
    this.#set = { ...clock, token, cues };
    this.#since = this.#piece.now() + ((clock.lead_in ?? 0) - age) * 1000;
    this.#ended = false;
    if (!same) this.#played = clock.elapsed + age > LATE ? this.#passed() : 0;
    this.#schedule();
    this.#look();
  }

  clear() {
    this.#set = null;
    this.#schedule();
  }

  /** Holds at once, before the coach has heard of it. */
  freeze() {
    if (!this.#set?.running) return;
    this.#set = { ...this.#set, elapsed: this.elapsed, running: false, lead_in: 0 };
    this.#schedule();
    this.#look();
  }

  get token() {
    return this.#set?.token ?? null;
  }

  get running() {
    return Boolean(this.#set?.running);
  }

  get duration() {
    return this.#set?.duration ?? 0;
  }

  /** Seconds until a resumed clock goes on. */
  get leadIn() {
    return this.running ? Math.max(0, (this.#since - this.#piece.now()) / 1000) : 0;
  }

  /** Seconds into the step. */
  get elapsed() {
    if (!this.#set) return 0;
    const { elapsed, running, duration } = this.#set;
    const gone = running ? Math.max(0, (this.#piece.now() - this.#since) / 1000) : 0;
    return Math.min(duration, elapsed + gone);
  }

  /** What goes along with every message. */
  get report() {
    return this.#set ? { token: this.#set.token, elapsed: Math.round(this.elapsed * 10) / 10 } : undefined;
  }

  stop() {
    this.clear();
    document.removeEventListener("visibilitychange", this.#look);
  }

  #passed = () => this.#set.cues.filter((cue) => cue.at <= this.elapsed).length;

  #schedule() {
    clearInterval(this.#timer);
    this.#timer = this.running ? setInterval(this.#look, TICK) : null;
  }

  #look = () => {
    if (!this.#set) return;
    const passed = this.#passed();
    const cue = this.#set.cues[passed - 1];
    if (this.running && !this.leadIn && passed > this.#played) {
      this.#played = passed;
      if (this.elapsed - cue.at < LATE) this.#emit("cue", cue);
    }
    this.#emit("tick");
    if (this.running && !this.#ended && this.elapsed >= this.duration) {
      this.#ended = true;
      this.#emit("end", this.#set.token);
    }
  };

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
