import type { NoAlarmBecause } from '../../domain/alarms/report.ts';
import type { Named } from '../../domain/named.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, outside, say, strong, words } from '../phrase.ts';
import type { AlarmCatalogue } from './alarms.ts';

const NAME_LIMIT = 32;
const GROUPS_SHOWN = 5;

const BECAUSE: Readonly<Record<NoAlarmBecause, string>> = {
  Paused: 'everything is paused',
  OutsideVpcs: 'it is in a VPC that isn’t Usher’s',
  OtherStage: 'it belongs to another stage',
  Ignored: 'it is tagged to be ignored',
  ReportOnly: 'its policy is report-only',
  GroupGone: 'it is gone',
  Unused: 'no listener sends to it',
  NotCounted: 'CloudWatch doesn’t count its targets',
  NoSeriesYet: 'CloudWatch has no data of it yet',
  HasOne: 'it has one already',
  RefusedByAws: 'AWS refused it',
};

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const listed = (groups: readonly Named[], count: number): Phrase => {
  const shown = groups.slice(0, GROUPS_SHOWN).map(({ name }) => [outside(name, NAME_LIMIT)]);
  const more = count - shown.length;
  return say`${joined(shown, ', ')}${words(more > 0 ? ` and ${more} more` : '')}`;
};

export const ENGLISH_ALARMS: AlarmCatalogue = {
  offered: {
    headline: ({ count }) => ({
      strong: [words(count === 1 ? '1 target group has no alarm' : `${count} target groups have no alarm`)],
      rest: say` on unhealthy targets`,
    }),
    groups: (groups, more) => listed(groups, groups.length + more),
    why: ({ deleted, count }) => [
      ...(deleted === 0
        ? []
        : [words(deleted === count ? 'Somebody deleted Usher’s. ' : `Of ${deleted} somebody deleted Usher’s. `)]),
      words('Without one nobody is told when a target that was well fails. Visitors: nothing changes for them.'),
    ],
    next: ({ monthlyPrice, count, onlyReports }) => {
      const price = say`US$${monthlyPrice} a month${words(count === 1 ? '' : ' each')}`;
      return onlyReports
        ? say`${strong([words('Next:')])} make one in CloudWatch on ${code('UnHealthyHostCount')} (${price}); the policy here is report-only. Nothing was changed.`
        : say`${strong([words(count === 1 ? 'Next: press “Create the alarm”' : `Next: press “Create ${count} alarms”`)])} (${price}), or tag a group ${code('usher:alarms=true')}. Nothing was changed.`;
    },
  },
  changed: {
    headline: ({ createdCount, removedCount, notMadeCount, created, removed, notMade }, limit) => {
      const [first] = [...created, ...removed, ...notMade.map(({ targetGroup }) => targetGroup)];
      const about = createdCount + removedCount + notMadeCount === 1 && first !== undefined;
      const rest = about ? say` for unhealthy targets of ${outside(first.name, limit)}` : say` for unhealthy targets`;
      if (createdCount > 0) return { strong: [words(`${plural(createdCount, 'alarm')} created`)], rest };
      if (removedCount > 0)
        return {
          strong: [words(`${plural(removedCount, 'alarm')} removed`)],
          rest: about
            ? say` – ${outside(first.name, limit)} is gone`
            : say` – ${words(removedCount === 1 ? 'its target group is' : 'their target groups are')} gone`,
        };
      return { strong: [words(`${plural(notMadeCount, 'alarm')} not created`)], rest };
    },
    created: ({ created, createdCount, monthlyPrice }) =>
      createdCount === 0
        ? []
        : say`Created for ${listed(created, createdCount)}: US$${monthlyPrice} a month${words(createdCount === 1 ? '' : ' each')}. When it rings, I say why here.`,
    removed: ({ removed, removedCount }) =>
      removedCount === 0
        ? []
        : say`Removed: ${listed(removed, removedCount)}, which ${words(removedCount === 1 ? 'is' : 'are')} gone.`,
    notMade: (notMade, more) =>
      notMade.length === 0
        ? []
        : say`Not created: ${joined(
            notMade.map(({ targetGroup, because, code: refusal }) => [
              outside(targetGroup.name, NAME_LIMIT),
              words(` (${BECAUSE[because]}`),
              ...(refusal === undefined ? [] : [words(': '), code(refusal)]),
              words(')'),
            ]),
            ', ',
          )}${words(more > 0 ? ` and ${more} more` : '')}.`,
    next: ({ notMade }) => {
      const tag = say`tag the group ${code('usher:alarms=true')}. Visitors: nothing changes.`;
      if (notMade.some(({ because }) => because === 'RefusedByAws'))
        return say`${strong([words('Next:')])} let Usher’s role make alarms, or raise the quota of alarms; then ${tag}`;
      if (notMade.some(({ because }) => because === 'Paused'))
        return say`${strong([words('Next:')])} say ${code('/usher resume')}, then ${tag}`;
      return say`Visitors: nothing changes. Nothing to do.`;
    },
  },
};
