import type { Verb } from '../../domain/command.ts';
import type { Phrase } from '../phrase.ts';
import { command, say, strong } from '../phrase.ts';
import type { AnswerWords } from './answers.ts';

const EXAMPLES: readonly Phrase[] = [
  say`${command('/invalidate https://www.example.com/blog/*')} clears what that URL says from CloudFront’s cache`,
  say`${command('/invalidate www.example.com / /news/*')} clears several paths of one distribution`,
];

const invalidate: AnswerWords = {
  emoji: 'information_source',
  headline: { strong: say`Clearing CloudFront’s cache`, rest: say`` },
  lines: [
    ...EXAMPLES,
    say`Where: a URL, an alias, ${command('E1ABC…')}, a CloudFront domain, or a group that the stage names. What: paths from ${command('/')}, with ${command('*')} only at the end; tags as ${command('"#product:42"')}. Quote what holds spaces.`,
    say`Everything (${command('/*')}), and paths gathered into wildcards, are asked about first. I tell you here when CloudFront is done.`,
  ],
};

const everything: AnswerWords = {
  emoji: 'information_source',
  headline: { strong: say`What you can order here`, rest: say`` },
  lines: [
    ...EXAMPLES,
    say`${command('/usher certificates')} shows what ends in the next 90 days; ${command('/usher help invalidate')} says more about caches`,
    say`${strong(say`Next:`)} try one. Who may is set by whoever deploys Usher; what may not be done is said, and nothing is changed.`,
  ],
};

/** What can be ordered today; verbs that come later are not listed. */
export const englishHelp = (about: Verb | undefined): AnswerWords => (about === 'invalidate' ? invalidate : everything);
