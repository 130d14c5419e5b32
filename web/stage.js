/** The card of the step that is on: drawing, instruction, ring, progress, and buttons that never change places. */

import { button, h, icon } from "./dom.js";
import { markup } from "./markup.js";
import { Ring, stretches } from "./ring.js";
import { texts } from "./texts.js";

const MAIN = [["back", "/previous_step"], ["pause", "/pause"], ["next", "/next_step"]];
const SIDE = [["again", "/repeat_step"], ["swap", "/switch_hand"], ["hurts", "/report_pain"]];
const MORE = ["/explain_step", "/explain_benefit", "/slow_down", "/speed_up", "/list_steps", "/stop"];
const EASE = ["/resume", "/next_step", "/stop"];

/** What the buttons of a step send; everything else is a reply in the log. */
export const OWN = new Set([...MAIN, ...SIDE].map(([, payload]) => payload).concat(MORE, EASE));

export class Stage {
  #talk;
  #ring = new Ring();
  #parts = {};
  #buttons = new Map();
  #shown = null;

  constructor(talk) {
    this.#talk = talk;
    this.element = this.#build();
    talk.addEventListener("change", () => this.#show());
    talk.clock.addEventListener("tick", () => this.#tick());
  }

  #build() {
    const p = this.#parts;
    p.bar = h("div", { class: "bar", role: "img" });
    p.where = h("span", { class: "where" });
    p.rest = h("span", { class: "rest" });
    p.picture = h("img", { alt: "", onerror: () => (p.picture.hidden = true), onload: () => (p.picture.hidden = false) });
    p.hand = h("span", { class: "hand" });
    p.title = h("h3", {});
    p.instruction = h("div", { class: "instruction" });
    p.caption = h("div", { class: "caption" });
    p.following = h("p", { class: "following" });
    p.ease = h("div", { class: "controls ease", hidden: true });
    p.main = h("div", { class: "controls main" }, MAIN.map(([name, payload]) => this.#button(name, payload)));
    p.more = h("div", { class: "more", id: "more", hidden: true }, MORE.map((payload) => this.#button(null, payload)));
    p.toggle = button("more", texts.more, () => this.#toggle(), { "aria-expanded": "false", "aria-controls": "more" });
    p.side = h("div", { class: "controls side" }, SIDE.map(([name, payload]) => this.#button(name, payload)), p.toggle);
    p.more.addEventListener("click", () => this.#toggle(false));
    return h(
      "section",
      { class: "stage", part: "stage", hidden: true, "aria-label": texts.name },
      h("div", { class: "progress" }, p.bar, h("p", {}, p.where, p.rest)),
      h("div", { class: "scene" }, p.hand, h("div", { class: "picture" }, p.picture), this.#ring.element),
      h("div", { class: "words" }, p.title, p.caption, p.instruction, p.following),
      h("div", { class: "decks" }, p.ease, p.main, p.side, p.more),
    );
  }

  #button(name, payload) {
    const made = button(name, texts[payload], () => this.#talk.press(made.dataset.payload));
    made.dataset.payload = payload;
    this.#buttons.set(payload, made);
    return made;
  }

  #toggle(open = this.#parts.more.hidden) {
    this.#parts.more.hidden = !open;
    this.#parts.toggle.setAttribute("aria-expanded", String(open));
  }

  #show() {
    const { step, session } = this.#talk;
    this.element.hidden = !step;
    if (!step) return;
    const p = this.#parts;
    const fresh = this.#shown !== step.token;
    this.#shown = step.token;
    if (fresh) {
      this.#toggle(false);
      p.title.textContent = step.title;
      p.following.textContent = step.following ? texts.following(step.following) : texts.lastStep;
      this.element.scrollTop = 0;
      this.element.setAttribute("aria-label", step.title);
    }
    if (step.picture && p.picture.getAttribute("src") !== this.#talk.url(step.picture.src)) {
      p.picture.src = this.#talk.url(step.picture.src);
      p.picture.alt = step.picture.alt;
    }
    const ease = session.state === "paused" && step.ease;
    const words = ease || step.instruction || "";
    if (p.instruction.dataset.words !== words) {
      p.instruction.dataset.words = words;
      p.instruction.replaceChildren(...markup(words));
    }
    if (fresh || p.caption.dataset.told !== step.told) {
      p.caption.dataset.told = step.told;
      p.caption.replaceChildren(...markup(step.told));
    }
    p.where.textContent = texts.step(session.step, session.steps);
    this.#showBar(session);
    this.#showControls(session);
    this.#tick();
  }

  #showBar({ step, steps }) {
    const { bar } = this.#parts;
    if (bar.children.length !== steps) bar.replaceChildren(...Array.from({ length: steps }, () => h("i")));
    [...bar.children].forEach((piece, at) => (piece.className = at + 1 < step ? "done" : at + 1 === step ? "on" : ""));
    bar.setAttribute("aria-label", `${texts.progress}: ${texts.step(step, steps)}`);
  }

  // Going on takes the place of pausing, in the same element, so that the focus stays on it.
  #showControls(session) {
    const p = this.#parts;
    const paused = session.state === "paused";
    const eased = paused && this.#talk.replies.length > 0 && EASE.every((payload) => this.#titled(payload)) && !this.#titled("/repeat_step");
    const payload = paused ? "/resume" : "/pause";
    const toggle = this.#buttons.get("/pause");
    if (toggle.dataset.payload !== payload) {
      toggle.dataset.payload = payload;
      toggle.replaceChildren(icon(paused ? "play" : "pause"), h("span", {}, texts[payload]));
    }
    this.element.dataset.mode = eased ? "ease" : session.state;
    p.main.hidden = p.side.hidden = eased;
    p.ease.hidden = !eased;
    if (eased && !p.ease.children.length) {
      p.ease.append(...EASE.map((one, at) => button(["play", "next", "stop"][at], this.#titled(one), () => this.#talk.press(one))));
      this.#toggle(false);
    } else if (!eased) p.ease.replaceChildren();
  }

  #titled = (payload) => this.#talk.replies.find((reply) => reply.payload === payload)?.title;

  /** Shows what a cue says; the hand comes from the clock. */
  cue(words) {
    this.#parts.caption.textContent = words;
  }

  #tick() {
    const { step, clock } = this.#talk;
    if (!step || !clock.token) return;
    const { elapsed, duration } = clock;
    const all = stretches(step.cues, duration);
    const now = all.find((stretch) => elapsed < stretch.to) ?? all.at(-1);
    const hand = texts[now.hand];
    const ready = clock.leadIn > 0;
    const kind = !clock.running ? "paused" : ready ? "ready" : now.swap ? "swap" : "hold";
    const label = { paused: texts.paused, ready: texts.getReady, swap: texts.swap, hold: texts.of(now.to - now.from) }[kind];
    this.#ring.show(ready ? clock.leadIn : now.to - elapsed, ready ? 3 : now.to - now.from, label, kind);
    const p = this.#parts;
    if (p.hand.textContent !== hand) p.hand.textContent = hand;
    p.hand.dataset.hand = now.hand;
    p.rest.textContent = texts.remaining(this.#talk.remaining);
    p.bar.style.setProperty("--gone", duration ? elapsed / duration : 0);
  }
}
