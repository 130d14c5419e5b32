/** The conversation as a live log, with the replies that make sense now. */

import { button, h, icon, markup } from "./dom.js";
import { isHeading } from "./entry.js";
import { OWN } from "./stage.js";
import { texts } from "./texts.js";

const POINTS = Object.entries(texts.points);
const ITEM = /^(- |\d+\. )/;

const heading = (title) => title && h("h3", title);
const words = ({ texts: said }) => said.map(markup);
const badge = (word) => word && h("span.badge", word);
const more = (detail, summary = texts.readMore) => detail && h("details", h("summary", summary), detail);
const told = (detail) => more(detail && markup(detail));

const prose = ({ texts: said }) => said.map((text) => markup(text.split("\n").filter((line) => !ITEM.test(line)).join("\n")));

export function reflexMap(talk) {
  const tell = (id, title) => () => talk.press(`/explain_technique{"technique": "${id}"}`, texts.tellMe(title));
  const points = POINTS.map(([id, title]) => button(null, h("span.tag", title), tell(id, title), "point", { id: `point-${id}`, "aria-label": title }));
  const drawing = h("img", { src: talk.url("/coach/pictures/reflexology_map.svg"), alt: texts.mapTitle });
  return h("figure.map", h("div.drawing", drawing, points), h("figcaption", texts.mapHint));
}

// Its words stand on the stage; here they are for a screen reader.
function step({ texts: said }, custom) {
  return said.map((text, at) => {
    const hidden = at === said.length - 1 && (at > 0 || custom.card === "step");
    return h(`div.${hidden ? "sr" : isHeading(text, custom) ? "line" : ""}`, markup(text));
  });
}

function routines(entry, { routines: all }, talk) {
  const choice = ({ id, title, summary, minutes: { from, to } }) => {
    const inside = [h("strong", title), badge(texts.fromTo(from, to)), h("span.summary", summary)];
    return button(null, inside, () => talk.press(`/start_routine{"routine": "${id}"}`, title), "choice");
  };
  return [prose(entry), h("ul.choices", all.map((one) => h("li", choice(one))))];
}

function overview(entry, { steps, routine, session }, talk) {
  const running = session.routine === routine && session.token;
  const row = ({ title, seconds }, at) => {
    const inside = [h("span.at", at + 1), h("span.title", title), badge(texts.duration(seconds))];
    const onclick = () => talk.press(`/go_to_step{"step_number": "${at + 1}"}`, texts.goTo(title));
    const here = running && session.step === at + 1 && "step";
    return h("li", { "aria-current": here }, running ? button(null, inside, onclick, "row") : h("div.row", inside));
  };
  return [prose(entry), h("ol.plan", steps.map(row)), routine === "reflexology" && reflexMap(talk)];
}

function technique(entry, { picture, title, technique: id, detail }, talk) {
  const image = picture && h("img", { src: talk.url(picture.src), alt: picture.alt });
  const number = POINTS.findIndex(([point]) => point === id) + 1;
  const point = number > 0 && button("hand", texts.massagePoint, () => talk.massage(number), "reply");
  return [heading(title), image, words(entry), !entry.texts.includes(detail) && told(detail), point];
}

function plan(entry, { title, detail, session: { token, minutes, steps } }) {
  const size = [minutes && texts.minutes(minutes), steps && texts.steps(steps)].filter(Boolean);
  return [heading(title), !token && h("p", badge(size.join(" · "))), words(entry), told(detail)];
}

const CARDS = {
  step,
  paused: step,
  routines,
  overview,
  technique,
  offer: plan,
  prepare: plan,
  faq: (entry, { id, title, source, more: rest }, talk) => [
    heading(title),
    id.startsWith("faq/reflexology") && reflexMap(talk),
    words(entry),
    told(rest),
    more(source && h("p", source), texts.source),
  ],
  safety: (entry) => [icon("report_pain"), words(entry)],
  finished: (entry, { title, detail }) => [icon("hand"), heading(title), words(entry), told(detail)],
  screening: (entry, { items }) => [
    words(entry),
    more(h("dl", items.map(({ title, text }) => [h("dt", title), h("dd", markup(text))]))),
  ],
};

export class Log {
  #talk;
  #typing = h("p.typing", { hidden: true }, texts.typing);
  #list = h("div.entries");

  constructor(talk) {
    this.#talk = talk;
    const live = { part: "log", role: "log", "aria-live": "polite", "aria-label": texts.conversation, tabindex: 0 };
    this.element = h("div.log", live, this.#list, this.#typing);
    talk.on("entry", ({ entry, fresh }) => this.#add(entry, fresh));
    talk.on("sent", () => this.#list.querySelectorAll("[data-pending]").forEach((one) => talk.isWaiting(one.id) || delete one.dataset.pending));
    talk.on("busy", (on) => (this.#typing.hidden = !on));
    talk.on("notice", (words) => this.show(h("p.note", words)));
    talk.on("cleared", () => this.#list.replaceChildren());
  }

  show(node, smooth = true) {
    this.#list.append(node);
    this.scroll(smooth);
  }

  scroll(smooth) {
    this.element.scrollTo({ top: (this.#list.lastElementChild?.offsetTop ?? 0) - 12, behavior: smooth ? "auto" : "instant" });
  }

  #add(entry, fresh) {
    this.#used();
    this.show(entry.custom ? this.#coachs(entry) : this.#mine(entry), fresh);
  }

  #mine({ id, texts: [said] }) {
    return h("div.entry me", { id, "data-pending": this.#talk.isWaiting(id) && texts.waiting }, h("span.sr", texts.you), h("p", said));
  }

  #coachs(entry) {
    const { custom, buttons } = entry;
    const kind = custom.card;
    const card = CARDS[kind] ?? words;
    const hello = { src: this.#talk.url("/coach/pictures/welcome.svg"), alt: "" };
    const replies = buttons.filter((one) => this.#worthwhile(one, custom));
    const reply = ({ title, payload }) => button(null, title, () => this.#talk.press(payload, title), "reply");
    return h(
      `div.entry coach ${card === words || card === step ? "" : "boxed"}`,
      { "data-card": kind, role: kind === "safety" && "alert" },
      h("span.sr", texts.coach),
      h("div.body", !this.#list.firstChild && h("img.hello", hello), card(entry, custom, this.#talk)),
      replies.length > 0 && h("div.replies", { role: "group", "aria-label": texts.suggestions }, replies.map(reply)),
    );
  }

  #worthwhile({ payload }, custom) {
    if (custom.card === "routines" && payload.startsWith("/start_routine{")) return false;
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
