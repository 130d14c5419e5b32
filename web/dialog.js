/** Asks a question over everything else in the widget. */

import { h } from "./dom.js";

/** Resolves to the choice, or to null when the person leaves it. `choices` are pairs of value and words. */
export function ask(root, { title, words, choices }) {
  return new Promise((resolve) => {
    let chosen = null;
    const choose = (value) => () => ((chosen = value), dialog.close());
    const dialog = h(
      "dialog",
      { "aria-labelledby": "question" },
      h("h2", { id: "question" }, title),
      words.map((one) => h("p", {}, one)),
      h("div", { class: "choices" }, choices.map(([value, word], at) => h("button", { type: "button", class: at ? "quiet" : "strong", onclick: choose(value) }, word))),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(chosen);
    });
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    root.append(dialog);
    dialog.showModal();
  });
}
