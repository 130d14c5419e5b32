/** How the hands feel, as five faces, and the diary as a page. */

import { button, h } from "./dom.js";
import { week } from "./diary.js";
import { openSheet } from "./sheet.js";
import { texts } from "./texts.js";

const MOUTHS = ["M8 17q4-5 8 0", "M8 16.5q4-2.5 8 0", "M8 15.5h8", "M8 14.5q4 3 8 0", "M7.5 14q4.500 6 9 0"];
const TALLEST = 15; // minutes of a full bar, at least

const face = (comfort) =>
  h("svg.face", { viewBox: "0 0 24 24", "aria-hidden": "true" }, h("circle", { cx: 12, cy: 12, r: 10 }), h("path", { d: `M8.500 9.500h.01M15.500 9.500h.01${MOUTHS[comfort - 1]}` }));

/** Asks how the hands feel, `when` before or after; the answer stays in this browser. */
export function comfort(diary, when) {
  const chosen = () => (diary.latest?.[when] ? `${diary.latest[when]}` : null);
  const choose = (value) => () => {
    diary.feel(when, value);
    group.querySelectorAll("button").forEach((one, at) => one.setAttribute("aria-pressed", at + 1 === value));
    thanks.textContent = texts.comfortKept;
  };
  const faces = texts.comforts.map((word, at) =>
    button(null, [face(at + 1), h("small", word)], choose(at + 1), "feel", { "aria-pressed": when === "after" && chosen() === `${at + 1}` }),
  );
  const thanks = h("p.small", { role: "status" });
  const group = h("div.feels", { role: "group", "aria-label": texts.comfort[when] }, faces);
  return h("div.comfort", h("p", h("strong", texts.comfort[when])), group, thanks);
}

/** The minutes of the last seven days as bars. */
export function weekView(diary) {
  const days = week(diary.entries, Date.now());
  const most = Math.max(TALLEST, ...days.map(([, minutes]) => minutes));
  const name = (day) => day.toLocaleDateString(texts.lang, { weekday: "short" });
  const bar = ([day, minutes]) => {
    const column = h("i");
    column.style.setProperty("--part", minutes / most);
    return h("li", h("span.minutes", minutes || ""), column, h("span", name(day)), h("span.sr", texts.minutes(minutes)));
  };
  return h("div", h("p.small", texts.week), h("ol.week", { "aria-label": texts.week }, days.map(bar)));
}

/** Opens the page of what was done. */
export function openDiary(root, diary) {
  const day = (at) => new Date(at).toLocaleDateString(texts.lang, { weekday: "short", day: "numeric", month: "short" });
  const feelings = ({ before, after }) =>
    (before || after) && h("span.change", before && face(before), before && after && "→", after && face(after), h("span.sr", texts.felt(before, after)));
  const row = (one) => h("li", h("span.day", day(one.at)), h("span.title", one.title ?? texts.massage), h("span.badge", texts.about(one.seconds)), feelings(one));
  const rows = diary.entries.slice(-30).reverse().map(row);
  const inside = rows.length ? [weekView(diary), h("ul.done", rows)] : h("p", texts.diaryEmpty);
  return openSheet(root, "diary", texts.diary, [inside, h("p.small", texts.diaryTell)]);
}
