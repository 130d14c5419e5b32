/** Stretches the holds of a step as the coach does at "slower" and "faster". Pure. */

// As the coach's: seconds of a hold, and bounds and step of the pace, the factor on what a hold lasts.
const SHORTEST = 10;
const [FASTEST, SLOWEST, STEP] = [0.5, 2, 0.25];

/** The pace after one "slower" (`change` 1) or "faster" (-1); the same where there is no other. */
export const paceAfter = (pace, change) => Math.min(SLOWEST, Math.max(FASTEST, pace + change * STEP));

/**
 * The `holds`, the `cues` and the `duration` (seconds) of a step of which what is left after `elapsed` seconds takes `factor` times
 * as long. Hands get the same time: the first hold sets the length of the second. Changing hands takes what it took.
 */
export function stretched({ holds, cues }, elapsed, factor) {
  const found = holds.findIndex(({ to }) => elapsed < to);
  const here = found < 0 ? holds.length - 1 : found;
  const done = Math.max(0, elapsed - holds[here].from);
  const wanted = done + (holds[here].to - holds[here].from - done) * factor;
  const lasts = Math.max(SHORTEST, Math.round(wanted), Math.floor(done) + 1);
  const after = [];
  holds.forEach((hold, at) => {
    const from = at ? after[at - 1].to + hold.from - holds[at - 1].to : hold.from;
    after.push({ ...hold, from, to: from + (at < here ? hold.to - hold.from : lasts) });
  });
  const moved = (at) => {
    const on = holds.findIndex(({ to }) => at < to);
    if (on < 0) return after.at(-1).to;
    const [hold, now] = [holds[on], after[on]];
    const kept = on === here ? done : 0; // seconds of the hold that are over
    const into = at - hold.from;
    if (into <= kept) return now.from + into;
    return Math.round(now.from + kept + ((into - kept) * (now.to - now.from - kept)) / (hold.to - hold.from - kept));
  };
  return { holds: after, cues: cues.map((cue) => ({ ...cue, at: moved(cue.at) })), duration: after.at(-1).to };
}
