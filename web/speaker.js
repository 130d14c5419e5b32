/** Reads aloud. */

import { Emitter } from "./dom.js";
import { texts } from "./texts.js";

const PER_LETTER = 150; // ms; no voice is slower
const VOLUME = 0.7; // with room to speak up
const SENTENCE = /[^.!?\s][^.!?]*[.!?]*["”’)]*/g;

/** By sentences: browsers cut long texts off. Event: `turn`, when it begins or falls silent. */
export class Speaker extends Emitter {
  said = ""; // since it began
  #queue = [];
  #utterance = null;
  #watch = null;

  get speaking() {
    return Boolean(this.#utterance);
  }

  say(text, volume = 0) {
    this.#queue.push(...(text.match(SENTENCE) ?? []));
    this.volume = Math.min(1, Math.max(0.1, VOLUME + volume * 0.1));
    if (!this.speaking) this.#next();
  }

  cancel() {
    this.#queue = [];
    this.#next();
    speechSynthesis.cancel();
  }

  #next() {
    clearTimeout(this.#watch);
    const before = this.speaking;
    const sentence = this.#queue.shift();
    const utterance = (this.#utterance = sentence && new SpeechSynthesisUtterance(sentence));
    if (before !== this.speaking) this.emit("turn");
    if (!sentence) return;
    this.said = before ? `${this.said} ${sentence}` : sentence;
    const onend = () => this.#utterance === utterance && this.#next();
    Object.assign(utterance, { lang: texts.lang, rate: 0.92, volume: this.volume, onend, onerror: onend });
    this.#watch = setTimeout(() => (speechSynthesis.cancel(), onend()), 3000 + sentence.length * PER_LETTER);
    speechSynthesis.speak(utterance);
  }
}
