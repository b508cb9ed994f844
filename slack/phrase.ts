import { columns, escaped, outsideCode, outsideText } from './outside-text.ts';

/** Who is called when visitors are hurt. Ids as Slack's profile pages show them. */
export type Mention =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'user-group'; readonly id: string }
  | { readonly kind: 'here' }
  | { readonly kind: 'channel' };

/**
 * One piece of what is said. Words are ours; everything else from outside is cleaned and escaped where it is turned into
 * Slack's text, so no path leads around it.
 */
export type Piece =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'outside'; readonly text: string; readonly limit: number }
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'command'; readonly text: string }
  /** Several lines to be copied or sent on as they are: a label of ours and a value from outside each. */
  | { readonly kind: 'block'; readonly lines: readonly BlockLine[] }
  | { readonly kind: 'strong'; readonly phrase: Phrase }
  | { readonly kind: 'emoji'; readonly name: string }
  | { readonly kind: 'mention'; readonly mention: Mention };

export type Phrase = readonly Piece[];

/** A line of a block: words of ours, a value from outside, words of ours. */
export interface BlockLine {
  readonly before: string;
  readonly value: string;
  /** Characters it is cut to; without it, as many as a name of DNS may have. */
  readonly limit?: number;
  /** Columns it fills, followed by blanks. */
  readonly width?: number;
  readonly after?: string;
}

const NAME_LIMIT = 48;
const CODE_LIMIT = 64;
const QUOTE_LIMIT = 160;
/** @see RFC 1035, section 2.3.4: a name has at most 255 octets; two for a dot and quotes */
const BLOCK_VALUE_LIMIT = 257;

export const words = (text: string): Piece => ({ kind: 'words', text });
/** A name from outside, shortened in the middle to `limit` characters. */
export const outside = (text: string, limit = NAME_LIMIT): Piece => ({ kind: 'outside', text, limit });
/** A sentence from outside, such as AWS's own words; longer than a name may be. */
export const quote = (text: string): Piece => ({ kind: 'quote', text });
export const code = (text: string): Piece => ({ kind: 'code', text });
/** A command line that `isShowableCommand` accepted: shown exactly. */
export const command = (text: string): Piece => ({ kind: 'command', text });
export const block = (lines: readonly BlockLine[]): Piece => ({ kind: 'block', lines });
export const strong = (phrase: Phrase): Piece => ({ kind: 'strong', phrase });
export const emoji = (name: string): Piece => ({ kind: 'emoji', name });
export const mention = (who: Mention): Piece => ({ kind: 'mention', mention: who });

type Sayable = string | number | Piece | Phrase;

const isPhrase = (value: Sayable): value is Phrase => Array.isArray(value);

const toPieces = (value: Sayable): Phrase => {
  if (typeof value === 'string') return [outside(value)];
  if (typeof value === 'number') return [words(String(value))];
  return isPhrase(value) ? value : [value];
};

/** A template whose own text is ours and whose values are from outside: a bare string is escaped, never trusted. */
export const say = (ours: TemplateStringsArray, ...values: readonly Sayable[]): Phrase =>
  ours.flatMap((text, index) => {
    const value = values[index];
    return [...(text === '' ? [] : [words(text)]), ...(value === undefined ? [] : toPieces(value))];
  });

/** Phrases with a separator of ours between them. */
export const joined = (phrases: readonly Phrase[], separator: string): Phrase =>
  phrases.flatMap((phrase, index) => (index === 0 ? phrase : [words(separator), ...phrase]));

/** Ids as Slack signs them. What came by another road and is none calls nobody: it is shown, not acted on. */
const IS_ID = /^[A-Z][A-Z0-9]{1,31}$/;

const mentionText = (who: Mention): string => {
  switch (who.kind) {
    case 'user':
      return IS_ID.test(who.id) ? `<@${who.id}>` : outsideText(who.id, NAME_LIMIT);
    case 'user-group':
      return `<!subteam^${who.id}>`;
    case 'here':
    case 'channel':
      return `<!${who.kind}>`;
  }
};

/** Slack formats only between boundaries it knows; Japanese letters and full-width marks are none, so a space is put there. */
const isBoundary = (character: string | undefined): boolean =>
  character === undefined || /[\s()[\]{}.,;:!?"'/–—-]/u.test(character);

const isMarked = (piece: Piece | undefined): boolean =>
  piece !== undefined && ['code', 'command', 'strong'].includes(piece.kind);

const blockLine = ({ before, value, limit = BLOCK_VALUE_LIMIT, width = 0, after = '' }: BlockLine): string => {
  const shown = outsideCode(value, limit);
  return `${escaped(before)}${shown}${' '.repeat(Math.max(0, width - columns(shown)))}${escaped(after)}`.trimEnd();
};

const blockLines = (lines: readonly BlockLine[]): readonly string[] => lines.map(blockLine);

const pieceToMrkdwn = (piece: Piece): string => {
  switch (piece.kind) {
    case 'words':
      return escaped(piece.text);
    case 'outside':
      return outsideText(piece.text, piece.limit);
    case 'quote':
      return outsideText(piece.text, QUOTE_LIMIT, 'end');
    case 'code':
      return `\`${outsideCode(piece.text, CODE_LIMIT)}\``;
    case 'command':
      return `\`${escaped(piece.text)}\``;
    case 'block':
      return `\`\`\`\n${blockLines(piece.lines).join('\n')}\n\`\`\``;
    case 'strong':
      return `*${toMrkdwn(piece.phrase)}*`;
    case 'emoji':
      return `:${piece.name}:`;
    case 'mention':
      return mentionText(piece.mention);
  }
};

/** The phrase in Slack's formatting language. */
export const toMrkdwn = (phrase: Phrase): string =>
  phrase.reduce((text, piece, index) => {
    const next = pieceToMrkdwn(piece);
    const opensInWord = isMarked(piece) && !isBoundary(text.at(-1));
    const closesInWord = isMarked(phrase[index - 1]) && !isBoundary(next.at(0));
    return `${text}${opensInWord || closesInWord ? ' ' : ''}${next}`;
  }, '');

const pieceToPlain = (piece: Piece): string => {
  switch (piece.kind) {
    case 'code':
    case 'command':
      return outsideText(piece.text, CODE_LIMIT);
    case 'block':
      return blockLines(piece.lines).join(' ');
    case 'strong':
      return toPlainText(piece.phrase);
    case 'emoji':
    case 'mention':
      return '';
    default:
      return pieceToMrkdwn(piece);
  }
};

/** The phrase without formatting, emoji or mentions, escaped: what a lock screen shows. */
export const toPlainText = (phrase: Phrase): string => phrase.map(pieceToPlain).join('').trim();

/** Texts from outside that a phrase shows, as they came. */
export const outsideTexts = (phrase: Phrase): readonly string[] =>
  phrase.flatMap((piece) => {
    if (piece.kind === 'strong') return outsideTexts(piece.phrase);
    return piece.kind === 'outside' || piece.kind === 'quote' || piece.kind === 'code' ? [piece.text] : [];
  });
