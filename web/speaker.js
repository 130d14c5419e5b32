/** Reads aloud sentence by sentence, since browsers cut long utterances off, and falls silent at once. */

const PER_LETTER = 150; // milliseconds; no voice is slower, so an end that never came is not waited for longer
const VOLUME = 0.7; // of the voice as it is, with room to speak up

/** Events: `begin`, and `end` when everything has been said or was cut off. */
export class Speaker extends EventTarget {
  #queue = [];
  #turn = 0;
  #watch = null;
  speaking = false;

  constructor(lang) {
    super();
    this.lang = lang;
  }

  static get able() {
    return "speechSynthesis" in globalThis && "SpeechSynthesisUtterance" in globalThis;
  }

  /** After what is being said already. `volume` is the session's, -3 to 3. */
  say(text, volume = 0) {
    const sentences = text.match(/[^.!?]+[.!?]*["”’)]*\s*/g) ?? [];
    this.#queue.push(...sentences.map((sentence) => ({ sentence: sentence.trim(), volume })).filter((one) => one.sentence));
    if (!this.speaking && this.#queue.length) {
      this.speaking = true;
      this.dispatchEvent(new Event("begin"));
      this.#next();
    }
  }

  cancel() {
    this.#queue = [];
    this.#turn++;
    speechSynthesis.cancel();
    this.#end();
  }

  #next() {
    const one = this.#queue.shift();
    if (!one) return this.#end();
    const turn = ++this.#turn;
    const on = () => turn === this.#turn && this.#next();
    const utterance = new SpeechSynthesisUtterance(one.sentence);
    utterance.lang = this.lang;
    utterance.rate = 0.92;
    utterance.volume = Math.min(1, Math.max(0.1, VOLUME + one.volume * 0.1));
    utterance.onend = utterance.onerror = on;
    clearTimeout(this.#watch);
    const giveUp = () => (speechSynthesis.cancel(), on());
    this.#watch = setTimeout(giveUp, 3000 + one.sentence.length * PER_LETTER);
    speechSynthesis.speak(utterance);
  }

  #end() {
    clearTimeout(this.#watch);
    if (!this.speaking) return;
    this.speaking = false;
    this.dispatchEvent(new Event("end"));
  }
}
