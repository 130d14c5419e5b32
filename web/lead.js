/** Leads a massage on by its plan while the coach cannot be reached. Pure: from one card to the next. */

import { paceAfter, stretched } from "./pace.js";
import { stretch } from "./place.js";
import { texts } from "./texts.js";

const LEAD_IN = 3; // seconds until the clock goes on after a pause; as the coach's
const PACES = { slow_down: 1, speed_up: -1 };

const isPace = ({ payload }) => payload.slice(1) in PACES;

/** What is said where a message holds the clock, or tells of a danger, and waits to be sent. */
export const HOLDING = "hold";
export const DANGER = "danger";

/** A step of the plan that takes `factor` times as long. */
const atPace = (one, factor) => {
  const { holds, cues, duration } = stretched(one, 0, factor);
  return factor === 1 ? one : { ...one, holds, cues, seconds: duration };
};

/** What a plan depends on: the same for two cards of one plan. */
export const planKey = ({ session, steps, holds }) =>
  JSON.stringify([session.routine, holds.length > 1 && holds[0].hand, steps.map(({ id, seconds }) => [id, seconds])]);

/**
 * The entry that follows the card of a step at `payload`, or at `HOLDING` or `DANGER`; null for what only the coach can answer.
 *
 * Its card's `led` tells the coach later where the massage is: the token that the coach knows (`base`), the `count` of moves since,
 * `step`, `elapsed`, whether it is `running`, the `moves` that have changed the step's time (each a payload and the seconds of the
 * step at which it came), and the payloads that come `after`; `planned` is the pace of the plan.
 */
export function ledOn(custom, { steps, title }, payload, elapsed) {
  const { session, led } = custom;
  const kind = payload.match(/\w+/)[0];
  if (led?.danger || (led?.stopped ? kind !== "resume" : !session.token)) return null;
  const count = (led?.count ?? 0) + 1;
  const mark = { base: session.token, planned: session.pace, moves: [], ...led, count, stopped: false, step: session.step, elapsed: led?.stopped ? led.elapsed : elapsed };
  const entry = (words, card, changes = {}, buttons = []) => {
    const now = { ...mark, running: card.session.state === "running", after: [], ...changes };
    if (now.running && now.hurt) now.after = ["/report_pain", "/resume"]; // the coach is to know that it has hurt
    return { id: `led ${mark.base} ${count}`, at: Date.now(), texts: words, buttons, custom: { ...custom, say: words.at(-1), speech: null, ...card, led: now } };
  };
  const said = texts.led;
  const plan = steps.map((one) => atPace(one, session.pace / mark.planned));
  const secondsFrom = (number) => plan.slice(number - 1).reduce((sum, { seconds }) => sum + seconds, 0);
  const remaining_seconds = secondsFrom(session.step + 1) + custom.clock?.duration - mark.elapsed;

  const atStep = (number) => {
    const one = plan[number - 1];
    if (!one) return null;
    const { id, instruction, seconds, holds, say, speech = null, cues, picture } = one;
    const place = { step: number, technique: id, hand: holds[0].hand, token: `${mark.base} ${count}`, remaining_seconds: secondsFrom(number) };
    const shown = { card: "step", title: one.title, following: plan[number]?.title ?? null, instruction, say, speech, holds, cues, picture };
    const clock = { duration: seconds, elapsed: 0, running: true };
    // Of the steps before, only the pace is left.
    const paced = mark.moves.filter(isPace).map((move) => ({ ...move, elapsed: 0 }));
    const heading = `**${texts.step(number, plan.length)}: ${one.title}**`;
    return entry([heading, instruction], { ...shown, clock, session: { ...session, ...place, state: "running" } }, { step: number, moves: paced });
  };

  // Everything goes on as it was.
  const keeping = (words, card, changes = {}) => {
    const paused = session.state === "paused";
    const shown = { session, clock: { ...custom.clock, elapsed: mark.elapsed, lead_in: null }, ...card };
    return entry(words, shown, { after: paused ? ["/pause"] : [], ...changes }, paused ? said.pauseReplies : []);
  };

  const again = () => {
    const { title: name, instruction, say, speech = null } = plan[session.step - 1];
    return keeping([`**${name}**`, instruction], { say, speech });
  };

  const atOtherPace = () => {
    const pace = paceAfter(session.pace, PACES[kind]);
    if (pace === session.pace) return keeping([said.utmost[kind]]);
    const { holds, cues, duration } = stretched(custom, mark.elapsed, pace / session.pace);
    const all = steps.map((one) => atPace(one, pace / mark.planned).seconds);
    const shown = {
      holds,
      cues,
      clock: { ...custom.clock, duration, elapsed: mark.elapsed, lead_in: null },
      steps: custom.steps.map((one, at) => ({ ...one, seconds: at + 1 === session.step ? duration : all[at] })),
      session: { ...session, pace, remaining_seconds: duration - mark.elapsed + all.slice(session.step).reduce((sum, one) => sum + one, 0) },
    };
    return keeping([said.paces[kind]], shown, { moves: [...mark.moves, { payload: `/${kind}`, elapsed: mark.elapsed }] });
  };

  // The other hand gets its whole hold, which ends the step.
  const otherHand = () => {
    const { holds, cues, instruction } = plan[session.step - 1];
    if (holds.length < 2) return null;
    const hand = stretch(custom.holds, mark.elapsed).hand === "left" ? "right" : "left";
    const { from, to } = holds[1];
    const shown = {
      card: "step",
      holds: [{ hand, from: 0, to: to - from }],
      cues: cues.filter(({ at }) => at > from).map((cue) => ({ ...cue, at: cue.at - from })),
      clock: { duration: to - from, elapsed: 0, running: true },
      session: { ...session, hand, token: `${mark.base} ${count}`, state: "running", remaining_seconds: secondsFrom(session.step + 1) + to - from },
    };
    return entry([said.otherHand(texts[hand]), instruction], shown, { elapsed: 0, moves: [...mark.moves, { payload, elapsed: mark.elapsed }] });
  };

  const resume = () => {
    const clock = { ...custom.clock, elapsed: mark.elapsed, running: true, lead_in: LEAD_IN };
    const token = session.token ?? `${mark.base} ${count}`;
    return entry([mark.hurt ? said.lighter : said.resumed], { card: "step", clock, session: { ...session, state: "running", token, remaining_seconds } });
  };

  const hold = (words, card, changes, buttons) => {
    const { lead_in, ...clock } = { ...custom.clock, elapsed: mark.elapsed, running: false };
    return entry([words], { card, clock, session: { ...session, state: "paused", remaining_seconds } }, changes, buttons);
  };

  const end = (state, words, card, changes, buttons) => entry([words], { ...card, session: { ...session, state, token: null, asked: null } }, changes, buttons);

  switch (kind) {
    case "next_step":
      if (session.step < plan.length) return atStep(session.step + 1);
      return end("finished", said.finished, { card: "finished", title, detail: "" }, { elapsed: custom.clock.duration, after: ["/next_step"] });
    case "previous_step":
      return atStep(session.step - 1);
    case "go_to_step":
      return atStep(Number(payload.match(/\d+/)));
    case "repeat_step":
      return again();
    case "switch_hand":
      return otherHand();
    case "slow_down":
    case "speed_up":
      // Where something hurts, slower is lighter.
      return custom.card === "ease" && PACES[kind] > 0 ? resume() : atOtherPace();
    case "resume":
      return session.state === "running" && session.token ? keeping([said.running]) : resume();
    case "pause":
      return hold(said.paused, "paused", { after: ["/pause"] }, said.pauseReplies);
    case HOLDING:
      return hold(said.handsOff, "paused", { after: ["/pause"] }, said.pauseReplies);
    case "report_pain":
      return hold(said.handsOff, "ease", { after: ["/report_pain"], hurt: true }, said.easeReplies);
    case "stop":
      return end("stopped", said.stopped, { card: "stopped" }, { stopped: true, after: ["/stop"] }, said.stopReplies);
    case DANGER:
      // The coach reads the words themselves later. Until then there is no massage.
      return end("stopped", said.danger, { card: "safety", level: "unsure" }, { danger: true, after: ["/pause"] });
    default:
      return null;
  }
}
