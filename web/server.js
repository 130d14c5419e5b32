/** Speaks to the coach's doors; says of each failure whether trying again can help. */

const HEADER = "X-Palmwise-Conversation";
const PATIENCE = 15_000; // milliseconds until an answer is given up

/** A request that was refused (`status`), or never answered (`status` 0). */
export class CoachError extends Error {
  constructor(status, detail, wait = 0) {
    super(detail);
    this.status = status;
    this.wait = wait;
    this.again = status === 0 || status === 429 || status >= 500;
  }
}

/** The doors under one address. On its own origin the cookie names the conversation; elsewhere a header does. */
export class Server {
  #base;
  #own;

  #id = null;

  constructor(base) {
    this.#base = base;
    this.#own = new URL(base).origin === location.origin;
  }

  /** The id where the page has to keep it, since there is no cookie; else null. */
  get id() {
    return this.#id;
  }

  set id(id) {
    this.#id = id ?? null;
  }

  /** Opens a conversation; answers as `look` does. */
  async open() {
    const { conversation } = await this.#ask("POST", "conversation");
    this.#id = this.#own ? null : conversation;
    try {
      return await this.look();
    } catch (error) {
      if (error.status !== 404 || this.#id) throw error;
      this.#id = conversation; // this browser takes no cookies
      return this.look();
    }
  }

  look = () => this.#ask("GET", "conversation");
  forget = () => this.#ask("DELETE", "conversation");
  message = (message) => this.#ask("POST", "message", message);

  async #ask(method, door, content = {}) {
    const headers = method === "POST" ? { "Content-Type": "application/json" } : {};
    if (this.#id) headers[HEADER] = this.#id;
    let response;
    try {
      response = await fetch(new URL(door, this.#base), {
        method,
        headers,
        body: method === "POST" ? JSON.stringify(content) : undefined,
        credentials: this.#own ? "same-origin" : "omit",
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (response.status === 204) return {};
      var told = await response.json();
    } catch {
      throw new CoachError(response && !response.ok ? response.status : 0, "");
    }
    if (!response.ok) throw new CoachError(response.status, told.detail, Number(response.headers.get("Retry-After")));
    return told;
  }
}
