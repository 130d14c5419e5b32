/** Reads aloud, listens, falls silent when the person does anything. */

import { ask, button, Emitter, h } from "./dom.js";
import { others } from "./echo.js";
import { texts } from "./texts.js";

const PER_LETTER = 150; // ms; no voice is slower
const VOLUME = 0.7; // with room to speak up
const PAUSE = 300; // ms until the loudspeaker is silent
const TRIES = 4; // failures in a row

// By sentences, since browsers cut long texts off.
class Speaker extends Emitter {
  static able = "speechSynthesis" in globalThis;
  speaking = false;
  said = ""; // since it began to speak
  #queue = [];
  #turn = 0;
  #watch = null;

  constructor(lang) {
    super();
    this.lang = lang;
  }

  say(text, volume = 0) {
    const sentences = text.match(/[^.!?]+[.!?]*["”’)]*\s*/g) ?? [];
    this.#queue.push(...sentences.map((one) => ({ sentence: one.trim(), volume })).filter(({ sentence }) => sentence));
    if (this.speaking || !this.#queue.length) return;
    this.said = "";
    this.#now(true);
    this.#next();
  }

  cancel() {
    this.#queue = [];
    this.#turn++;
    speechSynthesis.cancel();
    this.#next();
  }

  #next() {
    clearTimeout(this.#watch);
    const one = this.#queue.shift();
    if (!one) return this.#now(false);
    const turn = ++this.#turn;
    const on = () => turn === this.#turn && this.#next();
    const volume = Math.min(1, Math.max(0.1, VOLUME + one.volume * 0.1));
    const utterance = new SpeechSynthesisUtterance(one.sentence);
    Object.assign(utterance, { lang: this.lang, rate: 0.92, volume, onend: on, onerror: on });
    this.#watch = setTimeout(() => (speechSynthesis.cancel(), on()), 3000 + one.sentence.length * PER_LETTER);
    this.said += ` ${one.sentence}`;
    speechSynthesis.speak(utterance);
  }

  #now(speaking) {
    if (this.speaking === speaking) return;
    this.speaking = speaking;
    this.emit("turn");
  }
}

// Begins again when the browser stops.
class Listener {
  static get Recognition() {
    return globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
  }

  #recognition = null;
  #wanted = false;
  #timer = null;
  #failures = 0;

  /** `person` is told: `heard(words)`, `hearing(words)`, `ended()`, `failed(denied)`. */
  constructor(lang, person) {
    this.lang = lang;
    this.person = person;
  }

  start() {
    this.#wanted = true;
    this.#begin();
  }

  stop() {
    this.#wanted = false;
    this.forget();
  }

  /** Drops what is half heard; listens again in a moment. */
  forget() {
    const recognition = this.#recognition;
    this.#recognition = null;
    recognition?.abort();
    this.#later();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#begin(), PAUSE * (1 + this.#failures));
  }

  #begin() {
    if (!this.#wanted || this.#recognition) return;
    const recognition = (this.#recognition = new Listener.Recognition());
    const mine = (work) => (event) => this.#recognition === recognition && work(event);
    const ended = () => {
      this.#recognition = null;
      this.person.ended();
      this.#later();
    };
    Object.assign(recognition, {
      lang: this.lang,
      continuous: true,
      interimResults: true,
      onresult: mine((event) => this.#result(event)),
      onerror: mine(({ error }) => this.#error(error)),
      onend: mine(ended),
    });
    try {
      recognition.start();
    } catch {
      this.#error("start");
      ended();
    }
  }

  #result({ results, resultIndex }) {
    this.#failures = 0;
    let half = "";
    for (const result of [...results].slice(resultIndex)) {
      const words = result[0].transcript.trim();
      if (result.isFinal && words) this.person.heard(words);
      else half += ` ${words}`;
    }
    this.person.hearing(half.trim());
  }

  #error(error) {
    if (error === "no-speech" || error === "aborted") return;
    const denied = error.endsWith("not-allowed");
    if (!denied && ++this.#failures < TRIES) return;
    this.stop();
    this.person.failed(denied);
  }
}

export class HandsFree extends Emitter {
  active = false;
  #talk;
  #speaker = new Speaker(texts.lang);
  #listener = null;
  #hearing = "";
  #cut = false; // by voice, with the rest of the sentence to come

  constructor(talk) {
    super();
    this.#talk = talk;
    this.toggle = button("ear", texts.handsFree, () => this.#press(), "toggle", { "aria-pressed": false });
    this.state = h("span");
    this.element = h("div.handsfree", { hidden: true }, this.state, button(null, texts.handsFreeOff, () => this.turnOff()));
    talk.on("entry", ({ entry, fresh }) => fresh && this.#entry(entry));
    this.#speaker.on("turn", () => this.#turn());
  }

  hush() {
    if (this.#speaker.speaking) this.#speaker.cancel();
  }

  /** Changing hands is worth cutting a sentence off. */
  cue({ say, hand, at }) {
    if (this.#hearing) return;
    if (hand && at) this.hush();
    this.#say(say);
  }

  turnOff() {
    this.active = false;
    this.ended();
    this.#listener?.stop();
    this.#listener = null;
    this.hush();
    this.#show();
  }

  #say(words) {
    if (this.active && words) this.#speaker.say(words, this.#talk.session.volume);
  }

  async #press() {
    if (this.active) return this.turnOff();
    if (!Speaker.able) return this.emit("notice", texts.speakNot);
    const able = Listener.Recognition;
    const about = able ? texts.listenCloud : texts.listenNot;
    const choices = [able && ["both", texts.readAndListen], ["read", texts.readOnly], [null, texts.notNow]].filter(Boolean);
    const choice = await ask(this.element.parentNode, texts.handsFree, [texts.handsFreeTell, about], choices);
    if (choice) this.#begin(choice === "both");
  }

  #begin(listening) {
    this.active = true;
    this.#listener = listening ? new Listener(texts.lang, this) : null;
    this.#say(this.#talk.latest?.custom.say);
    this.#listener?.start();
    this.#show();
  }

  #entry({ custom }) {
    this.hush();
    this.#say(custom?.say);
  }

  // What comes in late from the loudspeaker goes with the old recognition.
  #turn() {
    if (!this.#speaker.speaking && !this.#cut) this.#listener?.forget();
    if (this.#speaker.speaking) this.ended();
    this.#show();
  }

  ended() {
    this.#hearing = "";
    this.#cut = false;
  }

  heard(words) {
    this.hearing(words);
    const theirs = this.#hearing;
    this.ended();
    if (theirs) this.#talk.say(theirs);
    this.#show();
  }

  hearing(words) {
    const { speaking, said } = this.#speaker;
    this.#hearing = speaking || this.#cut ? others(words, said, this.#cut) : words;
    if (speaking && this.#hearing) {
      this.#cut = true;
      this.hush();
    }
    this.#show();
  }

  failed(denied) {
    this.#listener = null;
    this.emit("notice", denied ? texts.microphoneDenied : texts.microphoneGone);
    this.#show();
  }

  #show() {
    const doing = this.#speaker.speaking ? "speaking" : this.#listener ? "listening" : "reading";
    this.toggle.setAttribute("aria-pressed", this.active);
    this.element.hidden = !this.active;
    this.state.textContent = this.#hearing || texts[doing];
  }
}
