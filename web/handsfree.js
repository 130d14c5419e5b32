/** Hands-free: reads aloud, listens, falls silent when the person does anything. */

import { ask, button, h } from "./dom.js";
import { canListen, Ear } from "./ear.js";
import { others } from "./echo.js";
import { Listener, Recognition } from "./listener.js";
import { Speaker } from "./speaker.js";
import { texts } from "./texts.js";

const FALSE_ALARMS = 2; // in a row, after which the coach speaks on for a while whoever makes a noise
const FIRM = 20_000; // ms

export class HandsFree {
  #talk;
  #active = false;
  #speaker;
  #listener = null; // the browser's
  #ear = null; // the coach's
  #private = false;
  #hearing = "";
  #told = null;
  #cut = false; // by voice, with the rest of the sentence to come
  #falseAlarms = 0;
  #firmUntil = 0;

  constructor(talk, signal) {
    this.#talk = talk;
    this.#speaker = new Speaker((path) => talk.url(path));
    this.toggle = button("ear", texts.handsFree, () => this.#press(), "toggle");
    this.state = h("span");
    this.meter = h("meter", { "aria-label": texts.loudness, hidden: true });
    this.hold = this.#holdButton();
    const typing = button("keyboard", texts.type, () => this.glance(false), "quiet type");
    const off = button(null, texts.handsFreeOff, () => this.turnOff(), "quiet");
    this.element = h("div.handsfree", this.state, this.meter, this.hold, typing, off);
    talk.on("entry", ({ entry, fresh }) => fresh && this.#entry(entry));
    talk.on("trouble", (words) => words !== this.#told && this.#say((this.#told = words)));
    talk.on("plan", () => this.#prepare());
    talk.clock.on("cue", (cue) => this.#cue(cue));
    document.addEventListener("visibilitychange", () => this.#seen(), { signal });
    this.#speaker.on("turn", () => this.#turn());
    this.#show();
  }

  /** The picture and the number as large as the screen allows, for who has no hand free. */
  glance(on) {
    this.element.closest(".panel")?.classList.toggle("glance", on);
  }

  /** Says a few words to try the voice. */
  preview() {
    this.hush();
    this.#speaker.unlock();
    const { say, speech } = this.#talk.latest?.custom ?? {};
    // The coach's own voice has only what the coach has said.
    if (speech && !this.#speaker.voice) this.#speaker.say(say, 0, speech);
    else this.#speaker.say(texts.preview);
  }

  hush() {
    if (this.#speaker.speaking) this.#speaker.cancel();
  }

  turnOff() {
    this.#active = this.#private = false;
    this.glance(false);
    this.ended();
    this.#listener?.stop();
    this.#ear?.stop();
    this.#listener = this.#ear = null;
    this.hush();
    this.#show();
  }

  #say(words, speech) {
    if (this.#active && words) this.#speaker.say(words, this.#talk.session.volume, speech);
  }

  async #press() {
    if (this.#active) return this.turnOff();
    const own = canListen() && (await this.#talk.ear().catch(() => null))?.ear != null;
    const choices = [["read", texts.readOnly], ["", texts.notNow]];
    if (Recognition) choices.unshift(["both", own ? texts.readAndListenByBrowser : texts.readAndListen]);
    if (own) choices.unshift(["own", texts.readAndListen]);
    const about = own ? [texts.listenOwn, Recognition && texts.listenChoice] : [Recognition ? texts.listenCloud : texts.listenNot];
    const choice = await ask(this.element.parentNode, texts.handsFree, [texts.handsFreeTell, ...about.filter(Boolean)], choices);
    if (!choice) return;
    this.#active = true;
    this.glance(true);
    this.#speaker.unlock();
    this.#tell(this.#talk.latest?.custom);
    this.#talk.planAloud();
    if (choice === "both") this.#listener = new Listener(this);
    this.#private = choice === "own";
    this.#listen();
    this.#show();
  }

  #listen() {
    if (this.#private && !this.#ear) this.#ear = new Ear(this, this.#talk.hear);
  }

  /** Nobody is listened to who looks at something else. */
  #seen() {
    this.ended();
    this.#listener?.forget();
    if (!document.hidden) return this.#listen();
    this.#ear?.stop();
    this.#ear = null;
  }

  #holdButton() {
    const hold = (held) => (event) => {
      if (event.key && event.key !== " " && event.key !== "Enter") return;
      this.#ear?.hold(held);
    };
    const events = { onpointerdown: hold(true), onpointerup: hold(false), onpointercancel: hold(false), onkeydown: hold(true), onkeyup: hold(false) };
    return button(null, texts.holdToTalk, null, "hold", { ...events, onblur: () => this.#ear?.hold(false) });
  }

  #entry({ custom }) {
    this.hush();
    this.#tell(custom);
  }

  #tell(card) {
    this.#say(card?.say, card?.speech);
    this.#prepare();
  }

  // The cues of this step first, then what the steps to come will say.
  #prepare() {
    if (!this.#active) return;
    const { latest, following } = this.#talk;
    const said = [latest?.custom ?? {}, ...following].flatMap(({ speech, cues = [] }, at) => [at && speech, ...cues.map((cue) => cue.speech)]);
    this.#speaker.prepare(said.filter(Boolean));
  }

  // Changing hands is worth cutting anybody off.
  #cue({ say, hand, at, speech }) {
    if (hand && at) this.hush();
    else if (this.#hearing) return;
    this.#say(say, speech);
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

  /** The coach's ear: somebody began to speak. Silence first, then what it was. */
  began() {
    if (!this.#speaker.speaking || Date.now() < this.#firmUntil) return;
    this.#cut = true;
    this.hush();
  }

  level(share) {
    this.meter.value = share;
  }

  /** The coach's ear: nothing was understood; a short tone says so, or the coach goes on where it was cut off. */
  missed() {
    const cut = this.#cut;
    this.ended();
    if (!cut) return this.#ear?.tone();
    if (++this.#falseAlarms >= FALSE_ALARMS) {
      this.#firmUntil = Date.now() + FIRM;
      this.#falseAlarms = 0;
    }
    this.#say(this.#talk.latest?.custom.say);
  }

  heard(words, doubtful = false) {
    this.hearing(words);
    const theirs = this.#hearing;
    if (this.#ear && (!theirs || (doubtful && this.#talk.session.state !== "running"))) return this.missed();
    this.#falseAlarms = 0;
    this.ended();
    if (theirs) this.#talk.say(theirs, { heard: true });
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
    this.#listener = this.#ear = null;
    this.#private = false;
    const words = denied ? texts.microphoneDenied : texts.microphoneGone;
    this.#talk.emit("notice", words);
    this.#say(words);
    this.#show();
  }

  #show() {
    const doing = this.#speaker.speaking ? "speaking" : this.#listener || this.#ear ? "listening" : "reading";
    this.toggle.setAttribute("aria-pressed", this.#active);
    this.element.hidden = !this.#active;
    this.meter.hidden = this.hold.hidden = !this.#private;
    this.state.textContent = this.#hearing || texts[doing];
  }
}
