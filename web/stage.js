/** The card of the step that is on; its buttons never change places. */

import { button, h, markup, unfold } from "./dom.js";
import { mountScene } from "./scene/scene.js";
import { texts } from "./texts.js";

const MAIN = ["/previous_step", "/pause", "/next_step"];
const SIDE = ["/repeat_step", "/switch_hand", "/report_pain"];
const MORE = ["/explain_step", "/explain_benefit", "/slow_down", "/speed_up", "/list_steps", "/stop"];
const ROUND = 2 * Math.PI * 44;

export const OWN = new Set([...MAIN, ...SIDE, ...MORE, "/resume"]);

const write = (element, words) => element.textContent === words || (element.textContent = words);

/** The hold that is on, or the change of hands (`swap`) before it. */
export function stretch(holds, elapsed) {
  const at = holds.findIndex(({ to }) => elapsed < to);
  const hold = holds.at(at);
  return elapsed < hold.from ? { ...hold, from: holds[at - 1].to, to: hold.from, swap: true } : hold;
}

export class Stage {
  #talk;
  #parts = {};
  #step = null;
  #lock = Promise.resolve();
  #scene;

  constructor(talk) {
    this.#talk = talk;
    this.element = this.#build();
    talk.on("change", () => this.#show());
    talk.on("sent", () => this.element.querySelectorAll("[data-payload]").forEach((one) => (one.ariaBusy = talk.isWaiting(one.dataset.payload))));
    talk.clock.on("tick", () => this.#tick());
    talk.clock.on("cue", ({ say }) => write(this.#parts.caption, say));
  }

  #build() {
    const p = this.#parts;
    for (const name of ["hand", "where", "rest", "number", "label"]) p[name] = h(`span.${name}`);
    for (const name of ["caption", "instruction", "following"]) p[name] = h(`div.${name}`);
    p.bar = h("div.bar");
    p.picture = h("div.picture");
    this.#scene = mountScene(p.picture);
    p.title = h("h3");
    p.ease = h("div.controls ease");
    p.main = h("div.controls main", MAIN.map((payload) => this.#button(payload)));
    p.fold = button("more", texts.more, () => unfold(p.fold), "", { "aria-controls": "more" });
    p.side = h("div.controls side", SIDE.map((payload) => this.#button(payload)), p.fold);
    const more = h("div.more", { id: "more", onclick: () => (unfold(p.fold, false), p.fold.focus()) }, MORE.map((payload) => this.#button(payload)));
    p.card = h(
      "div.card",
      { role: "group", tabindex: 0, "aria-label": texts.instruction },
      h("div.progress", p.bar, h("p", p.where, p.rest)),
      h("div.scene", p.picture, this.#ring()),
      h("div.words", h("div.heading", p.title, p.hand), p.caption, p.instruction, p.following),
    );
    return h("section.stage", { part: "stage", hidden: true }, p.card, h("div.decks", p.ease, p.main, p.side, more));
  }

  #ring() {
    const p = this.#parts;
    const circle = (kind) => h(`circle.${kind}`, { cx: 50, cy: 50, r: 44, "stroke-dasharray": ROUND });
    p.arc = circle("arc");
    const drawing = h("svg", { viewBox: "0 0 100 100", "aria-hidden": "true" }, circle("track"), p.arc);
    p.ring = h("div.ring", { role: "timer", "aria-label": texts.timer }, drawing, h("span.count", p.number, p.label));
    return p.ring;
  }

  #button(payload, word = texts[payload]) {
    return button(payload.slice(1), word, ({ currentTarget }) => this.#talk.press(currentTarget.dataset.payload), "", { "data-payload": payload });
  }

  #show() {
    const { step } = this.#talk;
    const before = this.#step;
    const p = this.#parts;
    this.element.hidden = !step;
    this.#step = step;
    if (!step || step === before) return;
    const { session, title, following, buttons } = step;
    if (before?.session.token !== session.token) {
      unfold(p.fold, false);
      p.card.scrollTop = 0;
    }
    this.element.setAttribute("aria-label", title);
    p.title.textContent = title;
    p.following.textContent = following ? texts.following(following) : texts.lastStep;
    const hurts = step.card === "ease";
    p.instruction.replaceChildren(...markup(hurts ? step.told : step.instruction));
    p.caption.replaceChildren(...markup(hurts ? "" : step.told));
    p.where.textContent = texts.step(session.step, session.steps);
    const kind = (number) => (number < session.step ? "done" : number > session.step ? "" : "on");
    p.bar.replaceChildren(...Array.from({ length: session.steps }, (_, at) => h(`i.${kind(at + 1)}`)));
    p.side.children[1].setAttribute("aria-disabled", session.hand === "both");
    this.#showControls(session.state === "paused", buttons);
    this.#tick();
  }

  // One element for pausing and going on: it keeps the focus.
  #showControls(paused, buttons) {
    const p = this.#parts;
    const payload = paused ? "/resume" : "/pause";
    const pause = p.main.children[1];
    pause.dataset.payload = payload;
    pause.replaceChildren(...this.#button(payload).children);
    const focused = this.element.getRootNode().activeElement;
    const ease = paused && !buttons.some((one) => one.payload === "/repeat_step");
    p.ease.replaceChildren(...(ease ? buttons.map((one) => this.#button(one.payload, one.title)) : []));
    p.main.hidden = p.side.hidden = ease;
    p.ease.hidden = !ease;
    if (ease) unfold(p.fold, false);
    if (focused?.checkVisibility() === false) (ease ? p.ease.firstChild : pause).focus();
  }

  #tick() {
    const { step, session, clock } = this.#talk;
    this.#stayAwake(clock.running);
    if (!step || !clock.token) return;
    const p = this.#parts;
    const { elapsed, duration, leadIn } = clock;
    const { hand, from, to, swap } = stretch(step.holds, elapsed);
    const kind = !clock.running ? "paused" : leadIn ? "ready" : swap ? "swap" : "hold";
    const left = Math.ceil(leadIn || to - elapsed);
    const part = leadIn ? leadIn / 3 : (to - elapsed) / (to - from || 1);
    this.element.dataset.kind = kind;
    p.hand.dataset.hand = hand;
    p.arc.setAttribute("stroke-dashoffset", ROUND * (1 - part));
    p.bar.style.setProperty("--gone", duration ? elapsed / duration : 0);
    write(p.number, left < 60 ? `${left}` : texts.duration(left));
    write(p.label, texts[kind] ?? texts.of(to - from));
    write(p.hand, texts[hand]);
    write(p.rest, texts.remaining(session.remaining_seconds - clock.gone));
    this.#scene.show({
      movement: session.technique,
      hand,
      length: swap ? 0 : to - from,
      seconds: leadIn ? 0 : elapsed - from,
      pace: session.pace,
      paused: kind !== "hold" && kind !== "swap",
      picture: { src: this.#talk.url(step.picture.src), alt: step.picture.alt },
    });
  }

  // A hidden tab loses the lock; a tick asks again.
  #stayAwake(running) {
    const held = async (lock) => {
      if (running && !document.hidden) return lock?.released === false ? lock : navigator.wakeLock?.request("screen");
      lock?.release();
    };
    this.#lock = this.#lock.then(held).catch(() => null);
  }
}
