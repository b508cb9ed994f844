import type { Answer, PressOutcome } from '../../domain/answer.ts';
import type { ButtonVerb } from '../../domain/order.ts';
import { isShowableCommand } from '../outside-text.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, mention, outside, say, strong, words } from '../phrase.ts';
import type { AnswerSurroundings, AnswerWords } from './answers.ts';
import { LINES_SHOWN, NAMES_SHOWN } from './answers.ts';
import { englishMovedBecause } from './english-because.ts';

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
  keep: 'Kept by ',
  show: 'Asked for by ',
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

/** What came of a press of a button, said to everybody in the channel. */
export const englishPressed = (
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
    case 'companion-made':
      return {
        emoji: outcome.failed === 0 ? 'white_check_mark' : 'warning',
        headline: {
          strong: say`${outside(outcome.securityGroup.name, nameLimit)} is made`,
          rest:
            outcome.side === 'balancer'
              ? say` and worn by ${outside(outcome.loadBalancer.name, nameLimit)}`
              : say` and worn by ${words(outcome.wearers === 1 ? '1 target' : `${outcome.wearers} targets`)}`,
        },
        lines: [
          say`Changed: the group ${code(outcome.securityGroup.id)}, and ${words(outcome.rulesAdded === 1 ? '1 rule' : `${outcome.rulesAdded} rules`)} added. Nothing else.`,
          ...(outcome.failed > 0
            ? [say`AWS refused ${outcome.failed} of the rules; those paths stay as they were.`]
            : []),
          say`${by}. Rules of Usher’s that are needed no more go with the sweeps. Nothing to do.`,
        ],
      };
    case 'companion-refused':
      return {
        emoji: 'warning',
        headline: {
          strong: say`${outside(outcome.groupName, nameLimit)} was not made or not put on`,
          rest: say` (${outside(outcome.targetGroup.name, nameLimit)})`,
        },
        lines: [
          say`Cause: AWS refused it: ${code(outcome.code)}. What was made so far opens nothing, and goes with the sweeps if it stays unused.`,
          say`${by}. ${strong(say`Next:`)} look the code up in the runbook, then press again in the newest message.`,
        ],
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
    case 'making-alarms':
      return {
        emoji: 'bell',
        headline: {
          strong: say`Making ${words(outcome.count === 1 ? 'the alarm' : `${outcome.count} alarms`)}`,
          rest: say` – what comes of it is told in the channel`,
        },
        lines: [say`${by}. I look afresh first: a group that has one by now gets no second.`],
      };
    case 'rules-closed':
      return {
        emoji: 'lock',
        headline: {
          strong: say`Closed: ${words(outcome.count === 1 ? '1 rule' : `${outcome.count} rules`)} removed`,
          rest: say` (${outside(outcome.securityGroup.name, nameLimit)})`,
        },
        lines: [
          say`${by}. I watch health until ${words(moment(outcome.until))}; if anybody falls, I put it back.`,
          say`What comes of it is told in the channel.`,
        ],
      };
    case 'rules-kept':
      return {
        emoji: 'pushpin',
        headline: {
          strong: say`Kept: ${words(outcome.count === 1 ? '1 rule' : `${outcome.count} rules`)}`,
          rest: say` (${outside(outcome.securityGroup.name, nameLimit)})`,
        },
        lines: [say`${by}. Tagged ${code('usher:keep')}: never asked about again while the tag stands.`],
      };
    case 'closing-refused':
      return {
        emoji: 'warning',
        headline: {
          strong: say`Not done: AWS refused it`,
          rest: say` (${outside(outcome.securityGroup.name, nameLimit)})`,
        },
        lines: [
          say`Cause: ${code(outcome.code)}.`,
          say`${by}. ${strong(say`Next:`)} let Usher’s role do it, or run the lines under “CLI” in the message.`,
        ],
      };
    case 'lines-shown': {
      const shown = outcome.lines.filter(isShowableCommand).slice(0, LINES_SHOWN);
      const more = outcome.lines.length - shown.length;
      return {
        emoji: 'computer',
        headline: { strong: say`The lines that would do it`, rest: say` – nothing was changed` },
        lines: [
          ...shown.map((line) => [command(line)]),
          ...(more > 0 ? [say`… and ${more} more, in the EC2 console`] : []),
          say`What stays is added before the rule goes: run them in this order.`,
        ],
      };
    }
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
