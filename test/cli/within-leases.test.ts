import { describe, expect, test } from '@jest/globals';
import { sayError } from '../../cli/say-error.ts';
import { LeaseLapsedError, withinLeases } from '../../cli/within-leases.ts';
import { applyPlan } from '../../stories/mend-fleet/apply.ts';
import { aFleet } from '../stories/mend-fleet/fleets.ts';
import { fleet } from '../stories/sweep/sweeping.ts';
import { anInstance, targetGroupArn } from '../support/world/builders.ts';

const WEB = targetGroupArn('web');
const NOW = new Date('2026-11-22T04:50:00.000Z');

/** Three that Usher seated, of which one has stopped since, and a plan that takes it out. */
const aPlanToTakeOut = async () => {
  const site = aFleet({ instances: fleet(3, NOW) });
  await site.apply(await site.plan());
  site.world.clock.advance(3600);
  site.world.putInstances({ ...anInstance({ instanceId: 'i-00000003' }), state: 'stopped' });
  return { ...site, planned: await site.plan() };
};

describe('A machine that sleeps in the middle of applying', () => {
  test.each([
    ['for ten seconds, then it is done', 10, 2],
    ['until its lease lapses in the middle of the next call, then nothing more is written', 76, 3],
    ['for an hour, then nothing more is written', 3600, 3],
  ])('Given that it sleeps %s', async (_, seconds, left) => {
    const { world, applyPorts, planned } = await aPlanToTakeOut();
    world.forgetCalls();
    world.onCall((_number, name) => {
      // The last that is read before the removal, under the group's lease.
      if (name === 'loadBalancing.readTargetHealth') world.clock.advance(seconds);
      return 'proceed';
    });
    const applying = applyPlan(withinLeases(applyPorts()))(planned, () => {});
    if (left === 2) await applying;
    else await expect(applying).rejects.toThrow(LeaseLapsedError);
    expect(world.targetsIn(WEB)).toHaveLength(left);
  });

  test('Given that it is said, then in one line with what to do next', () => {
    expect(sayError(new LeaseLapsedError('lapsed'), { profile: undefined, region: undefined })).toBe(
      'This stood still for too long, and things may have moved since they were looked at; it stopped before changing more. Next: the same again',
    );
  });
});
