/** The player: the step that is on, with its picture, its clock and its buttons, which never change places. */

import { button, h, icon, markup } from "./dom.js";
import { Picture } from "./picture.js";
import { placeOf } from "./place.js";
import { openSheet } from "./sheet.js";
import { stepList } from "./steps.js";
import { texts } from "./texts.js";

const MAIN = ["/previous_step", "/pause", "/next_step"];
const HURTS = "/report_pain";
const MORE = ["/repeat_step", "/switch_hand", "/explain_step", "/explain_benefit", "/slow_down", "/speed_up", "/stop"];
const UNDONE = ["/next_step", "/previous_step", "/report_pain", "/switch_hand"];
const UNDO_FOR = 10_000; // ms
const ROUND = 2 * Math.PI * 44;

export const OWN = new Set([...MAIN, HURTS, ...MORE, "/resume", "/list_steps", "/undo"]);

const write = (element, words) => element.textContent === words || (element.textContent = words);

export class Stage {
  #talk;
  #parts = {};
  #step = null;
  #lock = Promise.resolve();
  #moved = 0;
  #picture;

  constructor(talk) {
    this.#talk = talk;
    this.#picture = new Picture(talk);
    this.element = this.#build();
    talk.on("change", () => this.#show());
    talk.on("sent", () => this.element.querySelectorAll("[data-payload]").forEach((one) => (one.ariaBusy = talk.isWaiting(one.dataset.payload))));
    talk.clock.on("tick", () => this.#tick());
    talk.clock.on("cue", (cue) => this.#cue(cue));
  }

  destroy() {
    this.#picture.destroy();
  }

  #build() {
    const p = this.#parts;
    for (const name of ["hand", "rest", "number", "label", "banner"]) p[name] = h(`span.${name}`);
    for (const name of ["caption", "instruction", "following"]) p[name] = h(`div.${name}`);
    p.bar = h("div.bar", { "aria-hidden": "true" });
    p.title = h("h3");
    p.where = button(null, "", () => this.#list(), "where", { "aria-haspopup": "dialog" });
    p.ease = h("div.controls ease");
    p.main = h("div.controls main", MAIN.map((payload) => this.#button(payload)));
    p.undo = button("undo", texts.undo, () => this.#undo(), "undo", { hidden: true });
    p.more = button("more", texts.more, () => this.#more(), "quiet", { "aria-haspopup": "dialog" });
    p.side = h("div.controls side", this.#button(HURTS), p.more);
    const scene = h("div.scene", this.#picture.element, p.hand, p.banner);
    p.card = h(
      "div.card",
      { role: "group", tabindex: 0, "aria-label": texts.instruction },
      h("div.view", scene, this.#ring(), p.bar, p.undo),
      h("div.words", h("div.heading", p.title, h("p.progress", p.where, p.rest)), p.caption, p.instruction, p.following),
    );
    return h("section.stage", { part: "stage", hidden: true }, p.card, h("div.decks", p.ease, p.main, p.side));
  }

  #cue({ say, at }) {
    this.#parts.caption.classList.toggle("opening", !at);
    write(this.#parts.caption, say);
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
    return button(payload.slice(1), word, ({ currentTarget }) => this.#press(currentTarget.dataset.payload), "", { "data-payload": payload });
  }

  #press(payload) {
    this.#moved = UNDONE.includes(payload) ? Date.now() : 0;
    this.#talk.press(payload);
  }

  #undo() {
    this.#moved = 0;
    this.#parts.undo.hidden = true;
    this.#parts.main.children[1].focus();
    this.#talk.press("/undo");
  }

  #list() {
    const { steps, session } = this.#step;
    const go = (at) => this.#talk.press(`/go_to_step{"step_number": "${at}"}`, texts.goTo(steps[at - 1].title));
    openSheet(this.element, "steps", texts["/list_steps"], stepList(this.#talk, steps, session.step, go), { brief: true });
  }

  #more() {
    const all = button("list_steps", texts["/list_steps"], () => queueMicrotask(() => this.#list()));
    const tiles = [...MORE.slice(0, -1).map((payload) => this.#button(payload)), all, this.#button(MORE.at(-1))];
    tiles[1].setAttribute("aria-disabled", this.#step.session.hand === "both");
    openSheet(this.element, "more", texts.more, h("div.tiles", tiles), { brief: true });
  }

  #show() {
    const { step } = this.#talk;
    const before = this.#step;
    const p = this.#parts;
    this.element.hidden = !step;
    this.#step = step;
    if (!step || step === before) return;
    const { session, title, following, buttons } = step;
    if (before?.session.token !== session.token) p.card.scrollTop = 0;
    this.element.setAttribute("aria-label", title);
    const [, name, aside] = title.match(/^(.*?)( \(.*\))?$/);
    p.title.replaceChildren(name, h("span.aside", aside));
    p.following.textContent = following ? texts.following(following) : texts.lastStep;
    this.#picture.show(step);
    const hurts = step.card === "ease";
    p.instruction.replaceChildren(...markup(hurts ? step.told : step.instruction));
    p.caption.classList.remove("opening");
    p.caption.replaceChildren(...markup(hurts ? "" : step.told));
    p.where.textContent = texts.step(session.step, session.steps);
    const kind = (number) => (number < session.step ? "done" : number > session.step ? "" : "on");
    p.bar.replaceChildren(...Array.from({ length: session.steps }, (_, at) => h(`i.${kind(at + 1)}`)));
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
    this.#showEase(ease ? buttons : []);
    p.main.hidden = p.side.hidden = ease;
    p.ease.hidden = !ease;
    if (focused?.checkVisibility() === false) (ease ? p.ease.firstChild : pause).focus();
  }

  // Buttons that stay the same stay where they are, and keep the focus.
  #showEase(buttons) {
    const { ease } = this.#parts;
    const name = JSON.stringify(buttons);
    if (ease.dataset.name === name) return;
    ease.dataset.name = name;
    ease.replaceChildren(...buttons.map((one) => this.#button(one.payload, one.title)));
  }

  #tick() {
    const { step, session, clock } = this.#talk;
    this.#stayAwake(clock.running);
    if (!step || !clock.token) return;
    const p = this.#parts;
    const place = placeOf(step, clock);
    const { kind, hand, left, part } = place;
    this.element.dataset.kind = kind;
    p.hand.dataset.hand = hand;
    p.arc.setAttribute("stroke-dashoffset", ROUND * (1 - part));
    p.bar.style.setProperty("--gone", clock.duration ? clock.elapsed / clock.duration : 0);
    p.undo.hidden = this.#step?.led || Date.now() - this.#moved > UNDO_FOR || this.#talk.isWaiting("/undo");
    write(p.number, left < 60 ? `${left}` : texts.duration(left));
    write(p.label, texts[kind] ?? texts.of(place.whole));
    write(p.hand, texts[hand]);
    this.#showBanner(kind, hand);
    write(p.rest, texts.remaining(session.remaining_seconds - clock.gone));
    this.#picture.follow(place, step, clock);
  }

  #showBanner(kind, hand) {
    const { banner } = this.#parts;
    const name = `${kind} ${hand}`;
    if (banner.dataset.name === name) return;
    banner.dataset.name = name;
    const swap = () => [icon("switch_hand"), h("span", texts.swap, h("small", texts.nowHand(texts[hand])))];
    banner.replaceChildren(...(kind === "ready" ? [texts.ready] : kind === "swap" ? swap() : []));
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
