/** Time that no change of the device's clock moves, in ms like Date.now(). */

const BEGINNING = Date.now() - performance.now();

export const now = () => BEGINNING + performance.now();

/** What the device's clock is ahead of it; it changes when the clock is set, or when the device has slept. */
export const skew = () => Date.now() - now();
