import { describe, expect, test } from '@jest/globals';
import { anInstance, aSecurityGroup } from '../../support/world/builders.ts';
import { WORLD_80 } from '../close-rules/closing.ts';
import type { SharedSite } from './shared.ts';
import { aDefaultSite, aSharedSite, BESIDE, FOR_TARGETS, WEB, WEB_ALB } from './shared.ts';

const FIRST = 'i-00000001';

/** Does something once, just as a call is about to be made. */
const justBefore = (site: SharedSite, call: string, act: () => void): void => {
  let isDone = false;
  site.world.onCall((_, name) => {
    if (name === call && !isDone) {
      isDone = true;
      act();
    }
    return 'proceed';
  });
};

const putOnAlb = (site: SharedSite, groupId: string): void => {
  const alb = site.world.balancing.loadBalancers.get(WEB_ALB);
  if (alb === undefined) throw new Error('no balancer');
  site.world.network.securityGroups.set(groupId, aSecurityGroup({ groupId }));
  site.world.balancing.loadBalancers.set(WEB_ALB, { ...alb, securityGroupIds: [...alb.securityGroupIds, groupId] });
};

const putOnTarget = (site: SharedSite, groupId: string): void => {
  site.world.network.securityGroups.set(groupId, aSecurityGroup({ groupId }));
  const worn = site.wornByTarget();
  site.world.putInstances(anInstance({ instanceId: FIRST, securityGroupIds: [...worn, groupId] }));
};

describe('What a person puts on while Usher is at it', () => {
  test('stays on the balancer when the companion is put on', async () => {
    const site = await aSharedSite();
    await site.later();
    justBefore(site, 'companions.createGroup', () => putOnAlb(site, 'sg-cdn'));
    await site.press(site.offered());
    expect(site.wornByAlb()).toEqual(['sg-alb', 'sg-cdn', site.idOf(BESIDE)]);
  });

  test('stays on the target when the companion is put on', async () => {
    const site = await aDefaultSite();
    justBefore(site, 'companions.createGroup', () => putOnTarget(site, 'sg-agent'));
    await site.press(site.offered());
    expect(site.wornByTarget()).toEqual(['sg-default', 'sg-agent', site.idOf(FOR_TARGETS)]);
  });

  test('fills the fifth place of the target: then the companion is not put on', async () => {
    const site = await aDefaultSite();
    justBefore(site, 'companions.createGroup', () => {
      for (const groupId of ['sg-1', 'sg-2', 'sg-3', 'sg-4']) putOnTarget(site, groupId);
    });
    expect(await site.press(site.offered())).toMatchObject({ kind: 'moved', moved: [{ because: 'TooManyGroups' }] });
    expect(site.wornByTarget()).toHaveLength(5);
  });

  test('stays on the balancer when the companion is taken off', async () => {
    const site = await aSharedSite();
    await site.later();
    await site.press(site.offered());
    const { world } = site;
    const id = site.idOf(BESIDE);
    for (const { ruleId, tags } of world.rulesOf('sg-web'))
      if (tags['usher:owner'] !== undefined) await world.ports.ec2.revokeRule('sg-web', 'ingress', ruleId);
    world.network.instances.delete('i-000000aa');
    world.clock.advance(3600);
    await site.later();
    // Of one sweep the first of these calls is a look alone; the second is made under the lease, just before it is taken off.
    let asked = 0;
    world.onCall((_, name) => {
      if (name === 'companions.readNaming') asked += 1;
      if (name === 'companions.readNaming' && asked === 2) putOnAlb(site, 'sg-cdn');
      return 'proceed';
    });
    for (let time = 0; time < 4; time += 1) {
      if (asked < 2) asked = 0;
      await site.later();
    }
    expect(asked).toBeGreaterThanOrEqual(2);
    expect(site.wornByAlb()).not.toContain(id);
    expect(site.wornByAlb()).toContain('sg-cdn');
    expect(site.wornByAlb()).toContain('sg-alb');
  });
});

test('Given another has the interface in hand, then the press waits and nothing is made', async () => {
  const site = await aDefaultSite();
  const [wearer] = site.offered().targets;
  const { world } = site;
  await world.ports.leases.acquire([wearer?.networkInterfaceId ?? '-'], 'another', world.clock.now(), 90);
  await expect(site.press(site.offered())).rejects.toThrow('leased to others');
  expect(site.named(FOR_TARGETS)).toBeUndefined();
});

test('Given the group dropped to report-only by itself, then a press does nothing', async () => {
  const site = await aDefaultSite();
  const { closings } = site.world.ports;
  const at = site.world.clock.now().toISOString();
  const watch = {
    rule: WORLD_80,
    vpcId: 'vpc-1',
    securityGroup: { id: 'sg-web', name: 'sg-web' },
    groups: [],
    destination: 'default',
    startedAt: at,
    until: at,
  };
  await closings.begin(watch);
  await closings.decideToPutBack(watch, { entryId: 'one', at, fell: [] }, [{ id: WEB, name: 'web' }]);
  expect(await site.press(site.offered())).toEqual({ kind: 'moved', moved: [{ name: 'web', because: 'ReportOnly' }] });
  expect(site.named(FOR_TARGETS)).toBeUndefined();
});

test('Given a group kept by code whose owner took a rule of ours out, then a press adds none there', async () => {
  const site = await aSharedSite({
    securityGroups: [
      aSecurityGroup({ groupId: 'sg-alb' }),
      aSecurityGroup({ groupId: 'sg-web', tags: { 'aws:cloudformation:stack-name': 'web' } }),
    ],
  });
  await site.later();
  const { holds } = site.world.ports;
  await holds.notice([{ key: 'left-to-code|sg-web', since: '-' }], site.world.clock.now());
  expect(await site.press(site.offered())).toMatchObject({ kind: 'made', rulesAdded: 0 });
  expect(site.ourRules('sg-web')).toEqual(['ingress tcp/80 sg-alb']);
});
