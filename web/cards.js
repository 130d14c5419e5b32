/** The cards that an answer can be, besides plain words and the step on the stage. */

import { button, h, icon } from "./dom.js";
import { reflexMap } from "./map.js";
import { markup, plain } from "./markup.js";
import { texts } from "./texts.js";

const POINTS = Object.keys(texts.points); // in the order of the routine

/** The body of an entry, or null where words are enough. */
export function card(entry, talk) {
  const made = CARDS[entry.custom?.card];
  return made ? made(entry, entry.custom, talk) : null;
}

const words = (entry) => entry.texts.flatMap((text) => markup(text));
const heading = (title) => h("h3", {}, title);
const more = (detail) => detail && h("details", {}, h("summary", {}, texts.readMore), markup(detail));
const minutes = ({ minutes: all }) => all && h("span", { class: "badge" }, texts.minutes(all));

/** What a step says stands on the stage; the log keeps a line of it, and the whole for a screen reader. */
function step(entry, custom) {
  const heads = entry.texts.length > 1 || custom.card !== "step";
  return entry.texts.map((text, at) => {
    const hidden = at === entry.texts.length - 1 && (entry.texts.length > 1 || !heads);
    const head = text.startsWith("**") && text.includes(custom.title);
    return h("div", { class: hidden ? "sr" : head ? "line" : "aside" }, markup(text));
  });
}

function offer(entry, custom) {
  const { steps } = custom.session;
  const badges = h("p", { class: "badges" }, minutes(custom.session), steps && h("span", { class: "badge" }, texts.steps(steps)));
  return [heading(custom.title), custom.session.token ? null : badges, ...words(entry)].filter(Boolean);
}

function routines(entry, { routines: all }, talk) {
  const list = all.map(({ id, title, summary, minutes: { from, to } }) =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "choice", onclick: () => talk.press(`/start_routine{"routine": "${id}"}`, title) },
        h("strong", {}, title),
        h("span", { class: "badge" }, texts.fromTo(from, to)),
        h("span", { class: "summary" }, summary),
      ),
    ),
  );
  return words_with(entry, h("ul", { class: "choices" }, list));
}

function overview(entry, { title, steps, routine, session }, talk) {
  const running = session.routine === routine && session.token;
  const list = steps.map((one, at) => {
    const inside = [h("span", { class: "at" }, at + 1), h("span", { class: "title" }, one.title), h("span", { class: "badge" }, texts.duration(one.seconds))];
    const here = running && session.step === at + 1;
    const go = () => talk.press(`/go_to_step{"step_number": "${at + 1}"}`, texts.goTo(one.title));
    return h("li", { "aria-current": here ? "step" : null }, running ? h("button", { type: "button", class: "row", onclick: go }, inside) : h("div", { class: "row" }, inside));
  });
  const map = routine === "reflexology" && reflexMap(talk);
  return [...words_with(entry, h("ol", { class: "plan" }, list)), map].filter(Boolean);
}

const words_with = (entry, list) => {
  const at = entry.texts.findIndex((text) => /\n(- |\d+\. )/.test(text));
  return entry.texts.flatMap((text, index) => markup(text, index === at ? list : null));
};

function faq(entry, { id, title, source }, talk) {
  const map = id.startsWith("faq/reflexology") && reflexMap(talk);
  const from = source && h("details", { class: "source" }, h("summary", {}, texts.source), h("p", {}, source));
  return [title && heading(title), map, ...words(entry), from].filter(Boolean);
}

function technique(entry, custom, talk) {
  const { picture, title, technique: id, detail } = custom;
  const image = picture && h("img", { src: talk.url(picture.src), alt: picture.alt, loading: "lazy", onerror: ({ target }) => target.remove() });
  const told = entry.texts.includes(detail);
  const point = POINTS.includes(id) && button("hand", texts.massagePoint, () => talk.massage(id, POINTS.indexOf(id) + 1), { class: "reply" });
  return [heading(title), image, ...words(entry), told ? null : more(detail), point].filter(Boolean);
}

function safety(entry) {
  return [h("div", { class: "sign" }, icon("hurts")), ...words(entry)];
}

function finished(entry, { title, detail }) {
  return [h("div", { class: "flower" }, icon("hand")), heading(title), ...words(entry), more(detail)];
}

function screening(entry, { items }) {
  const list = h("dl", {}, items.flatMap(({ title, text }) => [h("dt", {}, title), h("dd", {}, plain(text))]));
  return [...words(entry), h("details", {}, h("summary", {}, texts.readMore), list)];
}

const CARDS = {
  step,
  paused: step,
  ease: (entry) => words(entry),
  offer,
  routines,
  overview,
  faq,
  technique,
  safety,
  finished,
  screening,
  prepare: (entry, { title, detail, session }) => [heading(title), h("p", { class: "badges" }, minutes(session)), ...words(entry), more(detail)],
};
