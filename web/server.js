/** What is kept elsewhere: at the coach's doors, in this browser. */

const SILENCE = 3_600_000; // ms; as the coach
const LONGEST = 120; // entries
const NOTHING = { entries: [], outbox: [], at: 0 };

const PATIENCE = 15_000; // ms

/** Refused, or never answered (status 0). */
export class CoachError extends Error {
  constructor(status, detail, wait = 0) {
    super(detail);
    this.status = status;
    this.wait = wait;
    this.again = !status || status === 429 || status >= 500;
  }
}

/** Its own origin needs no `id`: there is a cookie. */
export class Server {
  id = null;

  constructor(base) {
    this.base = base;
    this.own = new URL(base).origin === location.origin;
  }

  async open() {
    const { conversation } = await this.#ask("POST", "conversation", {});
    this.id = this.own ? null : conversation;
    return this.look().catch((error) => {
      if (error.status !== 404 || this.id) throw error;
      this.id = conversation; // this browser takes no cookies
      return this.look();
    });
  }

  look = () => this.#ask("GET", "conversation");
  forget = () => this.#ask("DELETE", "conversation");
  message = (message) => this.#ask("POST", "message", message);

  async #ask(method, door, content) {
    const headers = content ? { "Content-Type": "application/json" } : {};
    if (this.id) headers["X-Palmwise-Conversation"] = this.id;
    let response;
    let told;
    try {
      response = await fetch(new URL(door, this.base), {
        method,
        headers,
        body: content && JSON.stringify(content),
        credentials: this.own ? "same-origin" : "omit",
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
      told = response.status === 204 ? {} : await response.json();
    } catch {
      throw new CoachError(response?.ok ? 0 : response?.status, "");
    }
    if (response.ok) return told;
    throw new CoachError(response.status, told.detail, Number(response.headers.get("Retry-After")));
  }
}

// Where storage is off, memory has to do.
const tried = (work) => {
  try {
    return work();
  } catch {
    return null;
  }
};

export class Store {
  kept = NOTHING;
  #channel = null;

  constructor(name, heard) {
    this.name = `palmwise:${name}`;
    if (!globalThis.BroadcastChannel) return;
    this.#channel = new BroadcastChannel(this.name);
    this.#channel.onmessage = ({ data }) => heard(data);
  }

  load() {
    const kept = tried(() => JSON.parse(localStorage.getItem(this.name)));
    if (kept && Date.now() - kept.at < SILENCE) this.kept = { ...this.kept, ...kept };
    return this.kept;
  }

  save(changes) {
    this.kept = { ...this.kept, ...changes, at: Date.now() };
    this.kept.entries = this.kept.entries.slice(-LONGEST);
    tried(() => localStorage.setItem(this.name, JSON.stringify(this.kept)));
  }

  clear(everywhere = true) {
    this.kept = NOTHING;
    if (everywhere) tried(() => localStorage.removeItem(this.name));
  }

  tell(news) {
    this.#channel?.postMessage(news);
  }

  close() {
    this.#channel?.close();
  }
}
