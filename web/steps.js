/** The steps of a plan: as a list to go to one of them, as a strip of pictures, as what was done. */

import { button, h, icon } from "./dom.js";
import { texts } from "./texts.js";

const thumbnail = (talk, { picture }) => h("img.thumb", { src: talk.url(picture.src), alt: "", loading: "lazy" });

/** A row for each step; `go` is given the number of the one that is chosen. */
export function stepList(talk, steps, current, go) {
  const row = (step, at) => {
    const number = at + 1;
    const state = number < current ? texts.doneStep : number === current ? texts.nowStep : "";
    const words = h("span.title", step.title, state && h("small", state));
    const inside = [thumbnail(talk, step), words, h("span.badge", texts.about(step.seconds))];
    const onclick = () => number !== current && go(number);
    return h("li", { "aria-current": number === current && "step" }, button(null, inside, onclick, "row"));
  };
  return h("ol.plan", steps.map(row));
}

/** Pictures in a row, to be looked through. */
export const strip = (talk, steps) =>
  h(
    "ol.strip",
    { tabindex: 0, "aria-label": texts.theSteps },
    steps.map((step) => h("li", thumbnail(talk, step), h("span", step.title))),
  );

/** What was done, ticked. */
export const ticked = (steps) => h("ul.ticked", steps.map(({ title }) => h("li", icon("done"), h("span", title))));
