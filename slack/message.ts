/** A text in Slack's formatting language. `verbatim` stops Slack from linking addresses and names it believes to see. */
export interface MrkdwnText {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

export interface SectionBlock {
  readonly type: 'section';
  readonly text: MrkdwnText;
}

export interface ContextBlock {
  readonly type: 'context';
  readonly elements: readonly MrkdwnText[];
}

export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

/** Asked before a press counts. @see Slack's Block Kit reference, confirmation dialog object */
export interface ConfirmDialog {
  readonly title: PlainText;
  readonly text: PlainText;
  readonly confirm: PlainText;
  readonly deny: PlainText;
}

/** Opens a page and orders nothing; Slack tells of the press all the same. */
export interface LinkElement {
  readonly type: 'button';
  readonly text: PlainText;
  /** No verb of ours: the entrance leaves it be. */
  readonly action_id: 'usher:open';
  /** At most 3,000 characters. */
  readonly url: string;
  readonly value?: never;
  readonly confirm?: never;
}

export interface ButtonElement {
  readonly type: 'button';
  readonly text: PlainText;
  /** `usher:VERB`, or `usher:VERB:2` for the second of a verb: an id may stand once in a block. */
  readonly action_id: string;
  /** The id of a stored plan, and nothing else. */
  readonly value: string;
  readonly style?: 'primary';
  readonly confirm?: ConfirmDialog;
}

export interface ActionsBlock {
  readonly type: 'actions';
  readonly elements: readonly (ButtonElement | LinkElement)[];
}

export type MessageBlock = SectionBlock | ContextBlock | ActionsBlock;

/** A message for an incoming webhook: `text` for lock screens and readers without blocks, `blocks` for everybody else. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly MessageBlock[];
}

/** @see Slack's Block Kit reference, section block: 1 to 3,000 characters */
export const SECTION_TEXT_LIMIT = 3_000;

export const mrkdwn = (text: string): MrkdwnText => ({ type: 'mrkdwn', text, verbatim: true });

/** Text without formatting, cut to what its place takes. */
export const plainText = (text: string, limit: number): PlainText => ({
  type: 'plain_text',
  text: text.length <= limit ? text : `${text.slice(0, limit - 1)}…`,
  emoji: false,
});

/** Lines packed into as few sections as Slack's limit allows; a line is never split. */
export const sections = (lines: readonly string[]): readonly SectionBlock[] => {
  const packed: string[] = [];
  for (const line of lines) {
    const together = `${packed.at(-1) ?? ''}\n${line}`;
    if (packed.length === 0 || together.length > SECTION_TEXT_LIMIT) packed.push(line);
    else packed[packed.length - 1] = together;
  }
  return packed.map((text) => ({ type: 'section', text: mrkdwn(text) }));
};
