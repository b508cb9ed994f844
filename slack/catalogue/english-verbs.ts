import type { NotUndoneBecause } from '../../domain/answer.ts';
import type { AddedRule } from '../../domain/stored-plan.ts';
import type { DrainedGroup, ListedChange, NotKeptBecause, VerbAnswer } from '../../domain/verb-answer.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, joined, mention, outside, quote, say, strong, words } from '../phrase.ts';
import type { AnswerSurroundings, AnswerWords } from './answers.ts';
import { ENGLISH_BECAUSE, englishMovedBecause } from './english-because.ts';
import { ENGLISH_CAUTION, ENGLISH_SWEEP } from './english-sweep.ts';

const IDS_SHOWN = 6;
const GROUPS_SHOWN = 6;

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const person = (userId: string): Phrase => [mention({ kind: 'user', id: userId })];

const next = (step: Phrase): Phrase => say`${strong(say`Next:`)} ${step}`;

const NOTHING_CHANGED: Phrase = say` – nothing was changed`;

type Of<Kind extends VerbAnswer['kind']> = Extract<VerbAnswer, { readonly kind: Kind }>;

const paused = ({ byUserId, reason, pausedBefore }: Of<'paused'>, { moment }: AnswerSurroundings): AnswerWords => ({
  emoji: 'double_vertical_bar',
  headline: {
    strong: say`Usher is paused`,
    rest:
      pausedBefore === undefined
        ? say` – nothing is written from now on`
        : say`, and was since ${words(moment(pausedBefore))}`,
  },
  lines: [
    say`By ${person(byUserId)}${reason === undefined ? [] : say`: ${quote(reason)}`}. It looks, follows and tells as before; every message says so.`,
    next(say`say ${command('/usher resume')} when it may go on. Caches are cleared then, too.`),
  ],
});

const resumed = ({ byUserId, pausedSince }: Of<'resumed'>, { moment }: AnswerSurroundings): AnswerWords => ({
  emoji: 'arrow_forward',
  headline: { strong: say`Usher goes on`, rest: say` – it was paused since ${words(moment(pausedSince))}` },
  lines: [
    say`By ${person(byUserId)}. A sweep looks at everything now and makes up for what was missed. Nothing to do.`,
  ],
});

const refusal = (because: NotUndoneBecause): Phrase => {
  switch (because.kind) {
    case 'BelowFloor':
      return say`stays: of ${because.healthy} healthy, at least ${because.floor} must stay`;
    case 'TooManyRemovals':
      return say`stays: at most ${because.removalsPerHour} targets are taken out within one hour, and half of a group’s healthy ones`;
    case 'RefusedByAws':
      return say`stays: AWS refused it with ${code(because.code)}`;
  }
};

const groupLine = ({ outcome }: DrainedGroup): Phrase => {
  switch (outcome.kind) {
    case 'taken-out':
      return say`taken out, and held out`;
    case 'out-already':
      return say`was out already`;
    case 'stays':
      return say`stays: ${words(englishMovedBecause(outcome.because))}`;
    case 'not-taken-out':
      return refusal(outcome.because);
  }
};

const isOut = ({ outcome }: DrainedGroup): boolean => outcome.kind === 'taken-out' || outcome.kind === 'out-already';

const drained = ({ byUserId, instance, groups }: Of<'drained'>, limit: number): AnswerWords => {
  const out = groups.filter(isOut).length;
  const shown = groups.slice(0, GROUPS_SHOWN);
  const isAll = out === groups.length;
  return {
    emoji: isAll ? 'white_check_mark' : 'warning',
    headline: {
      strong: say`${outside(instance.name, limit)} ${words(
        out === 0
          ? 'was taken out of no group'
          : `is out of ${isAll ? (out === 1 ? 'its group' : `all ${out} groups`) : `${out} of ${groups.length} groups`}`,
      )}`,
      rest: say` – ${words(out === 0 ? 'nothing was changed' : 'it stays out until put back')}`,
    },
    lines: [
      ...shown.map((group) => say`• ${outside(group.targetGroup.name, limit)}: ${groupLine(group)}.`),
      ...(groups.length > shown.length ? [say`… and ${groups.length - shown.length} more`] : []),
      isAll
        ? say`By ${person(byUserId)}. Open requests end within the group’s deregistration delay. A stop and start, or a change of the tags concerned, ends the hold; the next sweep offers to put it back.`
        : say`By ${person(byUserId)}. ${next(say`mend what holds it there, then send ${command('/usher drain')} again; or deregister it by hand`)}.`,
    ],
  };
};

const rule = ({ ruleId, securityGroup }: AddedRule, limit: number): Phrase =>
  say`${code(ruleId)} (${outside(securityGroup.name, limit)})`;

const kept = ({ byUserId, rule: one, wasKept }: Of<'kept'>, limit: number): AnswerWords => ({
  emoji: 'lock',
  headline: {
    strong: say`A rule of ${outside(one.securityGroup.name, limit)} is kept`,
    rest: wasKept ? say`, and was before – nothing was changed` : say` – it is never proposed for removal again`,
  },
  lines: [
    say`${rule(one, limit)} carries ${code('usher:keep')} = ${code('true')}, ordered by ${person(byUserId)}. Take the tag away to end it; ${command('/usher keep')} lists all that are kept.`,
  ],
});

const notKeptBecause = (because: NotKeptBecause): Phrase => {
  if (typeof because !== 'string') return say`AWS refused it: ${code(because.code)}`;
  return because === 'SecurityGroupGone' ? say`its security group is gone` : say`${words(ENGLISH_BECAUSE[because])}`;
};

const notKept = ({ rule: one, because }: Of<'not-kept'>, limit: number): AnswerWords => ({
  emoji: 'warning',
  headline: { strong: say`Not marked to be kept`, rest: NOTHING_CHANGED },
  lines: [
    say`Cause: ${notKeptBecause(because)}. About ${rule(one, limit)}.`,
    next(say`mend that, or tag the rule by hand: ${code('usher:keep')} = ${code('true')}.`),
  ],
});

const keptRules = ({ rules, count }: Of<'kept-rules'>, limit: number): AnswerWords => ({
  emoji: 'lock',
  headline: {
    strong: say`${words(count === 0 ? 'No rule is kept' : count === 1 ? '1 rule is kept' : `${count} rules are kept`)}`,
    rest: NOTHING_CHANGED,
  },
  lines: [
    ...rules.map((one) => say`• ${rule(one, limit)}`),
    ...(count > rules.length ? [say`… and ${count - rules.length} more`] : []),
    say`${command('/usher keep sgr-…')} keeps one from being proposed for removal.`,
  ],
});

const WHAT: Readonly<Record<ListedChange['what'], string>> = {
  registered: 'registered in ',
  'taken-out': 'taken out of ',
  'rule-added': 'rule added for ',
  'rule-removed': 'rule removed of ',
  'group-made': 'security group made for ',
  'group-put-on': 'security group put on for ',
  'group-taken-off': 'security group taken off for ',
  'group-deleted': 'security group deleted of ',
};

const changeLine = (change: ListedChange, { clock, nameLimit }: AnswerSurroundings): Phrase =>
  say`${change.number}. ${words(clock(change.at))} ${outside(change.name, nameLimit)}: ${words(WHAT[change.what])}${outside(change.targetGroup.name, nameLimit)}${words(change.isUndone ? ' (it is not there by that any more)' : '')}`;

const changes = ({ changes: all, count }: Of<'changes'>, around: AnswerSurroundings): AnswerWords => {
  const first = all.find(({ planId }) => planId !== undefined);
  return {
    emoji: 'leftwards_arrow_with_hook',
    headline: {
      strong: say`${words(count === 0 ? 'Nothing was changed within a day' : count === 1 ? '1 change within a day' : `${count} changes within a day`)}`,
      rest: count > all.length ? say` – the newest ${all.length}` : [],
    },
    lines: [
      ...all.map((change) => changeLine(change, around)),
      first !== undefined
        ? next(
            say`say ${command(`/usher undo ${first.number}`)}, or press its button. It is looked at afresh first, and a rule stays: other targets may rely on it.`,
          )
        : say`Nothing of it can be undone here. Nothing to do.`,
    ],
  };
};

const status = (answer: Of<'status'>, around: AnswerSurroundings): AnswerWords => {
  const { pause, lastSweep, sweepingSince, caution, defaultPolicy, maximumPolicy, stopped = [] } = answer;
  const { moment } = around;
  const left = lastSweep?.leftAlone ?? [];
  return {
    emoji: pause === undefined ? 'information_source' : 'double_vertical_bar',
    headline: {
      strong: say`${words(pause !== undefined ? 'Usher is paused' : left.length === 0 && stopped.length === 0 ? 'All in order' : 'Some things wait')}`,
      rest:
        lastSweep === undefined
          ? say` – nothing was swept yet`
          : say` – ${words(counted(lastSweep.instances, 'instance'))}, ${words(counted(lastSweep.targetGroups, 'group'))}`,
    },
    lines: [
      ...(pause === undefined
        ? []
        : [
            say`Paused since ${words(moment(pause.since))} by ${person(pause.byUserId)}${pause.reason === undefined ? [] : say`: ${quote(pause.reason)}`}. ${next(say`say ${command('/usher resume')}`)}.`,
          ]),
      say`Policy: ${code(defaultPolicy)}, at most ${code(maximumPolicy)}. ${words(
        lastSweep === undefined
          ? 'No sweep has looked at everything yet.'
          : `A sweep last looked at everything ${moment(lastSweep.completedAt)}.`,
      )}${words(sweepingSince === undefined ? '' : ` One is under way since ${moment(sweepingSince)}.`)}`,
      ...(caution === undefined
        ? []
        : [say`${words(ENGLISH_CAUTION[caution])} ${next(say`press “Apply” in its message`)}.`]),
      ...(stopped.length === 0
        ? []
        : [
            say`Report-only since a rule had to be put back: ${joined(
              stopped.slice(0, 3).map(({ name }) => [outside(name)]),
              ', ',
            )}. ${next(say`when it is clear why, say ${command('/usher resume NAME')}`)}.`,
          ]),
      ...(left.length === 0 ? [] : [say`${ENGLISH_SWEEP.leftAlone(left)}.`]),
      ...(lastSweep === undefined || lastSweep.limits.length === 0 ? [] : [ENGLISH_SWEEP.limits(lastSweep)]),
      say`Nothing was changed.`,
    ],
  };
};

const SAY_WHICH: Partial<Readonly<Record<Of<'say-which'>['verb'], Phrase>>> = {
  doctor: say`name a URL, a target group, a load balancer or an instance: ${command('/usher doctor www.example.com')} or ${command('/usher doctor web-prod')}.`,
  drain: say`name the instance: ${command('/usher drain web-3')} or ${command('/usher drain i-0a1b…')}.`,
};

/** What Usher answers in English to the verbs that stop, let go, take out, keep, undo, sweep, and say how things stand. */
export const englishVerbAnswer = (answer: VerbAnswer, around: AnswerSurroundings): AnswerWords => {
  const limit = around.nameLimit;
  switch (answer.kind) {
    case 'paused':
      return paused(answer, around);
    case 'resumed':
      return resumed(answer, around);
    case 'group-resumed':
      return {
        emoji: 'arrow_forward',
        headline: { strong: say`${outside(answer.targetGroup.name, limit)} may be written to again`, rest: say`` },
        lines: [
          say`By ${person(answer.byUserId)}. The rule that was put back stays, and is never closed or proposed again. Nothing to do.`,
        ],
      };
    case 'group-not-stopped':
      return {
        emoji: 'information_source',
        headline: {
          strong: say`No group ${outside(answer.said, limit)} has dropped to report-only`,
          rest: NOTHING_CHANGED,
        },
        lines: [
          answer.stopped.length === 0
            ? say`None has. Nothing to do.`
            : say`Those that have: ${joined(
                answer.stopped.slice(0, 3).map(({ name }) => [outside(name, limit)]),
                ', ',
              )}.`,
        ],
      };
    case 'not-paused':
      return {
        emoji: 'information_source',
        headline: { strong: say`Usher is not paused`, rest: NOTHING_CHANGED },
        lines: [say`Nothing to do.`],
      };
    case 'drained':
      return drained(answer, limit);
    case 'in-no-group':
      return {
        emoji: 'information_source',
        headline: {
          strong: say`${outside(answer.instance.name, limit)} is in no group that Usher fills`,
          rest: NOTHING_CHANGED,
        },
        lines: [say`Instance ${code(answer.instance.id)}. Nothing to do.`],
      };
    case 'say-which':
      return {
        emoji: 'warning',
        headline: { strong: say`${code(answer.verb)} needs to know which`, rest: NOTHING_CHANGED },
        lines: [next(SAY_WHICH[answer.verb] ?? say`see ${command('/usher help')}.`)],
      };
    case 'no-such-instance':
      return {
        emoji: 'warning',
        headline: { strong: say`No instance answers to ${outside(answer.said, limit)}`, rest: NOTHING_CHANGED },
        lines: [next(say`give its ${code('Name')} exactly as the tag has it, or its id (${code('i-…')}).`)],
      };
    case 'ambiguous-instance':
      return {
        emoji: 'warning',
        headline: { strong: say`Several instances answer to ${outside(answer.said, limit)}`, rest: NOTHING_CHANGED },
        lines: [
          next(
            say`give the id: ${joined(
              answer.candidates.slice(0, IDS_SHOWN).map(({ id }) => [code(id)]),
              ', ',
            )}${words(answer.candidates.length > IDS_SHOWN ? ` or one of ${answer.candidates.length - IDS_SHOWN} more` : '')}.`,
          ),
        ],
      };
    case 'kept':
      return kept(answer, limit);
    case 'not-kept':
      return notKept(answer, limit);
    case 'no-such-rule':
      return {
        emoji: 'warning',
        headline: { strong: say`There is no rule ${outside(answer.said, limit)}`, rest: NOTHING_CHANGED },
        lines: [next(say`give the id of a security group rule (${code('sgr-…')}) of this Region.`)],
      };
    case 'kept-rules':
      return keptRules(answer, limit);
    case 'changes':
      return changes(answer, around);
    case 'no-such-change':
      return {
        emoji: 'warning',
        headline: { strong: say`I can’t undo ${outside(answer.said, limit)}`, rest: NOTHING_CHANGED },
        lines: [
          say`It is no number of the list that you were shown last, or that change can’t be undone.`,
          next(say`say ${command('/usher undo')} for the list.`),
        ],
      };
    case 'sweep-ordered':
      return {
        emoji: 'mag',
        headline: { strong: say`Sweeping now`, rest: say` – what it comes to is told in the channel` },
        lines: [say`Asked for by ${person(answer.byUserId)}. It keeps to every policy, brake and hold.`],
      };
    case 'status':
      return status(answer, around);
  }
};
