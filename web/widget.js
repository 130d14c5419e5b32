/** The element <palmwise-coach>. */

import { Conversation } from "./conversation.js";
import { ask, button, h, icon, isOpen, unfold } from "./dom.js";
import { HandsFree } from "./handsfree.js";
import { Log, reflexMap } from "./log.js";
import { Stage } from "./stage.js";
import { texts } from "./texts.js";

const HOME = new URL(".", import.meta.url).href;
const LONGEST = 1000; // characters

const sheet = new CSSStyleSheet();
sheet.replaceSync(await (await fetch(new URL("widget.css", HOME))).text());

/** Attributes: `server` (of the coach), `launcher` (a button in the corner), `open`. */
export class PalmwiseCoach extends HTMLElement {
  static observedAttributes = ["open"];
  #parts = null;
  #begun = false;
  #wish = null;

  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    const server = new URL(this.getAttribute("server") ?? HOME, location.href).href;
    this.talk = new Conversation(server.replace(/\/?$/, "/"));
    this.talk.massage = (number) => this.#massage(number);
    this.#build();
    this.#wire();
    this.attributeChangedCallback();
  }

  disconnectedCallback() {
    this.#parts.free.turnOff();
    this.talk.stop();
    this.#begun = false;
    this.#parts = null;
  }

  attributeChangedCallback() {
    if (!this.#parts) return;
    const { panel, free } = this.#parts;
    if (this.#inCorner && !this.hasAttribute("open")) return free.turnOff();
    if (!this.#begun) this.talk.start();
    else if (this.#inCorner) panel.focus({ preventScroll: true });
    this.#begun = true;
  }

  get #inCorner() {
    return this.hasAttribute("launcher");
  }

  #build() {
    const { talk } = this;
    const p = (this.#parts = { stage: new Stage(talk), log: new Log(talk), free: new HandsFree(talk) });
    p.status = h("div.sr", { role: "status" });
    p.words = h("span");
    p.trouble = h("div.trouble", { hidden: true }, p.words, button(null, texts.tryNow, talk.tryNow, "quiet"));
    p.handle = button("talk", texts.conversation, () => this.#peek(!isOpen(p.handle)), "handle");
    const input = h("input", { id: "say", maxlength: LONGEST, autocomplete: "off", enterkeyhint: "send", placeholder: texts.placeholder, "aria-label": texts.placeholder });
    const onsubmit = (event) => {
      event.preventDefault();
      if (input.value.trim()) talk.say(input.value.trim());
      input.value = "";
    };
    const send = button("next_step", texts.send, null, "send", { type: "submit" });
    const composer = h("form.composer", { part: "composer", onsubmit }, p.handle, input, send);
    const room = h("div.room", p.stage.element, h("div.talk", p.log.element, p.free.element, composer));
    const dialog = this.#inCorner && { role: "dialog", tabindex: -1 };
    p.panel = h("section.panel", { part: "panel", "aria-label": texts.name, ...dialog }, this.#header(), p.trouble, room, p.status);
    p.launcher = button("hand", texts.name, () => this.toggleAttribute("open"), "launcher", { "aria-label": texts.open, part: "launcher" });
    this.#peek(false);
    this.shadowRoot.replaceChildren(p.panel, p.launcher);
  }

  #header() {
    const p = this.#parts;
    const items = [
      [texts.massages, () => this.talk.press("/list_routines", texts.massages)],
      [texts.map, () => p.log.show(h("div.entry coach", reflexMap(this.talk)))],
      [texts.help, () => this.talk.press("/help", texts.help)],
      [texts.forget, () => this.#forget()],
    ];
    const menu = h("div.menu", { id: "menu" }, items.map(([word, work]) => button(null, word, () => (unfold(p.menu, false), p.menu.focus(), work()))));
    p.menu = button("menu", texts.menu, () => unfold(p.menu), "bare", { "aria-controls": "menu", "aria-expanded": "false" });
    const close = this.#inCorner && button("close", texts.close, () => this.#close(), "bare");
    const brand = h("div.brand", icon("hand"), h("h2", texts.name));
    return h("header", { part: "header" }, brand, h("div.tools", p.free.toggle, p.menu, menu, close));
  }

  #wire() {
    const { panel, stage, log, free, trouble, words: told, status, menu, handle } = this.#parts;
    const { talk } = this;
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

  #peek(open) {
    const { handle, log } = this.#parts;
    unfold(handle, open);
    log.scroll();
  }

  #close() {
    this.removeAttribute("open");
    this.#parts.launcher.focus();
  }

  #escape({ target }) {
    const { menu } = this.#parts;
    if (isOpen(menu)) {
      unfold(menu, false);
      menu.focus();
    } else if (this.#inCorner && !target.closest("dialog")) this.#close();
  }

  async #forget() {
    const choices = [["yes", texts.forgetYes], ["", texts.forgetNo]];
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

if (!customElements.get("palmwise-coach")) customElements.define("palmwise-coach", PalmwiseCoach);
if (!document.querySelector("palmwise-coach")) {
  const corner = document.createElement("palmwise-coach");
  corner.setAttribute("launcher", "");
  document.body.append(corner);
}
