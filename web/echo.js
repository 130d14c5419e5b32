/** Tells a person's words from the coach's own, which come back through the microphone. */

export const wordsOf = (text) => text.toLowerCase().replaceAll("’", "'").match(/[\p{L}\p{N}']+/gu) ?? [];

/**
 * What another voice says in `heard` while the coach says `said`; nothing while it may be the coach misheard: a strange
 * word here and there, none of `cutIn`. When `sure` of the other voice, all but the echo.
 */
export function others(heard, said, cutIn, sure) {
  const own = wordsOf(said);
  const words = wordsOf(heard);
  const strange = words.filter((word) => !own.includes(word));
  const many = strange.length > 2 && strange.length > 0.7 * words.length;
  if (!sure && !many && !strange.some((word) => cutIn.includes(word))) return "";
  const pairs = own.map((word, at) => `${word} ${own[at + 1]}`);
  const echo = words.map((word, at) => pairs.includes(`${word} ${words[at + 1]}`));
  return words.filter((_, at) => !echo[at] && !echo[at - 1]).join(" ");
}
