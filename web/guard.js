/** Keeps a second tap, or a key that is held, from pressing what has come into a button's place. */

const SETTLING = 500; // ms in which nobody has read what a button says now
const SAFE = /^\/(pause|report_pain)$/; // never too early
const AT_A_STEP = /^\/(next_step|previous_step|repeat_step|switch_hand)$/;
// What is sent was typed on purpose, and Enter in the text field counts as a click on its button.
const BUTTONS = "button:not([hidden], [type='submit'])";

const overlap = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
const same = (one, other) => Math.abs(one.left - other.left) + Math.abs(one.top - other.top) < 8; // px

// Where a button is, and where within its dialog: one that slides in with its dialog does not move.
const places = (one) => {
  const box = one.getBoundingClientRect();
  const home = one.closest("dialog")?.getBoundingClientRect();
  return { box, at: home ? { left: box.left - home.left, top: box.top - home.top } : box };
};

/**
 * While a button is settling it has the attribute `data-settling`, and a press does nothing: after its meaning changed,
 * or after it came to where another one was, or where the focus is, or in a sheet. `token` tells which step is on.
 */
export class Guard {
  #root;
  #token;
  #known = new Map(); // button -> its meaning and box
  #signal;

  constructor(root, token, signal) {
    this.#root = root;
    this.#token = token;
    this.#signal = signal;
    const observer = new MutationObserver(() => this.#look());
    observer.observe(root, { subtree: true, childList: true, characterData: true, attributeFilter: ["data-payload", "hidden", "aria-expanded", "class"] });
    signal.addEventListener("abort", () => observer.disconnect());
    root.addEventListener("click", (event) => this.#click(event), { capture: true, signal });
    root.addEventListener("keydown", (event) => this.#key(event), { capture: true, signal });
    root.addEventListener("scroll", () => this.#measure(), { capture: true, passive: true, signal });
  }

  #meaning(one) {
    const { payload } = one.dataset;
    return `${payload} ${one.textContent} ${AT_A_STEP.test(payload) ? this.#token() : ""}`;
  }

  #seen() {
    const seen = [...this.#root.querySelectorAll(BUTTONS)].map((one) => [one, { meaning: this.#meaning(one), ...places(one) }]);
    return new Map(seen.filter(([, { box }]) => box.width > 0));
  }

  #look() {
    const before = this.#known;
    const focused = this.#root.getRootNode().activeElement;
    this.#known = this.#seen();
    if (!before.size) return;
    for (const [one, { meaning, box, at }] of this.#known) {
      const old = before.get(one);
      const other = ([two, its]) => two !== one && its.meaning !== meaning && overlap(its.box, box);
      const changed = old ? old.meaning !== meaning : one === focused;
      const opened = !old && one.closest("dialog:not(.frame)"); // it slides over what was there
      const moved = (!old || !same(old.at, at)) && [...before].some(other);
      if ((changed || opened || moved) && !SAFE.test(one.dataset.payload)) this.#settle(one, changed || opened ? "changed" : "moved");
    }
  }

  // A person has seen what they scrolled.
  #measure() {
    this.#known = this.#seen();
  }

  #settle(one, why) {
    const name = (one.dataset.settling = `${why} ${performance.now()}`);
    setTimeout(() => one.dataset.settling === name && delete one.dataset.settling, SETTLING);
  }

  // Keys and screen readers press what has the focus, wherever it has moved to: no place (`detail` 0), no slip.
  #click(event) {
    const why = event.target.closest("[data-settling]")?.dataset.settling;
    if (!why || (event.detail === 0 && why.startsWith("moved"))) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #key(event) {
    if (event.repeat && event.key === "Enter" && event.target.closest("button")) event.preventDefault();
  }
}
