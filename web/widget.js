/** The element <palmwise-coach>: put this one script on a page, and the coach is there. */

import { Awake } from "./awake.js";
import { Conversation } from "./conversation.js";
import { ask } from "./dialog.js";
import { button, h, icon } from "./dom.js";
import { HandsFree } from "./handsfree.js";
import { Log } from "./log.js";
import { reflexMap } from "./map.js";
import { Stage } from "./stage.js";
import { texts } from "./texts.js";

const HOME = new URL(".", import.meta.url).href;
const LONGEST = 1000; // characters; the coach takes no more
const ON_STAGE = new Set(["step", "paused", "ease"]);

const sheet = new CSSStyleSheet();
sheet.replaceSync(await (await fetch(new URL("widget.css", HOME))).text());

/** Attributes: `server` (address of the coach's doors), `launcher` (a button in the corner), `open`. */
export class PalmwiseCoach extends HTMLElement {
  static observedAttributes = ["open"];
  #talk = null;
  #parts = {};
  #begun = false;
  #wish = null;

  /** The conversation, for pages that want to know what is on. */
  get talk() {
    return this.#talk;
  }

  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    this.#build();
    this.#wire();
    this.#opened();
  }

  disconnectedCallback() {
    this.#parts.free.turnOff();
    this.#parts.awake.stop();
    this.#talk.stop();
    this.#begun = false;
    this.shadowRoot.replaceChildren();
  }

  attributeChangedCallback() {
    if (this.#talk && this.isConnected) this.#opened();
  }

  #build() {
    const server = new URL(this.getAttribute("server") ?? HOME, location.href).href;
    const talk = (this.#talk = new Conversation(server.endsWith("/") ? server : `${server}/`));
    talk.massage = (id, number) => this.#massage(number);
    const p = this.#parts;
    p.stage = new Stage(talk);
    p.log = new Log(talk);
    p.free = new HandsFree(talk, (question) => ask(p.panel, question));
    p.awake = new Awake();
    p.status = h("div", { class: "sr", role: "status" });
    p.trouble = h("div", { class: "trouble", role: "status", hidden: true });
    p.input = h("input", { id: "say", maxlength: LONGEST, autocomplete: "off", enterkeyhint: "send", placeholder: texts.placeholder });
    p.handle = button("up", texts.conversation, () => this.#peek(panel().dataset.peek === "quiet" ? "open" : "quiet"), { class: "handle" });
    const panel = () => p.panel;
    p.panel = h(
      "section",
      { class: "panel", part: "panel", "aria-label": texts.name, "data-at": "talk", "data-peek": "quiet" },
      this.#header(),
      p.trouble,
      h("div", { class: "room" }, p.stage.element, p.handle, h("div", { class: "talk" }, p.log.element, p.free.element, this.#composer())),
      p.status,
    );
    p.launcher = button("hand", texts.name, () => this.toggleAttribute("open"), { class: "launcher", "aria-label": texts.open, part: "launcher" });
    this.shadowRoot.replaceChildren(p.panel, p.launcher);
  }

  #composer() {
    return h(
      "form",
      { class: "composer", part: "composer", onsubmit: (event) => this.#submit(event) },
      h("label", { for: "say", class: "sr" }, texts.input),
      this.#parts.input,
      h("button", { class: "send", "aria-label": texts.send }, icon("send")),
    );
  }

  #header() {
    const p = this.#parts;
    const items = [
      [texts.massages, () => this.#talk.press("/list_routines", texts.massages)],
      [texts.map, () => p.log.show(reflexMap(this.#talk))],
      [texts.help, () => this.#talk.press("/help", texts.help)],
      [texts.forget, () => this.#forget()],
    ];
    p.menu = h("div", { class: "menu", id: "menu", hidden: true }, items.map(([word, work]) => button(null, word, () => (this.#toggleMenu(false), work()))));
    p.menuButton = button("menu", texts.menu, () => this.#toggleMenu(), { class: "bare", "aria-expanded": "false", "aria-controls": "menu" });
    p.close = button("close", texts.close, () => this.#close(), { class: "bare close" });
    return h(
      "header",
      { part: "header" },
      h("div", { class: "brand" }, icon("hand"), h("div", {}, h("h2", {}, texts.name), h("p", {}, texts.tagline))),
      h("div", { class: "tools" }, p.free.toggle, p.menuButton, p.close),
      p.menu,
    );
  }

  #wire() {
    const { panel, log, stage, free, awake, trouble, status } = this.#parts;
    const talk = this.#talk;
    talk.addEventListener("change", () => {
      panel.dataset.at = talk.step ? "step" : "talk";
      awake.want(talk.session.state === "running");
      this.#follow();
    });
    talk.addEventListener("entry", ({ detail: { entry } }) => {
      if (entry.custom) this.#peek(ON_STAGE.has(entry.custom.card) ? "quiet" : "answer");
    });
    talk.addEventListener("trouble", ({ detail }) => {
      trouble.hidden = !detail;
      trouble.replaceChildren(...(detail ? [icon("lost"), h("span", {}, detail), button(null, texts.tryNow, talk.tryNow)] : []));
      if (!detail) log.note(texts.back);
    });
    talk.clock.addEventListener("cue", ({ detail }) => {
      stage.cue(detail.say);
      status.textContent = detail.say;
      free.cue(detail);
    });
    log.element.addEventListener("focus", () => panel.dataset.peek === "quiet" && this.#peek("open"));
    free.addEventListener("notice", ({ detail }) => log.note(detail));
    for (const type of ["pointerdown", "keydown"]) panel.addEventListener(type, () => free.hush());
    panel.addEventListener("keydown", (event) => event.key === "Escape" && this.#escape(event));
    panel.addEventListener("click", ({ target }) => this.#parts.menu.hidden || target.closest("header") || this.#toggleMenu(false));
  }

  #opened() {
    const { panel, launcher } = this.#parts;
    const corner = this.hasAttribute("launcher");
    const open = !corner || this.hasAttribute("open");
    panel.hidden = !open;
    launcher.hidden = !corner || open;
    if (corner) {
      panel.setAttribute("role", "dialog");
      panel.tabIndex = -1;
    }
    if (!open) return this.#parts.free.turnOff();
    if (!this.#begun) this.#talk.start();
    if (corner && this.#begun) panel.focus({ preventScroll: true });
    this.#begun = true;
  }

  // Beside a step there is little room on a phone: the log shows up when it has something that the stage has not.
  #peek(state) {
    const { panel, handle, log } = this.#parts;
    panel.dataset.peek = state;
    handle.setAttribute("aria-expanded", String(state !== "quiet"));
    log.scroll(false);
  }

  #close() {
    this.removeAttribute("open");
    this.#parts.launcher.focus();
  }

  #escape(event) {
    if (!this.#parts.menu.hidden) {
      this.#toggleMenu(false);
      this.#parts.menuButton.focus();
    } else if (this.hasAttribute("launcher") && !event.target.closest("dialog")) this.#close();
  }

  #toggleMenu(open = this.#parts.menu.hidden) {
    this.#parts.menu.hidden = !open;
    this.#parts.menuButton.setAttribute("aria-expanded", String(open));
  }

  #submit(event) {
    event.preventDefault();
    const { input } = this.#parts;
    const said = input.value.trim();
    input.value = "";
    if (said) this.#talk.say(said);
  }

  async #forget() {
    const choices = [[true, texts.forgetYes], [null, texts.forgetNo]];
    if (await ask(this.#parts.panel, { title: texts.forgetAsk, words: [texts.forgetTell], choices })) this.#talk.forget();
  }

  // A point may be wished for before its massage has begun: the wish waits for the safety question and the rest.
  #massage(number) {
    this.#wish = number;
    const { session } = this.#talk;
    if (session.routine === "reflexology" && session.token) this.#follow();
    else this.#talk.press(`/start_routine{"routine": "reflexology"}`, texts.massagePoint);
  }

  #follow() {
    const { state, routine, step } = this.#talk.session;
    if (!this.#wish || state !== "running" || routine !== "reflexology") return;
    const number = this.#wish;
    this.#wish = null;
    if (step !== number) this.#talk.press(`/go_to_step{"step_number": "${number}"}`);
  }
}

if (!customElements.get("palmwise-coach")) customElements.define("palmwise-coach", PalmwiseCoach);
if (!document.querySelector("palmwise-coach")) {
  const corner = document.createElement("palmwise-coach");
  corner.setAttribute("launcher", "");
  document.body.append(corner);
}
