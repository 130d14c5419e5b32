/** Finds where speech begins and ends in the sound of a microphone, by its loudness over the room's. */

export const PIECE = 512; // samples: 32 ms
export const BEFORE = 12; // pieces that are kept from before the beginning was noticed
const BEGIN = 3; // loud pieces of the last five
const PAUSED = 6; // quiet pieces in a row, after which what was said is recognised already
const SOON = 9; // ... that end a complete command
const ENDED = 16; // ... that end anything else
const QUIETEST = 0.004; // root mean square; below it nothing is speech
const LOUDER = 3; // times the room's
const FORGET = 1.02; // by which the room's loudness may rise with each piece
// The figures of the voice client, which were measured beside a television.
const FAR = 0.4; // share of the nearest voice's level below which others talk, farther away
const NEAREST = 8; // loudest pieces, whose mean is the nearest voice's level
const AROUND = 5; // pieces that are kept before and after the nearest voice where others talk
const ASIDE = 10; // pieces of others before the nearest voice from which on they are left out

export class SpeechEnds {
  #room = 0.02;
  #loud = [];
  #quiet = 0;
  #speaking = false;
  #levels = []; // of the pieces since shortly before the beginning; 0 where nobody speaks
  #announced = 0;

  reset() {
    this.#loud = [];
    this.#levels = [];
    this.#quiet = 0;
    this.#speaking = false;
  }

  /** What a piece of 32 ms is: its `level` (0 to 1), and what `happened`: began, nearer, paused, resumed, soon, ended. */
  feed(piece) {
    const rms = Math.sqrt(piece.reduce((sum, value) => sum + value * value, 0) / piece.length);
    const isLoud = rms > Math.max(QUIETEST, LOUDER * this.#room);
    // The room is what is quietest lately; speech does not raise it.
    this.#room = Math.max(0.0005, Math.min(rms, this.#room * (isLoud ? 1.002 : FORGET)));
    this.#levels.push(isLoud ? rms : 0);
    const level = Math.min(1, Math.max(0, 1 + Math.log10(rms + 1e-6) / 3));
    return { level, happened: this.#speaking ? this.#goesOn(isLoud) : this.#begins(isLoud) };
  }

  /** First and last of the latest `count` pieces that have the nearest voice: what others said besides is left out. */
  nearest(count) {
    const levels = this.#levels.slice(-count);
    const least = FAR * this.#level;
    const isNear = (level) => level > 0 && level >= least;
    const first = levels.findIndex(isNear);
    const last = levels.findLastIndex(isNear);
    const others = levels.slice(0, Math.max(0, first - AROUND)).filter(Boolean).length;
    const goOn = levels.slice(last + 1 + AROUND).some(Boolean);
    return [others >= ASIDE ? first - AROUND : 0, goOn ? last + AROUND : count - 1];
  }

  get #level() {
    const loudest = this.#levels.filter(Boolean).sort((one, other) => other - one).slice(0, NEAREST);
    return loudest.reduce((sum, level) => sum + level, 0) / Math.max(1, loudest.length);
  }

  #begins(isLoud) {
    this.#loud = [...this.#loud.slice(-4), isLoud];
    this.#speaking = this.#loud.filter(Boolean).length >= BEGIN;
    this.#levels = this.#levels.slice(-BEFORE);
    this.#quiet = 0;
    this.#announced = this.#level;
    return this.#speaking ? "began" : null;
  }

  #goesOn(isLoud) {
    const level = this.#level;
    const isNear = isLoud && this.#levels.at(-1) >= FAR * level;
    const before = this.#quiet;
    this.#quiet = isNear ? 0 : before + 1;
    if (this.#quiet >= ENDED) return "ended";
    if (FAR * level > this.#announced) {
      this.#announced = level;
      return "nearer";
    }
    if (isNear) return before >= PAUSED ? "resumed" : null;
    return { [PAUSED]: "paused", [SOON]: "soon" }[this.#quiet] ?? null;
  }
}
