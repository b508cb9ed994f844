import { describe, expect, test } from '@jest/globals';
import { ruleShape } from '../../../domain/closing/classify.ts';
import { closeApproved } from '../../../stories/close-rules/approved.ts';
import {
  anAlb,
  anInstance,
  aRule,
  aSecurityGroup,
  aTargetGroup,
  loadBalancerArn,
  targetGroupArn,
} from '../../support/world/builders.ts';
import type { ClosableSite } from './closing.ts';
import { ALB_80, aClosableSite, instances, WEB, WORLD_80 } from './closing.ts';

const WISH = { planId: 'plan-1', userId: 'U0001' };
const PEERED = '10.0.1.99';

/** The same opening in a second security group that every instance wears. */
const SECOND = { ...WORLD_80, ruleId: 'sgr-second', groupId: 'sg-extra' };

const ofGroup = (groupId: string, ruleId: string) => ({ groupId, ruleIds: [ruleId] });

const closeBoth = (site: ClosableSite) =>
  site.takeBody(
    JSON.stringify({
      usher: 1,
      kind: 'close-rules',
      groups: [ofGroup('sg-extra', 'sgr-second'), ofGroup('sg-web', 'sgr-world')],
    }),
  );

const openings = (site: ClosableSite): readonly string[] =>
  ['sg-web', 'sg-extra']
    .flatMap((groupId) => site.world.rulesOf(groupId))
    .flatMap(({ ruleId, direction }) => (direction === 'ingress' ? [ruleId] : []))
    .sort();

/** Instances that wear two groups, each of which lets the world in, and nothing else lets the balancer in. */
const aSiteOfTwoGroups = (policy: 'apply-all' | 'add-only' = 'apply-all') =>
  aClosableSite([WORLD_80, SECOND, aRule({ groupId: 'sg-extra' })], policy, {
    securityGroups: ['sg-alb', 'sg-web', 'sg-extra'].map((groupId) => aSecurityGroup({ groupId })),
    instances: instances().map(({ instanceId, launchedAt }) =>
      anInstance({ instanceId, launchedAt, securityGroupIds: ['sg-web', 'sg-extra'] }),
    ),
  });

describe('Of two security groups on the same interfaces that each let the balancer in', () => {
  test('one yes to both removes neither: each is unneeded only while the other is there', async () => {
    const site = aSiteOfTwoGroups('add-only');
    const content = {
      kind: 'close-rules',
      rules: [WORLD_80, SECOND].map((rule) => ({
        ruleId: rule.ruleId,
        securityGroup: { id: rule.groupId, name: rule.groupId },
        shape: ruleShape(rule),
        isClosed: true,
        lines: [],
      })),
    } as const;
    expect(await closeApproved(site.ports())(content, WISH)).toMatchObject({ kind: 'moved' });
    expect(openings(site)).toEqual(['sgr-second', 'sgr-world']);
  });

  test('only one is proposed', async () => {
    const site = aSiteOfTwoGroups('add-only');
    await closeBoth(site);
    expect(site.proposals().flatMap(({ body }) => body.rules.map(({ ruleId }) => ruleId))).toEqual(['sgr-second']);
  });

  test('one stays, though EC2 still shows the other that was removed a moment ago', async () => {
    const site = aSiteOfTwoGroups();
    const before = site.world.rulesOf('sg-extra');
    const close = (groupId: string, ruleId: string) =>
      site.takeBody(JSON.stringify({ usher: 1, kind: 'close-rules', groups: [ofGroup(groupId, ruleId)] }));
    await close('sg-extra', 'sgr-second');
    expect(openings(site)).toEqual(['sgr-world']);
    site.world.network.rules.set('sg-extra', before);
    await close('sg-web', 'sgr-world');
    expect(site.ingressIds()).toEqual(['sgr-world']);
  });

  test('one is decided on after the other, never at once', async () => {
    const site = aSiteOfTwoGroups();
    const held = await site.world.ports.leases.acquire(['closings'], 'another', site.world.clock.now(), 90);
    await closeBoth(site);
    expect(openings(site)).toEqual(['sgr-second', 'sgr-world']);
    if (held !== undefined) await site.world.ports.leases.release(held);
    await closeBoth(site);
    expect(openings(site)).toHaveLength(1);
  });
});

describe('Somebody else needs the rule', () => {
  test('a balancer of another VPC that sends to the address of a target, by peering, forbids it', async () => {
    const [first, ...others] = instances();
    if (first === undefined) throw new Error('no instance');
    const peered = {
      ...first,
      networkInterfaces: first.networkInterfaces.map((each) => ({ ...each, privateIpv4Addresses: [PEERED] })),
    };
    const site = aClosableSite([WORLD_80, ALB_80], 'apply-all', { instances: [peered, ...others] });
    const alb = anAlb({ name: 'peer-alb', vpcId: 'vpc-2', securityGroupIds: ['sg-peer'] });
    const group = aTargetGroup({
      name: 'peer',
      targetType: 'ip',
      vpcId: 'vpc-2',
      tags: {},
      loadBalancerArns: [loadBalancerArn('peer-alb')],
    });
    site.world.balancing.loadBalancers.set(alb.arn, alb);
    site.world.balancing.targetGroups.set(group.arn, group);
    site.world.balancing.registered.set(group.arn, [
      { target: { id: PEERED, port: 80, availabilityZone: 'all' }, at: new Date(0), drainingUntil: undefined },
    ]);
    await site.close();
    expect(site.ingressIds()).toContain('sgr-world');
    expect(site.proposals()).toEqual([]);
  });

  test('an instance that is to be ignored keeps it', async () => {
    const site = aClosableSite();
    const [first] = instances();
    if (first === undefined) throw new Error('no instance');
    site.world.putInstances({ ...first, tags: { ...first.tags, 'usher:ignore': 'true' } });
    await site.close();
    expect(site.ingressIds()).toContain('sgr-world');
    expect(site.proposals()).toEqual([]);
  });
});

test('A rule that somebody adds again is removed no more unattended, and is asked about once', async () => {
  const site = aClosableSite();
  await site.close();
  expect(site.ingressIds()).toEqual(['sgr-alb']);
  site.world.network.rules.set('sg-web', [...site.world.rulesOf('sg-web'), { ...WORLD_80, ruleId: 'sgr-again' }]);
  for (let hour = 0; hour < 3; hour += 1) {
    site.world.clock.advance(3600);
    await site.close(['sgr-again']);
  }
  expect(site.ingressIds()).toContain('sgr-again');
  expect(site.proposals()).toHaveLength(1);
  expect(site.proposals()[0]).toMatchObject({ body: { rules: [{ ruleId: 'sgr-again', because: 'NotOurs' }] } });
});

test('A function behind a balancer has no port, and is nobody’s target of a rule', async () => {
  const site = aClosableSite([WORLD_80, ALB_80], 'add-only');
  const group = aTargetGroup({ name: 'lambda', targetType: 'lambda', protocol: undefined, tags: {} });
  site.world.balancing.targetGroups.set(targetGroupArn('lambda'), group);
  site.world.balancing.registered.set(group.arn, [
    { target: { id: 'arn:aws:lambda:f', port: undefined }, at: new Date(0), drainingUntil: undefined },
  ]);
  await site.close();
  expect(site.proposals()[0]?.body.rules[0]).toMatchObject({ count: 3, names: ['web-1', 'web-2', 'web-3'] });
  expect(WEB).toBe(targetGroupArn('web'));
});
