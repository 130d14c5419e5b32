/** The coach in an element that has been opened: header, conversation, step, composer. */

import { reflexMap } from "./cards.js";
import { Chime } from "./chime.js";
import { openDiary } from "./comfort.js";
import { Conversation } from "./conversation.js";
import { ask, button, h, icon, isOpen, unfold } from "./dom.js";
import { announce } from "./events.js";
import { Guard } from "./guard.js";
import { HandsFree } from "./handsfree.js";
import { Log } from "./log.js";
import { openPreferences } from "./preferences.js";
import { scaled, wear } from "./settings.js";
import { openSheet } from "./sheet.js";
import { Stage } from "./stage.js";
import { texts } from "./texts.js";
import { bringWishes } from "./wishes.js";

const LONGEST = 1000; // characters
const SMALL = "(max-width: 512px), (max-height: 480px)"; // the corner covers the screen

/** What is inside of an element <palmwise-coach> that has been opened. */
export class Panel {
  #element;
  #root;
  #launcher;
  #parts = null;
  #begun = false;
  #wish = null;
  #opened = null;
  #overflow = null;
  #small = matchMedia(SMALL);
  #life = new AbortController();

  constructor(element, style, launcher) {
    this.#element = element;
    this.#root = element.shadowRoot;
    this.#launcher = launcher;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(scaled(style));
    this.#root.adoptedStyleSheets = [this.#root.adoptedStyleSheets[0], sheet];
    this.talk = new Conversation(element.server);
    this.talk.greeting = element.getAttribute("greeting");
    this.talk.massage = (number) => this.#massage(number);
    this.#build();
    this.#wire();
    new Guard(this.#parts.panel, () => this.talk.session.token, this.#life.signal);
    announce(this.talk, (type, detail) => element.tell(type, detail));
  }

  destroy() {
    this.#life.abort();
    this.#parts.free.turnOff();
    this.#parts.chime.stop();
    this.#parts.stage.destroy();
    this.talk.stop();
    this.#parts.frame.remove();
    this.#scrollable(true);
  }

  /** The element has been opened or closed, or put somewhere else. */
  follow(opened) {
    const { free } = this.#parts;
    if (!this.#begun) this.#begin();
    if (this.#inCorner) this.#show(opened);
    if (opened === this.#opened) return;
    this.#opened = opened;
    if (!opened) free.turnOff();
    this.#element.tell(opened ? "opened" : "closed");
  }

  /** Begins a massage; without a routine, asks which. */
  begin(routine) {
    this.talk.press(routine ? `/start_routine{"routine": "${routine}"}` : "/start_routine");
  }

  /** The site has changed a name. */
  named() {
    const { panel, brand, input } = this.#parts;
    const { title, lang } = this.#element;
    brand.textContent = title || texts.name;
    panel.setAttribute("aria-label", title || texts.name);
    panel.lang = lang || texts.lang;
    input.placeholder = input.ariaLabel = this.#element.getAttribute("placeholder") || texts.placeholder;
  }

  get #inCorner() {
    return this.#element.inCorner;
  }

  async #begin() {
    this.#begun = true;
    await this.talk.start();
    const routine = this.#element.getAttribute("routine");
    if (routine && this.talk.session.state === "none" && this.talk.entries.length < 2) this.begin(routine);
  }

  // Over a whole screen it is modal; else the page goes on beside it. Both are in the top layer.
  #show(opened) {
    const { frame, panel } = this.#parts;
    const modal = opened && this.#small.matches;
    const popover = opened && !modal;
    const focused = frame.contains(this.#root.activeElement) && this.#root.activeElement;
    if (frame.open && !modal) frame.close();
    if (frame.matches(":popover-open") !== popover) frame.togglePopover(popover);
    if (modal && !frame.open) frame.showModal();
    this.#scrollable(!modal);
    if (opened) (focused || panel).focus({ preventScroll: true });
    else if (focused) this.#launcher.focus();
  }

  #scrollable(on) {
    const { style } = document.documentElement;
    if (on === (this.#overflow === null)) return;
    [this.#overflow, style.overflow] = on ? [null, this.#overflow] : [style.overflow, "hidden"];
  }

  #build() {
    const { talk } = this;
    const { signal } = this.#life;
    const p = (this.#parts = { stage: new Stage(talk), log: new Log(talk, signal), free: new HandsFree(talk, signal), chime: new Chime(talk) });
    bringWishes(talk);
    p.status = h("div.sr", { role: "status" });
    p.words = h("span");
    p.trouble = h("div.trouble", { hidden: true }, p.words, button(null, texts.tryNow, talk.tryNow, "quiet"));
    p.handle = button("talk", texts.conversation, () => this.#peek(!isOpen(p.handle)), "handle");
    const input = (p.input = h("input", { id: "say", maxlength: LONGEST, autocomplete: "off", enterkeyhint: "send" }));
    const onsubmit = (event) => {
      event.preventDefault();
      if (input.value.trim()) talk.say(input.value.trim());
      input.value = "";
    };
    const send = button("next_step", texts.send, null, "send", { type: "submit" });
    const composer = h("form.composer", { part: "composer", onsubmit }, p.handle, input, send);
    const room = h("div.room", p.stage.element, h("div.talk", p.log.frame, p.free.element, composer));
    const inside = { part: "panel", tabindex: this.#inCorner ? -1 : null, dir: "ltr", title: "" };
    p.panel = h("section.panel", inside, this.#header(), p.trouble, room, p.status);
    p.frame = this.#inCorner ? h("dialog.frame", { popover: "manual", "aria-label": texts.name }, p.panel) : h("div.frame", p.panel);
    wear(p.panel, signal);
    this.#peek(false);
    this.named();
    this.#root.prepend(p.frame);
  }

  #header() {
    const p = this.#parts;
    const items = [
      [texts.massages, () => this.talk.press("/list_routines", texts.massages)],
      [texts.map, () => openSheet(p.panel, "points", texts.map, reflexMap(this.talk), { brief: true })],
      [texts.help, () => this.talk.press("/help", texts.help)],
      [texts.diary, () => openDiary(p.panel, this.talk.diary)],
      [texts.settings, () => openPreferences(p.panel, () => p.free.preview())],
      [texts.forget, () => this.#forget()],
    ];
    const menu = h("div.menu", { id: "menu" }, items.map(([word, work]) => button(null, word, () => (unfold(p.menu, false), p.menu.focus(), work()))));
    p.menu = button("menu", texts.menu, () => unfold(p.menu), "bare", { "aria-controls": "menu", "aria-expanded": "false" });
    const close = this.#inCorner && button("close", texts.close, () => this.#element.close(), "bare");
    const brand = h("div.brand", icon("hand"), (p.brand = h("h2")));
    return h("header", { part: "header" }, brand, h("div.tools", p.free.toggle, p.menu, menu, close));
  }

  #wire() {
    const { frame, panel, stage, log, free, trouble, words: told, status, menu, handle } = this.#parts;
    const { talk } = this;
    frame.oncancel = (event) => {
      if (event.target !== frame) return;
      event.preventDefault();
      this.#element.close();
    };
    this.#small.addEventListener("change", () => this.#inCorner && this.#show(this.#opened), { signal: this.#life.signal });
    talk.clock.on("tick", () => this.#remind());
    const leave = (part, heir) => part.matches(":focus-within") && heir.focus({ preventScroll: true });
    talk.on("change", () => {
      panel.classList.toggle("guiding", Boolean(talk.step));
      if (!talk.step) leave(stage.element, log.element);
      this.#follow();
    });
    // On a phone the log shows up when it has what the stage has not.
    talk.on("entry", ({ entry: { custom } }) => custom && this.#peek(!/step|paused|ease/.test(custom.card)));
    talk.on("trouble", (words) => {
      if (!words) leave(trouble, menu);
      trouble.hidden = !words;
      if (!words) talk.emit("notice", texts.back);
      if (told.textContent !== words) told.textContent = status.textContent = words;
    });
    talk.clock.on("cue", ({ say }) => (status.textContent = say));
    log.element.onfocus = () => isOpen(handle) || this.#peek(true);
    panel.onpointerdown = () => free.hush();
    panel.onkeydown = (event) => {
      free.hush();
      if (event.key === "Escape") this.#escape(event);
    };
    panel.onclick = ({ target }) => menu.contains(target) || unfold(menu, false);
  }

  // The closed button tells how far the massage is.
  #remind() {
    const { clock, session } = this.talk;
    const left = texts.duration(Math.ceil(clock.duration - clock.elapsed));
    const name = this.#element.title || texts.name;
    const words = clock.token ? `${texts.step(session.step, session.steps)} · ${clock.running ? left : texts.paused}` : name;
    if (this.#launcher.lastChild.textContent !== words) this.#launcher.lastChild.textContent = words;
  }

  #peek(open) {
    const { handle, log } = this.#parts;
    unfold(handle, open);
    log.scroll();
  }

  #escape(event) {
    const { menu, frame } = this.#parts;
    if (isOpen(menu)) {
      event.preventDefault(); // else it closes the dialog, too
      unfold(menu, false);
      menu.focus();
    } else if (this.#inCorner && event.target.closest("dialog") === frame) this.#element.close();
  }

  async #forget() {
    const choices = [["", texts.forgetNo], ["yes", texts.forgetYes]];
    if (await ask(this.#parts.panel, texts.forgetAsk, [texts.forgetTell], choices)) this.talk.forget();
  }

  // A wish waits for the safety question.
  #massage(number) {
    this.#wish = number;
    const { routine, token } = this.talk.session;
    if (routine !== "reflexology" || !token) this.talk.press(`/start_routine{"routine": "reflexology"}`, texts.massagePoint);
    this.#follow();
  }

  #follow() {
    const { state, routine, step } = this.talk.session;
    const wish = this.#wish;
    if (!wish || state !== "running" || routine !== "reflexology") return;
    this.#wish = null;
    if (step !== wish) this.talk.press(`/go_to_step{"step_number": "${wish}"}`);
  }
}
