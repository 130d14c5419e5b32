/** One conversation: sends in order and once, keeps what was said, knows the step. */

import { StepClock } from "./clock.js";
import { Diary } from "./diary.js";
import { Emitter } from "./dom.js";
import { wordsOf } from "./echo.js";
import { entryOf, stepOf } from "./entry.js";
import { DANGER, HOLDING, ledOn, planKey } from "./lead.js";
import { CoachError, Server } from "./server.js";
import { settings } from "./settings.js";
import { Store } from "./store.js";
import { texts } from "./texts.js";

const greet = (entry, words) => Object.assign(entry, { texts: [words], custom: { ...entry.custom, say: words } });
const RESTING = /^.(pause|report_pain|stop)$/;
const TRIES = 2; // that fail until a massage is led on without the coach
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

/** Events: `entry`, `sent`, `change`, `plan` (its steps), `busy`, `trouble` (words or null), `notice` (words), `cleared`. */
export class Conversation extends Emitter {
  session;
  step;
  greeting = null; // of the site, instead of the coach's
  phrases = { hold: "^$", danger: "^$", cut_in: [], moves: {} };
  #base;
  #store;
  #server;
  #life = new AbortController();
  #queue = Promise.resolve();
  #shown = new Set();
  #resting = false; // by a word that has not been answered yet
  #alone = false; // the coach cannot be reached
  #aloud = false; // what is to come is to be heard

  constructor(base) {
    super();
    const { signal } = this.#life;
    this.#base = base;
    this.#store = new Store(base, signal);
    this.#server = new Server(base, this.#store, signal);
    this.#server.on("trouble", (trouble) => this.#troubled(trouble));
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

  /** Whether the massage is led on without the coach. */
  get isLed() {
    return Boolean(this.latest?.custom.led);
  }

  /** Whether it could be, with the clock, hands and steps of its plan. */
  get canLead() {
    return Boolean(this.#plan);
  }

  /** The steps that are to come, if the plan is known. */
  get following() {
    return this.#plan?.steps.slice(this.session.step) ?? [];
  }

  /** Has the plan with the addresses of its sounds, for a connection that may get lost. */
  planAloud() {
    this.#aloud = true;
    if (this.step && !this.isLed) this.#fetchPlan();
  }

  start() {
    this.#learn();
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
    if (this.#kindOf(text)) this.#rest();
    this.#send({ text, ...how }, text);
  }

  press(payload, title) {
    if (RESTING.test(payload)) this.#rest();
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
    if (!this.#alone || !this.#lead(whole)) this.#line(() => this.#deliver(whole));
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
    const ask = async () => {
      await this.#catchUp();
      return this.isWaiting(message.id) ? this.#server.message({ ...message, clock: this.clock.report }) : { messages: [] };
    };
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
    if (this.#resting || this.session.state === "paused") return texts.lostAtRest;
    if (this.clock.running && this.#plan) return texts.leading;
    if (!navigator.onLine) return texts.offline;
    return this.clock.running ? texts.lostInStep : texts.lost;
  }

  // "hold" or "danger", or nothing.
  #kindOf(text) {
    const words = wordsOf(text).join(" ");
    return [DANGER, HOLDING].find((kind) => RegExp(this.phrases[kind] ?? "^$").test(words));
  }

  // The payload of a button that is there, or of a move, if that is all that is said.
  #moveOf(text) {
    const words = wordsOf(text).join(" ");
    const button = this.latest?.buttons.find(({ title }) => wordsOf(title).join(" ") === words);
    return button?.payload ?? (Object.hasOwn(this.phrases.moves, words) ? `/${this.phrases.moves[words]}` : null);
  }

  async #learn() {
    this.phrases = await this.#server.phrases().catch(() => this.phrases);
  }

  get #plan() {
    const { plan } = this.#store.kept;
    return plan?.key === this.#planKey ? plan : null;
  }

  // Of the plan that is on; a massage that is led on keeps it.
  get #planKey() {
    const custom = this.isLed ? this.latest.custom : this.step;
    return custom?.led?.plan ?? (custom && planKey(custom));
  }

  // The coach tells the plan once, for a connection that may get lost.
  async #fetchPlan() {
    const key = this.#planKey;
    const { plan: steps } = (await this.#server.look(this.#aloud).catch(() => null)) ?? {};
    const title = this.entries.findLast(({ custom }) => custom?.card === "prepare")?.custom.title ?? "";
    if (!steps || key !== this.#planKey) return;
    this.#store.save({ plan: { key, steps, title } });
    this.emit("plan", steps);
  }

  #troubled(trouble) {
    const { error, tries } = trouble ?? {};
    this.#alone = Boolean(trouble) && error.status !== 429 && (tries >= TRIES || !navigator.onLine);
    if (this.#alone) this.#store.kept.outbox.forEach((message) => this.#lead(message));
    this.emit("trouble", trouble && this.#words(trouble));
  }

  /** Does on the device what a message asks for, if that can be done without the coach; whether it needs not be sent. */
  #lead({ id, payload, text, token }) {
    const plan = this.#plan;
    const custom = this.isLed ? this.latest.custom : this.step;
    const move = payload ?? this.#moveOf(text);
    const wanted = move ?? this.#kindOf(text);
    const isStale = token && token !== custom?.session.token;
    if (!plan || !wanted || isStale || this.entries.some((entry) => entry.custom?.led?.message === id)) return false;
    const entry = ledOn(custom, plan, wanted, this.clock.elapsed);
    if (!entry) return false;
    // Another tab may see the entry before the message is gone from the outbox.
    Object.assign(entry.custom.led, { plan: plan.key, message: id });
    this.#add(entry);
    if (move) this.#sent({ id });
    this.emit("trouble", this.#words({ error: {} }));
    return Boolean(move);
  }

  /** Tells the coach where a massage is that was led on without it, and what it is now. */
  async #catchUp() {
    if (!this.isLed) return;
    const { led, session } = this.latest.custom;
    let found = await this.#server.look();
    const { token, routine, state } = found?.session ?? {};
    if (token && routine === session.routine) {
      const clock = { token, step: led.step, elapsed: this.clock.token ? this.clock.elapsed : led.elapsed };
      const press = async (payload, more) => (found = await this.#server.message({ payload, by: "button", id: name(), ...more }));
      if (state === "paused" && led.running) await press("/resume");
      for (const { payload, elapsed } of led.moves) {
        await press("/repeat_step", { clock: { ...clock, elapsed } });
        await press(payload);
        clock.token = entryOf(found.messages).custom.session.token;
      }
      await press("/repeat_step", { clock });
      for (const payload of led.after) await press(payload);
    }
    if (found) this.#replaceLatest(entryOf(found.messages));
  }

  #replaceLatest({ buttons, custom }) {
    const { latest } = this;
    const now = { ...latest, buttons, custom: { ...custom, say: "" }, at: Date.now() };
    this.#store.save({ entries: this.entries.map((entry) => (entry.id === latest.id ? now : entry)) });
    this.#apply(now);
  }

  // One tab after the other.
  #resync(show = true) {
    const look = () => this.#look(show);
    return this.#server.insist(() => alone(look));
  }

  async #look(show) {
    await this.#catchUp();
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
      const { latest } = this;
      if (latest && latest.custom.session.token !== this.session.token) this.#apply(latest);
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
    if (this.step && !custom.led && !this.#plan) this.#fetchPlan();
    this.emit("change");
  }
}
