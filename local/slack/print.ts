import type { ReceivedSlackMessage } from './stand-in.ts';

/** Emoji names that Usher uses, as a terminal shows them. */
const EMOJI: Readonly<Record<string, string>> = {
  white_check_mark: '✅',
  warning: '⚠️ ',
  rotating_light: '🚨',
  information_source: 'ℹ️ ',
  lock: '🔒',
  no_entry: '⛔',
  no_entry_sign: '🚫',
  no_bell: '🔕',
  hourglass_flowing_sand: '⏳',
  grey_question: '❔',
  double_vertical_bar: '⏸️ ',
  arrow_forward: '▶️ ',
  leftwards_arrow_with_hook: '↩️ ',
  bust_in_silhouette: '👤',
  calendar: '📆',
  spiral_calendar_pad: '🗓️ ',
  computer: '💻',
  pushpin: '📌',
  bell: '🔔',
  mag: '🔍',
  tada: '🎉',
};

interface Ink {
  readonly bold: (text: string) => string;
  readonly italic: (text: string) => string;
  readonly code: (text: string) => string;
  readonly dim: (text: string) => string;
}

const ansi =
  (on: number, off: number) =>
  (text: string): string =>
    `\u001b[${on}m${text}\u001b[${off}m`;

const COLOUR: Ink = { bold: ansi(1, 22), italic: ansi(3, 23), code: ansi(36, 39), dim: ansi(2, 22) };
const plain = (text: string): string => text;
const PLAIN: Ink = { bold: plain, italic: plain, code: plain, dim: plain };

/** Nothing a message holds may steer the terminal: control characters except the line break are dropped. */
const harmless = (text: string): string => text.replace(/(?!\n)\p{Cc}/gu, '');

const decoded = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** `<@U…>`, `<!here>`, `<!subteam^S…>`, `<https://…|text>` */
const tag = (inner: string): string => {
  const [target = '', label] = inner.split('|');
  if (label !== undefined) return label;
  if (target.startsWith('!subteam^')) return `@${target.slice('!subteam^'.length)}`;
  if (/^[!@]/.test(target)) return `@${target.slice(1)}`;
  return target;
};

/** A token starts and ends where Slack would see a boundary. */
const TOKEN =
  /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\p{L}\p{N}*])\*([^*\n]+)\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_([^_\n]+)_(?![\p{L}\p{N}_])|:([a-z0-9_+-]+):/gu;

const inked = (text: string, ink: Ink): string =>
  text.replace(TOKEN, (whole, block, span, link, bold, italic, name) => {
    if (block !== undefined) return ink.code(block);
    if (span !== undefined) return ink.code(span);
    if (link !== undefined) return ink.bold(tag(link));
    if (bold !== undefined) return ink.bold(inked(bold, ink));
    if (italic !== undefined) return ink.italic(inked(italic, ink));
    return Object.hasOwn(EMOJI, name) ? (EMOJI[name] ?? whole) : whole;
  });

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const textOf = (value: unknown): string =>
  isObject(value) && typeof value['text'] === 'string' ? harmless(value['text']) : '';

const blockText = (block: unknown, ink: Ink): string => {
  if (!isObject(block)) return '';
  const elements = Array.isArray(block['elements']) ? block['elements'] : [];
  switch (block['type']) {
    case 'section':
      return inked(textOf(block['text']), ink);
    case 'header':
      return ink.bold(textOf(block['text']));
    case 'context':
      return ink.dim(inked(elements.map(textOf).join('  '), ink));
    case 'actions':
      return elements
        .map((element: unknown) => `[${textOf(isObject(element) ? element['text'] : undefined)}]`)
        .join(' ');
    default:
      return `(${String(block['type'])})`;
  }
};

/** A message as people would see it in Slack, for a terminal. Pure: the same message gives the same text. */
export const printMessage = (
  { destination, text, blocks }: Pick<ReceivedSlackMessage, 'destination' | 'text' | 'blocks'>,
  { colour }: { readonly colour: boolean },
): string => {
  const ink = colour ? COLOUR : PLAIN;
  const body =
    blocks.length > 0 ? blocks.map((block) => blockText(block, ink)).join('\n') : inked(harmless(text ?? ''), ink);
  const lines = decoded(body)
    .split('\n')
    .map((line) => `${ink.dim('│')} ${line}`);
  return [ink.dim(`┌ Slack, ${harmless(destination)}`), ...lines, ink.dim('└')].join('\n');
};
