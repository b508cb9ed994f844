/**
 * What Slack would say to the payload of an incoming webhook, from its public Block Kit reference and error list. Written
 * from that alone and importing nothing of the product, so that the two can be held against each other.
 */

/** `ok`, or Slack's own error word with what exactly is wrong, which Slack would not say. */
export type Check =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused'; readonly error: string; readonly detail: string };

type Json = Readonly<Record<string, unknown>>;

const MOST_BLOCKS = 50;
/** Not in the reference: all blocks together, as developers met it (`msg_blocks_too_long` from about 13,200 characters). */
const MOST_CHARACTERS_IN_BLOCKS = 13_000;
const LONGEST_TEXT = 40_000;

/** Block types of messages, and what each one's own text may have at most. */
const BLOCK_TYPES: ReadonlySet<string> = new Set([
  'actions',
  'alert',
  'card',
  'carousel',
  'container',
  'context',
  'context_actions',
  'data_table',
  'divider',
  'file',
  'header',
  'image',
  'input',
  'markdown',
  'plan',
  'rich_text',
  'section',
  'table',
  'task_card',
  'video',
]);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textProblem = (value: unknown, where: string, most: number, types: readonly string[]): string | undefined => {
  if (!isObject(value)) return `${where} must be a text object`;
  const { type, text } = value;
  if (typeof type !== 'string' || !types.includes(type)) return `${where}.type must be ${types.join(' or ')}`;
  if (typeof text !== 'string') return `${where}.text must be a string`;
  if (text.length < 1) return `${where}.text is empty`;
  if (text.length > most) return `${where}.text has ${text.length} characters, at most ${most} are allowed`;
  if (type === 'mrkdwn' && 'emoji' in value) return `${where}.emoji goes with plain_text only`;
  if (type === 'plain_text' && 'verbatim' in value) return `${where}.verbatim goes with mrkdwn only`;
  return undefined;
};

const ANY_TEXT = ['mrkdwn', 'plain_text'] as const;

const firstProblem = (problems: readonly (string | undefined)[]): string | undefined =>
  problems.find((problem) => problem !== undefined);

const listProblem = (
  value: unknown,
  where: string,
  most: number,
  itemProblem: (item: unknown, where: string) => string | undefined,
): string | undefined => {
  if (!Array.isArray(value) || value.length === 0) return `${where} must be a list with something in it`;
  if (value.length > most) return `${where} has ${value.length} items, at most ${most} are allowed`;
  return firstProblem(value.map((item: unknown, index) => itemProblem(item, `${where}[${index}]`)));
};

const sectionProblem = ({ text, fields }: Json, where: string): string | undefined => {
  if (text === undefined && fields === undefined) return `${where} needs text or fields`;
  return firstProblem([
    text === undefined ? undefined : textProblem(text, `${where}.text`, 3_000, ANY_TEXT),
    fields === undefined
      ? undefined
      : listProblem(fields, `${where}.fields`, 10, (field, at) => textProblem(field, at, 2_000, ANY_TEXT)),
  ]);
};

const contextElementProblem = (element: unknown, where: string): string | undefined =>
  isObject(element) && element['type'] === 'image'
    ? typeof element['alt_text'] === 'string'
      ? undefined
      : `${where}.alt_text is missing`
    : textProblem(element, where, 3_000, ANY_TEXT);

const buttonProblem = (element: unknown, where: string): string | undefined => {
  if (!isObject(element) || typeof element['type'] !== 'string') return `${where} must be an element with a type`;
  if (element['type'] !== 'button') return undefined;
  const { value, action_id: actionId, url } = element;
  return firstProblem([
    textProblem(element['text'], `${where}.text`, 75, ['plain_text']),
    typeof value === 'string' && value.length > 2_000 ? `${where}.value is longer than 2000` : undefined,
    typeof actionId === 'string' && actionId.length > 255 ? `${where}.action_id is longer than 255` : undefined,
    typeof url === 'string' && url.length > 3_000 ? `${where}.url is longer than 3000` : undefined,
  ]);
};

const blockProblem = (block: unknown, where: string): string | undefined => {
  if (!isObject(block)) return `${where} must be an object`;
  const { type, block_id: blockId } = block;
  if (typeof type !== 'string' || !BLOCK_TYPES.has(type)) return `${where}.type is no block type`;
  if (blockId !== undefined && (typeof blockId !== 'string' || blockId.length > 255))
    return `${where}.block_id is wrong`;
  switch (type) {
    case 'section':
      return sectionProblem(block, where);
    case 'context':
      return listProblem(block['elements'], `${where}.elements`, 10, contextElementProblem);
    case 'header':
      return textProblem(block['text'], `${where}.text`, 150, ['plain_text']);
    case 'actions':
      return listProblem(block['elements'], `${where}.elements`, 25, buttonProblem);
    default:
      return undefined;
  }
};

const repeatedBlockId = (blocks: readonly unknown[]): string | undefined => {
  const ids = blocks.flatMap((block) =>
    isObject(block) && typeof block['block_id'] === 'string' ? [block['block_id']] : [],
  );
  return ids.find((id, index) => ids.indexOf(id) !== index);
};

const refused = (error: string, detail: string): Check => ({ kind: 'refused', error, detail });

const checkBlocks = (blocks: unknown): Check => {
  if (!Array.isArray(blocks)) return refused('invalid_blocks_format', 'blocks must be a list');
  if (blocks.length > MOST_BLOCKS) return refused('invalid_blocks', `${blocks.length} blocks, at most ${MOST_BLOCKS}`);
  const problem = firstProblem(blocks.map((block: unknown, index) => blockProblem(block, `blocks[${index}]`)));
  if (problem !== undefined) return refused('invalid_blocks', problem);
  const repeated = repeatedBlockId(blocks);
  if (repeated !== undefined) return refused('invalid_blocks', `block_id ${repeated} is there twice`);
  const size = JSON.stringify(blocks).length;
  return size > MOST_CHARACTERS_IN_BLOCKS
    ? refused('msg_blocks_too_long', `blocks have ${size} characters, at most ${MOST_CHARACTERS_IN_BLOCKS}`)
    : { kind: 'ok' };
};

/** Checks a payload as an incoming webhook would. */
export const checkMessage = (payload: unknown): Check => {
  if (!isObject(payload)) return refused('invalid_payload', 'the payload must be an object');
  const { text, blocks, attachments } = payload;
  if (text !== undefined && typeof text !== 'string') return refused('invalid_payload', 'text must be a string');
  const hasText = text !== undefined && text !== '';
  const hasOther =
    (Array.isArray(blocks) && blocks.length > 0) || (Array.isArray(attachments) && attachments.length > 0);
  if (blocks !== undefined) {
    const check = checkBlocks(blocks);
    if (check.kind === 'refused') return check;
  }
  if (!hasText && !hasOther) return refused('no_text', 'a message needs text, blocks or attachments');
  if (hasText && text.length > LONGEST_TEXT) return refused('msg_too_long', `text has ${text.length} characters`);
  return { kind: 'ok' };
};
