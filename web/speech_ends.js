/** Finds where speech begins and ends in the sound of a microphone, by its loudness over the room's. */

export const PIECE = 512; // samples: 32 ms
const BEGIN = 3; // loud pieces of the last five
const PAUSED = 6; // quiet pieces in a row, after which what was said is recognised already
const SOON = 9; // ... that end a complete command
const ENDED = 16; // ... that end anything else
const QUIETEST = 0.004; // root mean square; below it nothing is speech
const LOUDER = 3; // times the room's
const FORGET = 1.02; // by which the room's loudness may rise with each piece

export class SpeechEnds {
  #room = 0.02;
  #loud = [];
  #quiet = 0;
  #speaking = false;

  reset() {
    this.#loud = [];
    this.#quiet = 0;
    this.#speaking = false;
  }

  /** What a piece of 32 ms is: its `level` (0 to 1), and what `happened`: began, paused, resumed, soon, ended. */
  feed(piece) {
    const rms = Math.sqrt(piece.reduce((sum, value) => sum + value * value, 0) / piece.length);
    const isLoud = rms > Math.max(QUIETEST, LOUDER * this.#room);
    // The room is what is quietest lately; speech does not raise it.
    this.#room = Math.max(0.0005, Math.min(rms, this.#room * (isLoud ? 1.002 : FORGET)));
    return { level: Math.min(1, Math.max(0, 1 + Math.log10(rms + 1e-6) / 3)), happened: this.#happened(isLoud) };
  }

  #happened(isLoud) {
    if (!this.#speaking) {
      this.#loud = [...this.#loud.slice(-4), isLoud];
      this.#speaking = this.#loud.filter(Boolean).length >= BEGIN;
      this.#quiet = 0;
      return this.#speaking ? "began" : null;
    }
    const before = this.#quiet;
    this.#quiet = isLoud ? 0 : before + 1;
    if (this.#quiet >= ENDED) {
      this.reset();
      return "ended";
    }
    if (isLoud) return before >= PAUSED ? "resumed" : null;
    return { [PAUSED]: "paused", [SOON]: "soon" }[this.#quiet] ?? null;
  }
}
