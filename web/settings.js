/** What this device is set to; kept in the browser, erased with the conversation. */

import { Emitter } from "./dom.js";

const KEY = "palmwise:settings";
const USUAL = {
  sounds: true,
  vibration: true,
  tone: "tan", // as the drawings have it
  text: 1,
  pace: 1,
  hand: "left",
  voice: "",
  rate: 1,
  times: false,
};
export const TONES = ["light", "tan", "brown", "dark"];

/** Event: `change` (the name). */
class Settings extends Emitter {
  #values = { ...USUAL, ...this.#kept() };

  get(name) {
    return this.#values[name];
  }

  set(name, value) {
    this.#values = { ...this.#values, [name]: value };
    try {
      localStorage[KEY] = JSON.stringify(this.#values);
    } catch {
      // Where storage is off, they hold for this visit.
    }
    this.emit("change", name);
  }

  clear() {
    this.#values = { ...USUAL };
    try {
      delete localStorage[KEY];
    } catch {
      // There was nothing.
    }
    for (const name of Object.keys(USUAL)) this.emit("change", name);
  }

  #kept() {
    try {
      const kept = JSON.parse(localStorage[KEY]);
      return Object.fromEntries(Object.keys(USUAL).filter((name) => typeof kept[name] === typeof USUAL[name]).map((name) => [name, kept[name]]));
    } catch {
      return {};
    }
  }
}

export const settings = new Settings();

// A length that is the same in all of the panel, whatever the page's own size of text.
try {
  CSS.registerProperty({ name: "--rem", syntax: "<length>", inherits: true, initialValue: "16px" });
} catch {
  // Another copy of the widget has done it.
}

/** A style sheet whose `rem` is the visitor's choice and not the page's. */
export const scaled = (style) => style.replaceAll(/(-?[\d.]+)rem\b(?![^{}]*\) *\{)/g, "calc($1 * var(--rem))");

/** Has `panel` look as the settings say, until `signal`. */
export function wear(panel, signal) {
  const show = () => {
    panel.style.setProperty("--text", settings.get("text"));
    panel.dataset.tone = settings.get("tone");
  };
  settings.on("change", show, { signal });
  show();
}
