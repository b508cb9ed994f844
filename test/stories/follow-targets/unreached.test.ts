import { expect, test } from '@jest/globals';
import type { LoadBalancer } from '../../../domain/load-balancer.ts';
import type { Report, TargetsInService, TargetsNotInService } from '../../../domain/report.ts';
import type { TargetGroup } from '../../../domain/target-group.ts';
import {
  ACCOUNT,
  anAlb,
  anInstance,
  aRule,
  aSecurityGroup,
  aTargetGroup,
  REGION,
  targetGroupArn,
} from '../../support/world/builders.ts';
import { REFUSES } from '../../support/world/memory-balancing.ts';
import type { World } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { aJourney, kindsShown, shown, stateChange } from '../journey.ts';

const MAIL = targetGroupArn('mail');
const FIRST = 'i-00000001';

const bare = (kind: 'network' | 'gateway', part: string): LoadBalancer =>
  anAlb({
    arn: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/${part}/mail/73e2d6bc24d8a067`,
    name: 'mail-nlb',
    kind,
    scheme: kind === 'gateway' ? undefined : 'internet-facing',
    securityGroupIds: [],
  });

const CHECK = { ...aTargetGroup().healthCheck, protocol: 'TCP', path: undefined } as const;

/** A launch into a group behind a balancer without security groups; health checks pass in this world whatever rules say. */
const launchedBehind = (loadBalancer: LoadBalancer, group: Partial<TargetGroup> = {}, preserves?: boolean) => {
  const world = aWorld({
    loadBalancers: [loadBalancer],
    targetGroups: [
      aTargetGroup({
        name: 'mail',
        arn: MAIL,
        protocol: 'TCP',
        port: 25,
        healthCheck: CHECK,
        loadBalancerArns: [loadBalancer.arn],
        ...group,
      }),
    ],
    instances: [anInstance()],
    securityGroups: [aSecurityGroup()],
    rules: [aRule()],
  });
  if (preserves !== undefined) world.balancing.preservation.set(MAIL, preserves);
  const journey = aJourney(world);
  journey.put(stateChange(FIRST));
  return { world, journey };
};

const unreached = (report: Report | undefined): TargetsNotInService => {
  if (report?.body.kind !== 'targets-not-in-service') throw new Error(`got ${report?.body.kind}`);
  return report.body;
};

const inService = (report: Report | undefined): TargetsInService => {
  if (report?.body.kind !== 'targets-in-service') throw new Error(`got ${report?.body.kind}`);
  return report.body;
};

const networkReads = (world: World): number => world.calls.filter(({ name }) => name.startsWith('ec2.')).length;

const admit = (world: World, cidr: string) =>
  world.network.rules.set('sg-web', [
    ...(world.network.rules.get('sg-web') ?? []),
    aRule({
      ruleId: `sgr-${cidr}`,
      direction: 'ingress',
      protocol: 'tcp',
      fromPort: 25,
      toPort: 25,
      peer: { kind: 'cidr-ipv4', cidr },
    }),
  ]);

test.each([
  ['the check comes by another port', { healthCheck: { ...CHECK, port: 8025 } }, 'ClientCidrsMissing'],
  ['the check comes by the same port', {}, 'ClientCidrsMissing'],
  [
    'the tag can’t be understood',
    { tags: { 'usher:selector': 'Role=web', 'usher:client-cidrs': 'everybody' } },
    'ClientCidrsMalformed',
  ],
] as const)(
  'Given clients that nobody is told of, when the target is healthy and %s, then it is said once that nobody reaches it, and why',
  async (_, group, reason) => {
    const { world, journey } = launchedBehind(bare('network', 'net'), group, true);
    await journey.pass(200);
    expect(kindsShown(world)).toEqual(['targets-not-in-service']);
    const { targets, network, findings, changes, looksAgainEverySeconds } = unreached(shown(world)[0]);
    expect(targets.map(({ name, state }) => [name, state])).toEqual([['web-1', 'healthy']]);
    expect(network).toBe('blocked');
    expect(findings.map((each) => each.reason)).toEqual([reason]);
    expect(changes.map(({ kind }) => kind)).toEqual(['rule-added', 'rule-added', 'target-registered']);
    expect(looksAgainEverySeconds).toBe(300);
  },
);

test('Given that it was said, when clients are admitted, then the ending is told, and the network was read once in five minutes', async () => {
  const { world, journey } = launchedBehind(bare('network', 'net'), {}, true);
  await journey.pass(100);
  const before = networkReads(world);
  await journey.pass(290);
  const once = networkReads(world) - before;
  expect(once).toBeGreaterThan(0);
  expect(once).toBeLessThanOrEqual(12);
  admit(world, '0.0.0.0/0');
  await journey.untilQuiet();
  expect(kindsShown(world)).toEqual(['targets-not-in-service', 'targets-in-service']);
  expect(inService(shown(world)[1])).toMatchObject({ recovered: true, findings: [], changes: [] });
});

test('Given that nobody ever mends it, when an hour has passed, then it is said for the last time', async () => {
  const { world, journey } = launchedBehind(bare('network', 'net'), {}, true);
  await journey.untilQuiet();
  expect(kindsShown(world)).toEqual(['targets-not-in-service', 'targets-not-in-service']);
  expect(unreached(shown(world)[1]).looksAgainEverySeconds).toBeUndefined();
});

test('Given rules of somebody’s for some clients, when the target is healthy, then it is in service, and what is not known is said', async () => {
  const { world, journey } = launchedBehind(bare('network', 'net'), {}, true);
  admit(world, '203.0.113.0/24');
  await journey.untilQuiet();
  expect(kindsShown(world)).toEqual(['targets-in-service']);
  expect(inService(shown(world)[0]).findings.map(({ reason }) => reason)).toEqual(['ClientCidrsMissing']);
});

test('Given an appliance whose own rules let nothing back, when its check passes, then it is said that nothing gets through it', async () => {
  const { world, journey } = launchedBehind(bare('gateway', 'gwy'), { protocol: 'GENEVE', port: 6081 });
  world.network.rules.clear();
  await journey.pass(100);
  expect(kindsShown(world)).toEqual(['targets-not-in-service']);
  expect(unreached(shown(world)[0]).findings.map(({ reason }) => reason)).toEqual(['ReturnEgressMissing']);
});

test('Given an appliance that answers no check, when it is told of, then so is that its balancer drops what it sends', async () => {
  const { world, journey } = launchedBehind(bare('gateway', 'gwy'), { protocol: 'GENEVE', port: 6081 });
  world.balancing.answers.set(FIRST, REFUSES);
  await journey.pass(200);
  expect(unreached(shown(world)[0])).toMatchObject({ withoutHealthy: 'drops', targets: [{ state: 'unhealthy' }] });
});

test('Given targets that an Auto Scaling group registers, when one is healthy and no clients are admitted, then that is said as well', async () => {
  const { world, journey } = launchedBehind(bare('network', 'net'), {}, true);
  world.putInstances(anInstance({ tags: { ...anInstance().tags, 'aws:autoscaling:groupName': 'web-asg' } }));
  world.attachedTargetGroups.set('web-asg', [MAIL]);
  await journey.pass(3);
  await world.ports.loadBalancing.registerTargets(MAIL, [{ id: FIRST, port: 25 }]);
  await journey.pass(100);
  expect(kindsShown(world)).toEqual(['targets-not-in-service']);
  expect(unreached(shown(world)[0]).targets.map(({ state }) => state)).toEqual(['healthy']);
});
