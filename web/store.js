/** Keeps the conversation in this browser over reloads, and tells the other tabs of it. */

const SILENCE = 3_600_000; // milliseconds; the coach forgets after the same hour
const LONGEST = 120; // entries

/** What is kept under one name, in memory where the browser keeps nothing. */
export class Store {
  #name;
  #channel = null;
  #kept = { entries: [], outbox: [], at: 0 };

  constructor(name, heard) {
    this.#name = `palmwise:${name}`;
    if ("BroadcastChannel" in globalThis) {
      this.#channel = new BroadcastChannel(this.#name);
      this.#channel.onmessage = ({ data }) => heard(data);
    }
  }

  /** What was kept, unless it is older than the coach's own memory. */
  load() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#name));
      if (kept && Date.now() - kept.at < SILENCE) this.#kept = { ...this.#kept, ...kept };
      else localStorage.removeItem(this.#name);
    } catch {
      // Storage is switched off: memory has to do.
    }
    return this.#kept;
  }

  get kept() {
    return this.#kept;
  }

  save(changes) {
    this.#kept = { ...this.#kept, ...changes, at: Date.now() };
    this.#kept.entries = this.#kept.entries.slice(-LONGEST);
    try {
      localStorage.setItem(this.#name, JSON.stringify(this.#kept));
    } catch {
      // As above.
    }
  }

  /** Forgets; where another tab has done so already, only here. */
  clear(everywhere = true) {
    this.#kept = { entries: [], outbox: [], at: 0 };
    if (!everywhere) return;
    try {
      localStorage.removeItem(this.#name);
    } catch {
      // As above.
    }
  }

  tell(news) {
    this.#channel?.postMessage(news);
  }

  close() {
    this.#channel?.close();
  }
}
