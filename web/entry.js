/** Reads the coach's answers. */

/** What the log keeps of an answer. */
export function entryOf(messages) {
  const said = messages.map(({ text }) => text).filter(Boolean);
  const custom = messages.findLast((message) => message.custom)?.custom;
  return { texts: said, buttons: messages.flatMap(({ buttons }) => buttons ?? []), custom };
}

export const isHeading = (text, { title }) => text.startsWith("**") && text.includes(title);

/** The step that an answer shows, and what was `told` beside its instruction. */
export function stepOf({ custom, texts: said, buttons }) {
  const told = said.filter((text) => text !== custom.instruction && !isHeading(text, custom)).join("\n\n");
  return { ...custom, buttons, told };
}
