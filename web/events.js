/** What the page around the widget is told: where the massage is, and nothing that was said. */

const CARDS = {
  ease: ({ session }) => ["pain", place(session)],
  // What the coach has not read yet is no red flag.
  safety: ({ level, led }) => !led && ["redflag", { level }],
  finished: ({ session }) => ["finished", { routine: session.routine, minutes: session.minutes }],
};

const place = ({ routine, step, steps, technique, hand }) => ({ routine, step, steps, technique, hand });

/** Calls `tell(type, detail)` for what happens in a conversation. */
export function announce(talk, tell) {
  let token = null;
  talk.on("change", () => {
    const { session } = talk;
    if (session.token && session.token !== token && session.state === "running") tell("step", place(session));
    token = session.token;
  });
  talk.clock.on("cue", ({ hand, at }) => hand && at && tell("swap", { ...place(talk.session), hand }));
  talk.on("entry", ({ entry: { custom }, fresh }) => {
    const happened = fresh && custom && CARDS[custom.card]?.(custom);
    if (happened) tell(...happened);
  });
}
