/** The reflexology map: a drawing whose points are buttons. */

import { h } from "./dom.js";
import { texts } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = new Set("svg g path circle ellipse rect line polyline polygon title desc defs linearGradient radialGradient stop use clipPath mask".split(" "));
const POINT = `svg{display:block;width:100%;max-width:24rem;height:auto;margin:auto}.point{cursor:pointer;outline:none}
.point:is(:hover,:focus-visible,[aria-pressed=true]) .pt{opacity:.9}.point:focus-visible .pr{stroke-width:6}`;
const DRAWN = /^(id|class|d|[xyr]|[cr][xy]|[xy][12]|width|height|points|transform|viewBox|fill|fill-.*|stroke|stroke-.*|opacity|offset|stop-.*|gradient.*|clip-.*|mask|pointer-events|role|aria-.*|font-.*)$/;

/** The map with what to do with it. It draws itself when its file has come. */
export function reflexMap(talk) {
  const field = h("div", { class: "drawing" });
  load(talk.url("/coach/pictures/reflexology_map.svg"))
    .then(([drawing, sheet]) => {
      const root = field.attachShadow({ mode: "open" }); // its classes stay its own
      root.adoptedStyleSheets = [sheet];
      root.append(points(drawing, talk));
    })
    .catch(() => field.append(h("p", { class: "note" }, texts.mapMissing)));
  return h("figure", { class: "map" }, field, h("figcaption", {}, texts.mapHint));
}

async function load(address) {
  const response = await fetch(address, { credentials: "omit" });
  if (!response.ok) throw new Error(`${response.status}`);
  const text = await response.text();
  // The parser would complain of a style in the text; one that fetches nothing is taken over as a sheet.
  const css = [...text.matchAll(/<style>([^<]*)<\/style>/g)].map(([, one]) => one).join("");
  const parsed = new DOMParser().parseFromString(text.replace(/<style[^]*?<\/style>/g, ""), "image/svg+xml");
  if (parsed.querySelector("parsererror")) throw new Error("not a drawing");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync((css.includes("url(") ? "" : css) + POINT);
  return [copied(parsed.documentElement), sheet];
}

// Only shapes and how they look are taken over: no script, no listener, no address but one inside the drawing.
function copied(source) {
  const element = document.createElementNS(SVG, source.localName);
  for (const { name, value } of source.attributes) {
    const inside = !value.includes("url(") || /^url\(#[\w-]+\)$/.test(value.trim());
    if (DRAWN.test(name) && inside) element.setAttribute(name, value);
    if (/^(xlink:)?href$/.test(name) && /^#[\w-]+$/.test(value)) element.setAttribute("href", value);
  }
  for (const child of source.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) element.append(child.textContent);
    else if (SHAPES.has(child.localName)) element.append(copied(child));
  }
  return element;
}

function points(drawing, talk) {
  drawing.setAttribute("role", "group");
  drawing.setAttribute("aria-label", texts.mapTitle);
  for (const [id, title] of Object.entries(texts.points)) {
    const point = drawing.querySelector(`#point-${id}`);
    if (!point) continue;
    const chosen = () => {
      for (const other of drawing.querySelectorAll("[aria-pressed]")) other.setAttribute("aria-pressed", String(other === point));
      talk.press(`/explain_technique{"technique": "${id}"}`, texts.tellMe(title));
    };
    for (const [name, value] of Object.entries({ role: "button", tabindex: 0, "aria-label": title, "aria-pressed": false, class: "point" })) {
      point.setAttribute(name, value);
    }
    point.addEventListener("click", chosen);
    point.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      chosen();
    });
  }
  return drawing;
}
