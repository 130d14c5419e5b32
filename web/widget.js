/** The element <palmwise-coach>: a button and an API of few bytes; the rest is loaded when it is opened. */

import { launcherTexts as texts } from "./launcher_texts.js";
import { hand, launcherSheet } from "./launcher_style.js";

// "v/0/" becomes the version where the coach serves this file: addresses with a version are kept for good.
const REST = "v/0/";
const HOME = new URL(".", import.meta.url).href.replace(/v\/\w+\/$/, "");
const KEYS = ["keydown", "keypress", "keyup"];

/**
 * Attributes: docs/embedding.md has them. Events: `palmwise:` and opened, closed, step, swap, pain, redflag, finished;
 * none has a person's words in it.
 */
export class PalmwiseCoach extends HTMLElement {
  static observedAttributes = ["open", "title", "placeholder", "lang"];
  #panel = null;
  #loading = null;
  #tries = 0;
  #launcher = null;

  get server() {
    return new URL(this.getAttribute("server") ?? HOME, location.href).href.replace(/\/?$/, "/");
  }

  /** The conversation, once it has been opened. */
  get talk() {
    return this.#panel?.talk;
  }

  get inCorner() {
    return this.hasAttribute("launcher");
  }

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    this.#follow();
  }

  // Being moved is no reason to lose a draft.
  disconnectedCallback() {
    setTimeout(() => {
      if (this.isConnected) return;
      this.#panel?.destroy();
      this.#panel = this.#loading = null;
    });
  }

  connectedMoveCallback() {
    this.#follow();
  }

  attributeChangedCallback(name) {
    if (!this.shadowRoot || !this.isConnected) return;
    if (name === "open") this.#follow();
    else {
      this.#name();
      this.#panel?.named();
    }
  }

  /** Opens the coach; in a page, shows it. Resolves when it can be talked to. */
  async open() {
    if (this.inCorner) this.setAttribute("open", "");
    return this.#load();
  }

  async close() {
    this.removeAttribute("open");
  }

  /** Begins a massage, by its id, with the safety question first; without one the coach is asked for any. */
  async start(routine) {
    (await this.open()).begin(routine);
  }

  /** Says something to the coach, as if it were typed. */
  async say(text) {
    (await this.#load()).talk.say(`${text}`.slice(0, 1000));
  }

  async pause() {
    (await this.#load()).talk.press("/pause");
  }

  async resume() {
    (await this.#load()).talk.press("/resume");
  }

  /** Deletes the conversation, here and at the coach. Does not ask. */
  async forget() {
    return (await this.#load()).talk.forget();
  }

  /** Tells the page of `palmwise:<type>`. */
  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(`palmwise:${type}`, { detail, bubbles: true, composed: true }));
  }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [launcherSheet()];
    const word = document.createElement("span");
    const button = (this.#launcher = document.createElement("button"));
    Object.assign(button, { type: "button", className: "launcher", popover: "manual" });
    button.part = "launcher";
    button.append(hand(), word);
    button.onclick = () => this.toggleAttribute("open", true);
    button.onpointerenter = button.onfocus = () => this.#fetch().catch(() => null);
    root.append(button);
    // The page's own hotkeys are for its own keys.
    for (const kind of KEYS) root.addEventListener(kind, (event) => event.stopPropagation());
    this.#name();
  }

  #name() {
    const name = this.title || texts.name;
    this.#launcher.lastChild.textContent = name;
    this.#launcher.ariaLabel = this.title ? texts.openNamed(name) : texts.open;
    this.#launcher.title = "";
  }

  async #follow() {
    const opened = !this.inCorner || this.hasAttribute("open");
    this.#show(this.inCorner && !this.#panel);
    try {
      if (opened || this.#isGuiding()) await this.#load();
    } catch {
      this.#launcher.lastChild.textContent = this.#launcher.ariaLabel = texts.unreachable;
      this.removeAttribute("open");
    }
    if (!this.isConnected || !this.#panel) return;
    this.#show(this.inCorner && !this.hasAttribute("open"));
    this.#panel.follow(!this.inCorner || this.hasAttribute("open"));
  }

  // The top layer: no ancestor's transform, clipping or layers move the button.
  #show(shown) {
    if (shown !== this.#launcher.matches(":popover-open")) this.#launcher.togglePopover(shown);
  }

  // A massage that is on goes on behind the closed button.
  #isGuiding() {
    try {
      return document.cookie.includes("palmwise_key=") && localStorage[`palmwise:2:${this.server}`].startsWith("running ");
    } catch {
      return false;
    }
  }

  #fetch() {
    const style = () => fetch(new URL(`${REST}widget.css`, HOME)).then((answer) => answer.text());
    // A browser may remember that a module could not be loaded.
    const again = this.#tries ? `?${this.#tries}` : "";
    this.#loading ??= Promise.all([import(new URL(`${REST}panel.js${again}`, HOME)), style()]);
    this.#loading.catch(() => ((this.#loading = null), this.#tries++));
    return this.#loading;
  }

  async #load() {
    const [{ Panel }, style] = await this.#fetch();
    return (this.#panel ??= new Panel(this, style, this.#launcher));
  }
}

/** Puts a coach into the corner of a page that has none, again after an application has replaced the body. */
function stay() {
  if (document.querySelector("palmwise-coach")) return;
  const element = document.createElement("palmwise-coach");
  element.toggleAttribute("launcher", true);
  const changed = (records) => {
    const replaced = records.some(({ target, removedNodes }) => removedNodes.length > 1 || target !== document.body);
    if (element.isConnected || !document.body) return watch();
    observer.disconnect();
    if (replaced) stay();
  };
  const observer = new MutationObserver(changed);
  const watch = () => [document.documentElement, document.body].forEach((one) => one && observer.observe(one, { childList: true }));
  document.body.append(element);
  watch();
}

if (!customElements.get("palmwise-coach")) {
  customElements.define("palmwise-coach", PalmwiseCoach);
  stay();
}
