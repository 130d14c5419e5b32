/** The element <palmwise-coach>. */

import { Conversation } from "./conversation.js";
import { ask, button, h, icon } from "./dom.js";
import { HandsFree } from "./handsfree.js";
import { Log, reflexMap } from "./log.js";
import { Stage } from "./stage.js";
import { texts } from "./texts.js";

const HOME = new URL(".", import.meta.url).href;
const LONGEST = 1000; // characters

const sheet = new CSSStyleSheet();
sheet.replaceSync(await (await fetch(new URL("widget.css", HOME))).text());

/** Attributes: `server` (address of the doors), `launcher` (a button in the corner), `open`. */
export class PalmwiseCoach extends HTMLElement {
  static observedAttributes = ["open"];
  #parts = {};
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
    this.shadowRoot.replaceChildren();
    this.#parts = {};
  }

  attributeChangedCallback() {
    const { panel, launcher, free } = this.#parts;
    if (!panel) return;
    const corner = this.hasAttribute("launcher");
    const open = !corner || this.hasAttribute("open");
    panel.hidden = !open;
    launcher.hidden = !corner || open;
    if (!open) return free.turnOff();
    if (!this.#begun) this.talk.start();
    else if (corner) panel.focus({ preventScroll: true });
    this.#begun = true;
  }

  #build() {
    const { talk } = this;
    const p = this.#parts;
    p.stage = new Stage(talk);
    p.log = new Log(talk);
    p.free = new HandsFree(talk);
    p.status = h("div.sr", { role: "status" });
    p.trouble = h("div.trouble", { role: "status", hidden: true });
    p.handle = button("talk", texts.conversation, () => this.#peek(p.panel.dataset.peek === "quiet" ? "open" : "quiet"), "bare handle");
    p.input = h("input", { id: "say", maxlength: LONGEST, autocomplete: "off", enterkeyhint: "send", placeholder: texts.placeholder, "aria-label": texts.placeholder });
    const send = button("next", texts.send, null, "send", { type: "submit" });
    const composer = h("form.composer", { part: "composer", onsubmit: (event) => this.#submit(event) }, p.handle, p.input, send);
    const room = h("div.room", p.stage.element, h("div.talk", p.log.element, p.free.element, composer));
    const role = this.hasAttribute("launcher") && "dialog";
    const named = { part: "panel", role, tabindex: role && -1, "aria-label": texts.name, "data-at": "talk" };
    p.panel = h("section.panel", named, this.#header(), p.trouble, room, p.status);
    p.launcher = button("hand", texts.name, () => this.toggleAttribute("open"), "launcher", { "aria-label": texts.open, part: "launcher" });
    this.#peek("quiet");
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
    p.menu = h("div.menu", { id: "menu" }, items.map(([word, work]) => button(null, word, () => (this.#toggleMenu(false), work()))));
    p.menuButton = button("menu", texts.menu, () => this.#toggleMenu(), "bare", { "aria-controls": "menu" });
    this.#toggleMenu(false);
    const close = this.hasAttribute("launcher") && button("close", texts.close, () => this.#close(), "bare");
    const brand = h("div.brand", icon("hand"), h("div", h("h2", texts.name), h("p", texts.tagline)));
    return h("header", { part: "header" }, brand, h("div.tools", p.free.toggle, p.menuButton, close), p.menu);
  }

  #wire() {
    const { panel, log, stage, free, trouble, status, menu } = this.#parts;
    const { talk } = this;
    talk.on("change", () => {
      panel.dataset.at = talk.step ? "step" : "talk";
      this.#follow();
    });
    talk.on("entry", ({ entry }) => entry.custom && this.#peek(/step|paused|ease/.test(entry.custom.card) ? "quiet" : "answer"));
    talk.on("trouble", (words) => {
      trouble.hidden = !words;
      trouble.replaceChildren(h("span", words), button(null, texts.tryNow, talk.tryNow));
      if (!words) talk.emit("notice", texts.back);
    });
    talk.clock.on("cue", (cue) => {
      stage.cue(cue.say);
      status.textContent = cue.say;
      free.cue(cue);
    });
    free.on("notice", (words) => talk.emit("notice", words));
    log.element.onfocus = () => panel.dataset.peek === "quiet" && this.#peek("open");
    panel.addEventListener("pointerdown", () => free.hush());
    panel.onkeydown = (event) => {
      free.hush();
      if (event.key === "Escape") this.#escape(event);
    };
    panel.onclick = ({ target }) => menu.hidden || target.closest("header") || this.#toggleMenu(false);
  }

  // On a phone the log shows up when it has what the stage has not.
  #peek(state) {
    const { panel, handle, log } = this.#parts;
    panel.dataset.peek = state;
    handle.setAttribute("aria-expanded", state !== "quiet");
    log.scroll(false);
  }

  #close() {
    this.removeAttribute("open");
    this.#parts.launcher.focus();
  }

  #escape({ target }) {
    if (!this.#parts.menu.hidden) {
      this.#toggleMenu(false);
      this.#parts.menuButton.focus();
    } else if (this.hasAttribute("launcher") && !target.closest("dialog")) this.#close();
  }

  #toggleMenu(open = this.#parts.menu.hidden) {
    this.#parts.menu.hidden = !open;
    this.#parts.menuButton.setAttribute("aria-expanded", open);
  }

  #submit(event) {
    event.preventDefault();
    const { input } = this.#parts;
    const said = input.value.trim();
    input.value = "";
    if (said) this.talk.say(said);
  }

  async #forget() {
    const choices = [[true, texts.forgetYes], [null, texts.forgetNo]];
    if (await ask(this.#parts.panel, texts.forgetAsk, [texts.forgetTell], choices)) this.talk.forget();
  }

  // A wish waits for the safety question.
  #massage(number) {
    this.#wish = number;
    const { routine, token } = this.talk.session;
    if (routine === "reflexology" && token) this.#follow();
    else this.talk.press(`/start_routine{"routine": "reflexology"}`, texts.massagePoint);
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
