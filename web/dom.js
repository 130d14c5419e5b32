/** Builds elements without ever parsing markup: what anybody says stays text. */

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes, listeners (`onclick`) and children, which are nodes or text. */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function s(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

const PATHS = {
  back: "M15 6l-6 6 6 6",
  next: "M9 6l6 6-6 6",
  pause: "M9 6v12M15 6v12",
  play: "M8 5.5v13l10.5-6.5z",
  again: "M5 12a7 7 0 1 0 2.2-5.1M5 4.5v3.6h3.6",
  swap: "M4 9h14l-3.5-3.5M20 15H6l3.5 3.5",
  hurts: "M12 20s-7-4.4-7-9.6A3.9 3.9 0 0 1 12 8a3.9 3.9 0 0 1 7 2.4C19 15.6 12 20 12 20zM12.5 8.500l-2 3h3.500l-2 3.5",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  stop: "M7 7h10v10H7z",
  up: "M6 15l6-6 6 6",
  menu: "M5 7h14M5 12h14M5 17h14",
  close: "M6 6l12 12M18 6L6 18",
  send: "M5 12h13M12.5 6.500L18 12l-5.5 5.5",
  ear: "M4 10v4M8 7v10M12 4v16M16 7v10M20 10v4",
  hand: "M8 13V6.500a1.5 1.5 0 0 1 3 0V11 4.500a1.5 1.5 0 0 1 3 0V11 6a1.5 1.5 0 0 1 3 0v7.500C17 18 15 20.5 11.8 20.500c-2.6 0-3.8-1.3-5.2-3.700L4.3 13a1.4 1.4 0 0 1 2.3-1.500z",
  lost: "M4 4l16 16M8.5 15.500a5 5 0 0 1 5.5-1M5 12a10 10 0 0 1 4-2.400M19 12a10 10 0 0 0-6-2.900M12 19h.01",
};

/** A line drawing of 24 units that takes the colour of the text beside it. */
export function icon(name) {
  return s("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, s("path", { d: PATHS[name] }));
}

/** A button with an icon and a word. */
export function button(name, word, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, name && icon(name), h("span", {}, word));
}
