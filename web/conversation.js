/** One conversation: sends in order and once, keeps what was said, knows the step. */

import { StepClock } from "./clock.js";
import { Emitter } from "./dom.js";
import { CoachError, Server, Store } from "./server.js";
import { texts } from "./texts.js";

const DRIFT = 2; // seconds

// `randomUUID` is not there on plain HTTP.
const name = () => crypto.getRandomValues(new Uint32Array(4)).join("-");
const since = ({ at }) => (Date.now() - at) / 1000;

/** Events: `entry`, `sent` (id), `change`, `busy`, `trouble` (words or null), `notice` (words), `cleared`. */
export class Conversation extends Emitter {
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
  #gone = false;

  constructor(base) {
    super();
    this.#base = base;
    this.#server = new Server(base);
    this.#store = new Store(base, (news) => this.#heard(news));
    this.clock.on("end", (token) => this.#line(() => this.#deliver({ id: name(), payload: "/next_step", by: "timer", token })));
    addEventListener("online", this.tryNow);
  }

  #wake = () => {};
  tryNow = () => this.#wake();

  get entries() {
    return this.#store.kept.entries;
  }

  get latest() {
    return this.entries.findLast((entry) => entry.custom);
  }

  url(path) {
    return new URL(path, this.#base).href;
  }

  get remaining() {
    const gone = this.clock.running ? Math.max(0, this.clock.elapsed - this.#received) : 0;
    return Math.max(0, (this.session.remaining_seconds ?? 0) - gone);
  }

  start() {
    const { entries, outbox, id } = this.#store.load();
    this.#server.id = id;
    for (const entry of entries) this.emit("entry", { entry });
    if (this.latest) this.#apply(this.latest, since(this.latest));
    this.#line(() => this.#resync());
    for (const message of outbox) this.#line(() => this.#deliver(message));
  }

  say(text) {
    this.#send({ text }, text);
  }

  press(payload, title) {
    if (payload === "/pause" || payload === "/report_pain") this.clock.freeze();
    this.#send({ payload, by: "button" }, title);
  }

  async forget() {
    this.clock.clear();
    try {
      await this.#server.forget();
    } catch (error) {
      if (error.status !== 404) return this.emit("notice", texts.failed);
    }
    this.#clear();
    this.#store.tell({ forgotten: true });
    this.emit("notice", texts.forgotten);
    await this.#line(() => this.#resync());
  }

  stop() {
    this.#gone = true;
    this.clock.stop();
    this.#store.close();
    removeEventListener("online", this.tryNow);
    this.#wake();
  }

  #clear(everywhere) {
    this.#store.clear(everywhere);
    this.#server.id = null;
    this.session = { state: "none" };
    this.step = null;
    this.clock.clear();
    this.emit("cleared");
    this.emit("change");
  }

  #send(message, shown) {
    const entry = shown && this.#add({ who: "me", texts: [shown], pending: true }).id;
    const whole = { ...message, id: name(), entry };
    this.#store.save({ outbox: [...this.#store.kept.outbox, whole] });
    this.#line(() => this.#deliver(whole));
  }

  #line(work) {
    this.#queue = this.#queue.then(work).catch((error) => {
      if (!this.#gone) this.emit("notice", texts.failed);
      console.error(error);
    });
    return this.#queue;
  }

  async #deliver({ entry, ...message }) {
    this.emit("busy", ++this.#waiting > 0);
    try {
      const { messages } = await this.#insist(() => this.#server.message({ ...message, clock: this.clock.report }));
      this.#done(message, entry);
      if (messages.length) this.#take(messages);
      else await this.#resync();
    } catch (error) {
      if (!(error instanceof CoachError)) throw error;
      if (error.status === 404) return await this.#unknown(message, entry);
      this.#done(message, entry);
      if (!this.#gone) this.emit("notice", error.message || texts.failed);
    } finally {
      this.emit("busy", --this.#waiting > 0);
    }
  }

  // What a person says is worth a new conversation, a timer is not.
  async #unknown(message, entry) {
    const mine = this.entries.find((known) => known.id === entry);
    const { text } = message;
    this.#clear();
    this.emit("notice", texts.anew);
    await this.#resync(!text);
    if (!text) return;
    if (mine) this.#add(mine);
    await this.#deliver({ ...message, entry });
  }

  #done(message, entry) {
    const { outbox, entries } = this.#store.kept;
    const said = entries.map((known) => (known.id === entry ? { ...known, pending: false } : known));
    this.#store.save({ outbox: outbox.filter((one) => one.id !== message.id), entries: said });
    this.emit("sent", entry);
  }

  async #insist(ask) {
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await ask();
        if (attempt) this.emit("trouble", null);
        return answer;
      } catch (error) {
        if (!error.again || this.#gone) throw error;
        const wait = error.wait || Math.min(2 ** attempt, 10);
        this.emit("trouble", error.status === 429 ? texts.busy(wait) : this.#lost());
        await new Promise((resolve) => {
          this.#wake = resolve;
          setTimeout(resolve, wait * 1000);
        });
      }
    }
  }

  #lost() {
    if (!navigator.onLine) return texts.offline;
    return this.session.state === "running" ? texts.lostInStep : texts.lost;
  }

  async #resync(show = true) {
    const { session, messages } = await this.#insist(() => this.#lookOrOpen());
    const known = this.latest?.custom.session;
    if (show && (!known || ["state", "token", "step"].some((part) => known[part] !== session[part]))) this.#take(messages);
    else this.#apply(entryOf(messages));
  }

  // Two tabs at once shall not each open one.
  async #lookOrOpen() {
    const either = async () => (await this.#known()) || this.#open();
    return (await this.#known()) || (navigator.locks ? navigator.locks.request("palmwise", either) : either());
  }

  async #known() {
    const { opened, id } = this.#store.load();
    if (!opened) return null;
    this.#server.id = id;
    return this.#server.look().catch((error) => {
      if (error.status !== 404) throw error;
    });
  }

  async #open() {
    if (this.entries.length) {
      this.#clear();
      this.emit("notice", texts.anew);
    }
    const answer = await this.#server.open();
    this.#store.save({ opened: true, id: this.#server.id });
    return answer;
  }

  #take(messages) {
    const entry = entryOf(messages);
    this.#apply(entry);
    this.#add(entry);
  }

  #add(given) {
    const entry = { id: name(), at: Date.now(), ...given };
    this.#store.save({ entries: [...this.entries, entry] });
    this.#store.tell({ entry });
    this.emit("entry", { entry, fresh: true });
    return entry;
  }

  #heard({ entry, forgotten }) {
    if (forgotten) return this.#clear(false), this.emit("notice", texts.forgotten);
    const known = () => this.entries.some((one) => one.id === entry.id);
    if (known()) return;
    this.#server.id = this.#store.load().id;
    if (!known()) this.#store.save({ entries: [...this.entries, entry] });
    this.#apply(entry, since(entry));
    this.emit("entry", { entry, fresh: true });
  }

  /** Takes over an answer that came `age` seconds ago. */
  #apply(entry, age = 0) {
    const { custom } = entry;
    if (!custom) return;
    this.session = custom.session;
    this.replies = entry.buttons;
    const { token } = this.session;
    const known = token && this.step?.token === token ? this.step : null;
    this.step = token && custom.cues ? stepOf(entry, known) : known;
    if (this.step) this.#setClock(custom.clock, token, age);
    else this.clock.clear();
    this.emit("change");
  }

  #setClock(clock, token, age) {
    const mine = this.clock;
    const agrees = mine.token === token && mine.running === clock.running && !clock.lead_in;
    const kept = agrees && !age && Math.abs(mine.elapsed - clock.elapsed) < DRIFT;
    mine.set({ ...clock, elapsed: kept ? mine.elapsed : clock.elapsed }, token, this.step.cues, clock.running ? age : 0);
    this.#received = clock.elapsed;
  }
}

function entryOf(messages) {
  const said = messages.map(({ text }) => text).filter(Boolean);
  const custom = messages.findLast((message) => message.custom)?.custom;
  return { who: "coach", texts: said, buttons: messages.flatMap(({ buttons }) => buttons ?? []), custom };
}

// A step's first card ends with the instruction.
function stepOf({ custom, texts: said }, known) {
  const instruction = known?.instruction ?? said.at(-1) ?? "";
  const heading = (text) => text.startsWith("**") && text.includes(custom.title);
  const told = said.filter((text) => text !== instruction && !heading(text)).join("\n\n");
  const easing = custom.card === "ease";
  return { ...custom, token: custom.session.token, instruction, told: easing ? "" : told, ease: easing ? told : "" };
}
