/** A command line cut into words, or the quote that nobody closed. */
export type Words =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'unbalanced-quotes' };

/**
 * Slack's own notation, where the app asked for it: links, people, channels, groups. What a person typed is a link's
 * address, and the name of anything else.
 * @see Slack documentation, "Formatting text for app surfaces", retrieving messages
 */
const SLACK_REFERENCE = /<([^<>|]*)(?:\|([^<>]*))?>/g;

const asTyped = (_: string, target: string, label: string | undefined): string => {
  const [sigil = '', rest = ''] = [target.charAt(0), target.slice(1)];
  if (target.startsWith('mailto:') || target.startsWith('tel:')) return label ?? target;
  if (sigil === '@' || sigil === '#') return `${sigil}${(label || rest).replace(/^[@#]/, '')}`;
  if (sigil === '!') return `@${(label || rest).replace(/^@/, '')}`;
  return target;
};

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Marks that draw nothing and come along when text is pasted: zero-width, direction, soft hyphen, byte order. */
const UNSEEN = /[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/g;

/**
 * Joiners that join nothing. Between letters, digits, marks or emoji they are spelling (Persian, families of emoji), as
 * behind a mark (Malayalam); between two of ASCII they never are.
 */
const IDLE_JOINER =
  /(?<![\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200C\u200D]|(?<!\p{M})[\u200C\u200D](?![\p{L}\p{N}\p{M}\p{Extended_Pictographic}])|[\u200C\u200D](?=\s|$)|(?<=[A-Za-z0-9])[\u200C\u200D](?=[A-Za-z0-9])/gu;

/** What keyboards put in place of what a command line means; whoever wants the character itself in a path writes `%…`. */
const REPLACED: Readonly<Record<string, string>> = {
  '／': '/',
  '＊': '*',
  '：': ':',
  '＃': '#',
};
const REPLACEABLE = new RegExp(`[${Object.keys(REPLACED).join('')}]`, 'g');

const DASHES: Readonly<Record<string, string>> = {
  '‐': '-',
  '‑': '-',
  '–': '-',
  '−': '-',
  '—': '--',
  '―': '--',
};
const DASH = new RegExp(`[${Object.keys(DASHES).join('')}]`, 'g');
/** Dashes at the start of a word, as an option has them. */
const OPTION_DASHES = new RegExp(`(?<!\\S)[-${Object.keys(DASHES).join('')}]+`, 'g');

/** A name of ours or of AWS, with the dashes it can only have been meant to have. In a path any dash may be meant. */
export const withPlainDashes = (name: string): string => name.replace(DASH, (dash) => DASHES[dash] ?? dash);

/** The line as it was meant: Slack's notation and the keyboard's improvements undone. */
export const plainLine = (text: string): string =>
  text
    .replace(SLACK_REFERENCE, asTyped)
    .replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(UNSEEN, '')
    .replace(IDLE_JOINER, '')
    .replace(REPLACEABLE, (character) => REPLACED[character] ?? character)
    .replace(OPTION_DASHES, withPlainDashes);

/** Opening quotes, each with all that may close it: a keyboard may improve one of the two. */
const CLOSERS: ReadonlyMap<string, string> = new Map([
  ...[...'"“”„‟＂«»'].map((opener) => [opener, '"“”„‟＂«»'] as const),
  ...[..."'‘’‚‛＇"].map((opener) => [opener, "'‘’‚‛＇"] as const),
  ['`', '`'],
  ['「', '」'],
  ['『', '』'],
]);

const isEndOfWord = (next: string | undefined): boolean => next === undefined || /\s/.test(next) || CLOSERS.has(next);

/** Where the quote that opens at `start` closes; a quote mark inside a word closes nothing. */
const closingIndex = (line: string, start: number, closers: string): number | undefined => {
  for (let at = start + 1; at < line.length; at += 1) {
    if (closers.includes(line.charAt(at)) && isEndOfWord(line[at + 1])) return at;
  }
  return undefined;
};

/**
 * Cuts a line at white space, full-width spaces included; what is quoted stays together. A quote opens only at the start of
 * a word and closes only at the end of one, so that apostrophes and brackets inside a name stay what they are.
 */
export const wordsOf = (line: string): Words => {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    const character = line.charAt(at);
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    const closers = CLOSERS.get(character);
    if (closers === undefined) {
      const [word = character] = /^\S+/.exec(line.slice(at)) ?? [];
      words.push(word);
      at += word.length;
      continue;
    }
    const end = closingIndex(line, at, closers);
    if (end === undefined) return { kind: 'unbalanced-quotes' };
    const quoted = line.slice(at + 1, end).trim();
    if (quoted !== '') words.push(quoted);
    at = end + 1;
  }
  return { kind: 'words', words };
};
