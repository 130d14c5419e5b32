/** One conversation: sends in order and only once, keeps what was said, knows the step that is on. */

import { StepClock } from "./clock.js";
import { CoachError, Server } from "./server.js";
import { Store } from "./store.js";
import { texts } from "./texts.js";

const DELAYS = [1, 2, 4, 8, 10]; // seconds between attempts; the last one goes on
const DRIFT = 2; // seconds that this clock and the coach's may differ before the coach's counts

/** A name that nobody guesses; `randomUUID` is not there on plain HTTP. */
const name = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Events: `entry` (detail: {entry, mine, fresh}), `sent` (detail: id of an entry), `change` (session or step),
 * `busy` (detail: boolean), `trouble` (detail: words or null), `notice` (detail: words), `cleared`.
 */
export class Conversation extends EventTarget {
  session = { state: "none" };
  step = null;
  replies = [];
  clock = new StepClock();
  #base;
  #server;
  #store;
  #queue = Promise.resolve();
  #waiting = 0;
  #received = 0;
  #wake = () => {};
  #gone = false;

  constructor(base) {
    super();
    this.#base = base;
    this.#server = new Server(base);
    this.#store = new Store(base, (news) => this.#heard(news));
    this.clock.addEventListener("end", ({ detail }) => this.#timer(detail));
    this.tryNow = () => this.#wake();
    addEventListener("online", this.tryNow);
  }

  get entries() {
    return this.#store.kept.entries;
  }

  /** The full address of a path on the coach's server. */
  url(path) {
    return new URL(path, this.#base).href;
  }

  /** Seconds until the massage ends. */
  get remaining() {
    const gone = this.clock.running ? this.clock.elapsed - this.#received : 0;
    return Math.max(0, (this.session.remaining_seconds ?? 0) - Math.max(0, gone));
  }

  /** Shows what was kept, asks the coach what is on, sends what had not been sent. */
  start() {
    const { entries, outbox, id } = this.#store.load();
    this.#server.id = id;
    for (const entry of entries) this.#emit("entry", { entry, fresh: false });
    const last = entries.findLast((entry) => entry.custom);
    if (last) this.#apply(last, (Date.now() - last.at) / 1000);
    this.#line(() => this.#resync());
    for (const message of outbox) this.#line(() => this.#deliver(message));
  }

  /** What the person typed or said. */
  say(text, spoken = false) {
    const entry = this.#add({ who: "me", texts: [text], spoken, pending: true });
    this.#send({ text }, entry);
  }

  /** What the person tapped; with a title it is shown as theirs. */
  press(payload, title = null) {
    if (payload === "/pause" || payload === "/report_pain") this.clock.freeze();
    const entry = title && this.#add({ who: "me", texts: [title], pending: true });
    this.#send({ payload, by: "button" }, entry);
  }

  async forget() {
    this.clock.clear();
    try {
      await this.#server.forget();
    } catch (error) {
      if (error.status !== 404) return this.#emit("notice", texts.failed);
    }
    this.#clear();
    this.#store.tell({ forgotten: true });
    this.#emit("notice", texts.forgotten);
    await this.#line(() => this.#resync());
  }

  stop() {
    this.#gone = true;
    this.clock.stop();
    this.#store.close();
    removeEventListener("online", this.tryNow);
    this.#wake();
  }

  #clear(everywhere = true) {
    this.#store.clear(everywhere);
    this.#server.id = null;
    this.session = { state: "none" };
    this.step = null;
    this.clock.clear();
    this.#emit("cleared");
    this.#emit("change");
  }

  #timer(token) {
    this.#line(() => this.#deliver({ id: name(), payload: "/next_step", by: "timer", token }));
  }

  #send(message, entry) {
    const whole = { ...message, id: name(), entry: entry?.id };
    this.#store.save({ outbox: [...this.#store.kept.outbox, whole] });
    this.#line(() => this.#deliver(whole));
  }

  #line(work) {
    this.#queue = this.#queue.then(work).catch((error) => {
      if (!this.#gone) this.#emit("notice", texts.failed);
      console.error(error);
    });
    return this.#queue;
  }

  async #deliver({ entry, ...message }) {
    this.#emit("busy", ++this.#waiting > 0);
    try {
      const answer = await this.#insist(() => this.#server.message({ ...message, clock: this.clock.report }));
      this.#done(message, entry);
      if (answer.messages.length) this.#take(answer.messages);
      else await this.#resync();
    } catch (error) {
      if (!(error instanceof CoachError)) throw error;
      if (error.status === 404) return await this.#unknown(message, entry);
      this.#done(message, entry);
      if (!this.#gone) this.#emit("notice", error.message || texts.failed);
    } finally {
      this.#emit("busy", --this.#waiting > 0);
    }
  }

  // The coach does not know this conversation any more. What a person says is worth a new one, a timer is not.
  async #unknown(message, entry) {
    const mine = this.entries.find((known) => known.id === entry);
    this.#clear();
    this.#emit("notice", texts.anew);
    await this.#resync(message.text == null);
    if (message.text == null) return;
    if (mine) this.#add(mine);
    await this.#deliver({ ...message, entry });
  }

  #done(message, entry) {
    const { outbox, entries } = this.#store.kept;
    const said = entries.map((known) => (known.id === entry ? { ...known, pending: false } : known));
    this.#store.save({ outbox: outbox.filter((one) => one.id !== message.id), entries: said });
    if (entry) this.#emit("sent", entry);
  }

  /** Asks until there is an answer, saying what is wrong meanwhile. */
  async #insist(ask) {
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await ask();
        if (attempt) this.#emit("trouble", null);
        return answer;
      } catch (error) {
        if (!error.again || this.#gone) throw error;
        const wait = error.wait || DELAYS[Math.min(attempt, DELAYS.length - 1)];
        this.#emit("trouble", error.status === 429 ? texts.busy(wait) : this.#lost());
        await new Promise((resolve) => {
          this.#wake = resolve;
          setTimeout(resolve, wait * 1000);
        });
      }
    }
  }

  #lost() {
    if (navigator.onLine === false) return texts.offline;
    return this.session.state === "running" ? texts.lostInStep : texts.lost;
  }

  /** Learns what is on: after a reload, a lost connection, a timer that came too late. */
  async #resync(show = true) {
    const answer = await this.#insist(() => this.#lookOrOpen());
    const entry = this.#entry(answer.messages);
    const known = this.entries.findLast((one) => one.custom)?.custom.session;
    const { state, token, step } = answer.session;
    if (show && (!known || known.state !== state || (token && known.token !== token) || known.step !== step)) {
      this.#take(answer.messages);
    } else this.#apply(entry);
  }

  async #lookOrOpen() {
    // Two tabs that open at once shall not each open a conversation.
    const known = async () => (await this.#known()) || this.#open();
    return (await this.#known()) || (navigator.locks ? navigator.locks.request("palmwise", known) : known());
  }

  async #known() {
    const { opened, id } = this.#store.load();
    if (!opened) return null;
    this.#server.id = id;
    return this.#server.look().catch((error) => {
      if (error.status !== 404) throw error;
      return null;
    });
  }

  async #open() {
    if (this.entries.length) {
      this.#clear();
      this.#emit("notice", texts.anew);
    }
    const answer = await this.#server.open();
    this.#store.save({ opened: true, id: this.#server.id });
    return answer;
  }

  #entry(messages) {
    const said = messages.filter((message) => message.text).map((message) => message.text);
    const custom = messages.findLast((message) => message.custom)?.custom ?? null;
    return { id: name(), who: "coach", at: Date.now(), texts: said, buttons: messages.flatMap((m) => m.buttons ?? []), custom };
  }

  #take(messages) {
    const entry = this.#entry(messages);
    this.#apply(entry);
    this.#add(entry);
  }

  #add(entry) {
    const whole = { id: name(), at: Date.now(), ...entry };
    this.#store.save({ entries: [...this.entries, whole] });
    this.#store.tell({ entry: whole });
    this.#emit("entry", { entry: whole, fresh: true, mine: true });
    return whole;
  }

  #heard({ entry, forgotten }) {
    // The tab that forgot begins afresh for all; its greeting comes as any other entry.
    if (forgotten) return this.#clear(false), this.#emit("notice", texts.forgotten);
    const known = () => this.entries.some((one) => one.id === entry.id);
    if (known()) return;
    this.#server.id = this.#store.load().id;
    if (!known()) this.#store.save({ entries: [...this.entries, entry] });
    if (entry.custom) this.#apply(entry, (Date.now() - entry.at) / 1000);
    this.#emit("entry", { entry, fresh: true, mine: false });
  }

  /** Takes over what an answer says of session, step and clock; `age` is how many seconds ago it came. */
  #apply(entry, age = 0) {
    const { custom } = entry;
    if (!custom) return;
    this.session = custom.session;
    this.replies = entry.buttons;
    const { token } = this.session;
    if (!token) this.step = null;
    else if (custom.cues) {
      this.step = stepOf(entry, this.step?.token === token ? this.step : null);
    } else if (this.step?.token !== token) this.step = null;
    if (this.step) this.#setClock(custom.clock, token, age);
    else this.clock.clear();
    this.#emit("change");
  }

  #setClock(clock, token, age) {
    const mine = this.clock;
    const agrees = mine.token === token && mine.running === clock.running && !clock.lead_in;
    const kept = agrees && !age && Math.abs(mine.elapsed - clock.elapsed) < DRIFT;
    const elapsed = kept ? mine.elapsed : clock.elapsed;
    mine.set({ ...clock, elapsed }, token, this.step.cues, clock.running ? age : 0);
    this.#received = clock.elapsed;
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** What is to be shown of a step. Its first card ends with the instruction; later ones may tell something else. */
function stepOf({ custom, texts: said }, known) {
  const { title, picture, cues, following, session } = custom;
  const instruction = known?.instruction ?? said.at(-1);
  const heading = (text) => text.startsWith("**") && text.includes(title);
  const told = said.filter((text) => text !== instruction && !heading(text)).join("\n\n");
  const easing = custom.card === "ease";
  return { token: session.token, title, picture, cues, following, instruction, told: easing ? "" : told, ease: easing ? told : "" };
}
