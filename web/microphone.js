/** In the browser's audio thread: the microphone's sound at another rate, mono, in pieces of 32 ms. */

const PIECE = 512;

class Microphone extends AudioWorkletProcessor {
  #step;
  #at = 0;
  #sum = 0;
  #count = 0;
  #piece = new Float32Array(PIECE);
  #filled = 0;

  constructor({ processorOptions }) {
    super();
    this.#step = processorOptions.rate / sampleRate;
  }

  /** Each sample of the new rate is the mean of those of the old one in its time: enough against aliases of speech. */
  process([channels]) {
    const sound = channels[0];
    if (!sound) return true;
    for (const value of sound) {
      this.#sum += value;
      this.#count += 1;
      this.#at += this.#step;
      while (this.#at >= 1) {
        this.#at -= 1;
        this.#put(this.#count ? this.#sum / this.#count : value);
        this.#sum = this.#count = 0;
      }
    }
    return true;
  }

  #put(value) {
    this.#piece[this.#filled++] = value;
    if (this.#filled < PIECE) return;
    this.port.postMessage(this.#piece);
    this.#piece = new Float32Array(PIECE);
    this.#filled = 0;
  }
}

registerProcessor("microphone", Microphone);
