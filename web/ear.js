/** Listens by the coach's own ear: what is said goes to the coach's server, and nowhere else. */

import { BEFORE, SpeechEnds } from "./speech_ends.js";

export const RATE = 16_000; // samples a second
const LONGEST = 300; // pieces
const TRIES = 3; // failures in a row

const WORKLET = new URL("microphone.js", import.meta.url).href;

/** Whether this browser lets a page listen at all. */
export const canListen = () => Boolean(navigator.mediaDevices?.getUserMedia && globalThis.AudioWorkletNode);

export class Ear {
  #person;
  #ask;
  #ends = new SpeechEnds();
  #context = null;
  #stream = null;
  #before = [];
  #pieces = null;
  #early = null;
  #held = false;
  #failures = 0;

  /**
   * `person` is told: `began()`, `level(share)`, `heard(words, doubtful)`, `missed()`, `failed(denied)`. `ask(sound)` gives
   * `{text, complete, doubtful}`.
   */
  constructor(person, ask) {
    this.#person = person;
    this.#ask = ask;
    this.#open();
  }

  stop() {
    const { track } = this;
    if (track) track.onended = null;
    for (const each of this.#stream?.getTracks() ?? []) each.stop();
    this.#context?.close();
    this.#context = this.#stream = this.#pieces = null;
  }

  get track() {
    return this.#stream?.getAudioTracks()[0];
  }

  /** While a button is held, everything counts as speech, up to its release. */
  hold(held) {
    if (this.#held === held) return;
    this.#held = held;
    if (held) this.#begin();
    else if (this.#pieces) this.#end(true);
  }

  /** Says without words that nothing was understood. */
  tone() {
    const context = this.#context;
    if (!context || context.state !== "running") return;
    const sound = context.createOscillator();
    const volume = context.createGain();
    const now = context.currentTime;
    sound.frequency.setValueAtTime(440, now);
    sound.frequency.setValueAtTime(330, now + 0.09);
    volume.gain.setValueAtTime(0.06, now);
    volume.gain.exponentialRampToValueAtTime(0.001, now + 0.2);
    sound.connect(volume).connect(context.destination);
    sound.start(now);
    sound.stop(now + 0.2);
  }

  async #open() {
    const context = (this.#context = new AudioContext());
    try {
      const audio = { echoCancellation: true, noiseSuppression: false, autoGainControl: true, channelCount: 1 };
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      if (this.#context !== context) return stream.getTracks().forEach((each) => each.stop());
      this.#stream = stream;
      await context.audioWorklet.addModule(WORKLET);
      const node = new AudioWorkletNode(context, "microphone", { numberOfOutputs: 0, processorOptions: { rate: RATE } });
      node.port.onmessage = ({ data }) => this.#context === context && this.#take(data);
      context.createMediaStreamSource(stream).connect(node);
      this.track.onended = () => this.#lost(false);
      await context.resume();
    } catch (error) {
      if (this.#context === context) this.#lost(error.name === "NotAllowedError");
    }
  }

  /** Unplugged: the system's next microphone may do. */
  #lost(denied) {
    this.stop();
    if (!denied && ++this.#failures < TRIES) setTimeout(() => this.#context || this.#open(), 1000 * this.#failures);
    else this.#person.failed(denied);
  }

  #take(piece) {
    const { level, happened } = this.#ends.feed(piece);
    this.#person.level(level);
    if (!this.#pieces) {
      this.#before.push(piece);
      if (this.#before.length > BEFORE) this.#before.shift();
      if (happened === "began") this.#begin();
      return;
    }
    this.#pieces.push(piece);
    if (this.#held) return this.#pieces.length > LONGEST && this.#end(true);
    if (happened === "nearer") this.#person.began();
    if (happened === "paused") this.#early = { at: this.#pieces.length, answer: this.#send() };
    if (happened === "resumed") this.#early = null;
    if (happened === "soon") this.#endIfComplete(this.#early);
    if (happened === "ended") this.#end();
    else if (this.#pieces?.length > LONGEST) this.#cut();
  }

  /** Ends what is too long, unless somebody near has just begun to speak among others. */
  #cut() {
    const [first] = this.#ends.nearest(this.#pieces.length);
    if (first < LONGEST / 2) this.#end();
    else this.#pieces.splice(0, first);
  }

  #begin() {
    this.#pieces = this.#before.splice(0);
    this.#early = null;
    this.#person.began();
  }

  async #endIfComplete(early) {
    const found = await early?.answer.catch(() => null);
    if (found?.complete && early === this.#early) this.#end();
  }

  /** `whole`: everything that was said, and not the nearest voice alone. */
  async #end(whole = false) {
    const answer = this.#early?.answer ?? this.#send(whole);
    this.#pieces = this.#early = null;
    this.#ends.reset();
    try {
      const { text, doubtful } = await answer;
      this.#failures = 0;
      if (!this.#context) return;
      if (text) this.#person.heard(text, doubtful);
      else this.#person.missed();
    } catch {
      if (!this.#context) return;
      this.#person.missed();
      if (++this.#failures >= TRIES) this.#lost(false);
    }
  }

  #send(whole = false) {
    const [first, last] = this.#ends.nearest(this.#pieces.length);
    const pieces = whole ? this.#pieces : this.#pieces.slice(first, last + 1);
    const count = pieces.reduce((sum, { length }) => sum + length, 0);
    const sound = new DataView(new ArrayBuffer(2 * count));
    let at = 0;
    for (const piece of pieces) {
      for (const value of piece) {
        sound.setInt16(at, Math.max(-1, Math.min(1, value)) * 32_767, true);
        at += 2;
      }
    }
    return this.#ask(sound.buffer);
  }
}
