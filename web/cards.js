/** The coach's cards in the conversation. */

import { comfort, weekView } from "./comfort.js";
import { button, h, icon, markup } from "./dom.js";
import { isHeading } from "./entry.js";
import { stepList, strip, ticked } from "./steps.js";
import { texts } from "./texts.js";

const POINTS = Object.entries(texts.points);
const ITEM = /^(- |\d+\. )/;
const DISTRESS = ["self_harm", "abuse"];

const heading = (title) => title && h("h3", title);
const badge = (word) => word && h("span.badge", word);
const more = (detail, summary = texts.readMore) => detail && h("details", h("summary", summary), detail);
const told = (detail) => more(detail && markup(detail));
const prose = ({ texts: said }) => said.map((text) => markup(text.split("\n").filter((line) => !ITEM.test(line)).join("\n")));

/** What a card has no form of its own for. */
export const words = ({ texts: said }) => said.map(markup);

export function reflexMap(talk) {
  const tell = (id, title) => () => talk.press(`/explain_technique{"technique": "${id}"}`, texts.tellMe(title));
  const points = POINTS.map(([id, title]) => button(null, h("span.tag", title), tell(id, title), "point", { id: `point-${id}`, "aria-label": title }));
  const drawing = h("img", { src: talk.url("/coach/pictures/reflexology_map.svg"), alt: texts.mapTitle });
  return h("figure.map", h("div.drawing", drawing, points), h("figcaption", texts.mapHint));
}

// Its words stand on the stage; here they are for a screen reader.
export function step({ texts: said }, custom) {
  return said.map((text, at) => {
    const hidden = at === said.length - 1 && (at > 0 || custom.card === "step");
    return h(`div.${hidden ? "sr" : isHeading(text, custom) ? "line" : ""}`, markup(text));
  });
}

function massages(all, talk) {
  const choice = ({ id, title, summary, minutes: { from, to }, picture }) => {
    const image = h("img", { src: talk.url(picture.src), alt: "" });
    const inside = [image, h("strong", title), h("span.summary", summary), badge(texts.fromTo(from, to))];
    return button(null, inside, () => talk.press(`/start_routine{"routine": "${id}"}`, title), "massage");
  };
  return h("ul.massages", all.map((one) => h("li", choice(one))));
}

const note = (entry, { routines }, talk) => [words(entry), routines && massages(routines, talk)];

const routines = (entry, { routines: all }, talk) => [prose(entry), massages(all, talk)];

function overview(entry, { steps, routine, session }, talk) {
  const running = session.routine === routine && session.token;
  const go = (at) => talk.press(`/go_to_step{"step_number": "${at}"}`, texts.goTo(steps[at - 1].title));
  const list = running ? stepList(talk, steps, session.step, go) : strip(talk, steps);
  return [prose(entry), list, routine === "reflexology" && reflexMap(talk)];
}

function technique(entry, { picture, title, technique: id, detail }, talk) {
  const image = picture && h("img", { src: talk.url(picture.src), alt: picture.alt });
  const number = POINTS.findIndex(([point]) => point === id) + 1;
  const point = number > 0 && button("hand", texts.massagePoint, () => talk.massage(number), "reply");
  return [heading(title), image, words(entry), !entry.texts.includes(detail) && told(detail), point];
}

const size = (steps) => badge(`${texts.about(steps.reduce((sum, { seconds }) => sum + seconds, 0))} · ${texts.steps(steps.length)}`);

const offer = (entry, { title, steps, session: { token } }, talk) => [
  heading(title),
  !token && h("p", size(steps)),
  strip(talk, steps),
  words(entry),
];

const prepare = (entry, { title, detail, steps, session: { token } }, talk) => [
  heading(title),
  !token && h("p", size(steps)),
  words(entry),
  told(detail),
  comfort(talk.diary, "before"),
];

// The question as it is asked is there for a screen reader, and to be read in full.
function screening({ texts: said }, { items, question, conditions }) {
  if (!question) return [said.map(markup), told(items.map(({ text }) => text).join("\n"))];
  const reasons = h("dl", items.map(({ title, text }) => [h("dt", title), h("dd", markup(text))]));
  return [
    said.filter((text) => text !== question).map(markup),
    heading(texts.safetyQuestion),
    h("p", texts.safetyAsk),
    h("ul.reasons", conditions.map((one) => h("li", icon("warning"), h("span", one)))),
    more([...markup(question), reasons]),
  ];
}

function safety(entry, { level, id }) {
  const distress = DISTRESS.includes(id);
  const numbers = level === "doctor" ? [] : distress ? texts.crisisLines : texts.emergencyNumbers;
  const call = ([number, where]) => h("li", h("a.call", { href: `tel:${number.replaceAll(" ", "")}` }, icon("phone"), h("strong", texts.call(number)), h("small", where)));
  return [
    h("div.heading", icon("warning"), heading(distress ? texts.danger.distress : texts.danger[level])),
    words(entry),
    numbers.length > 0 && [h("ul.calls", numbers.map(call)), h("p.small", texts.callTell)],
  ];
}

function finished(entry, { title, detail, steps, session }, talk) {
  const { latest } = talk.diary;
  const minutes = latest?.routine === session.routine ? texts.about(latest.seconds) : size(steps);
  return [
    h("div.heading", h("span.seal", icon("done")), h("div", heading(texts.wellDone), h("p.small", [title, minutes].filter(Boolean).join(" · ")))),
    ticked(steps),
    comfort(talk.diary, "after"),
    weekView(talk.diary),
    words(entry),
    told(detail),
  ];
}

export const CARDS = {
  step,
  paused: step,
  note,
  routines,
  overview,
  technique,
  offer,
  prepare,
  faq: (entry, { id, title, source, more: rest }, talk) => [
    heading(title),
    id.startsWith("faq/reflexology") && reflexMap(talk),
    words(entry),
    told(rest),
    more(source && h("p", source), texts.source),
  ],
  safety,
  finished,
  screening,
};
