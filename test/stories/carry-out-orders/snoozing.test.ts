import { expect, test } from '@jest/globals';
import { quietMatterOf } from '../../../domain/quiet.ts';
import { anInstance, aTargetGroup } from '../../support/world/builders.ts';
import { shown } from '../journey.ts';
import { seat } from '../seat-instances/seating.ts';
import { anOrderWorld } from './orders.ts';

const ONE = anInstance();
const WEEK_SECONDS = 7 * 86_400;

test.each([
  ['a tag that can’t be read', { 'usher:selector': 'Role=web', 'usher:selector:2': '=web' }, 'configuration-findings'],
  [
    'a group that is report-only',
    { 'usher:selector': 'Role=web', 'usher:policy': 'report-only' },
    'targets-not-registered',
  ],
] as const)(
  'Given %s, when its report is snoozed, then the same is quiet for a week from the press on',
  async (_, tags, kind) => {
    const world = anOrderWorld({ targetGroups: [aTargetGroup({ tags })], instances: [ONE] });
    await seat(world.world, ONE.instanceId);
    const report = shown(world.world).find(({ body }) => body.kind === kind);
    const button = report?.buttons?.find(({ verb }) => verb === 'snooze');
    const matter = report && quietMatterOf(report);
    if (button === undefined || matter === undefined) throw new Error('nothing to snooze');
    expect(button.object).toEqual({ kind: 'matter', seconds: WEEK_SECONDS });
    await world.deliver(world.press(button));
    expect(world.outcomes()).toEqual([{ kind: 'silenced', until: '2026-11-29T05:00:00.000Z' }]);
    const quietAfter = (seconds: number) =>
      world.state.quietMatters.isQuiet(matter, new Date(Date.parse('2026-11-22T05:00:00.000Z') + seconds * 1000));
    expect([await quietAfter(WEEK_SECONDS - 1), await quietAfter(WEEK_SECONDS)]).toEqual([true, false]);
  },
);
