import { expect, test } from '@jest/globals';
import type { AwsErrorMeaning } from '../../../aws/aws-call-error.ts';
import type { RuleOutcome } from '../../../aws/ec2/port.ts';
import { InterruptedAuthorization } from '../../../aws/ec2/port.ts';
import {
  anAlb,
  anInstance,
  aRule,
  aSecurityGroup,
  aTargetGroup,
  loadBalancerArn,
  targetGroupArn,
} from '../../support/world/builders.ts';
import type { World } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { failure } from '../journey.ts';
import { obstacles, seat } from './seating.ts';

const SITES = ['a', 'b', 'c'];

/** An instance of `sg-web` in three groups, each behind an ALB of its own, of which `c` lets nothing out. */
const threeSites = (): World =>
  aWorld({
    instances: [anInstance()],
    securityGroups: ['sg-web', ...SITES.map((site) => `sg-${site}`)].map((groupId) => aSecurityGroup({ groupId })),
    rules: ['sg-web', 'sg-a', 'sg-b'].map((groupId) => aRule({ groupId, ruleId: `sgr-out-${groupId}` })),
    loadBalancers: SITES.map((name) => anAlb({ name, arn: loadBalancerArn(name), securityGroupIds: [`sg-${name}`] })),
    targetGroups: SITES.map((name) => aTargetGroup({ name, loadBalancerArns: [loadBalancerArn(name)] })),
  });

const ledger = (world: World): readonly string[] =>
  [...world.state.entries.values()].flatMap(({ change, status, ruleId, failure: why }) =>
    change.kind === 'authorize-rule'
      ? [[change.groupId, change.direction, status, ruleId ?? why?.code].join(' ').trim()]
      : [],
  );

test('Given rules for one security group from three balancers, and one for a balancer’s own, when they are written, then it is one call a group and direction', async () => {
  const world = threeSites();
  expect(await seat(world, 'i-00000001')).toMatchObject({ rulesAdded: 4, registered: 3, failed: 0 });
  const from = (groupId: string, name: string) =>
    expect.objectContaining({
      protocol: 'tcp',
      port: 80,
      peer: { kind: 'security-group', groupId },
      description: `Usher: ${groupId} to ${name} on tcp/80`,
    });
  const tags = { 'usher:owner': 'prod' };
  const calls = world.calls.filter(({ name }) => name === 'ec2.authorizeRules').map(({ args }) => args);
  expect(calls).toHaveLength(2);
  expect(calls).toEqual(
    expect.arrayContaining([
      ['sg-c', 'egress', [from('sg-web', 'c')], tags],
      ['sg-web', 'ingress', expect.arrayContaining([from('sg-a', 'a'), from('sg-b', 'b'), from('sg-c', 'c')]), tags],
    ]),
  );
});

test('Given four rules, when they are written, then all are in the ledger before the first call, and each is settled after its own', async () => {
  const world = threeSites();
  await seat(world, 'i-00000001');
  const names = world.calls.map(({ name }) => name);
  const from = names.indexOf('ledger.intend');
  const settled = (count: number) => Array.from({ length: count }, () => 'ledger.settle');
  const [together, alone] = [
    ['ec2.authorizeRules', ...settled(3)],
    ['ec2.authorizeRules', ...settled(1)],
  ];
  expect([
    ['ledger.intend', ...together, ...alone],
    ['ledger.intend', ...alone, ...together],
  ]).toContainEqual(names.slice(from, from + 7));
});

/** The world in which the call for `sg-web` is cut short after its first rule. */
const cutShort = (meaning: AwsErrorMeaning, first: RuleOutcome): World => {
  const world = threeSites();
  world.network.rules.set('sg-c', [aRule({ groupId: 'sg-c', ruleId: 'sgr-out-sg-c' })]);
  world.onCall((_, name) =>
    name === 'ec2.authorizeRules' ? new InterruptedAuthorization(failure(meaning), [first]) : 'proceed',
  );
  return world;
};

test('Given a call that is cut short, when part of it is known, then that part is settled, and the rest is left for the next run to look', async () => {
  const world = cutShort('throttled', { kind: 'applied', ruleId: 'sgr-1' });
  await expect(seat(world, 'i-00000001')).rejects.toMatchObject({ code: 'Made-throttled' });
  expect(ledger(world)).toEqual(['sg-web ingress applied sgr-1', 'sg-web ingress intended', 'sg-web ingress intended']);
  expect(world.balancing.registered.size).toBe(0);
  expect(world.state.heldLeases.size).toBe(0);
});

test('Given a role that may not go on, when part of it is known, then the rest has failed, and each target knows what is missing', async () => {
  const world = cutShort('denied', { kind: 'already-there' });
  expect(await seat(world, 'i-00000001')).toMatchObject({ rulesAdded: 0, registered: 3, failed: 2 });
  expect(ledger(world)).toEqual([
    'sg-web ingress already-there',
    'sg-web ingress failed Made-denied',
    'sg-web ingress failed Made-denied',
  ]);
  expect(obstacles(world).map(([, reasons]) => reasons)).toEqual([[], ['RuleNotWritten'], ['RuleNotWritten']]);
  expect(SITES.map((site) => world.targetsIn(targetGroupArn(site)).length)).toEqual([1, 1, 1]);
});

test('Given rules of which AWS refuses one, when they are written, then the others are ours, and that one’s target knows', async () => {
  const world = threeSites();
  world.network.securityGroups.set('sg-b', aSecurityGroup({ groupId: 'sg-b', vpcId: 'vpc-2' }));
  await seat(world, 'i-00000001');
  expect([...ledger(world)].sort()).toEqual([
    'sg-c egress applied sgr-made1',
    'sg-web ingress applied sgr-made2',
    'sg-web ingress applied sgr-made3',
    'sg-web ingress failed InvalidGroup.NotFound',
  ]);
  expect(obstacles(world).map(([, reasons]) => reasons)).toEqual([[], ['RuleNotWritten'], []]);
});
