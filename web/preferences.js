/** The page of settings. */

import { button, h } from "./dom.js";
import { settings, TONES } from "./settings.js";
import { openSheet } from "./sheet.js";
import { texts } from "./texts.js";

/** One of several, as radio buttons: [value, words, content]. */
function choice(name, title, options) {
  const option = ([value, words, content]) => {
    const onchange = () => settings.set(name, value);
    const input = h("input", { type: "radio", name, onchange, checked: settings.get(name) === value, "aria-label": words });
    return h("label.option", input, content ?? h("span", words));
  };
  return h("fieldset", h("legend", title), h("div.options", options.map(option)));
}

function onOff(name, title) {
  const input = h("input", { type: "checkbox", role: "switch", checked: settings.get(name), onchange: () => settings.set(name, input.checked) });
  return h("label.switch", h("span", title), input);
}

const tone = (name) => [name, texts.tones[name], h("span.tone", { "data-tone": name })];

function voices(preview) {
  const own = () => (globalThis.speechSynthesis?.getVoices() ?? []).filter(({ lang }) => lang.slice(0, 2) === texts.lang.slice(0, 2));
  if (!own().length) return null;
  const option = (value, words) => h("option", { value, selected: settings.get("voice") === value }, words);
  const onchange = () => (settings.set("voice", select.value), preview());
  const select = h("select", { onchange }, option("", texts.usualVoice), own().map(({ name }) => option(name, name)));
  return h("label.field", h("span", texts.voice), select);
}

/** A calendar entry for every day at this time: it reminds without anybody being told. */
function remind() {
  const stamp = (date) => date.toISOString().replace(/[-:]|\.\d+/g, "");
  const local = (date) => stamp(new Date(date - date.getTimezoneOffset() * 60_000)).slice(0, -1);
  const begin = new Date(Date.now() + 86_400_000);
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Palmwise//EN", "BEGIN:VEVENT", `UID:${crypto.randomUUID?.() ?? stamp(begin)}`];
  lines.push(`DTSTAMP:${stamp(new Date())}`, `DTSTART:${local(begin)}`, "DURATION:PT10M", "RRULE:FREQ=DAILY", `SUMMARY:${texts.reminder}`);
  lines.push("BEGIN:VALARM", "ACTION:DISPLAY", `DESCRIPTION:${texts.reminder}`, "TRIGGER:PT0M", "END:VALARM", "END:VEVENT", "END:VCALENDAR", "");
  const href = URL.createObjectURL(new Blob([lines.join("\r\n")], { type: "text/calendar" }));
  h("a", { href, download: "palmwise.ics" }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/** Opens the settings; `preview` says a few words with the voice that was chosen. */
export function openPreferences(root, preview) {
  const speed = h("input", { type: "range", min: 0.7, max: 1.3, step: 0.1, value: settings.get("rate"), onchange: () => (settings.set("rate", Number(speed.value)), preview()) });
  return openSheet(root, "preferences", texts.settings, [
    choice("pace", texts.pace, texts.paces),
    choice("hand", texts.firstHand, [["left", texts.left], ["right", texts.right]]),
    choice("tone", texts.tone, TONES.map(tone)),
    choice("text", texts.textSize, texts.textSizes),
    onOff("sounds", texts.sounds),
    navigator.vibrate && onOff("vibration", texts.vibration),
    voices(preview),
    globalThis.speechSynthesis && h("label.field", h("span", texts.rate), speed),
    onOff("times", texts.times),
    button("bell", texts.remind, remind, "quiet"),
    h("p.small", texts.settingsTell),
  ]);
}
