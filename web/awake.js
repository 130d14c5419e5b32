/** Keeps the screen on while a step runs. */

export class Awake {
  #lock = null;
  #wanted = false;

  constructor() {
    this.again = () => this.want(this.#wanted);
    document.addEventListener("visibilitychange", this.again);
  }

  /** The browser drops the lock with a hidden tab; it is asked for again when the tab is back. */
  async want(wanted) {
    this.#wanted = wanted;
    if (!wanted) {
      await this.#lock?.release().catch(() => {});
      this.#lock = null;
    } else if ((!this.#lock || this.#lock.released) && document.visibilityState === "visible") {
      this.#lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
      if (!this.#wanted) await this.want(false);
    }
  }

  stop() {
    document.removeEventListener("visibilitychange", this.again);
    this.want(false);
  }
}
