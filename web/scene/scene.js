/** The living picture of a massage: two hands that do the movement of the step, driven by its clock.
 *
 * Where WebGL 2 or a movement's file is missing, the drawing of the movement stands in.
 */

import { ease } from "./vectors.js";

// Bundled, this module is part of a file beside the panel; the movements stay where they are.
const HERE = new URL(".", import.meta.url).href;
const HOME = new URL(HERE.endsWith("/scene/") ? "movements/" : "scene/movements/", HERE);
const FRAME = 1000 / 31; // ms between two frames
const AHEAD = 1; // seconds that the picture may run on without news of the clock
const SHARPEST = 2; // device pixels to a CSS pixel
const MOST = 1_600_000; // pixels of the picture
const DARKER = 0.4; // luminance of a dark ground
const SLOW = 200; // ms from frame to frame
const PATIENCE = 5; // slow frames in a row until the picture holds still
const BREATH = 2.4; // seconds of one pulse of a mark
const TURN = 1300; // ms in which the picture turns over at a change of hands

let tools;
const loaded = new Map();

/** The painter and the movements' reader, loaded when a picture is first wanted. */
function toolbox() {
  tools ??= Promise.all([import("./painter.js"), import("./movement.js")]).then(([painter, movement]) => ({ ...painter, ...movement }));
  return tools;
}

async function fetched(movement) {
  const { compiled } = await toolbox();
  const answer = await fetch(new URL(`${movement}.json`, HOME));
  return answer.ok ? compiled(await answer.json()) : null;
}

/** A movement's file, read once; resolves to null where there is none. */
function load(movement) {
  if (!loaded.has(movement)) {
    const coming = fetched(movement).catch(() => null);
    loaded.set(movement, coming);
    coming.then((found) => found ?? loaded.delete(movement));
  }
  return loaded.get(movement);
}

class Scene {
  #element;
  #canvas = document.createElement("canvas");
  #still = document.createElement("img");
  #painter = null;
  #state = null;
  #movement = null;
  #heard = 0;
  #painted = 0;
  #frame = 0;
  #inSight = true;
  #moving = false;
  #asked = 0;
  #slow = 0;
  #tired = false;
  #leaving = null; // the hand that is shown until the picture has turned half over
  #stop = new AbortController();

  constructor(element) {
    this.#element = element;
    this.#canvas.setAttribute("role", "img");
    element.replaceChildren(this.#still, this.#canvas);
    this.#choose(false);
    this.#sizes = new ResizeObserver(() => this.#fit());
    this.#sight = new IntersectionObserver(([{ isIntersecting }]) => {
      this.#inSight = isIntersecting;
      this.#ask();
    });
    this.#sizes.observe(element);
    this.#sight.observe(element);
    const { signal } = this.#stop;
    document.addEventListener("visibilitychange", () => this.#ask(), { signal });
    for (const query of ["(prefers-reduced-motion: reduce)", "(prefers-color-scheme: dark)"]) {
      matchMedia(query).addEventListener("change", () => this.#ask(true), { signal });
    }
    this.#canvas.addEventListener("webglcontextlost", () => this.#fall(), { signal });
  }

  #sizes;
  #sight;

  /** Shows a state: `movement`, `hand`, `part` or the hold's `length`, `seconds`, `pace`, `paused`, `tone`,
   * `reducedMotion`, and `picture` ({src, alt}), the drawing that stands in. */
  show(state) {
    const before = this.#state;
    this.#state = state;
    this.#heard = performance.now();
    const { src, alt } = state.picture ?? {};
    if (src && this.#still.getAttribute("src") !== src) this.#still.src = src;
    this.#still.alt = alt ?? "";
    this.#canvas.ariaLabel = alt ?? "";
    if (before?.movement !== state.movement) {
      this.#leaving = null;
      this.#turnTo(state.movement);
    } else if (before.hand !== state.hand) this.#turnOver(before.hand);
    this.#mirrorStill();
    this.#ask(true);
  }

  /** Fetches and builds what a coming state needs; resolves to whether there is such a movement. */
  async preload(movement) {
    const found = await load(movement);
    await this.#begin();
    return Boolean(found);
  }

  destroy() {
    this.#stop.abort();
    cancelAnimationFrame(this.#frame);
    this.#sizes.disconnect();
    this.#sight.disconnect();
    this.#painter?.destroy();
    this.#painter = null;
    this.#element.replaceChildren();
  }

  async #turnTo(movement) {
    const found = movement ? await load(movement) : null;
    if (this.#stop.signal.aborted || this.#state.movement !== movement) return;
    this.#movement = found;
    if (found) await this.#begin();
    this.#choose(Boolean(found && this.#painter));
    this.#ask(true);
  }

  async #begin() {
    if (this.#painter || this.#fallen) return;
    try {
      const { hasCard, Painter, prepareModel } = await toolbox();
      if (!hasCard(this.#canvas)) throw new Error("no graphics card");
      await prepareModel();
      if (this.#stop.signal.aborted) return;
      this.#painter ??= new Painter(this.#canvas);
      this.#fit();
    } catch {
      this.#fallen = true;
    }
  }

  #fallen = false;

  #fall() {
    this.#fallen = true;
    this.#painter = null;
    this.#choose(false);
  }

  #choose(living) {
    this.#canvas.hidden = !living;
    this.#still.hidden = living;
    this.#element.dataset.picture = living ? "living" : "still";
  }

  #fit() {
    const { width, height } = this.#element.getBoundingClientRect();
    if (!width || !height) return;
    const sharp = Math.min(devicePixelRatio || 1, SHARPEST, Math.sqrt(MOST / (width * height)));
    this.#canvas.width = Math.round(width * sharp);
    this.#canvas.height = Math.round(height * sharp);
    this.#ask(true);
  }

  // Like a page: with the one hand to its edge, with the other one from there.
  async #turnOver(before) {
    if (this.#calm || this.#state.paused || document.hidden) return;
    this.#leaving = before;
    const pose = (degrees) => ({ transform: `perspective(60rem) rotateY(${degrees}deg)` });
    const turn = (from, to, easing) => (this.#canvas.hidden ? this.#still : this.#canvas).animate([pose(from), pose(to)], { duration: TURN / 2, easing, fill: "forwards" });
    const away = turn(0, 90, "ease-in");
    await away.finished.catch(() => null);
    this.#leaving = null;
    this.#mirrorStill();
    if (this.#painter && this.#movement) this.#paint(performance.now());
    const back = turn(-90, 0, "ease-out");
    away.cancel();
    await back.finished.catch(() => null);
    back.cancel();
  }

  get #isMirrored() {
    return (this.#leaving ?? this.#state.hand) === "right";
  }

  #mirrorStill() {
    this.#still.style.scale = this.#isMirrored ? "-1 1" : "";
  }

  get #calm() {
    return this.#tired || (this.#state.reducedMotion ?? matchMedia("(prefers-reduced-motion: reduce)").matches);
  }

  get #moves() {
    return this.#inSight && !document.hidden && !this.#state?.paused && !this.#calm;
  }

  #ask(news = false) {
    if (!this.#painter || !this.#movement || (!news && !this.#moves)) return;
    this.#frame ||= requestAnimationFrame((now) => {
      this.#frame = 0;
      if (!this.#painter || !this.#movement) return;
      if (!this.#moves || now - this.#painted >= FRAME) this.#paint(now);
      this.#slow = this.#moving && now - this.#asked > SLOW ? this.#slow + 1 : 0;
      this.#tired ||= this.#slow > PATIENCE;
      this.#moving = this.#moves;
      this.#asked = now;
      if (this.#moving) this.#ask();
    });
  }

  #paint(now) {
    this.#painted = now;
    const { length = 0, pace = 1, tone, paused } = this.#state;
    const ahead = paused || this.#calm ? 0 : Math.min(AHEAD, Math.max(0, (now - this.#heard) / 1000));
    const seconds = this.#state.seconds + ahead;
    tools.then(({ moment, partAt }) => {
      if (!this.#painter) return;
      const movement = this.#movement;
      const at = partAt(movement.parts.length, seconds, length);
      const part = Math.min(this.#state.part ?? at.part, movement.parts.length - 1);
      const mirrored = this.#isMirrored;
      const shown = moment(movement, { part, since: at.since, pace, still: this.#calm, backwards: mirrored });
      this.#element.dataset.part = part;
      this.#element.dataset.mirrored = mirrored;
      this.#painter.paint(movement, shown, { tone, mirrored: mirrored !== shown.mirrored, dark: this.#dark, pulse: this.#calm ? 1 : ease(Math.abs(((seconds / BREATH) % 2) - 1)) });
    });
  }

  get #dark() {
    const [red, green, blue] = getComputedStyle(this.#element).backgroundColor.match(/[\d.]+/g) ?? [255, 255, 255];
    return (0.3 * red + 0.59 * green + 0.11 * blue) / 255 < DARKER;
  }
}

/** Puts a picture into `element`, which has a background colour and a size of its own. */
export function mountScene(element) {
  const scene = new Scene(element);
  return {
    show: (state) => scene.show(state),
    preload: (movement) => scene.preload(movement),
    destroy: () => scene.destroy(),
  };
}
