import type { Answer } from '../../domain/answer.ts';
import type { NotUnderstood, Verb } from '../../domain/command.ts';
import type { Phrase } from '../phrase.ts';
import type { Headline } from './invalidations.ts';
import type { Times } from './moment.ts';

/** People, channels and distributions named in one answer; the rest is counted. */
export const IDS_SHOWN = 6;
/** Instances and security groups named in one line. */
export const NAMES_SHOWN = 2;
/** Lines to be run of one answer: Slack takes 3,000 characters of a section. */
export const LINES_SHOWN = 6;

/** One answer in words: line 1, and at most four more. */
export interface AnswerWords {
  readonly emoji: string;
  readonly headline: Headline;
  readonly lines: readonly Phrase[];
}

/** What an answer's words may need besides the answer. */
export interface AnswerSurroundings extends Times {
  readonly nameLimit: number;
}

/** Everything that is answered to an order in one language. */
export interface AnswerCatalogue {
  readonly answer: (
    answer: Exclude<Answer, { readonly kind: 'help' | 'not-understood' }>,
    around: AnswerSurroundings,
  ) => AnswerWords;
  readonly help: (about: Verb | undefined) => AnswerWords;
  readonly notUnderstood: Readonly<Record<NotUnderstood, Phrase>>;
  readonly notUnderstoodHeadline: Headline;
  readonly said: (text: string) => Phrase;
}
