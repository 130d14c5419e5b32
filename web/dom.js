/** Builds elements and never parses markup: what anybody says stays text. */

const SVG = "http://www.w3.org/2000/svg";

/** An element: h("p.note", {title, onclick}, ...children); attributes may be left out. */
export function h(name, attributes, ...children) {
  const [tag, kind] = name.split(".");
  const element = /^(svg|path|circle)$/.test(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  if (kind) element.setAttribute("class", kind);
  if (attributes?.constructor !== Object) children.unshift(attributes);
  else {
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) element[key] = value;
      else if (value != null && value !== false) element.setAttribute(key, value === true ? "" : value);
    }
  }
  element.append(...children.flat(9).filter((child) => child != null && child !== false));
  return element;
}

const PATHS = {
  previous_step: "M15 6l-6 6 6 6",
  next_step: "M9 6l6 6-6 6",
  pause: "M9 6v12M15 6v12",
  resume: "M8 5.5v13l10.5-6.5z",
  repeat_step: "M5 12a7 7 0 1 0 2.2-5.1M5 4.5v3.6h3.6",
  switch_hand: "M4 9h14l-3.5-3.5M20 15H6l3.5 3.5",
  report_pain: "M13 3l-7 10h5l-1 8 8-11h-5.500z",
  explain_step: "M9 9a3 3 0 1 1 4 2.800c-.7.300-1 .8-1 1.700M12 17h.01",
  explain_benefit: "M12 20c-9-6-8-13-4-13 2 0 4 2 4 3 0-1 2-3 4-3 4 0 5 7-4 13z",
  slow_down: "M12 6l-6 6 6 6M19 6l-6 6 6 6",
  speed_up: "M5 6l6 6-6 6M12 6l6 6-6 6",
  list_steps: "M9 7h11M9 12h11M9 17h11M4.500 7h.01M4.500 12h.01M4.500 17h.01",
  stop: "M7 7h10v10H7z",
  undo: "M9 5L4.500 9.500 9 14M5 9.500h9a5 5 0 0 1 0 10h-3",
  done: "M5 12.500l4.500 4.500L19 7.500",
  down: "M12 5v13M6.500 12.500L12 18l5.500-5.500",
  warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
  phone: "M7 4h3l1.500 4-2 1.500a11 11 0 0 0 5 5l1.500-2 4 1.500v3c0 1-1 2-2 2C11 18.500 5.500 13 5 6c0-1 1-2 2-2z",
  bell: "M6 16v-5a6 6 0 0 1 12 0v5l1.500 2h-15zM10 20.500h4",
  settings: "M5 7h8M17 7h2M5 17h2M11 17h8M15 5v4M9 15v4",
  diary: "M5 19v-6M10 19V8M15 19v-9M20 19V5",
  keyboard: "M3 7h18v10H3zM7 10.500h.01M12 10.500h.01M17 10.500h.01M8 14h8",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  menu: "M5 7h14M5 12h14M5 17h14",
  talk: "M5 6h14v10h-8l-4 3.5V16H5z",
  close: "M6 6l12 12M18 6L6 18",
  ear: "M4 10v4M8 7v10M12 4v16M16 7v10M20 10v4",
  hand: "M8 13V6.5a1.5 1.5 0 0 1 3 0V11 4.5a1.5 1.5 0 0 1 3 0V11 6a1.5 1.5 0 0 1 3 0v7.5C17 18 15 20.5 11.8 20.5c-2.6 0-3.8-1.3-5.2-3.7L4.3 13a1.4 1.4 0 0 1 2.3-1.5z",
};

export const icon = (name) => PATHS[name] && h("svg.icon", { viewBox: "0 0 24 24", "aria-hidden": "true" }, h("path", { d: PATHS[name] }));

/** `words` may be nodes, too. */
export const button = (name, words, onclick, kind = "", attributes = {}) =>
  h(`button.${kind}`, { type: "button", onclick, ...attributes }, icon(name), typeof words === "string" ? h("span", words) : words);

const strong = (line) => line.split(/\*\*(.+?)\*\*/).map((piece, at) => (at % 2 ? h("strong", piece) : piece));

/** Nodes for **strong**, lists, paragraphs. */
export function markup(text) {
  const blocks = [];
  for (const line of text.split("\n").filter((one) => one.trim())) {
    const [, bullet, number, rest] = line.match(/^(?:(- )|(\d+\. ))?(.*)$/);
    const kind = bullet ? "ul" : number ? "ol" : "p";
    if (kind === "p") blocks.push(h("p", strong(rest)));
    else {
      if (blocks.at(-1)?.localName !== kind) blocks.push(h(kind));
      blocks.at(-1).append(h("li", strong(rest)));
    }
  }
  return blocks;
}

/** Shows or hides what `opener` controls, by the style sheet. */
export const unfold = (opener, open = !isOpen(opener)) => opener.setAttribute("aria-expanded", open);
export const isOpen = (opener) => opener.ariaExpanded === "true";

/** Resolves to the chosen of [value, words], or to "". */
export function ask(root, title, words, choices) {
  return new Promise((resolve) => {
    const choice = ([value, word], at) => button(null, word, () => dialog.close(value), at ? "quiet" : "strong");
    const onclose = () => (dialog.remove(), resolve(dialog.returnValue));
    const named = { "aria-labelledby": "question", onclose };
    const dialog = h("dialog", named, h("h2", { id: "question" }, title), words.map((one) => h("p", one)), h("div.choices", choices.map(choice)));
    root.append(dialog);
    dialog.showModal();
  });
}

export class Emitter extends EventTarget {
  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  on(type, work, options) {
    this.addEventListener(type, ({ detail }) => work(detail), options);
  }
}
