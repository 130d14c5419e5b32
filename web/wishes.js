/** Asks the coach for what the settings say, once a massage is agreed to. */

import { settings } from "./settings.js";
import { texts } from "./texts.js";

/** Says it in words that the person sees, as if they had asked themselves. */
export function bringWishes(talk) {
  let asked = false;
  talk.on("cleared", () => (asked = false));
  talk.on("entry", ({ entry: { custom }, fresh }) => {
    if (!fresh || asked || custom?.card !== "prepare") return;
    asked = true;
    const pace = settings.get("pace");
    if (pace !== 1 && custom.session.pace === 1) talk.press(pace > 1 ? "/slow_down" : "/speed_up", pace > 1 ? texts["/slow_down"] : texts["/speed_up"]);
    if (settings.get("hand") === "right") talk.say(texts.rightFirst);
  });
}
