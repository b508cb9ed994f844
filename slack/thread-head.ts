import type { MessageBlock, SlackMessage } from './message.ts';
import { mrkdwn } from './message.ts';

/** Blocks that still hold after the end; buttons do not. */
const KEPT: ReadonlySet<string> = new Set(['section', 'context']);

const isMessage = (value: unknown): value is SlackMessage =>
  typeof value === 'object' &&
  value !== null &&
  'text' in value &&
  typeof value.text === 'string' &&
  'blocks' in value &&
  Array.isArray(value.blocks);

/** The first message of a thread as it was stored, or `undefined` when it is none. */
export const storedHead = (json: string): SlackMessage | undefined => {
  try {
    const head: unknown = JSON.parse(json);
    return isMessage(head) ? head : undefined;
  } catch {
    return undefined;
  }
};

const firstLine = ({ blocks, text }: SlackMessage): string => {
  const [first] = blocks;
  return (first?.type === 'section' ? first.text.text.split('\n')[0] : undefined) ?? text;
};

/**
 * The first message of a thread once the matter has ended: line 1 of the ending on top, what was said below it, and no
 * buttons, because what they offered is over.
 */
export const endedHead = (head: SlackMessage, ending: SlackMessage): SlackMessage => {
  const top: MessageBlock = { type: 'section', text: mrkdwn(firstLine(ending)) };
  return { text: ending.text, blocks: [top, ...head.blocks.filter(({ type }) => KEPT.has(type))] };
};
