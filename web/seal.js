/** Seals what is kept by ChaCha20 (RFC 8439): at once, and also in pages without https, where browsers offer no cipher. */

const NONCE = 12; // bytes
const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];
const QUARTERS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
];

const turn = (word, by) => (word << by) | (word >>> (32 - by));
const words = (bytes) => new Uint32Array(bytes.slice().buffer);

function block(state) {
  const x = state.slice();
  for (let round = 0; round < 10; round++) {
    for (const [a, b, c, d] of QUARTERS) {
      x[a] += x[b];
      x[d] = turn(x[d] ^ x[a], 16);
      x[c] += x[d];
      x[b] = turn(x[b] ^ x[c], 12);
      x[a] += x[b];
      x[d] = turn(x[d] ^ x[a], 8);
      x[c] += x[d];
      x[b] = turn(x[b] ^ x[c], 7);
    }
  }
  return new Uint8Array(x.map((word, at) => word + state[at]).buffer);
}

/** Turns bytes into as many others, and back; `key` has 32 bytes, `nonce` 12. */
export function chacha20(key, nonce, bytes, counter = 0) {
  const state = new Uint32Array([...CONSTANTS, ...words(key), counter, ...words(nonce)]);
  const turned = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += 64, state[12]++) {
    const stream = block(state);
    for (let at = start; at < Math.min(start + 64, bytes.length); at++) turned[at] = bytes[at] ^ stream[at - start];
  }
  return turned;
}

const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g), (byte) => Number.parseInt(byte, 16));

/** A new key, as text. */
export const newKey = () => hex(random(32));

export function seal(text, key) {
  const nonce = random(NONCE);
  let sealed = String.fromCharCode(...nonce);
  for (const byte of chacha20(unhex(key), nonce, new TextEncoder().encode(text))) sealed += String.fromCharCode(byte);
  return btoa(sealed);
}

/** What was sealed. Raises TypeError or DOMException for what was sealed by another key, or is broken. */
export function unseal(sealed, key) {
  const bytes = Uint8Array.from(atob(sealed), (one) => one.charCodeAt());
  const text = chacha20(unhex(key), bytes.slice(0, NONCE), bytes.slice(NONCE));
  return new TextDecoder("utf-8", { fatal: true }).decode(text);
}
