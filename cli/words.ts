import type { Finding } from '../domain/finding.ts';
import type { LeftAsItIs } from '../domain/fleet-plan.ts';
import type { TakenOutBecause } from '../domain/report.ts';
import { ENGLISH_BECAUSE } from '../slack/catalogue/english-because.ts';
import { ENGLISH_FINDINGS } from '../slack/catalogue/english-findings.ts';
import { visible } from '../slack/outside-text.ts';
import type { BlockLine, Phrase } from '../slack/phrase.ts';

/** Text from outside on its way to a terminal: no tag moves the cursor, colours a line or hides what follows. */
export const outside = (text: string): string => visible(text);

const blockLine = ({ before, value, width = 0, after = '' }: BlockLine): string =>
  `${before}${outside(value).padEnd(width)}${after}`.trimEnd();

/** The same words that Slack shows, without its formatting. */
export const plain = (phrase: Phrase): string =>
  phrase
    .map((piece) => {
      switch (piece.kind) {
        case 'words':
          return piece.text;
        case 'strong':
          return plain(piece.phrase);
        case 'block':
          return piece.lines.map(blockLine).join('\n');
        case 'emoji':
          return '';
        case 'mention':
          return 'id' in piece.mention ? outside(piece.mention.id) : '';
        // What Slack calls /usher is usher here.
        case 'command':
          return outside(piece.text).replace(/^\/usher(?= |$)/, 'usher');
        default:
          return outside(piece.text);
      }
    })
    .join('')
    .trim();

export const BECAUSE: Readonly<Record<LeftAsItIs['because'], string>> = {
  ...ENGLISH_BECAUSE,
  NotSeen: 'EC2 doesn’t show the instance, which is no proof that it is gone',
  Ask: 'the policy here is ask: it waits for a yes in Slack',
  JustNow: 'it was there minutes ago; Usher looks again before it calls that somebody’s wish',
  RefusedByAws: 'AWS refused it',
  Blocked: 'something on the path stays closed',
};

export const TAKEN_OUT: Readonly<Record<TakenOutBecause, string>> = {
  Stopped: 'the instance is stopped',
  Terminated: 'the instance is terminated',
  Absent: 'EC2 knows the instance no more',
  Stopping: 'the instance is stopping',
  ShuttingDown: 'the instance is being terminated',
  SpotInterruption: 'AWS takes the spot instance back',
  ScaleIn: 'Auto Scaling is terminating the instance',
  IntoWarmPool: 'the instance is in the warm pool',
  Rebalance: 'AWS may soon take the spot instance back',
  NotDesired: 'its tags don’t bring it here any more',
};

/** What is the matter, and what to do: one sentence each. */
export const findingWords = (
  { reason, evidence }: Finding,
  about: Readonly<Record<string, string | undefined>> = {},
): { readonly cause: string; readonly next: string } => {
  const { cause, next } = ENGLISH_FINDINGS[reason];
  const facts = { ...about, ...evidence };
  return { cause: plain(cause(facts)), next: plain(next(facts)) };
};

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
