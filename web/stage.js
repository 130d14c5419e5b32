/** The card of the step that is on; its buttons never change places. */

import { button, h, icon, markup } from "./dom.js";
import { texts } from "./texts.js";

const MAIN = [["back", "/previous_step"], ["pause", "/pause"], ["next", "/next_step"]];
const SIDE = [["again", "/repeat_step"], ["swap", "/switch_hand"], ["hurts", "/report_pain"]];
const MORE = ["/explain_step", "/explain_benefit", "/slow_down", "/speed_up", "/list_steps", "/stop"].map((payload) => [null, payload]);
const EASE = [["play", "/resume"], ["next", "/next_step"], [null, "/stop"]];
const ROUND = 2 * Math.PI * 44;
const CHANGE = 6; // seconds, from the cue with the other hand

export const OWN = new Set([...MAIN, ...SIDE, ...MORE, ...EASE].map(([, payload]) => payload));

const write = (element, words) => element.textContent === words || (element.textContent = words);

/** The hold that is on, or the change of hands (`swap`) before it. */
export function stretch(cues, duration, elapsed) {
  const hands = cues.filter((cue) => cue.hand);
  const here = Math.max(0, hands.findLastIndex((cue) => cue.at <= elapsed));
  const { hand = "both", at = 0 } = hands[here] ?? {};
  const from = here ? at + CHANGE : 0;
  if (elapsed < from) return { hand, from: at, to: from, swap: true };
  return { hand, from, to: hands[here + 1]?.at ?? duration };
}

export class Stage {
  #talk;
  #parts = {};
  #shown = null;
  #told = null;
  #lock = null;

  constructor(talk) {
    this.#talk = talk;
    this.element = this.#build();
    talk.on("change", () => this.#show());
    talk.clock.on("tick", () => this.#tick());
  }

  #build() {
    const p = this.#parts;
    for (const name of ["hand", "where", "rest", "number", "label"]) p[name] = h(`span.${name}`);
    for (const name of ["caption", "instruction", "following"]) p[name] = h(`div.${name}`);
    p.bar = h("div.bar", { role: "img" });
    p.picture = h("img", { onerror: () => (p.picture.hidden = true), onload: () => (p.picture.hidden = false) });
    p.title = h("h3");
    p.ease = h("div.controls ease");
    p.main = h("div.controls main", MAIN.map((one) => this.#button(one)));
    p.pause = p.main.children[1];
    p.toggle = button("more", texts.more, () => this.#toggle(), "", { "aria-controls": "more" });
    p.side = h("div.controls side", SIDE.map((one) => this.#button(one)), p.toggle);
    p.more = h("div.more", { id: "more", onclick: () => this.#toggle(false) }, MORE.map((one) => this.#button(one)));
    p.card = h(
      "div.card",
      { role: "group", tabindex: 0, "aria-label": texts.instruction },
      h("div.progress", p.bar, h("p", p.where, p.rest)),
      h("div.scene", h("div.picture", p.picture), this.#ring()),
      h("div.words", h("div.heading", p.title, p.hand), p.caption, p.instruction, p.following),
    );
    this.#toggle(false);
    return h(
      "section.stage",
      { part: "stage", hidden: true },
      p.card,
      h("div.decks", p.ease, p.main, p.side, p.more),
    );
  }

  #ring() {
    const p = this.#parts;
    const circle = (kind) => h(`circle.${kind}`, { cx: 50, cy: 50, r: 44, "stroke-dasharray": ROUND });
    p.arc = circle("arc");
    const drawing = h("svg", { viewBox: "0 0 100 100", "aria-hidden": "true" }, circle("track"), p.arc);
    p.ring = h("div.ring", { role: "timer", "aria-label": texts.timer }, drawing, h("span.count", p.number, p.label));
    return p.ring;
  }

  #button([name, payload], word = texts[payload]) {
    return button(name, word, ({ currentTarget }) => this.#talk.press(currentTarget.dataset.payload), "", { "data-payload": payload });
  }

  #toggle(open = this.#parts.more.hidden) {
    this.#parts.more.hidden = !open;
    this.#parts.toggle.setAttribute("aria-expanded", open);
  }

  #show() {
    const { step, session, replies } = this.#talk;
    const p = this.#parts;
    this.element.hidden = !step;
    if (!step) return;
    if (this.#shown !== step.token) {
      this.#told = null;
      this.#shown = step.token;
      this.#toggle(false);
      p.card.scrollTop = 0;
      this.element.setAttribute("aria-label", step.title);
      p.title.textContent = step.title;
      p.following.textContent = step.following ? texts.following(step.following) : texts.lastStep;
    }
    const src = step.picture && this.#talk.url(step.picture.src);
    if (src && p.picture.src !== src) Object.assign(p.picture, { src, alt: step.picture.alt });
    const paused = session.state === "paused";
    p.instruction.replaceChildren(...markup((paused && step.ease) || step.instruction));
    if (this.#told !== step.told) p.caption.replaceChildren(...markup((this.#told = step.told)));
    p.where.textContent = texts.step(session.step, session.steps);
    p.bar.replaceChildren(...Array.from({ length: session.steps }, (_, at) => h(`i.${["done", "on", "next"][1 + Math.sign(at + 1 - session.step)]}`)));
    p.bar.setAttribute("aria-label", `${texts.progress}: ${p.where.textContent}`);
    const offered = ([, payload]) => replies.find((reply) => reply.payload === payload)?.title;
    this.#showControls(paused, paused && !offered(SIDE[0]) && EASE.every(offered) && EASE.map((one) => [one, offered(one)]));
    this.#tick();
  }

  // One element for pausing and going on: it keeps the focus.
  #showControls(paused, ease) {
    const p = this.#parts;
    const payload = paused ? "/resume" : "/pause";
    if (p.pause.dataset.payload !== payload) {
      p.pause.dataset.payload = payload;
      p.pause.replaceChildren(icon(paused ? "play" : "pause"), h("span", texts[payload]));
    }
    this.element.dataset.mode = ease ? "ease" : paused ? "paused" : "running";
    p.main.hidden = p.side.hidden = Boolean(ease);
    if (!ease) p.ease.replaceChildren();
    else if (!p.ease.firstChild) {
      p.ease.append(...ease.map(([one, word]) => this.#button(one, word)));
      this.#toggle(false);
    }
  }

  cue(words) {
    this.#parts.caption.textContent = words;
  }

  #tick() {
    const { step, clock, remaining } = this.#talk;
    this.#stayAwake(clock.running);
    if (!step || !clock.token) return;
    const p = this.#parts;
    const { elapsed, duration, leadIn } = clock;
    const { hand, from, to, swap } = stretch(step.cues, duration, elapsed);
    const kind = !clock.running ? "paused" : leadIn ? "ready" : swap ? "swap" : "hold";
    const left = Math.ceil(leadIn || to - elapsed);
    const part = leadIn ? leadIn / 3 : (to - elapsed) / (to - from || 1);
    p.ring.dataset.kind = kind;
    p.hand.dataset.hand = hand;
    p.arc.setAttribute("stroke-dashoffset", ROUND * (1 - part));
    p.bar.style.setProperty("--gone", duration ? elapsed / duration : 0);
    write(p.number, left < 60 ? `${left}` : texts.duration(left));
    write(p.label, texts[kind] ?? texts.of(to - from));
    write(p.hand, texts[hand]);
    write(p.rest, texts.remaining(remaining));
  }

  // A hidden tab loses the lock; a tick asks again.
  #stayAwake(running) {
    if (running && !this.#lock && !document.hidden) {
      const asked = navigator.wakeLock?.request("screen").catch(() => null);
      asked?.then((lock) => lock && (lock.onrelease = () => this.#lock === asked && (this.#lock = null)));
      this.#lock = asked;
    } else if (!running && this.#lock) {
      this.#lock.then((lock) => lock?.release());
      this.#lock = null;
    }
  }
}
