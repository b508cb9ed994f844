/**
 * Text from outside (tags, names, AWS's own words) on its way into a Slack message. Slack has no escape character for its
 * formatting, so what could ping, format or hide is taken out or replaced by a look-alike before anything is assembled.
 */

/** Longest text looked at; AWS tag values have at most 256 characters, error messages a few thousand. */
const LONGEST_INPUT = 4_000;

/** Controls, bidi marks, zero-width and private characters, lone surrogates, and letters that draw nothing. */
const INVISIBLE =
  /\p{C}|\u034F|[\u115F\u1160\u17B4\u17B5]|[\u180B-\u180F]|\u2800|\u3164|[\uFE00-\uFE0F]|\uFFA0|[\u{E0100}-\u{E01EF}]/gu;

/** What stands for a text of which nothing visible is left. */
const NOTHING_VISIBLE = '–';

/** One line of what a person can see: white space as single spaces, no invisible characters, no towers of accents. */
export const visible = (outside: string): string => {
  const seen = outside
    .slice(0, LONGEST_INPUT)
    .replace(/[\s\u0085]+/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .replace(/ {2,}/gu, ' ')
    .trim()
    .replace(/^\p{M}+/u, '');
  return seen === '' ? NOTHING_VISIBLE : seen;
};

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Slack's three control characters as the entities it asks for. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Columns an escaped text takes, a wide letter two. */
export const columns = (text: string): number =>
  Array.from(text.replace(/&(?:amp|lt|gt);/g, '&')).reduce((sum, letter) => sum + (letter >= '\u2e80' ? 2 : 1), 0);

/** The longest start of `parts` that has at most `count` parts and `budget` UTF-16 units once escaped. */
const within = (parts: readonly string[], count: number, budget: number): string[] => {
  const taken: string[] = [];
  let spent = 0;
  for (const part of parts.slice(0, count)) {
    spent += escaped(part).length;
    if (spent > budget) break;
    taken.push(part);
  }
  return taken;
};

/**
 * Shortens to at most `limit` characters as people count them (graphemes), never splitting one, and to three times as many
 * UTF-16 units after escaping, so that a message's length is bounded whatever the text holds. The middle goes first,
 * because names of a fleet differ at their ends.
 */
export const shortened = (text: string, limit: number, cut: 'middle' | 'end' = 'middle'): string => {
  const parts = Array.from(graphemes.segment(text), ({ segment }) => segment);
  const budget = limit * 3;
  if (parts.length <= limit && escaped(text).length <= budget) return text;
  const tailCount = cut === 'end' ? 0 : Math.floor((limit - 1) / 3);
  const tail = within(parts.toReversed(), tailCount, Math.floor(budget / 3)).toReversed();
  const head = within(parts, limit - 1 - tail.length, budget - escaped(tail.join('')).length - 1);
  return `${head.join('').trimEnd()}…${tail.join('')}`;
};

/** Look-alikes of the characters that format in Slack. */
const disarmedInCode = (text: string): string => text.replaceAll('`', 'ˋ');

/**
 * Takes the formatting out of text that stands outside code. An underscore between letters or digits formats nothing and
 * stays, so that `web_prod` can still be copied. A colon at the start of what could be an emoji's name goes even at the end,
 * because our own text may follow with the second colon.
 */
const disarmed = (text: string): string =>
  disarmedInCode(text)
    .replaceAll('*', '∗')
    .replaceAll('~', '∼')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ')
    .replace(/:(?=[\p{L}\p{N}_+'-]+(?::|$))/gu, '꞉')
    .replace(/@(?=channel|here|everyone)/giu, '＠')
    .replace(/^>/, '›');

/** Outside text for running text: visible, short, inert, escaped. */
export const outsideText = (text: string, limit: number, cut: 'middle' | 'end' = 'middle'): string =>
  escaped(disarmed(shortened(visible(text), limit, cut)));

/** Outside text for a code span: visible, short, unable to end the span, escaped. */
export const outsideCode = (text: string, limit: number): string =>
  escaped(disarmedInCode(shortened(visible(text), limit)));

const LONGEST_COMMAND = 1_000;

/** Whether a command line can be shown exactly as it is. One that would have to be changed or cut must not be copied. */
export const isShowableCommand = (command: string): boolean =>
  command !== '' &&
  visible(command) === command &&
  !command.includes('`') &&
  escaped(command).length <= LONGEST_COMMAND;
