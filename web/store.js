/** What this browser keeps of the conversation, for all of its tabs and all elements of a page. */

import { Emitter } from "./dom.js";

const SILENCE = 3_600_000; // ms; as the coach
const LONGEST = 120; // entries
const NOTHING = { entries: [], outbox: [] };
const ANOTHER = "palmwise:kept"; // told within a page, where browsers do not tell of changes

/** Event: `change`: another tab or element has changed what is kept; its entries, or null. */
export class Store extends Emitter {
  #storage;

  constructor(base, signal) {
    super();
    this.name = `palmwise:1:${base}`; // another format gets another number
    try {
      this.#storage = localStorage ?? {};
    } catch {
      this.#storage = {}; // where storage is off, or full, memory has to do
    }
    addEventListener("storage", ({ key }) => (key === this.name || key === null) && this.#changed(), { signal });
    addEventListener(ANOTHER, ({ detail }) => detail.name === this.name && detail.from !== this && this.#changed(), { signal });
  }

  /** What is not as it was written is nothing: somebody else's, or broken. */
  get kept() {
    const kept = this.#read();
    return kept && Date.now() - kept.at < SILENCE ? kept : { ...NOTHING, id: kept?.id };
  }

  /** Whether there was a conversation before, however long ago. */
  get isKnown() {
    return Boolean(this.#read());
  }

  save(changes) {
    const kept = { ...this.kept, ...changes, at: Date.now() };
    kept.entries = kept.entries.slice(-LONGEST);
    try {
      this.#storage[this.name] = JSON.stringify(kept);
    } catch {
      this.#delete();
      this.#storage = { [this.name]: JSON.stringify(kept) };
    }
    this.#tell();
  }

  clear() {
    this.#delete();
    this.#tell();
  }

  #read() {
    try {
      const kept = JSON.parse(this.#storage[this.name] ?? null);
      return Array.isArray(kept?.entries) && Array.isArray(kept.outbox) && kept.entries.every(isEntry) ? kept : null;
    } catch {
      return null;
    }
  }

  #delete() {
    try {
      delete this.#storage[this.name];
    } catch {
      this.#storage = {};
    }
  }

  #tell() {
    dispatchEvent(new CustomEvent(ANOTHER, { detail: { name: this.name, from: this } }));
  }

  #changed() {
    this.emit("change", this.#read()?.entries ?? null);
  }
}

const isEntry = (entry) => Array.isArray(entry?.texts) && (!entry.custom || (Array.isArray(entry.buttons) && Boolean(entry.custom.session)));
