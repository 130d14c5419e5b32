/** Reads aloud, listens in between, falls silent when the person does anything. */

import { ask, button, Emitter, h } from "./dom.js";
import { texts } from "./texts.js";

const PER_LETTER = 150; // ms; no voice is slower
const VOLUME = 0.7; // with room to speak up
const PAUSE = 300; // ms until the loudspeaker is silent
const TRIES = 4; // failures in a row

// By sentences, since browsers cut long texts off.
class Speaker extends Emitter {
  static able = "speechSynthesis" in globalThis;
  speaking = false;
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
    speechSynthesis.speak(utterance);
  }

  #now(speaking) {
    if (this.speaking === speaking) return;
    this.speaking = speaking;
    this.emit("turn");
  }
}

// Begins again when the browser stops.
class Listener extends Emitter {
  static get Recognition() {
    return globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
  }

  #recognition = null;
  #wanted = false;
  #deaf = false;
  #timer = null;
  #failures = 0;

  constructor(lang) {
    super();
    this.lang = lang;
  }

  start() {
    this.#wanted = true;
    this.#begin();
  }

  stop() {
    this.#wanted = false;
    this.deaf = true;
  }

  set deaf(deaf) {
    this.#deaf = deaf;
    this.#later();
    if (!deaf) return;
    const recognition = this.#recognition;
    this.#recognition = null;
    recognition?.abort();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#begin(), PAUSE * (1 + this.#failures));
  }

  #begin() {
    if (!this.#wanted || this.#deaf || this.#recognition) return;
    const recognition = (this.#recognition = new Listener.Recognition());
    const mine = (work) => (event) => this.#recognition === recognition && work(event);
    const ended = () => {
      this.#recognition = null;
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
      if (result.isFinal && words) this.emit("heard", words);
      else half += ` ${words}`;
    }
    this.emit("hearing", half.trim());
  }

  #error(error) {
    if (error === "no-speech" || error === "aborted") return;
    const denied = error.endsWith("not-allowed");
    if (!denied && ++this.#failures < TRIES) return;
    this.stop();
    this.emit("failed", denied);
  }
}

export class HandsFree extends Emitter {
  active = false;
  #talk;
  #speaker = new Speaker(texts.lang);
  #listener = null;
  #hearing = "";

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
    const listener = Listener.Recognition && new Listener(texts.lang);
    const about = listener ? texts.listenCloud : texts.listenNot;
    const choices = [listener && ["both", texts.readAndListen], ["read", texts.readOnly], [null, texts.notNow]].filter(Boolean);
    const choice = await ask(this.element.parentNode, texts.handsFree, [texts.handsFreeTell, about], choices);
    if (choice) this.#begin(choice === "both" && listener);
  }

  #begin(listener) {
    this.active = true;
    this.#listener = listener;
    if (listener) {
      listener.on("heard", (words) => this.#heard(words));
      listener.on("hearing", (words) => this.#half(words));
      listener.on("failed", (denied) => this.#failed(denied));
    }
    this.#say(this.#talk.latest?.custom.say);
    if (listener) listener.start();
    this.#show();
  }

  #entry({ custom }) {
    this.hush();
    this.#say(custom?.say);
  }

  #turn() {
    if (this.#listener) this.#listener.deaf = this.#speaker.speaking;
    if (this.#speaker.speaking) this.#hearing = "";
    this.#show();
  }

  #heard(words) {
    this.#hearing = "";
    this.#talk.say(words);
  }

  #half(words) {
    this.#hearing = words;
    if (words) this.hush();
    this.#show();
  }

  #failed(denied) {
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
