/** A soft bell and a buzz where a step begins, hands change, a step ends. */

import { placeOf } from "./place.js";
import { settings } from "./settings.js";

const BELLS = { hold: [660], swap: [660, 880], end: [880, 660], finished: [523, 659, 784] }; // Hz
const BUZZES = { hold: [120], swap: [120, 100, 120], end: [250], finished: [120, 80, 120, 80, 300] }; // ms on, off, on
const APART = 0.28; // seconds between two notes
const LOUDNESS = 0.12;
const FADES = 1.6; // seconds

export class Chime {
  #talk;
  #kind = null;
  #token = null;
  #sound = null;

  constructor(talk) {
    this.#talk = talk;
    talk.clock.on("tick", () => this.#follow());
    talk.clock.on("end", () => this.#ring("end"));
    talk.on("entry", ({ entry, fresh }) => fresh && entry.custom?.card === "finished" && this.#ring("finished"));
  }

  stop() {
    this.#sound?.close();
    this.#sound = null;
  }

  #follow() {
    const { step, clock } = this.#talk;
    if (!step || !clock.token) return (this.#kind = null);
    const { kind } = placeOf(step, clock);
    const before = this.#token === clock.token ? this.#kind : null;
    this.#kind = kind;
    this.#token = clock.token;
    if (before && before !== kind && before !== "paused" && kind in BELLS) this.#ring(kind);
  }

  #ring(what) {
    if (document.hidden && what !== "finished") return;
    if (settings.get("vibration") && navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(BUZZES[what]);
    if (settings.get("sounds")) BELLS[what].forEach((pitch, at) => this.#note(pitch, at * APART));
  }

  // Two sines that fade: a small singing bowl.
  #note(pitch, after) {
    if (!globalThis.AudioContext || navigator.userActivation?.hasBeenActive === false) return;
    const sound = (this.#sound ??= new AudioContext());
    if (sound.state === "suspended") sound.resume();
    const at = sound.currentTime + after;
    for (const [times, share] of [[1, 1], [2.76, 0.25]]) {
      const tone = new OscillatorNode(sound, { frequency: pitch * times });
      const volume = new GainNode(sound, { gain: 0 });
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(LOUDNESS * share, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + FADES * (times > 1 ? 0.5 : 1));
      tone.connect(volume).connect(sound.destination);
      tone.start(at);
      tone.stop(at + FADES);
    }
  }
}
