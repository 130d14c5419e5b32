/** The conversation as a live log, with the replies that make sense now. */

import { CARDS, step, words } from "./cards.js";
import { button, h } from "./dom.js";
import { settings } from "./settings.js";
import { OWN } from "./stage.js";
import { texts } from "./texts.js";

const CLOSE = 60; // px from the end at which a person is not reading what came before
const KEYS = { ArrowDown: 1, ArrowUp: -1, End: Infinity, Home: -Infinity };

const time = ({ at }) => at && h("time", { datetime: new Date(at).toISOString() }, texts.time(at));

export class Log {
  #talk;
  #typing = h("p.typing", { hidden: true }, texts.typing);
  #list = h("div.entries");
  #news;

  constructor(talk, signal) {
    this.#talk = talk;
    const onkeydown = (event) => this.#walk(event);
    const onscroll = () => this.#atEnd && (this.#news.hidden = true);
    const live = { part: "log", role: "log", "aria-live": "polite", "aria-label": texts.conversation, tabindex: 0, onkeydown, onscroll };
    this.element = h("div.log", live, this.#list, this.#typing);
    this.#news = button("down", texts.news, () => this.#goToNews(), "news", { hidden: true });
    this.frame = h("div.logs", this.element, this.#news);
    const times = () => this.element.classList.toggle("times", settings.get("times"));
    settings.on("change", times, { signal });
    times();
    talk.on("entry", ({ entry, fresh }) => this.#add(entry, fresh));
    talk.on("sent", () => this.#list.querySelectorAll("[data-pending]").forEach((one) => talk.isWaiting(one.id) || delete one.dataset.pending));
    talk.on("busy", (on) => (this.#typing.hidden = !on));
    talk.on("notice", (words) => this.show(h("p.note", words)));
    talk.on("cleared", () => this.#list.replaceChildren());
  }

  show(node, smooth = true) {
    const reading = smooth && !this.#atEnd && node.matches(".coach") && this.element.matches(":focus-within, :hover");
    this.#list.append(node);
    if (reading) this.#news.hidden = false;
    else this.scroll(smooth);
  }

  get #atEnd() {
    const { scrollTop, clientHeight } = this.element;
    const { offsetTop = 0 } = this.#list.lastElementChild ?? {};
    return scrollTop + clientHeight >= offsetTop - CLOSE;
  }

  #goToNews() {
    this.#news.hidden = true;
    this.scroll();
    this.#list.lastElementChild?.focus({ preventScroll: true });
  }

  // Arrow keys go from one message to the other.
  #walk(event) {
    const all = [...this.#list.children];
    if (!(event.key in KEYS) || !all.length || event.target.closest("button, details, a, input, .strip")) return;
    const at = all.indexOf(event.target);
    const to = all[Math.min(all.length - 1, Math.max(0, (at < 0 ? all.length : at) + KEYS[event.key]))];
    to.tabIndex = -1;
    to.focus();
    event.preventDefault();
  }

  scroll(smooth) {
    this.element.scrollTo({ top: (this.#list.lastElementChild?.offsetTop ?? 0) - 12, behavior: smooth ? "auto" : "instant" });
  }

  #add(entry, fresh) {
    this.#used();
    this.show(entry.custom ? this.#coachs(entry) : this.#mine(entry), fresh);
  }

  #mine(entry) {
    const {
      id,
      texts: [said],
    } = entry;
    return h("div.entry me", { id, "data-pending": this.#talk.isWaiting(id) && texts.waiting }, h("span.sr", texts.you), h("p", said), time(entry));
  }

  #coachs(entry) {
    const { custom, buttons } = entry;
    const kind = custom.card;
    const card = CARDS[kind] ?? words;
    const plain = card === step || card === words || kind === "note";
    const hello = { src: this.#talk.url("/coach/pictures/welcome.svg"), alt: "" };
    const replies = buttons.filter((one) => this.#worthwhile(one, custom));
    const reply = ({ title, payload }) => button(null, title, () => this.#talk.press(payload, title), "reply");
    return h(
      `div.entry coach ${plain ? "" : "boxed"}`,
      { "data-card": kind, role: kind === "safety" && "alert" },
      h("span.sr", texts.coach),
      h("div.body", !this.#list.firstChild && h("img.hello", hello), card(entry, custom, this.#talk)),
      replies.length > 0 && h("div.replies", { role: "group", "aria-label": texts.suggestions }, replies.map(reply)),
      time(entry),
    );
  }

  #worthwhile({ payload }, custom) {
    if (/routines|note/.test(custom.card) && custom.routines && /^.(start_routine|list_routines)/.test(payload)) return payload === "/start_routine";
    return !custom.session.token || !OWN.has(payload);
  }

  // Replies are for the latest answer.
  #used() {
    for (const old of this.#list.querySelectorAll(".replies")) {
      if (old.matches(":focus-within")) this.element.focus({ preventScroll: true });
      old.remove();
    }
  }
}
