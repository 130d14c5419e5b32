/** Hands-free: reads answers and cues aloud, listens in between, and stops talking when the person does anything. */

import { button, h, icon } from "./dom.js";
import { Listener } from "./listener.js";
import { Speaker } from "./speaker.js";
import { texts } from "./texts.js";

/** Events: `notice` (detail: words). `element` says what it is doing; `toggle` is its button. */
export class HandsFree extends EventTarget {
  on = false;
  #talk;
  #ask;
  #speaker = new Speaker(texts.lang);
  #listener = null;
  #hearing = "";

  /** `ask` shows a question: ({title, words, choices}) => the choice. */
  constructor(talk, ask) {
    super();
    this.#talk = talk;
    this.#ask = ask;
    this.toggle = h("button", { type: "button", class: "toggle", "aria-pressed": "false", onclick: () => this.#press() }, icon("ear"), h("span", {}, texts.handsFree));
    this.state = h("span", {});
    this.element = h(
      "div",
      { class: "handsfree", hidden: true },
      h("span", { class: "wave", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
      this.state,
      button(null, texts.handsFreeOff, () => this.turnOff()),
    );
    talk.addEventListener("entry", ({ detail }) => detail.fresh && this.#entry(detail.entry));
    this.#speaker.addEventListener("begin", () => this.#turn());
    this.#speaker.addEventListener("end", () => this.#turn());
  }

  /** The person typed or tapped. */
  hush() {
    if (this.#speaker.speaking) this.#speaker.cancel();
  }

  /** What a cue says; changing hands is worth cutting a sentence off. */
  cue({ say, hand, at }) {
    if (!this.on || this.#hearing) return;
    if (hand && at) this.hush();
    this.#speaker.say(say, this.#talk.session.volume);
  }

  turnOff() {
    this.on = false;
    this.#listener?.stop();
    this.#listener = null;
    if (Speaker.able) this.#speaker.cancel();
    this.#show();
  }

  async #press() {
    if (this.on) return this.turnOff();
    if (!Speaker.able) return this.#tell(texts.speakNot);
    const listener = Listener.able ? new Listener(texts.lang) : null;
    const local = listener && (await listener.local());
    const about = !listener ? texts.listenNot : local ? texts.listenLocal : texts.listenCloud;
    const choices = [listener && ["both", texts.readAndListen], ["read", texts.readOnly], [null, texts.notNow]].filter(Boolean);
    const choice = await this.#ask({ title: texts.handsFreeTitle, words: [texts.handsFreeTell, about], choices });
    if (choice) this.#begin(choice === "both" ? listener : null);
  }

  #begin(listener) {
    this.on = true;
    this.#listener = listener;
    listener?.addEventListener("heard", ({ detail }) => this.#heard(detail));
    listener?.addEventListener("hearing", ({ detail }) => this.#half(detail));
    listener?.addEventListener("failed", ({ detail }) => this.#failed(detail));
    const last = this.#talk.entries.findLast((entry) => entry.custom);
    if (last) this.#speaker.say(last.custom.say, this.#talk.session.volume);
    listener?.start();
    this.#show();
  }

  #entry({ who, custom }) {
    if (!this.on) return;
    this.hush();
    if (who === "coach" && custom?.say) this.#speaker.say(custom.say, custom.session.volume);
  }

  #turn() {
    if (this.#listener) this.#listener.deaf = this.#speaker.speaking;
    if (this.#speaker.speaking) this.#hearing = "";
    this.#show();
  }

  #heard(words) {
    this.#hearing = "";
    this.#talk.say(words, true);
  }

  #half(words) {
    this.#hearing = words;
    if (words) this.hush();
    this.#show();
  }

  #failed(why) {
    this.#listener = null;
    this.#tell(why === "denied" ? texts.microphoneDenied : texts.microphoneGone);
    this.#show();
  }

  #show() {
    const doing = this.#speaker.speaking ? "speaking" : this.#listener ? "listening" : "reading";
    this.toggle.setAttribute("aria-pressed", String(this.on));
    this.element.hidden = !this.on;
    this.element.dataset.doing = doing;
    this.state.textContent = this.#hearing || texts[doing];
  }

  #tell(words) {
    this.dispatchEvent(new CustomEvent("notice", { detail: words }));
  }
}
