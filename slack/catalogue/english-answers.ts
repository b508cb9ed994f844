import type { NotAllowed } from '../../domain/authorisation.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, quote, say, strong, words } from '../phrase.ts';
import type { AnswerCatalogue, AnswerWords } from './answers.ts';
import { IDS_SHOWN } from './answers.ts';
import { doctorWords } from './doctor.ts';
import { ENGLISH_DOCTOR } from './english-doctor.ts';
import { englishExpiryAnswer } from './english-expiry-answers.ts';
import { englishHelp } from './english-help.ts';
import { englishInvalidationAnswer } from './english-invalidation-answers.ts';
import { englishPressed } from './english-pressed.ts';
import { englishVerbAnswer } from './english-verbs.ts';

const RIGHT: Readonly<Record<NotAllowed['right'], string>> = {
  read: 'asking Usher',
  invalidate: 'clearing a cache',
  approve: 'approving',
  reject: 'rejecting',
  undo: 'undoing',
  'put-it-back': 'putting a target back',
  snooze: 'snoozing',
  mute: 'muting',
  confirm: 'confirming',
  pause: 'pausing Usher',
  resume: 'resuming Usher',
  drain: 'draining',
  keep: 'keeping',
  sweep: 'sweeping',
};

/** What would let this very person through. */
const example = ({ right, parameter, yours, distributionId }: NotAllowed): string => {
  const [user = yours] = yours.split('@');
  switch (parameter) {
    case 'slackTeamId':
    case 'readChannels':
      return `${parameter}: ${yours}`;
    case 'writers':
      return `writers: '${right}=${user}'`;
    case 'distributionWriters':
      return `distributionWriters: '${distributionId}=${user}'`;
  }
};

const who = (allowed: readonly string[]): Phrase => {
  const more = allowed.length - IDS_SHOWN;
  return [
    ...joined(
      allowed.slice(0, IDS_SHOWN).map((id) => [code(id)]),
      ', ',
    ),
    ...(more > 0 ? [words(` and ${more} more`)] : []),
  ];
};

const notAllowed = (refusal: NotAllowed): AnswerWords => ({
  emoji: 'no_entry',
  headline: { strong: say`Not allowed: ${words(RIGHT[refusal.right])}`, rest: say` – nothing was changed` },
  lines: [
    refusal.allowed.length === 0
      ? say`Nobody may yet: ${code(refusal.parameter)} in ${code('serverless.yml')} names nobody.`
      : say`Who may, by ${code(refusal.parameter)} in ${code('serverless.yml')}${refusal.distributionId === undefined ? [] : say` for ${code(refusal.distributionId)}`}: ${who(refusal.allowed)}. This came from ${code(refusal.yours)}.`,
    say`${strong(say`Next:`)} ask somebody who may, or whoever deploys Usher to add ${code(example(refusal))}.`,
  ],
});

/** What Usher answers in English. */
export const ENGLISH_ANSWERS: AnswerCatalogue = {
  answer: (answer, around) => {
    switch (answer.kind) {
      case 'not-allowed':
        return notAllowed(answer);
      case 'pressed':
        return englishPressed(answer, around);
      case 'certificates':
        return englishExpiryAnswer(answer.table, around);
      case 'paused':
      case 'resumed':
      case 'not-paused':
      case 'group-resumed':
      case 'group-not-stopped':
      case 'drained':
      case 'in-no-group':
      case 'say-which':
      case 'no-such-instance':
      case 'ambiguous-instance':
      case 'kept':
      case 'not-kept':
      case 'no-such-rule':
      case 'kept-rules':
      case 'changes':
      case 'no-such-change':
      case 'sweep-ordered':
      case 'status':
        return englishVerbAnswer(answer, around);
      case 'url-examined':
      case 'targets-examined':
      case 'nothing-to-examine':
      case 'ambiguous-subject':
      case 'examination-late':
        return doctorWords(answer, around, ENGLISH_DOCTOR);
      case 'failed':
        return {
          emoji: 'warning',
          headline: { strong: say`Your order was not carried out`, rest: say` – tried five times` },
          lines: [
            say`Cause: ${code(answer.code)}. What it could do before that is told in messages of its own.`,
            say`${strong(say`Next:`)} send it again in a few minutes; what was done is not done twice.`,
          ],
        };
      default:
        return englishInvalidationAnswer(answer, around.nameLimit);
    }
  },
  help: englishHelp,
  notUnderstoodHeadline: { strong: say`I didn’t understand that`, rest: say` – nothing was changed` },
  said: (text) => say`I read: ${quote(text)}`,
  notUnderstood: {
    UnknownVerb: say`The first word is no verb of mine.`,
    NoDistribution: say`It doesn’t say which distribution: an alias, an id (${code('E…')}) or a URL comes first.`,
    NoPaths: say`It doesn’t say which paths: they begin with ${code('/')}, tags with ${code('#')}.`,
    SeveralDistributions: say`It names several distributions; give each a command of its own.`,
    UnbalancedQuotes: say`A quotation mark is opened and not closed.`,
    TooLong: say`It is longer than I read.`,
  },
};
