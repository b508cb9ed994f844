import type { Answer, PressOutcome } from '../../domain/answer.ts';
import type { NotAllowed } from '../../domain/authorisation.ts';
import type { ExpiryTable } from '../../domain/expiry/report.ts';
import type { DoctorAnswer } from '../../domain/front-door/answer.ts';
import { dollars } from '../../domain/invalidation/price.ts';
import type { ButtonVerb } from '../../domain/order.ts';
import type { Named } from '../../domain/report.ts';
import type { VerbAnswer } from '../../domain/verb-answer.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, mention, outside, quote, say, strong, words } from '../phrase.ts';
import type { AnswerCatalogue, AnswerSurroundings, AnswerWords } from './answers.ts';
import { doctorWords } from './doctor.ts';
import { ENGLISH_DOCTOR } from './english-doctor.ts';
import { englishMovedBecause } from './english-findings.ts';
import { englishHelp } from './english-help.ts';
import { ENGLISH_INVALIDATIONS } from './english-invalidations.ts';
import { englishVerbAnswer } from './english-verbs.ts';
import type { StandingWords } from './expiry-table.ts';
import { needing, tableBlocks } from './expiry-table.ts';
import { englishPlace } from './places.ts';

const IDS_SHOWN = 6;
const NAMES_SHOWN = 2;

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

const several = (names: readonly string[], count: number, limit: number): Phrase => {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => [outside(name, limit)]);
  const more = count - shown.length;
  return [...joined(shown, ', '), ...(more > 0 ? [words(` and ${more} more`)] : [])];
};

/** Why something that was wanted is not to be done any more, after “it was left because”. */

const PRESSED: Readonly<Record<ButtonVerb, string>> = {
  approve: 'Approved by ',
  reject: 'Rejected by ',
  undo: 'Undone by ',
  'put-it-back': 'Put back by ',
  snooze: 'Snoozed by ',
  retry: 'Tried again by ',
  mute: 'Muted by ',
  check: 'Asked for by ',
  confirm: 'Confirmed by ',
};

const person = (userId: string): Phrase => [mention({ kind: 'user', id: userId })];

const ENDED = { done: 'It was done', rejected: 'It was rejected', refused: 'It was refused, because things had moved' };

type Outcome<Kind extends PressOutcome['kind']> = Extract<PressOutcome, { readonly kind: Kind }>;

const seated = (outcome: Outcome<'seated'>, by: Phrase, limit: number): AnswerWords => ({
  emoji: outcome.failed + outcome.blocked === 0 ? 'white_check_mark' : 'warning',
  headline: {
    strong: say`${several(outcome.names, outcome.count, limit)}: ${words(outcome.failed === 0 ? 'done' : 'not everything was done')}`,
    rest: say` (${outside(outcome.targetGroup.name, limit)})`,
  },
  lines: [
    outcome.registered + outcome.rulesAdded === 0
      ? say`${words(outcome.failed === 0 ? 'Already there: nothing is left to do.' : 'Nothing was changed.')}`
      : say`Changed: ${words(`${outcome.registered} registered, ${outcome.rulesAdded} rules added`)}. Nothing else.`,
    ...(outcome.failed > 0 ? [say`AWS refused ${outcome.failed}; the reason comes in a message of its own.`] : []),
    ...(outcome.blocked > 0
      ? [
          say`The load balancer still can’t reach ${words(outcome.count === 1 ? 'it' : `${outcome.blocked} of ${outcome.count}`)}: what stands in the way is told with the health checks.`,
        ]
      : []),
    say`${by}. Whether visitors reach it is told when its health checks pass.`,
  ],
});

const moved = (outcome: Outcome<'moved'>, by: Phrase, limit: number): AnswerWords => {
  const shown = outcome.moved.slice(0, NAMES_SHOWN);
  const more = outcome.moved.length - shown.length;
  return {
    emoji: 'warning',
    headline: {
      strong: say`Not done: things have moved`,
      rest: say` (${outside(outcome.targetGroup.name, limit)}) – nothing was changed`,
    },
    lines: [
      ...shown.map(
        ({ name, because: reason }) => say`• ${outside(name, limit)}: ${words(englishMovedBecause(reason))}.`,
      ),
      ...(more > 0 ? [say`… and ${more} more`] : []),
      outcome.offer === undefined
        ? say`${by}. Nothing to do.`
        : say`${by}. ${strong(say`Next:`)} press the button to do what still can be done: ${several(outcome.offer.names, outcome.offer.count, limit)}.`,
    ],
  };
};

const rulesThatStay = (rules: Outcome<'undone'>['rules'], limit: number): Phrase => {
  if (rules.length === 0) return say`No security group rule was changed.`;
  const shown = rules.slice(0, NAMES_SHOWN);
  const more = rules.length - shown.length;
  const named = joined(
    shown.map(({ ruleId, securityGroup }) => say`${code(ruleId)} (${outside(securityGroup.name, limit)})`),
    ', ',
  );
  const stays = rules.length === 1 ? 'The rule added for it stays' : 'The rules added for it stay';
  return say`${words(stays)}, because other targets may rely on it: ${named}${words(more > 0 ? ` and ${more} more` : '')}.`;
};

const undone = (outcome: Outcome<'undone'>, by: Phrase, limit: number): AnswerWords => ({
  emoji: 'leftwards_arrow_with_hook',
  headline: {
    strong: say`${several(outcome.names, outcome.count, limit)} ${words(outcome.count === 1 ? 'was' : 'were')} taken out of ${outside(outcome.targetGroup.name, limit)}`,
    rest: say` – ${words(outcome.count === 1 ? 'it stays' : 'they stay')} out until put back`,
  },
  lines: [
    rulesThatStay(outcome.rules, limit),
    say`${by}. A stop and start, or a change of the tags concerned, ends that too. Nothing to do.`,
  ],
});

const notUndone = ({ targetGroup, because: reason }: Outcome<'not-undone'>, by: Phrase, limit: number): AnswerWords => {
  const headline = {
    strong: say`Not undone`,
    rest: say` (${outside(targetGroup.name, limit)}) – nothing was changed`,
  };
  const next = strong(say`Next:`);
  switch (reason.kind) {
    case 'BelowFloor':
      return {
        emoji: 'warning',
        headline,
        lines: [
          say`Cause: of ${words(String(reason.healthy))} healthy ${words(reason.healthy === 1 ? 'target' : 'targets')}, at least ${words(String(reason.floor))} must stay.`,
          say`${by}. ${next} bring another target into service first; then press again in the newest message.`,
        ],
      };
    case 'TooManyRemovals':
      return {
        emoji: 'warning',
        headline,
        lines: [
          say`Cause: within one hour at most ${words(String(reason.removalsPerHour))} targets are taken out, and never more than half of a group’s healthy ones.`,
          say`${by}. ${next} wait for the hour to pass, or deregister the target by hand.`,
        ],
      };
    case 'RefusedByAws':
      return {
        emoji: 'warning',
        headline,
        lines: [
          say`Cause: AWS refused it: ${code(reason.code)}.`,
          say`${by}. ${next} let Usher’s role deregister targets of this group, or do it by hand.`,
        ],
      };
  }
};

const pressed = (
  { verb, byUserId, outcome }: Extract<Answer, { readonly kind: 'pressed' }>,
  { moment, nameLimit }: AnswerSurroundings,
): AnswerWords => {
  const by: Phrase = [words(PRESSED[verb]), ...person(byUserId)];
  switch (outcome.kind) {
    case 'seated':
      return seated(outcome, by, nameLimit);
    case 'moved':
      return moved(outcome, by, nameLimit);
    case 'undone':
      return undone(outcome, by, nameLimit);
    case 'taken-out':
      return {
        emoji: 'white_check_mark',
        headline: {
          strong: say`${several(outcome.names, outcome.count, nameLimit)} ${words(outcome.count === 1 ? 'was' : 'were')} taken out`,
          rest: say` (${outside(outcome.targetGroup.name, nameLimit)})`,
        },
        lines: [say`${by}. What is being served is finished first. Nothing to do.`],
      };
    case 'not-undone':
      return notUndone(outcome, by, nameLimit);
    case 'invalidating':
      return {
        emoji: 'hourglass_flowing_sand',
        headline: {
          strong: say`Clearing the cache of ${outside(outcome.place.name, nameLimit)}`,
          rest: say` – ${words(outcome.pathCount === 1 ? '1 path' : `${outcome.pathCount} paths`)}`,
        },
        lines: [say`${by}. I tell you here when it is done.`],
      };
    case 'invalidating-already':
      return {
        emoji: 'information_source',
        headline: {
          strong: say`Ordered before: the cache of ${outside(outcome.place.name, nameLimit)}`,
          rest: say` – nothing was added`,
        },
        lines: [
          say`The other answer to this question was pressed first and stands. Its ending is told in the channel.`,
        ],
      };
    case 'rejected':
      return {
        emoji: 'no_entry_sign',
        headline: { strong: say`Left as it is`, rest: say` – nothing was changed` },
        lines: [say`${by}. Nothing to do.`],
      };
    case 'silenced':
      return {
        emoji: 'no_bell',
        headline: { strong: say`Quiet until ${words(moment(outcome.until))}`, rest: say` about this` },
        lines: [say`${by}. Its ending, and anything critical, is told all the same. Nothing was changed.`],
      };
    case 'looking':
      return {
        emoji: 'mag',
        headline: { strong: say`Looking now`, rest: say` – what I find is told in the channel` },
        lines: [say`${by}. Nothing was changed.`],
      };
    case 'sweeping':
      return {
        emoji: 'mag',
        headline: { strong: say`Sweeping now`, rest: say` – what it comes to is told in the channel` },
        lines: [say`${by}. It looks at everything afresh and keeps to every policy, brake and hold.`],
      };
    case 'decided-before':
      return {
        emoji: 'information_source',
        headline: { strong: say`Decided before`, rest: say` – nothing was changed now` },
        lines: [
          say`${words(ENDED[outcome.status])}: by ${person(outcome.byUserId)}, ${words(moment(outcome.at))}. A button acts once.`,
        ],
      };
    case 'under-way':
      return {
        emoji: 'hourglass_flowing_sand',
        headline: { strong: say`Already under way`, rest: say` – a button acts once` },
        lines: [say`${person(outcome.byUserId)} pressed first; the outcome is told here in a moment.`],
      };
    case 'expired':
      return {
        emoji: 'information_source',
        headline: { strong: say`This offer has ended`, rest: say` – nothing was changed` },
        lines: [
          say`It stood until ${words(moment(outcome.at))}. ${strong(say`Next:`)} if it is still wanted, order it anew: ${command('/usher help')}.`,
        ],
      };
    case 'unknown':
      return {
        emoji: 'information_source',
        headline: { strong: say`This button leads nowhere`, rest: say` – nothing was changed` },
        lines: [say`Its plan is not kept any more, or belongs to another installation of Usher. Nothing to do.`],
      };
  }
};

const places = (named: readonly Named[], limit: number): Phrase => {
  const more = named.length - NAMES_SHOWN;
  return [
    ...joined(
      named.slice(0, NAMES_SHOWN).map(({ name }) => [outside(name, limit)]),
      ', ',
    ),
    ...(more > 0 ? [words(` and ${more} more`)] : []),
  ];
};

const findings = ({
  findings: all,
  findingCount,
}: Pick<Extract<Answer, { readonly kind: 'paths-refused' }>, 'findings' | 'findingCount'>): readonly Phrase[] => {
  const shown = all.slice(0, NAMES_SHOWN).map(({ reason, said, offer }) => {
    const offered = offer === undefined ? [] : ENGLISH_INVALIDATIONS.offer(offer);
    return say`• ${code(said)} – ${ENGLISH_INVALIDATIONS.finding[reason]}${offered}.`;
  });
  const more = findingCount - shown.length;
  return more > 0 ? [...shown, say`… and ${more} more`] : shown;
};

const NOT_CLEARED: Phrase = say` – nothing was cleared`;

type OfInvalidation = Exclude<
  Answer,
  | { readonly kind: 'help' | 'not-understood' | 'not-allowed' | 'pressed' | 'failed' | 'certificates' }
  | VerbAnswer
  | DoctorAnswer
>;

const asked = (answer: OfInvalidation, limit: number): AnswerWords => {
  switch (answer.kind) {
    case 'invalidation-taken': {
      const { paths, atMostMills } = answer.price;
      return {
        emoji: 'hourglass_flowing_sand',
        headline: {
          strong: say`Clearing the cache of ${places(answer.places, limit)}`,
          rest: say` – ${words(paths === 1 ? '1 path' : `${paths} paths`)}`,
        },
        lines: [
          ...findings(answer),
          say`List price at most ${words(dollars(atMostMills))}; the account’s first 1,000 paths of a month are free. I tell you here when it is done.`,
        ],
      };
    }
    case 'no-such-place':
      return {
        emoji: 'warning',
        headline: { strong: say`No distribution answers to ${outside(answer.said, limit)}`, rest: NOT_CLEARED },
        lines: [
          answer.suggestions.length === 0
            ? say`${strong(say`Next:`)} name one of its aliases, its id (${code('E…')}) or its CloudFront domain.`
            : say`${strong(say`Next:`)} perhaps ${joined(
                answer.suggestions.slice(0, IDS_SHOWN).map((name) => [code(name)]),
                ', ',
              )}?`,
        ],
      };
    case 'ambiguous-place':
      return {
        emoji: 'warning',
        headline: { strong: say`Several distributions answer to ${outside(answer.said, limit)}`, rest: NOT_CLEARED },
        lines: [
          say`${strong(say`Next:`)} name one by its id: ${joined(
            answer.candidates.slice(0, IDS_SHOWN).map(({ name, id }) => say`${code(id)} (${outside(name, limit)})`),
            ', ',
          )}.`,
        ],
      };
    case 'tenant-only-place':
      return {
        emoji: 'warning',
        headline: { strong: say`${outside(answer.said, limit)} is a template of tenants`, rest: NOT_CLEARED },
        lines: [say`${strong(say`Next:`)} name the tenant by its domain.`],
      };
    case 'paths-refused':
      return {
        emoji: 'warning',
        headline: {
          strong: say`Not every path can be cleared`,
          rest: say` (${places(answer.places, limit)})${NOT_CLEARED}`,
        },
        lines: [...findings(answer), say`${strong(say`Next:`)} mend the command and send it again.`],
      };
    case 'too-many-paths':
      return {
        emoji: 'warning',
        headline: {
          strong: say`Too many paths: ${answer.count}`,
          rest: say` (${places(answer.places, limit)})${NOT_CLEARED}`,
        },
        lines: [
          say`${strong(say`Next:`)} clear a common directory with ${code('*')} at its end, or everything with ${command('/*')}.`,
        ],
      };
  }
};

const STANDING: StandingWords = {
  fine: 'in order',
  'renewing-by-itself': 'renews itself',
  stuck: 'renewal is stuck',
  'wont-renew': 'won’t renew itself',
  expired: 'has ended',
  revoked: 'revoked',
  'pending-issuance': 'waits for its validation',
  failed: 'was not issued',
  'could-not-check': 'could not be checked',
  expiring: 'renewal not known',
  'auto-renew-off': 'auto-renew is off',
  'confirm-renewal': 'confirm its renewal',
  'on-hold': 'on hold',
  'not-registered': 'not registered',
  'cannot-know': 'end not known',
  'renews-itself': 'renews itself',
};

const ends = (table: ExpiryTable, around: AnswerSurroundings): AnswerWords => {
  const { days, rows, later, unread } = table;
  const needed = needing(table);
  const { blocks, more } = tableBlocks(
    table,
    { standing: STANDING, domain: 'domain: ', days: (left) => `${left} d` },
    around,
  );
  return {
    emoji: needed + unread.length === 0 ? 'white_check_mark' : 'calendar',
    headline: {
      strong:
        needed === 0
          ? say`Next ${days} days: ${words(unread.length === 0 ? 'no certificate or domain needs anybody' : 'nothing read needs anybody')}`
          : say`Next ${days} days: ${needed} of ${words(rows.length === 1 ? '1 certificate or domain needs' : `${rows.length} certificates and domains need`)} somebody`,
      rest: later === 0 ? [] : say` – ${later} end later`,
    },
    lines: [
      ...blocks,
      ...(more > 0 ? [say`… and ${more} more`] : []),
      ...(unread.length > 0
        ? [
            say`Could not be read, and not in this table: ${joined(
              unread.slice(0, IDS_SHOWN).map((each) => [outside(englishPlace(each), around.nameLimit)]),
              ', ',
            )}${words(unread.length > IDS_SHOWN ? ` and ${unread.length - IDS_SHOWN} more` : '')}.`,
          ]
        : []),
      needed === 0
        ? say`Nothing to do. Nothing was changed.`
        : say`${strong(say`Next:`)} look for their messages in the channel; each has its step. Nothing was changed.`,
    ],
  };
};

/** What Usher answers in English. */
export const ENGLISH_ANSWERS: AnswerCatalogue = {
  answer: (answer, around) => {
    switch (answer.kind) {
      case 'not-allowed':
        return notAllowed(answer);
      case 'pressed':
        return pressed(answer, around);
      case 'certificates':
        return ends(answer.table, around);
      case 'paused':
      case 'resumed':
      case 'not-paused':
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
        return asked(answer, around.nameLimit);
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
