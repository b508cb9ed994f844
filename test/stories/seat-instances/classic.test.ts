import { expect, test } from '@jest/globals';
import type { TargetGroup } from '../../../domain/target-group.ts';
import {
  aClassicBalancer,
  aClassicGroup,
  anAlb,
  anInstance,
  aRule,
  aSecurityGroup,
  aTargetGroup,
  classicArn,
  targetGroupArn,
} from '../../support/world/builders.ts';
import type { World, WorldParts } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { aJourney, kindsShown, ownRules, shown, stateChange } from '../journey.ts';
import { notRegistered, seat, targetsOf } from './seating.ts';

const OLD = classicArn('old-web');

/** A Classic balancer beside the ALB, both for the same instances. */
const withClassic = (group: Partial<TargetGroup> = {}, parts: WorldParts = {}): World =>
  aWorld({
    targetGroups: [aClassicGroup(group)],
    loadBalancers: [aClassicBalancer()],
    securityGroups: ['sg-elb', 'sg-alb', 'sg-web'].map((groupId) => aSecurityGroup({ groupId })),
    rules: ['sg-elb', 'sg-alb', 'sg-web'].map((groupId) => aRule({ groupId })),
    instances: [anInstance()],
    ...parts,
  });

const from = (groupId: string, port: number): string =>
  `ingress tcp/${port}-${port} {"kind":"security-group","groupId":"${groupId}"} prod`;

const registrationKeys = (world: World) => [...world.state.ownership.keys()].filter((key) => key.startsWith('target|'));

test('Given a Classic balancer, when an instance it selects is launched, then each instance port and the check’s are opened and it is registered without a port', async () => {
  const world = withClassic();
  const journey = aJourney(world);
  journey.put(stateChange('i-00000001'));
  await journey.untilQuiet();
  expect(world.targetsIn(OLD)).toEqual([{ id: 'i-00000001', port: undefined }]);
  expect(ownRules(world, 'sg-web')).toEqual([2525, 8080, 9000].map((port) => from('sg-elb', port)));
  expect(registrationKeys(world)).toEqual([`target|${OLD}|i-00000001`]);
  expect(kindsShown(world)).toEqual(['targets-in-service']);
});

test('Given it is registered, when its listeners change, then no record does, only what is missing is opened, and nothing is held', async () => {
  const world = withClassic();
  await seat(world, 'i-00000001');
  const before = registrationKeys(world);
  world.balancing.targetGroups.set(OLD, aClassicGroup({ instancePorts: [7000] }));
  world.clock.advance(600);
  await seat(world, 'i-00000001');
  expect(registrationKeys(world)).toEqual(before);
  expect(world.targetsIn(OLD)).toEqual([{ id: 'i-00000001', port: undefined }]);
  expect(ownRules(world, 'sg-web')).toEqual([2525, 8080, 9000, 7000].map((port) => from('sg-elb', port)));
  expect(notRegistered(world)).toEqual([]);
});

test('Given a Classic balancer and a target group for the same instance, when it is launched, then it sits in both, each by its own port', async () => {
  const world = withClassic(
    {},
    { targetGroups: [aClassicGroup(), aTargetGroup()], loadBalancers: [aClassicBalancer(), anAlb()] },
  );
  await seat(world, 'i-00000001');
  expect(targetsOf(world, OLD)).toEqual(['i-00000001:undefined']);
  expect(targetsOf(world, targetGroupArn('web'))).toEqual(['i-00000001:80']);
  expect([...ownRules(world, 'sg-web')].sort()).toEqual(
    [from('sg-alb', 80), ...[2525, 8080, 9000].map((port) => from('sg-elb', port))].sort(),
  );
});

test('Given a Classic balancer that is report-only, when an instance is launched, then nothing is written, and the line that would do it is the Classic one', async () => {
  const world = withClassic({ tags: { 'usher:selector': 'Role=web', 'usher:policy': 'report-only' } });
  await seat(world, 'i-00000001');
  expect(world.writes()).toEqual([]);
  expect(notRegistered(world)).toMatchObject([
    [
      'web-1',
      [
        {
          reason: 'Withheld',
          remedy: 'aws elb register-instances-with-load-balancer --load-balancer-name old-web --instances i-00000001',
        },
      ],
    ],
  ]);
});

test('Given a Classic balancer whose own group lets nothing out, when an instance is launched, then egress to each port is opened too', async () => {
  const world = withClassic({}, { rules: [aRule({ groupId: 'sg-web' })] });
  await seat(world, 'i-00000001');
  expect(ownRules(world, 'sg-elb')).toEqual(
    [2525, 8080, 9000].map((port) => `egress tcp/${port}-${port} {"kind":"security-group","groupId":"sg-web"} prod`),
  );
});

test('Given a Classic balancer without listeners, when an instance is launched, then it is registered, nothing is opened, and the message says what is missing', async () => {
  const world = withClassic({ instancePorts: [], loadBalancerArns: [] });
  const journey = aJourney(world);
  journey.put(stateChange('i-00000001'));
  await journey.untilQuiet();
  expect(world.targetsIn(OLD)).toHaveLength(1);
  expect(ownRules(world, 'sg-web')).toEqual([]);
  expect(shown(world)[0]?.body).toMatchObject({
    kind: 'targets-not-in-service',
    findings: [{ reason: 'GroupNotUsed', evidence: { loadBalancer: 'old-web' } }, {}],
  });
});
