/** The massages that were done in this browser: minutes, and how the hands felt. It leaves the device with nobody. */

import { Emitter } from "./dom.js";

const KEY = "palmwise:diary";
const WORTH = 30; // seconds of massage from which on it counts
const LONGEST = 400; // entries
const OFTEN = 5; // seconds between two notes of one that is on

/** Events: `change`. An entry: `at`, `routine`, `title`, `seconds`, `steps` of `of`, comfort `before` and `after` (1 to 5). */
export class Diary extends Emitter {
  #talk;
  #kept = { entries: [], now: null };
  #token = null;
  #elapsed = 0;
  #noted = 0;

  constructor(talk) {
    super();
    this.#talk = talk;
    this.#read();
    talk.clock.on("tick", () => this.#count());
    talk.on("entry", ({ entry: { custom }, fresh }) => fresh && custom && this.#follow(custom));
  }

  get entries() {
    return this.#kept.entries;
  }

  /** The massage that is on, or the one that has just ended. */
  get latest() {
    return this.#kept.now ?? this.entries.at(-1);
  }

  /** Notes how the hands feel, 1 to 5: before a massage, or `after` the latest one. */
  feel(when, comfort) {
    this.#read();
    if (when === "before") this.#kept.now = { ...(this.#kept.now ?? { seconds: 0 }), before: comfort };
    else if (this.latest) this.latest.after = comfort;
    this.#write();
  }

  clear() {
    this.#kept = { entries: [], now: null };
    try {
      delete localStorage[KEY];
    } catch {
      // There was nothing.
    }
    this.emit("change");
  }

  #count() {
    const { clock, session } = this.#talk;
    const { token, elapsed } = clock;
    if (token && token === this.#token && elapsed > this.#elapsed) {
      const now = (this.#kept.now ??= { seconds: 0 });
      now.seconds += elapsed - this.#elapsed;
      now.routine = session.routine;
      now.steps = Math.max(now.steps ?? 0, session.step);
      now.of = session.steps;
      this.#noted += elapsed - this.#elapsed;
      if (this.#noted > OFTEN) this.#write();
    }
    this.#token = token;
    this.#elapsed = elapsed;
  }

  #follow({ card, title, session: { state, routine } }) {
    const { now } = this.#kept;
    if (!now) return;
    if (card === "finished" || card === "prepare") now.title = title;
    if (state === "running" && now.routine && routine !== now.routine) return this.#close();
    if (state === "finished" || state === "none") this.#close();
    else this.#write();
  }

  #close() {
    const { now } = this.#kept;
    this.#read();
    const entries = now.seconds >= WORTH ? [...this.entries, { at: Date.now(), ...now, seconds: Math.round(now.seconds) }] : this.entries;
    this.#kept = { entries: entries.slice(-LONGEST), now: null };
    this.#write();
  }

  #read() {
    try {
      const { entries, now } = JSON.parse(localStorage[KEY]);
      if (Array.isArray(entries)) this.#kept = { entries, now };
    } catch {
      // A new one.
    }
  }

  #write() {
    this.#noted = 0;
    try {
      localStorage[KEY] = JSON.stringify(this.#kept);
    } catch {
      // Where storage is off, it lasts for this visit.
    }
    this.emit("change");
  }
}

/** Minutes of each of the seven days up to `now`, the oldest first, as [date, minutes]. */
export function week(entries, now) {
  return Array.from({ length: 7 }, (_, at) => {
    const day = new Date(now);
    day.setDate(day.getDate() - 6 + at);
    const seconds = entries.filter((one) => new Date(one.at).toDateString() === day.toDateString()).reduce((sum, one) => sum + one.seconds, 0);
    return [day, Math.round(seconds / 60)];
  });
}
