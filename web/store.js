/**
 * What this browser keeps of the conversation, for all of its tabs and all elements of a page: sealed, by a key in a session
 * cookie, so that nobody can read it once the browser has been closed.
 */

import { Emitter } from "./dom.js";
import { newKey, seal, unseal } from "./seal.js";

const SILENCE = 3_600_000; // ms; as the coach
const LONGEST = 120; // entries
const NOTHING = { entries: [], outbox: [] };
const COOKIE = "palmwise_key";
const ANOTHER = "palmwise:kept"; // told within a page, where browsers do not tell of changes

/** Event: `change`: another tab or element has changed what is kept; its entries, or null. */
export class Store extends Emitter {
  #storage;
  #spare = null; // key, where there are no cookies
  #last = { sealed: "", text: "null" }; // that was read

  constructor(base, signal) {
    super();
    this.name = `palmwise:2:${base}`; // another format gets another number
    try {
      this.#storage = localStorage ?? {};
    } catch {
      this.#storage = {}; // where storage is off, or full, memory has to do
    }
    if (!this.#kept()) this.#delete(); // of another time of the browser
    addEventListener("storage", ({ key }) => (key === this.name || key === null) && this.#changed(), { signal });
    addEventListener(ANOTHER, ({ detail }) => detail.name === this.name && detail.from !== this && this.#changed(), { signal });
  }

  /** What is not as it was written is nothing: somebody else's, or broken. */
  get kept() {
    const kept = this.#kept();
    return kept && Date.now() - kept.at < SILENCE ? kept : { ...NOTHING, id: kept?.id };
  }

  /** Whether there was a conversation before, however long ago. */
  get isKnown() {
    return Boolean(this.#kept());
  }

  save(changes) {
    const kept = { ...this.kept, ...changes, at: Date.now() };
    kept.entries = kept.entries.slice(-LONGEST);
    const key = cookie() ?? this.#newKey();
    // Whether a massage is on is all that the closed button needs to know.
    const state = kept.entries.findLast(({ custom }) => custom)?.custom.session.state;
    const sealed = `${state} ${seal(JSON.stringify(kept), key)}`;
    try {
      this.#storage[this.name] = sealed;
    } catch {
      this.#delete();
      this.#storage = { [this.name]: sealed };
    }
    this.#tell();
  }

  clear() {
    this.#delete();
    bake("", "; max-age=0");
    this.#tell();
  }

  // Where no cookie is taken, nothing can be read after a reload, and nothing needs to be kept.
  #newKey() {
    if (this.#spare) return this.#spare;
    const key = newKey();
    bake(key);
    if (cookie() === key) return key;
    this.#storage = {};
    return (this.#spare = key);
  }

  #kept() {
    try {
      const kept = JSON.parse(this.#text());
      return Array.isArray(kept?.entries) && Array.isArray(kept.outbox) && kept.entries.every(isEntry) ? kept : null;
    } catch {
      return null;
    }
  }

  // It is asked for often, and seldom another.
  #text() {
    const sealed = this.#storage[this.name] ?? "";
    if (sealed !== this.#last.sealed) this.#last = { sealed, text: sealed && unseal(sealed.split(" ")[1], cookie() ?? this.#spare) };
    return this.#last.text;
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
    this.emit("change", this.#kept()?.entries ?? null);
  }
}

function cookie() {
  try {
    return document.cookie.match(`(?:^|; )${COOKIE}=(\\w{64})`)?.[1] ?? null;
  } catch {
    return null; // in a sandbox
  }
}

// Without an age it ends with the browser.
function bake(value, age = "") {
  try {
    document.cookie = `${COOKIE}=${value}; path=/; samesite=strict${age}${location.protocol === "https:" ? "; secure" : ""}`;
  } catch {
    // In a sandbox.
  }
}

const isEntry = (entry) => Array.isArray(entry?.texts) && (!entry.custom || (Array.isArray(entry.buttons) && Boolean(entry.custom.session)));
