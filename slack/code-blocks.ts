import type { CodeSnippets } from '../domain/code-snippets/code-snippets.ts';
import type { BlockLine, Phrase } from './phrase.ts';
import { block, say, toMrkdwn, words } from './phrase.ts';

/** Two of Slack's sections hold them: a block is never split, and a section has 3,000 characters. */
const LONGEST_BLOCK = 2_800;

/** Our own words and spaces at a line's start are kept as they are, what may come from outside is cleaned. */
const toLine = (line: string): BlockLine => {
  const [, before = '', value = ''] = /^(\s*(?:[a-z_]+ += |- )?)(.*)$/.exec(line) ?? [];
  return { before, value, limit: 320 };
};

/** Measured as Slack gets it: what it takes for marks of its own is longer then. */
const blockOf = (language: string, text: string): readonly Phrase[] => {
  const phrase = say`${words(`${language}:`)}${block(text.split('\n').map(toLine))}`;
  return text.includes('`') || toMrkdwn(phrase).length > LONGEST_BLOCK ? [] : [phrase];
};

/** Rules as code to be copied, one block for each language of code; what would have to be cut is left out. */
export const codeBlocks = (
  { cloudFormation, hcl, rules, of }: CodeSnippets,
  more: (count: number) => Phrase,
): readonly Phrase[] => [
  ...blockOf('CloudFormation', cloudFormation),
  ...blockOf('Terraform', hcl),
  ...(of > rules ? [more(of - rules)] : []),
];
