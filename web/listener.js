/** Listens until it is stopped: begins again when the browser ends it. */

import { texts } from "./texts.js";

const PAUSE = 300; // ms until the loudspeaker is silent
const TRIES = 4; // failures in a row
const SETTLE = 400; // ms until a final result of Android is believed to be final
const AGAIN = 1500; // ms for which Android may deliver the same once more

const ANDROID = /Android/.test(navigator.userAgent);

export const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;

export class Listener {
  #person;
  #recognition = null;
  #timer = null;
  #failures = 0;
  #settling = null;
  #last = { words: "", at: 0 };

  /** `person` is told: `heard(words)`, `hearing(words)`, `ended()`, `failed(denied)`. */
  constructor(person) {
    this.#person = person;
    this.#begin();
  }

  stop() {
    clearTimeout(this.#settling?.timer);
    this.#settling = null;
    this.#halt();
  }

  #halt() {
    clearTimeout(this.#timer);
    const recognition = this.#recognition;
    this.#recognition = null;
    recognition?.abort();
  }

  forget() {
    this.stop();
    this.#restart();
  }

  #restart() {
    this.#halt();
    this.#timer = setTimeout(() => this.#begin(), PAUSE * (1 + this.#failures));
  }

  #begin() {
    if (document.hidden) return;
    const recognition = (this.#recognition = new Recognition());
    const mine = (work) => (event) => this.#recognition === recognition && work(event);
    const ended = () => (this.#person.ended(), this.#restart());
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
      if (result.isFinal && words) ANDROID ? this.#settle(words) : this.#person.heard(words);
      else half += ` ${words}`;
    }
    this.#person.hearing(half.trim());
  }

  /** Android marks what it has so far as final, word by word, and delivers it again. */
  #settle(words) {
    const before = this.#settling;
    clearTimeout(before?.timer);
    if (before && !words.startsWith(before.words)) before.tell();
    this.#settling = null;
    if (words === this.#last.words && performance.now() - this.#last.at < AGAIN) return;
    const tell = () => {
      this.#settling = null;
      this.#last = { words, at: performance.now() };
      this.#person.heard(words);
    };
    this.#settling = { words, tell, timer: setTimeout(tell, SETTLE) };
  }

  #error(error) {
    if (error === "no-speech") return;
    const denied = error.endsWith("not-allowed");
    if (!denied && ++this.#failures < TRIES) return;
    this.stop();
    this.#person.failed(denied);
  }
}
