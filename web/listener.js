/** Listens until it is stopped: begins again when the browser ends it. */

import { texts } from "./texts.js";

const PAUSE = 300; // ms until the loudspeaker is silent
const TRIES = 4; // failures in a row

export const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;

export class Listener {
  #person;
  #recognition = null;
  #timer = null;
  #failures = 0;

  /** `person` is told: `heard(words)`, `hearing(words)`, `ended()`, `failed(denied)`. */
  constructor(person) {
    this.#person = person;
    this.#begin();
  }

  stop() {
    clearTimeout(this.#timer);
    const recognition = this.#recognition;
    this.#recognition = null;
    recognition?.abort();
  }

  forget() {
    this.stop();
    this.#timer = setTimeout(() => this.#begin(), PAUSE * (1 + this.#failures));
  }

  #begin() {
    if (document.hidden) return;
    const recognition = (this.#recognition = new Recognition());
    const mine = (work) => (event) => this.#recognition === recognition && work(event);
    const ended = () => (this.#person.ended(), this.forget());
    Object.assign(recognition, {
      lang: texts.lang,
      continuous: true,
      interimResults: true,
      onresult: mine((event) => this.#result(event)),
      onerror: mine(({ error }) => this.#error(error)),
      onend: mine(ended),
    });
    try {
      recognition.start();
    } catch {
      recognition.onerror({ error: "start" });
      recognition.onend();
    }
  }

  #result({ results, resultIndex }) {
    this.#failures = 0;
    let half = "";
    for (const result of [...results].slice(resultIndex)) {
      const words = result[0].transcript.trim();
      if (result.isFinal && words) this.#person.heard(words);
      else half += ` ${words}`;
    }
    this.#person.hearing(half.trim());
  }

  #error(error) {
    if (error === "no-speech") return;
    const denied = error.endsWith("not-allowed");
    if (!denied && ++this.#failures < TRIES) return;
    this.stop();
    this.#person.failed(denied);
  }
}
