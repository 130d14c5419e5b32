/** The coach's API. */

import { Emitter } from "./dom.js";

const PATIENCE = 8_000; // ms
const PHRASES = new URL("phrases.json", import.meta.url); // of this version: a browser keeps it

/** Refused; status 0: never answered. */
export class CoachError extends Error {
  constructor(status, detail, wait) {
    super(detail);
    this.status = status;
    this.wait = wait;
    this.again = !status || status === 429 || status >= 500;
  }
}

/** Event: `trouble` (the error, how many tries have failed, and seconds until the next one; or null). */
export class Server extends Emitter {
  #base;
  #store;
  #signal;
  #wake = () => {};

  constructor(base, store, signal) {
    super();
    this.#base = base;
    this.#store = store;
    this.#signal = signal;
    addEventListener("online", this.tryNow, { signal });
  }

  tryNow = () => this.#wake();

  /** Asks until there is an answer. Raises CoachError for a refusal. */
  async insist(ask) {
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await ask();
        if (attempt) this.emit("trouble", null);
        return answer;
      } catch (error) {
        if (!error.again) throw error;
        const wait = error.wait || Math.min(2 ** attempt, 10);
        this.emit("trouble", { error, wait, tries: attempt + 1 });
        await new Promise((resolve) => {
          this.#wake = resolve;
          setTimeout(resolve, wait * 1000);
        });
        if (this.#signal.aborted) throw error;
      }
    }
  }

  /** The coach may know the conversation when this browser takes it for old: the device's clock has been set. */
  async open() {
    const before = this.#store.isKnown && (await this.look());
    if (before) return before;
    const { conversation: id } = await this.#ask("POST", "conversation", {});
    // Its own origin has a cookie, unless the browser takes none.
    const own = new URL(this.#base).origin === location.origin;
    this.#store.save({ id: own ? null : id });
    const found = await this.look();
    if (found) return found;
    this.#store.save({ id });
    return this.look();
  }

  /** What is on now, or null; `aloud`, its plan has the addresses of sounds. */
  look = (aloud) => this.#orNull(this.#ask("GET", `conversation${aloud ? "?speech=plan" : ""}`));
  phrases = () => fetch(PHRASES).then((answer) => answer.json());
  forget = () => this.#orNull(this.#ask("DELETE", "conversation"));
  message = (message) => this.#ask("POST", "message", message);
  /** `{ear}`: which one the coach's server has, null if none. */
  ear = () => this.#ask("GET", "listen");
  hear = (sound, asked) => this.#ask("POST", `listen${asked ? `?asked=${encodeURIComponent(asked)}` : ""}`, sound);

  #orNull = (answer) =>
    answer.catch((error) => {
      if (error.status !== 404) throw error;
      return null;
    });

  async #ask(method, path, content) {
    const { id } = this.#store.kept;
    const isSound = content instanceof ArrayBuffer;
    const headers = { "Content-Type": isSound ? "audio/pcm;rate=16000" : "application/json" };
    if (id) headers["X-Palmwise-Conversation"] = id;
    const asked = fetch(new URL(path, this.#base), {
      method,
      headers,
      body: isSound ? content : JSON.stringify(content),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const response = await asked.catch(() => Response.error());
    const told = response.status === 204 ? {} : await response.json().catch(() => null);
    if (response.ok && told) return told;
    throw new CoachError(response.ok ? 0 : response.status, told?.detail, Number(response.headers.get("Retry-After")));
  }
}
