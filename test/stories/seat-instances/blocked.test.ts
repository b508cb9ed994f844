import { expect, test } from '@jest/globals';
import { anInstance, aSecurityGroup, targetGroupArn } from '../../support/world/builders.ts';
import { aWorld } from '../../support/world/world.ts';
import { shown } from '../journey.ts';
import { seat, writes } from './seating.ts';

const WEB = targetGroupArn('web');

/** Auto Scaling fills the seat; the security group that would need a rule is to be ignored. */
const aBlockedWorld = (launchedAt?: Date) => {
  const world = aWorld({
    securityGroups: [
      aSecurityGroup({ groupId: 'sg-alb' }),
      aSecurityGroup({ groupId: 'sg-web', tags: { 'usher:ignore': 'true' } }),
    ],
    instances: [
      anInstance({
        tags: { Name: 'web-1', Role: 'web', 'aws:autoscaling:groupName': 'web-asg' },
        ...(launchedAt === undefined ? {} : { launchedAt }),
      }),
    ],
  });
  world.attachedTargetGroups.set('web-asg', [WEB]);
  return world;
};

test('Given an instance of an Auto Scaling group whose path may not be opened, when it is launched, then that is said once, with the cause', async () => {
  const world = aBlockedWorld();
  await seat(world, 'i-00000001');
  await seat(world, 'i-00000001');
  expect(writes(world)).toEqual([]);
  expect(shown(world).map(({ body }) => body)).toEqual([
    expect.objectContaining({
      kind: 'targets-not-in-service',
      targets: [expect.objectContaining({ name: 'web-1', state: 'not-registered' })],
      network: 'blocked',
      changes: [],
      findings: expect.arrayContaining([expect.objectContaining({ reason: 'RuleNotWritten' })]),
      launchedBy: 'web-asg',
    }),
  ]);
});

test('Given two launches into one group whose paths may not be opened, when that is said, then the group is read once, and told by zone', async () => {
  const world = aBlockedWorld();
  const longAgo = new Date('2026-11-01T00:00:00Z');
  world.putInstances(
    anInstance({
      instanceId: 'i-00000002',
      tags: { Name: 'web-2', Role: 'web', 'aws:autoscaling:groupName': 'web-asg' },
    }),
    anInstance({ instanceId: 'i-00000003', launchedAt: longAgo, availabilityZone: 'ap-northeast-1c' }),
  );
  await world.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000003', port: 80 }]);
  world.clock.advance(60);
  world.forgetCalls();
  await seat(world, 'i-00000001', 'i-00000002');
  expect(shown(world).map(({ body }) => 'health' in body && body.health)).toEqual(
    ['web-1', 'web-2'].map(() => ({
      healthy: 1,
      total: 1,
      zones: [{ name: 'ap-northeast-1c', healthy: 1 }],
      names: ['web-3'],
    })),
  );
  expect(world.calls.filter(({ name }) => name === 'ec2.readInstances')).toHaveLength(2);
});

test('Given the same instance running since yesterday, when an event names it, then nothing is said: alarms are there for that', async () => {
  const world = aBlockedWorld(new Date('2026-11-01T00:00:00Z'));
  await seat(world, 'i-00000001');
  expect(shown(world)).toEqual([]);
});

test('Given the same instance healthy all the same, when it is launched, then nothing is said', async () => {
  const world = aBlockedWorld();
  await world.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000001', port: 80 }]);
  await world.clock.advance(60);
  await seat(world, 'i-00000001');
  expect(shown(world)).toEqual([]);
});
