/** Listens through the browser, begins again whenever the browser stops, and is deaf while the coach speaks. */

const PAUSE = 300; // milliseconds before beginning again; also lets the loudspeaker fall silent
const TRIES = 4; // failures in a row until listening is given up

const Recognition = () => globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;

/** Events: `heard` (detail: words), `hearing` (detail: words so far), `failed` (detail: "denied" or "gone"). */
export class Listener extends EventTarget {
  #recognition = null;
  #wanted = false;
  #deaf = false;
  #timer = null;
  #failures = 0;
  #local = false;

  constructor(lang) {
    super();
    this.lang = lang;
  }

  static get able() {
    return Boolean(Recognition());
  }

  /** True where the browser puts speech into words on this device. */
  async local() {
    const ask = { langs: [this.lang], processLocally: true };
    this.#local = (await Recognition().available?.(ask).catch(() => null)) === "available";
    return this.#local;
  }

  start() {
    this.#wanted = true;
    this.#failures = 0;
    this.#begin();
  }

  stop() {
    this.#wanted = false;
    this.#drop();
  }

  /** Hears nothing while `deaf`; what it has half heard is thrown away. */
  set deaf(deaf) {
    this.#deaf = deaf;
    if (deaf) this.#drop();
    else this.#later();
  }

  #drop() {
    clearTimeout(this.#timer);
    const recognition = this.#recognition;
    this.#recognition = null;
    recognition?.abort();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#begin(), PAUSE * (1 + this.#failures));
  }

  #begin() {
    if (!this.#wanted || this.#deaf || this.#recognition) return;
    const recognition = new (Recognition())();
    Object.assign(recognition, { lang: this.lang, continuous: true, interimResults: true });
    if (this.#local) recognition.processLocally = true;
    const mine = (work) => (event) => this.#recognition === recognition && work(event);
    recognition.onresult = mine((event) => this.#result(event));
    recognition.onerror = mine(({ error }) => this.#error(error));
    recognition.onend = mine(() => {
      this.#recognition = null;
      this.#later();
    });
    this.#recognition = recognition;
    try {
      recognition.start();
    } catch {
      this.#recognition = null;
      this.#error("start");
      this.#later();
    }
  }

  #result({ results, resultIndex }) {
    this.#failures = 0;
    let half = "";
    for (const result of [...results].slice(resultIndex)) {
      const words = result[0].transcript.trim();
      if (result.isFinal && words) this.#emit("heard", words);
      else half += ` ${words}`;
    }
    this.#emit("hearing", half.trim());
  }

  #error(error) {
    if (error === "no-speech" || error === "aborted") return;
    const denied = error === "not-allowed" || error === "service-not-allowed";
    if (!denied && ++this.#failures < TRIES) return;
    this.stop();
    this.#emit("failed", denied ? "denied" : "gone");
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
