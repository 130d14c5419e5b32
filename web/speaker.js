/** Reads aloud: in the coach's own voice where the server has one, else in the browser's. */

import { Emitter } from "./dom.js";
import { settings } from "./settings.js";
import { texts } from "./texts.js";

const PER_LETTER = 150; // ms; no voice is slower
const RATE = 165; // words a minute of the coach's voice
const CALM = 0.92; // of the browser's
const VOLUME = 0.7; // with room to speak up
const PATIENCE = 4000; // ms, for a sound from the server
const KEPT = 150; // sounds, as they came: of Ogg, 28 kB on average
const SENTENCE = /[^.!?\s][^.!?]*[.!?]*["”’)]*/g;
const SERVED = /\S.*?[.!?](?=\s|$)|\S.*$/gs; // as the server does

/** Event: `turn`, when it begins or falls silent. */
export class Speaker extends Emitter {
  said = ""; // since it began
  volume = VOLUME;
  #url;
  #queue = [];
  #now = null;
  #quiet = () => {};
  #watch = null;
  #context = null;
  #sounds = new Map();
  #wanted = [];

  /** `url` makes an address of a path that the server gave. */
  constructor(url) {
    super();
    this.#url = url;
  }

  /** Name of one of the browser's; empty for the coach's own. */
  get voice() {
    return settings.get("voice");
  }

  get pace() {
    return settings.get("rate");
  }

  get #coachs() {
    return this.#context && !this.voice;
  }

  get speaking() {
    return Boolean(this.#now);
  }

  /** While a press is being handled: before one, browsers let no sound out. */
  unlock() {
    this.#context ??= new AudioContext();
    this.#context.resume();
  }

  /** Fetches sounds that will be wanted, the first of them first. */
  async prepare(paths) {
    this.#wanted = paths;
    for (const path of paths) {
      // One after the other: what is to be said now must not wait behind them.
      if (!path || !this.#coachs || this.#wanted !== paths) return;
      await this.#sound(path);
    }
  }

  /** `path`: where the server has it as sound. */
  say(text, volume = 0, path = "") {
    if (path && this.#coachs) this.#queue.push(...this.#pieces(text, path));
    else this.#queue.push(...sentences(text));
    this.volume = Math.min(1, Math.max(0.1, VOLUME + volume * 0.1));
    if (!this.speaking) this.#next();
  }

  /** Sentence by sentence, as the first is made sooner than all, unless all has been fetched. */
  #pieces(text, path) {
    if (this.#sounds.has(this.#address(path))) return [{ words: text, path }];
    return servedSentences(text).map((words, at) => ({ words, path: `${path}&sentence=${at}` }));
  }

  cancel() {
    this.#queue = [];
    this.#next();
  }

  #next() {
    clearTimeout(this.#watch);
    const before = this.speaking;
    const piece = (this.#now = this.#queue.shift() ?? null);
    this.#quiet();
    this.#quiet = () => {};
    if (before !== this.speaking) this.emit("turn");
    if (!piece) return;
    this.said = before ? `${this.said} ${piece.words}` : piece.words;
    if (piece.path) this.#play(piece);
    else this.#read(piece);
  }

  #after(piece) {
    return () => this.#now === piece && this.#next();
  }

  async #play(piece) {
    const sound = await this.#decoded(piece.path);
    if (this.#now !== piece) return;
    if (!sound) {
      this.#queue.unshift(...sentences(piece.words));
      return this.#next();
    }
    const source = new AudioBufferSourceNode(this.#context, { buffer: sound });
    const gain = new GainNode(this.#context, { gain: this.volume });
    source.connect(gain).connect(this.#context.destination);
    source.onended = this.#after(piece);
    this.#quiet = () => (gain.disconnect(), source.stop());
    this.#watch = setTimeout(this.#after(piece), 3000 + sound.duration * 1000);
    this.#context.resume();
    source.start();
    if (this.#queue[0]?.path) this.#sound(this.#queue[0].path);
  }

  #read(piece) {
    const synthesis = globalThis.speechSynthesis;
    if (!synthesis) return this.#next();
    const utterance = new SpeechSynthesisUtterance(piece.words);
    const onend = this.#after(piece);
    const voice = synthesis.getVoices?.().find(({ name }) => name === this.voice);
    if (voice) utterance.voice = voice;
    Object.assign(utterance, { lang: texts.lang, rate: CALM * this.pace, volume: this.volume, onend, onerror: onend });
    this.#quiet = () => synthesis.cancel();
    this.#watch = setTimeout(onend, 3000 + (piece.words.length * PER_LETTER) / this.pace);
    synthesis.speak(utterance);
  }

  #address(path) {
    const url = new URL(this.#url(path));
    url.searchParams.set("rate", Math.round(RATE * this.pace));
    return url.href;
  }

  async #decoded(path) {
    const sound = await this.#sound(path);
    // Decoding takes the bytes away.
    return sound && this.#context.decodeAudioData(sound.slice(0)).catch(() => null);
  }

  /** The bytes of a sound, or null. */
  #sound(path) {
    const url = this.#address(path);
    const known = this.#sounds.get(url) ?? this.#fetch(url);
    this.#sounds.delete(url);
    this.#sounds.set(url, known);
    if (this.#sounds.size > KEPT) this.#sounds.delete(this.#sounds.keys().next().value);
    return known;
  }

  async #fetch(url) {
    try {
      const headers = { Accept: new Audio().canPlayType("audio/ogg; codecs=vorbis") ? "audio/ogg" : "audio/mpeg" };
      const response = await fetch(url, { headers, credentials: "omit", signal: AbortSignal.timeout(PATIENCE) });
      if (!response.ok) throw new Error(response.status);
      return await response.arrayBuffer();
    } catch {
      this.#sounds.delete(url);
      return null;
    }
  }
}

/** What the server can make sounds of one by one. */
export const servedSentences = (text) => text.match(SERVED) ?? [];

/** Browsers cut long texts off. */
const sentences = (text) => (text.match(SENTENCE) ?? []).map((words) => ({ words }));
