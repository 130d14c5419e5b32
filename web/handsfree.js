/** Hands-free: reads aloud, listens, falls silent when the person does anything. */

import { ask, button, h } from "./dom.js";
import { others } from "./echo.js";
import { Listener, Recognition } from "./listener.js";
import { Speaker } from "./speaker.js";
import { texts } from "./texts.js";

export class HandsFree {
  #talk;
  #active = false;
  #speaker = new Speaker();
  #listener = null;
  #hearing = "";
  #told = null;
  #cut = false; // by voice, with the rest of the sentence to come

  constructor(talk) {
    this.#talk = talk;
    this.toggle = button("ear", texts.handsFree, () => this.#press(), "toggle");
    this.state = h("span");
    this.element = h("div.handsfree", this.state, button(null, texts.handsFreeOff, () => this.turnOff()));
    talk.on("entry", ({ entry, fresh }) => fresh && this.#entry(entry));
    talk.on("trouble", (words) => words !== this.#told && this.#say((this.#told = words)));
    talk.clock.on("cue", (cue) => this.#cue(cue));
    document.addEventListener("visibilitychange", () => (this.ended(), this.#listener?.forget()));
    this.#speaker.on("turn", () => this.#turn());
    this.#show();
  }

  hush() {
    if (this.#speaker.speaking) this.#speaker.cancel();
  }

  turnOff() {
    this.#active = false;
    this.ended();
    this.#listener?.stop();
    this.#listener = null;
    this.hush();
    this.#show();
  }

  #say(words) {
    if (this.#active && words) this.#speaker.say(words, this.#talk.session.volume);
  }

  async #press() {
    if (this.#active) return this.turnOff();
    const about = Recognition ? texts.listenCloud : texts.listenNot;
    const choices = [["read", texts.readOnly], ["", texts.notNow]];
    if (Recognition) choices.unshift(["both", texts.readAndListen]);
    const choice = await ask(this.element.parentNode, texts.handsFree, [texts.handsFreeTell, about], choices);
    if (!choice) return;
    this.#active = true;
    this.#say(this.#talk.latest?.custom.say);
    if (choice === "both") this.#listener = new Listener(this);
    this.#show();
  }

  #entry({ custom }) {
    this.hush();
    this.#say(custom?.say);
  }

  // Changing hands is worth cutting anybody off.
  #cue({ say, hand, at }) {
    if (hand && at) this.hush();
    else if (this.#hearing) return;
    this.#say(say);
  }

  // What comes in late from the loudspeaker goes with the old recognition.
  #turn() {
    if (this.#speaker.speaking) this.ended();
    else if (!this.#cut) this.#listener?.forget();
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
    this.#hearing = speaking || this.#cut ? others(words, said, this.#talk.phrases.cut_in, this.#cut) : words;
    if (speaking && this.#hearing) {
      this.#cut = true;
      this.hush();
    }
    this.#show();
  }

  failed(denied) {
    this.#listener = null;
    const words = denied ? texts.microphoneDenied : texts.microphoneGone;
    this.#talk.emit("notice", words);
    this.#say(words);
    this.#show();
  }

  #show() {
    const doing = this.#speaker.speaking ? "speaking" : this.#listener ? "listening" : "reading";
    this.toggle.setAttribute("aria-pressed", this.#active);
    this.element.hidden = !this.#active;
    this.state.textContent = this.#hearing || texts[doing];
  }
}
