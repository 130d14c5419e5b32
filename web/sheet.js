/** A sheet over the panel, for what is not needed all the time. */

import { button, h } from "./dom.js";
import { texts } from "./texts.js";

/**
 * Opens a sheet and returns its dialog. It closes by its button, by Escape, by a tap beside it, and, where `brief`, by any
 * choice in it; the focus goes back to what opened it.
 */
export function openSheet(root, kind, title, content, { brief = false } = {}) {
  const heading = h("h2", { id: `sheet-${kind}` }, title);
  const close = button("close", texts.close, () => dialog.close(), "bare");
  const inside = h("div.inside", h("div.heading", heading, close), content);
  const onclick = ({ target }) => {
    if (target === dialog || (brief && target.closest("button"))) dialog.close();
  };
  const onclose = () => dialog.remove();
  const dialog = h(`dialog.sheet ${kind}`, { "aria-labelledby": heading.id, onclick, onclose }, inside);
  root.append(dialog);
  dialog.showModal();
  return dialog;
}
