/** The conversation as a live log: what was said, cards, and the replies that make sense now. */

import { card } from "./cards.js";
import { h, icon } from "./dom.js";
import { markup } from "./markup.js";
import { OWN } from "./stage.js";
import { texts } from "./texts.js";

const BOXED = new Set("offer routines overview faq technique screening prepare finished safety".split(" "));

export class Log {
  #talk;
  #items = new Map();
  #typing = h("div", { class: "typing", hidden: true }, h("span", { class: "sr" }, texts.typing), h("i"), h("i"), h("i"));
  #list = h("div", { class: "entries" });
  #patience = null;

  constructor(talk) {
    this.#talk = talk;
    this.element = h(
      "div",
      { class: "log", part: "log", role: "log", "aria-live": "polite", "aria-label": texts.conversation, tabindex: "0" },
      this.#list,
      this.#typing,
    );
    talk.addEventListener("entry", ({ detail }) => this.#add(detail.entry, detail.fresh));
    talk.addEventListener("sent", ({ detail }) => this.#items.get(detail)?.removeAttribute("data-pending"));
    talk.addEventListener("busy", ({ detail }) => this.#busy(detail));
    talk.addEventListener("notice", ({ detail }) => this.note(detail));
    talk.addEventListener("cleared", () => this.#clear());
  }

  /** A line of the widget's own. */
  note(words) {
    this.#append(h("p", { class: "note" }, words));
  }

  /** Any node of the widget's own, such as the map. */
  show(node) {
    this.#append(h("div", { class: "entry coach" }, node));
  }

  /** To the newest. A long answer is shown from its beginning. */
  scroll(smooth = true) {
    const last = this.#list.lastElementChild;
    if (!last) return;
    const behavior = smooth && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "smooth" : "instant";
    this.element.scrollTo({ top: last.offsetTop - 12, behavior });
  }

  #add(entry, fresh) {
    this.#used();
    const item = entry.who === "me" ? this.#mine(entry) : this.#coachs(entry);
    this.#items.set(entry.id, item);
    this.#append(item, fresh);
  }

  #append(item, smooth = true) {
    this.#list.append(item);
    this.#list.dataset.count = this.#list.children.length;
    this.scroll(smooth);
  }

  #mine({ texts: said, spoken, pending }) {
    const item = h("div", { class: "entry me" }, h("span", { class: "sr" }, `${texts.you}: `), spoken && icon("ear"), h("p", {}, said[0]));
    if (pending) item.dataset.pending = texts.waiting;
    return item;
  }

  #coachs(entry) {
    const kind = entry.custom?.card ?? "note";
    const body = card(entry, this.#talk) ?? entry.texts.flatMap((text) => markup(text));
    const replies = entry.buttons.filter((one) => this.#worthwhile(one, entry.custom));
    return h(
      "div",
      { class: BOXED.has(kind) ? "entry coach boxed" : "entry coach", "data-card": kind, role: kind === "safety" ? "alert" : null },
      h("span", { class: "sr" }, `${texts.coach}: `),
      h("div", { class: "body" }, !this.#items.size && this.#hello(), body),
      replies.length > 0 && h("div", { class: "replies", role: "group", "aria-label": texts.suggestions }, replies.map((one) => this.#reply(one))),
    );
  }

  #hello() {
    return h("img", { class: "hello", src: this.#talk.url("/coach/pictures/welcome.svg"), alt: "", onerror: ({ target }) => target.remove() });
  }

  // The stage has its own buttons, and the list of massages is its own choice.
  #worthwhile({ payload }, custom) {
    if (custom?.card === "routines" && payload.startsWith("/start_routine{")) return false;
    return !custom?.session.token || !OWN.has(payload);
  }

  #reply({ title, payload }) {
    return h("button", { type: "button", class: "reply", onclick: () => this.#talk.press(payload, title) }, title);
  }

  // Replies are for the latest answer. The focus stays near when the button under it goes.
  #used() {
    for (const old of this.#list.querySelectorAll(".replies")) {
      if (old.contains(old.getRootNode().activeElement)) this.element.focus({ preventScroll: true });
      old.remove();
    }
  }

  #busy(on) {
    clearTimeout(this.#patience);
    if (!on) this.#typing.hidden = true;
    else this.#patience = setTimeout(() => ((this.#typing.hidden = false), this.#typing.scrollIntoView({ block: "nearest" })), 300);
  }

  #clear() {
    this.#items.clear();
    this.#list.replaceChildren();
  }
}
