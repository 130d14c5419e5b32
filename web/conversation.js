/** One conversation: sends in order and once, keeps what was said, knows the step. */

import { StepClock } from "./clock.js";
import { Diary } from "./diary.js";
import { Emitter } from "./dom.js";
import { wordsOf } from "./echo.js";
import { entryOf, stepOf } from "./entry.js";
import { CoachError, Server } from "./server.js";
import { settings } from "./settings.js";
import { Store } from "./store.js";
import { texts } from "./texts.js";

const greet = (entry, words) => Object.assign(entry, { texts: [words], custom: { ...entry.custom, say: words } });
const name = () => `${Date.now()}-${Math.random()}`;

// In a frame of another site there may be no locks.
async function alone(work) {
  let begun = false;
  const begin = () => ((begun = true), work());
  try {
    return await (navigator.locks ? navigator.locks.request("palmwise", begin) : begin());
  } catch (error) {
    if (begun) throw error;
    return work();
  }
}

/** Events: `entry`, `sent`, `change`, `busy`, `trouble` (words or null), `notice` (words), `cleared`. */
export class Conversation extends Emitter {
  session;
  step;
  greeting = null; // of the site, instead of the coach's
  phrases = { hold: "^$", cut_in: [] };
  #base;
  #store;
  #server;
  #life = new AbortController();
  #queue = Promise.resolve();
  #shown = new Set();
  #resting = false; // by a word that has not been answered yet

  constructor(base) {
    super();
    const { signal } = this.#life;
    this.#base = base;
    this.#store = new Store(base, signal);
    this.#server = new Server(base, this.#store, signal);
    this.#server.on("trouble", (trouble) => this.emit("trouble", trouble && this.#words(trouble)));
    this.tryNow = this.#server.tryNow;
    this.ear = this.#server.ear;
    this.hear = (sound) => this.#server.hear(sound, this.session?.asked);
    this.clock = new StepClock(signal);
    this.diary = new Diary(this);
    this.clock.on("end", (token) => this.#send({ payload: "/next_step", by: "timer", token }));
    this.clock.on("leap", () => this.#line(() => this.#resync(false))); // the coach knows how long it was
    this.#store.on("change", (entries) => this.#heard(entries));
    this.#reset();
  }

  get entries() {
    return this.#store.kept.entries;
  }

  get latest() {
    return this.entries.findLast((entry) => entry.custom);
  }

  url(path) {
    return new URL(path, this.#base).href;
  }

  /** By id or payload. */
  isWaiting(what) {
    return this.#store.kept.outbox.some(({ id, payload }) => id === what || payload === what);
  }

  start() {
    const { entries, outbox } = this.#store.kept;
    for (const entry of entries) this.#show(entry, false);
    if (this.latest) this.#apply(this.latest);
    const looked = this.#line(() => this.#resync());
    for (const message of outbox) this.#line(() => this.#deliver(message));
    return looked;
  }

  stop() {
    this.clock.clear();
    this.#life.abort();
  }

  say(text, how = {}) {
    if (RegExp(this.phrases.hold).test(wordsOf(text).join(" "))) this.#rest();
    this.#send({ text, ...how }, text);
  }

  press(payload, title) {
    if (/^.(pause|report_pain|stop)$/.test(payload)) this.#rest();
    if (!this.isWaiting(payload)) this.#send({ payload, by: "button" }, title);
  }

  async forget() {
    try {
      await this.#server.forget();
    } catch {
      return this.emit("notice", texts.failed);
    }
    this.#erase(texts.forgotten);
    await this.#line(() => this.#resync());
  }

  // All that this browser keeps, and not only what was said.
  #erase(words) {
    this.#clear(words);
    this.diary.clear();
    settings.clear();
  }

  #clear(words) {
    this.#store.clear();
    this.#reset();
    if (words) this.emit("notice", words);
  }

  #reset() {
    this.#shown.clear();
    this.session = { state: "none" };
    this.step = null;
    this.clock.clear();
    this.emit("cleared");
    this.emit("change");
  }

  #send(message, shown) {
    const whole = { ...message, id: name() };
    this.#store.save({ outbox: [...this.#store.kept.outbox, whole] });
    this.emit("sent");
    if (shown) this.#add({ texts: [shown], id: whole.id });
    this.#line(() => this.#deliver(whole));
  }

  #rest() {
    this.#resting = Boolean(this.step);
    this.clock.freeze();
    this.tryNow();
  }

  #line(work) {
    this.#queue = this.#queue.then(work).catch((error) => {
      if (this.#life.signal.aborted) return;
      this.emit("notice", texts.failed);
      console.error(error);
    });
    return this.#queue;
  }

  async #deliver(message) {
    // Another tab may have sent it meanwhile.
    const ask = () => (this.isWaiting(message.id) ? this.#server.message({ ...message, clock: this.clock.report }) : { messages: [] });
    this.emit("busy", true);
    try {
      const { messages } = await this.#server.insist(ask);
      const entry = entryOf(messages);
      this.#sent(message);
      if (entry.custom?.forgotten) this.#erase();
      if (messages.length) this.#add({ ...entry, id: `to ${message.id}` });
      else await this.#resync();
    } catch (error) {
      if (!(error instanceof CoachError) || error.again) throw error;
      this.#sent(message);
      if (!(await this.#server.look())) return await this.#anew(message);
      this.emit("notice", error.message || texts.failed);
      await this.#resync();
    } finally {
      this.emit("busy", false);
    }
  }

  #sent({ id }) {
    this.#store.save({ outbox: this.#store.kept.outbox.filter((one) => one.id !== id) });
    this.emit("sent");
  }

  // For what a person says, not for a timer.
  async #anew({ text }) {
    this.#clear(texts.anew);
    await this.#resync(!text);
    if (text) this.say(text);
  }

  #words({ error, wait }) {
    if (error.status === 429) return texts.busy(wait);
    if (this.#resting) return texts.lostAtRest;
    if (!navigator.onLine) return texts.offline;
    return this.clock.running ? texts.lostInStep : texts.lost;
  }

  // One tab after the other.
  #resync(show = true) {
    const look = () => this.#look(show);
    return this.#server.insist(() => alone(look));
  }

  async #look(show) {
    let answer = this.latest && (await this.#server.look());
    if (!answer) {
      if (this.latest) this.#clear(texts.anew);
      answer = await this.#server.open();
    }
    const entry = entryOf(answer.messages);
    if (this.greeting && !this.latest && answer.session.state === "none") greet(entry, this.greeting);
    const known = this.latest?.custom.session;
    if (show && ["state", "token", "step"].some((part) => known?.[part] !== answer.session[part])) this.#add(entry);
    else this.#apply({ at: Date.now(), ...entry });
    this.phrases = await this.#server.phrases().catch(() => this.phrases);
  }

  #add(given) {
    const entry = { id: name(), at: Date.now(), ...given };
    if (!this.entries.some(({ id }) => id === entry.id)) this.#store.save({ entries: [...this.entries, entry] });
    this.#show(entry);
  }

  // From another tab, or another element.
  #heard(entries) {
    if (entries) {
      for (const entry of entries) this.#show(entry);
      this.emit("sent");
    } else {
      this.#reset();
      this.emit("notice", texts.forgotten);
    }
  }

  #show(entry, fresh = true) {
    if (this.#shown.has(entry.id)) return;
    this.#shown.add(entry.id);
    if (fresh) this.#apply(entry);
    this.emit("entry", { entry, fresh });
  }

  #apply(entry) {
    const { custom, at } = entry;
    if (!custom) return;
    this.#resting = false;
    this.session = custom.session;
    const { token } = this.session;
    const known = token && this.step?.session.token === token ? this.step : null;
    this.step = token && custom.holds ? stepOf(entry) : known;
    if (this.step) this.clock.set(custom.clock, token, this.step.cues, at);
    else this.clock.clear();
    this.emit("change");
  }
}
