/** The conversation as a live log, with the replies that make sense now. */

import { button, h, icon, markup } from "./dom.js";
import { OWN } from "./stage.js";
import { texts } from "./texts.js";

const BOXED = /offer|routines|overview|faq|technique|screening|prepare|finished|safety/;
const PATIENCE = 300; // ms

const POINTS = Object.entries(texts.points);
const ITEM = /^(- |\d+\. )/;

const heading = (title) => title && h("h3", title);
const words = ({ texts: said }) => said.map(markup);
const badge = (word) => word && h("span.badge", word);
const more = (detail, summary = texts.readMore) => detail && h("details", h("summary", summary), detail);
const told = (detail) => more(detail && markup(detail));
const minutes = ({ minutes: all }) => badge(all && texts.minutes(all));

const prose = ({ texts: said }) => said.map((text) => markup(text.split("\n").filter((line) => !ITEM.test(line)).join("\n")));

export function reflexMap(talk) {
  const tell = (id, title) => () => talk.press(`/explain_technique{"technique": "${id}"}`, texts.tellMe(title));
  const points = POINTS.map(([id, title]) => h("button.point", { type: "button", id: `point-${id}`, "aria-label": title, onclick: tell(id, title) }));
  const drawing = h("img", { src: talk.url("/coach/pictures/reflexology_map.svg"), alt: texts.mapTitle });
  return h("figure.map", h("div.drawing", drawing, points), h("figcaption", texts.mapHint));
}

// Its words stand on the stage; here they are for a screen reader.
function step({ texts: said }, { card, title }) {
  return said.map((text, at) => {
    const hidden = at === said.length - 1 && (at > 0 || card === "step");
    const head = text.startsWith("**") && text.includes(title);
    return h(hidden ? "div.sr" : head ? "div.line" : "div.aside", markup(text));
  });
}

function routines(entry, { routines: all }, talk) {
  const choice = ({ id, title, summary, minutes: { from, to } }) =>
    h(
      "button.choice",
      { type: "button", onclick: () => talk.press(`/start_routine{"routine": "${id}"}`, title) },
      h("strong", title),
      badge(texts.fromTo(from, to)),
      h("span.summary", summary),
    );
  return [prose(entry), h("ul.choices", all.map((one) => h("li", choice(one))))];
}

function overview(entry, { steps, routine, session }, talk) {
  const running = session.routine === routine && session.token;
  const row = ({ title, seconds }, at) => {
    const inside = [h("span.at", at + 1), h("span.title", title), badge(texts.duration(seconds))];
    const onclick = () => talk.press(`/go_to_step{"step_number": "${at + 1}"}`, texts.goTo(title));
    const here = running && session.step === at + 1 && "step";
    return h("li", { "aria-current": here }, running ? h("button.row", { type: "button", onclick }, inside) : h("div.row", inside));
  };
  return [prose(entry), h("ol.plan", steps.map(row)), routine === "reflexology" && reflexMap(talk)];
}

function technique(entry, { picture, title, technique: id, detail }, talk) {
  const onerror = ({ target }) => target.remove();
  const image = picture && h("img", { src: talk.url(picture.src), alt: picture.alt, onerror });
  const number = POINTS.findIndex(([point]) => point === id) + 1;
  const point = number > 0 && button("hand", texts.massagePoint, () => talk.massage(number), "reply");
  return [heading(title), image, words(entry), !entry.texts.includes(detail) && told(detail), point];
}

const CARDS = {
  step,
  paused: step,
  routines,
  overview,
  technique,
  offer: (entry, { title, session }) => [
    heading(title),
    !session.token && h("p.badges", minutes(session), badge(session.steps && texts.steps(session.steps))),
    words(entry),
  ],
  faq: (entry, { id, title, source }, talk) => [
    heading(title),
    id.startsWith("faq/reflexology") && reflexMap(talk),
    words(entry),
    more(source && h("p", source), texts.source),
  ],
  safety: (entry) => [icon("hurts"), words(entry)],
  finished: (entry, { title, detail }) => [icon("hand"), heading(title), words(entry), told(detail)],
  screening: (entry, { items }) => [
    words(entry),
    more(h("dl", items.map(({ title, text }) => [h("dt", title), h("dd", markup(text))]))),
  ],
  prepare: (entry, { title, detail, session }) => [heading(title), h("p.badges", minutes(session)), words(entry), told(detail)],
};

const card = (entry, talk) => (CARDS[entry.custom?.card] ?? words)(entry, entry.custom, talk);

export class Log {
  #talk;
  #typing = h("div.typing", { hidden: true }, h("span.sr", texts.typing), h("i"), h("i"), h("i"));
  #list = h("div.entries");
  #timer = null;

  constructor(talk) {
    this.#talk = talk;
    const live = { part: "log", role: "log", "aria-live": "polite", "aria-label": texts.conversation, tabindex: 0 };
    this.element = h("div.log", live, this.#list, this.#typing);
    talk.on("entry", ({ entry, fresh }) => this.#add(entry, fresh));
    talk.on("sent", (id) => this.#list.querySelector(`[data-id="${id}"]`)?.removeAttribute("data-pending"));
    talk.on("busy", (on) => this.#busy(on));
    talk.on("notice", (words) => this.show(h("p.note", words)));
    talk.on("cleared", () => this.#list.replaceChildren());
  }

  show(node, smooth = true) {
    this.#list.append(node);
    this.scroll(smooth);
  }

  scroll(smooth = true) {
    const behavior = smooth && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "smooth" : "instant";
    this.element.scrollTo({ top: (this.#list.lastElementChild?.offsetTop ?? 0) - 12, behavior });
  }

  #add(entry, fresh) {
    this.#used();
    const mine = entry.who === "me";
    this.show(mine ? this.#mine(entry) : this.#coachs(entry), fresh);
  }

  #mine({ id, texts: [said], pending }) {
    return h("div.entry me", { "data-id": id, "data-pending": pending && texts.waiting }, h("span.sr", texts.you), h("p", said));
  }

  #coachs(entry) {
    const kind = entry.custom?.card ?? "note";
    const hello = { src: this.#talk.url("/coach/pictures/welcome.svg"), alt: "", onerror: ({ target }) => target.remove() };
    const replies = entry.buttons.filter((one) => this.#worthwhile(one, entry.custom));
    return h(
      `div.entry coach ${BOXED.test(kind) ? "boxed" : ""}`,
      { "data-card": kind, role: kind === "safety" && "alert" },
      h("span.sr", texts.coach),
      h("div.body", !this.#list.firstChild && h("img.hello", hello), card(entry, this.#talk)),
      replies.length > 0 && h("div.replies", { role: "group", "aria-label": texts.suggestions }, replies.map((one) => this.#reply(one))),
    );
  }

  #worthwhile({ payload }, custom) {
    if (custom?.card === "routines" && payload.startsWith("/start_routine{")) return false;
    return !custom?.session.token || !OWN.has(payload);
  }

  #reply({ title, payload }) {
    return h("button.reply", { type: "button", onclick: () => this.#talk.press(payload, title) }, title);
  }

  // Replies are for the latest answer. The focus stays near.
  #used() {
    for (const old of this.#list.querySelectorAll(".replies")) {
      if (old.contains(old.getRootNode().activeElement)) this.element.focus({ preventScroll: true });
      old.remove();
    }
  }

  #busy(on) {
    clearTimeout(this.#timer);
    this.#typing.hidden = true;
    if (on) this.#timer = setTimeout(() => (this.#typing.hidden = false), PATIENCE);
  }
}
