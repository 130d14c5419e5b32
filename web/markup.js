/** Turns the coach's plain markup (**strong**, lists, paragraphs) into nodes, never into HTML text. */

import { h } from "./dom.js";

/** The nodes of a text. Where `instead` is given, it takes the place of the first list. */
export function markup(text, instead = null) {
  const nodes = [];
  for (const { kind, lines } of blocks(text)) {
    if (kind === "p") nodes.push(h("p", {}, ...lines.flatMap((line, at) => [at ? h("br") : null, ...strong(line)])));
    else if (instead) nodes.push(instead), (instead = null);
    else nodes.push(h(kind, {}, lines.map((line) => h("li", {}, ...strong(line)))));
  }
  return instead ? [...nodes, instead] : nodes;
}

/** Without the stars. */
export const plain = (text) => text.replaceAll("**", "");

function blocks(text) {
  const found = [];
  for (const line of text.split("\n")) {
    if (!line.trim()) continue;
    const [, bullet, number, rest] = line.match(/^(?:(- )|(\d+\. ))?(.*)$/);
    const kind = bullet ? "ul" : number ? "ol" : "p";
    if (found.at(-1)?.kind === kind) found.at(-1).lines.push(rest);
    else found.push({ kind, lines: [rest] });
  }
  return found;
}

// Odd pieces were between stars; a star without a partner stays as it is.
function strong(line) {
  const pieces = line.split("**");
  if (pieces.length % 2 === 0) return [line];
  return pieces.map((piece, at) => (at % 2 ? h("strong", {}, piece) : piece));
}
