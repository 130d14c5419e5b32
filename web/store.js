/** What this browser keeps of the conversation, for all of its tabs. */

const SILENCE = 3_600_000; // ms; as the coach
const LONGEST = 120; // entries
const NOTHING = { entries: [], outbox: [] };

export class Store {
  #storage;

  constructor(base) {
    this.name = `palmwise:${base}`;
    try {
      this.#storage = localStorage;
    } catch {
      this.#storage = {}; // where storage is off, or full, memory has to do
    }
  }

  get kept() {
    const kept = JSON.parse(this.#storage[this.name] ?? null);
    return kept && Date.now() - kept.at < SILENCE ? kept : NOTHING;
  }

  save(changes) {
    const kept = { ...this.kept, ...changes, at: Date.now() };
    kept.entries = kept.entries.slice(-LONGEST);
    try {
      this.#storage[this.name] = JSON.stringify(kept);
    } catch {
      this.clear();
      this.#storage = { [this.name]: JSON.stringify(kept) };
    }
  }

  clear() {
    delete this.#storage[this.name];
  }
}
