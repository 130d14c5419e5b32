/** Where in a step the clock is. */

/** The hold that is on, or the change of hands (`swap`) before it. */
export function stretch(holds, elapsed) {
  const at = holds.findIndex(({ to }) => elapsed < to);
  const hold = holds.at(at);
  return elapsed < hold.from ? { ...hold, from: holds[at - 1].to, to: hold.from, swap: true } : hold;
}

/** What the clock shows now: `kind` (ready, hold, swap, paused), `hand`, seconds `left` of `whole`, the `part` left. */
export function placeOf({ holds }, clock) {
  const { elapsed, leadIn } = clock;
  const { hand, from, to, swap } = stretch(holds, elapsed);
  const kind = !clock.running ? "paused" : leadIn ? "ready" : swap ? "swap" : "hold";
  const left = Math.ceil(leadIn || to - elapsed);
  const part = leadIn ? clock.leadInPart : (to - elapsed) / (to - from || 1);
  return { kind, hand, left, part, whole: to - from, into: leadIn ? 0 : elapsed - from };
}
