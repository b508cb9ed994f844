import { describe, expect, test } from '@jest/globals';
import type { Report, TargetsInService, TargetsNotInService } from '../../../domain/report.ts';
import { parseWatchTick, serializeWatchTick } from '../../../events/watch-tick.ts';
import { followTargets } from '../../../stories/follow-targets/story.ts';
import { anInstance, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import { REFUSES, TIMES_OUT, WRONG_CODE } from '../../support/world/memory-balancing.ts';
import type { World, WorldParts } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { aJourney, failure, kindsShown, ownRules, shown, stateChange } from '../journey.ts';

const WEB = targetGroupArn('web');
const FIRST = 'i-00000001';
const SECOND = 'i-00000002';

const launched = (parts: WorldParts = {}) => {
  const world = aWorld({ instances: [anInstance(), anInstance({ instanceId: SECOND })], ...parts });
  const journey = aJourney(world);
  journey.put(stateChange(FIRST));
  return { world, journey };
};

const notInService = (report: Report | undefined): TargetsNotInService => {
  if (report?.body.kind !== 'targets-not-in-service') throw new Error(`got ${report?.body.kind}`);
  return report.body;
};

const inService = (report: Report | undefined): TargetsInService => {
  if (report?.body.kind !== 'targets-in-service') throw new Error(`got ${report?.body.kind}`);
  return report.body;
};

const reasonsOf = ({ findings }: TargetsNotInService): readonly string[] => findings.map(({ reason }) => reason);

/** Seconds from the world's start to each report. */
const saidAfter = (world: World): readonly number[] =>
  shown(world).map(({ at }) => (Date.parse(at) - Date.parse('2026-11-22T05:00:00.000Z')) / 1000);

describe('a target that becomes healthy', () => {
  test('Given a launch, when its target is healthy, then one report says after how long, in which group and what was changed', async () => {
    const { world, journey } = launched();
    await journey.untilQuiet();
    expect(shown(world)).toEqual([
      {
        key: expect.stringMatching(/^targets-in-service-[0-9a-f]{16}$/),
        matter: WEB,
        destination: 'default',
        severity: 'information',
        at: '2026-11-22T05:00:25.000Z',
        stage: 'prod',
        region: 'ap-northeast-1',
        account: '123456789012',
        body: {
          kind: 'targets-in-service',
          targetGroup: { name: 'web', id: WEB },
          targets: [
            {
              name: 'web-1',
              instanceId: FIRST,
              port: 80,
              availabilityZone: 'ap-northeast-1a',
              healthyAfterSeconds: 25,
            },
          ],
          health: {
            healthy: 1,
            total: 1,
            zones: [{ name: 'ap-northeast-1a', healthy: 1 }],
            names: ['web-1'],
          },
          changes: [
            {
              kind: 'rule-added',
              securityGroup: { id: 'sg-web', name: 'sg-web' },
              direction: 'ingress',
              protocol: 'tcp',
              port: 80,
              peer: { id: 'sg-alb', name: 'sg-alb' },
              ruleId: 'sgr-made1',
            },
            { kind: 'target-registered', port: 80, count: 1 },
          ],
          findings: [],
          recovered: false,
        },
        buttons: [
          { verb: 'undo', planId: expect.any(String), object: { kind: 'targets', names: ['web-1'], count: 1 } },
        ],
      },
    ]);
    expect(world.calls.filter(({ name }) => name === 'loadBalancing.readTargetHealth').length).toBeLessThanOrEqual(4);
  });

  test('Given two launches at once, when both are healthy at one look, then one report names both and the one rule', async () => {
    const { world, journey } = launched();
    journey.put(stateChange(SECOND));
    await journey.untilQuiet();
    expect(shown(world)).toHaveLength(1);
    const { targets, changes, health } = inService(shown(world)[0]);
    expect(targets.map(({ name, healthyAfterSeconds }) => [name, healthyAfterSeconds])).toEqual([
      ['web-1', 25],
      ['web-2', 25],
    ]);
    expect(changes.map(({ kind }) => kind)).toEqual(['rule-added', 'target-registered']);
    expect(changes[1]).toEqual({ kind: 'target-registered', port: 80, count: 2 });
    expect(health).toEqual({
      healthy: 2,
      total: 2,
      zones: [{ name: 'ap-northeast-1a', healthy: 2 }],
      names: ['web-1', 'web-2'],
    });
  });

  test('Given a balancer whose group others wear, when the target is healthy, then the report says that more than the balancer is let in', async () => {
    const stranger = anInstance({ instanceId: 'i-00000007', tags: {}, securityGroupIds: ['sg-alb'] });
    const { world, journey } = launched({ instances: [anInstance(), stranger] });
    await journey.untilQuiet();
    expect(inService(shown(world)[0]).findings).toEqual([
      {
        reason: 'BalancerGroupShared',
        severity: 'information',
        evidence: {
          securityGroup: 'sg-alb',
          securityGroupName: 'sg-alb',
          loadBalancer: 'web-alb',
          interfaces: '1',
        },
      },
    ]);
  });
});

describe('what is told of the group around a new target', () => {
  const THIRD = 'i-00000003';
  const inC = { subnetId: 'subnet-c', availabilityZone: 'ap-northeast-1c' };
  const reads = (world: World, name: string): number => world.calls.filter((call) => call.name === name).length;

  /** `web-1` and `web-2` in service for long, and `web-3` launched now. */
  const joining = async (third: Parameters<typeof anInstance>[0] = {}) => {
    const longAgo = new Date('2026-11-01T00:00:00Z');
    const world = aWorld({
      instances: [
        anInstance({ launchedAt: longAgo }),
        anInstance({ instanceId: SECOND, launchedAt: longAgo, ...inC }),
        anInstance({ instanceId: THIRD, ...third }),
      ],
    });
    await world.ports.loadBalancing.registerTargets(
      WEB,
      [FIRST, SECOND].map((id) => ({ id, port: 80 })),
    );
    world.clock.advance(60);
    world.forgetCalls();
    const journey = aJourney(world);
    journey.put(stateChange(THIRD));
    return { world, journey };
  };

  test('Given two others in two zones, when the third is healthy, then the healthy are told by zone, after one read of the whole group', async () => {
    const { world, journey } = await joining();
    await journey.pass(3);
    world.forgetCalls();
    await journey.untilQuiet();
    expect(inService(shown(world)[0]).health).toEqual({
      healthy: 3,
      total: 3,
      zones: [
        { name: 'ap-northeast-1a', healthy: 2 },
        { name: 'ap-northeast-1c', healthy: 1 },
      ],
      names: ['web-1', 'web-2'],
    });
    expect(inService(shown(world)[0])).not.toHaveProperty('imageDiffers');
    expect(inService(shown(world)[0])).not.toHaveProperty('launchedBy');
    expect([reads(world, 'ec2.readInstances'), reads(world, 'refreshes.isRefreshing')]).toEqual([1, 0]);
  });

  test('Given a third that never answers, when that is told, then the one read for its path tells who carries the traffic and where', async () => {
    const { world, journey } = await joining();
    world.balancing.answers.set(THIRD, REFUSES);
    await journey.pass(3);
    world.forgetCalls();
    await journey.pass(200);
    expect(notInService(shown(world)[0]).health).toEqual({
      healthy: 2,
      total: 3,
      zones: [
        { name: 'ap-northeast-1a', healthy: 1 },
        { name: 'ap-northeast-1c', healthy: 1 },
      ],
      names: ['web-1', 'web-2'],
    });
    expect(reads(world, 'ec2.readInstances')).toBe(1);
  });

  test.each(['denied', 'throttled', 'other'] as const)(
    'Given instances that can’t be read (%s), when the third is healthy, then it is told without zones',
    async (meaning) => {
      const { world, journey } = await joining();
      await journey.pass(3);
      journey.onCall((_, name) => (name === 'ec2.readInstances' ? failure(meaning) : 'proceed'));
      await journey.untilQuiet();
      expect(inService(shown(world)[0]).health).toEqual({ healthy: 3, total: 3 });
      expect(world.log).toContainEqual(expect.objectContaining({ event: 'members-not-read' }));
    },
  );

  test('Given a group larger than one call reads, when one joins it, then it is told without zones and the call is about that one only', async () => {
    const { world, journey } = await joining();
    await journey.pass(3);
    const ids = Array.from({ length: 199 }, (_, index) => `i-${(0x1000 + index).toString(16).padStart(8, '0')}`);
    world.putInstances(...ids.map((instanceId) => anInstance({ instanceId })));
    await world.ports.loadBalancing.registerTargets(
      WEB,
      ids.map((id) => ({ id, port: 80 })),
    );
    await journey.untilQuiet();
    const { health } = inService(shown(world)[0]);
    expect(health.total).toBe(202);
    expect(health).not.toHaveProperty('zones');
  });

  test('Given another AMI than that of both others, when the third is healthy, then that is told; Auto Scaling is not asked about an instance it didn’t launch', async () => {
    const { world, journey } = await joining({ imageId: 'ami-2' });
    await journey.untilQuiet();
    expect(inService(shown(world)[0]).imageDiffers).toEqual({
      names: ['web-3'],
      count: 1,
      otherNames: ['web-1', 'web-2'],
      otherCount: 2,
    });
    expect(reads(world, 'refreshes.isRefreshing')).toBe(0);
  });

  const scaled = {
    imageId: 'ami-2',
    tags: { Role: 'web', Name: 'web-3', 'aws:autoscaling:groupName': 'web-asg' },
  };

  test('Given an instance of an Auto Scaling group, when it is healthy, then the group is named as who launched it, and its other AMI is told', async () => {
    const { world, journey } = await joining(scaled);
    await journey.untilQuiet();
    expect(inService(shown(world)[0])).toMatchObject({ launchedBy: 'web-asg', imageDiffers: { names: ['web-3'] } });
  });

  test('Given an instance refresh, when a new instance with another AMI is healthy, then the AMI is not told: it is what was meant', async () => {
    const { world, journey } = await joining(scaled);
    world.refreshing.add('web-asg');
    await journey.untilQuiet();
    expect(inService(shown(world)[0])).not.toHaveProperty('imageDiffers');
    expect(inService(shown(world)[0]).launchedBy).toBe('web-asg');
  });

  test('Given that Auto Scaling doesn’t answer, when a new instance with another AMI is healthy, then the AMI is not told, and the rest is', async () => {
    const { world, journey } = await joining(scaled);
    journey.onCall((_, name) => (name === 'refreshes.isRefreshing' ? failure('other') : 'proceed'));
    await journey.untilQuiet();
    expect(inService(shown(world)[0])).not.toHaveProperty('imageDiffers');
    expect(world.log).toContainEqual(expect.objectContaining({ event: 'refreshes-not-read' }));
  });
});

describe('a target that stays unhealthy', () => {
  test.each([
    [REFUSES, 'Target.FailedHealthChecks'],
    [WRONG_CODE, 'Target.ResponseCodeMismatch'],
    [TIMES_OUT, 'Target.Timeout'],
  ])(
    'Given an open path, when the target fails for two minutes, then the report says that the network passes and names the reason first (%#)',
    async (answer, reason) => {
      const { world, journey } = launched();
      world.balancing.answers.set(FIRST, answer);
      await journey.pass(110);
      expect(kindsShown(world)).toEqual([]);
      await journey.pass(30);
      const body = notInService(shown(world)[0]);
      expect(body).toMatchObject({
        network: 'passes',
        health: { healthy: 0, total: 1 },
        looksAgainEverySeconds: 60,
        targets: [{ name: 'web-1', state: 'unhealthy', reason, description: answer.description }],
      });
      expect(body.targets[0]?.sinceSeconds).toBeGreaterThanOrEqual(120);
      expect(body.targets[0]?.sinceSeconds).toBeLessThan(135);
      expect(reasonsOf(body)).toEqual([reason]);
      expect(body.changes.map(({ kind }) => kind)).toEqual(['rule-added', 'target-registered']);
    },
  );

  test('Given a rule that is taken away meanwhile, when the target fails for two minutes, then the report names the blocked path before the reason', async () => {
    const { world, journey } = launched();
    world.balancing.answers.set(FIRST, TIMES_OUT);
    await journey.pass(30);
    await world.ports.ec2.revokeRule('sg-web', 'ingress', 'sgr-made1');
    await journey.pass(110);
    const body = notInService(shown(world)[0]);
    expect(body.network).toBe('blocked');
    expect(reasonsOf(body)).toEqual(['IngressMissing', 'Target.Timeout']);
    expect(ownRules(world, 'sg-web')).toEqual([]);
  });

  test('Given a network that can’t be read, when the target fails for two minutes, then the report says that the path is not known', async () => {
    const { world, journey } = launched();
    world.balancing.answers.set(FIRST, TIMES_OUT);
    await journey.pass(30);
    world.network.acls.clear();
    await journey.pass(110);
    const body = notInService(shown(world)[0]);
    expect(body.network).toBe('unknown');
    expect(reasonsOf(body)[0]).toBe('Target.Timeout');
    expect(reasonsOf(body).slice(1)).toEqual(['PathUnknown']);
    expect(body.findings[1]?.evidence).toMatchObject({ because: 'AclUnread', protocol: 'tcp' });
  });

  test.each(['ec2.readInstances', 'loadBalancing.readTargetGroups', 'loadBalancing.readLoadBalancers'])(
    'Given a role that may not do %s, when the target fails for two minutes, then the report says that the path is not known, and why',
    async (denied) => {
      const { world, journey } = launched();
      world.balancing.answers.set(FIRST, TIMES_OUT);
      await journey.pass(30);
      journey.onCall((_, name) => (name === denied ? failure('denied') : 'proceed'));
      await journey.pass(110);
      const body = notInService(shown(world)[0]);
      expect([body.network, reasonsOf(body)]).toEqual(['unknown', ['Target.Timeout', 'PathUnknown']]);
      expect(body.findings[1]?.evidence).toEqual({ because: 'ReadDenied', why: 'AWS Call was denied' });
    },
  );

  test('Given an obstacle known at registration, when the target first fails a check, then it is said at that look', async () => {
    const { world, journey } = launched({
      instances: [anInstance({ subnetId: 'subnet-c', availabilityZone: 'ap-northeast-1c' })],
    });
    const deny = {
      ruleNumber: 1,
      egress: false,
      action: 'deny' as const,
      protocol: '-1',
      cidr: '0.0.0.0/0',
      fromPort: undefined,
      toPort: undefined,
    };
    world.network.acls.set('subnet-c', { networkAclId: 'acl-c', entries: [deny] });
    world.balancing.answers.set(FIRST, TIMES_OUT);
    await journey.pass(30);
    expect(saidAfter(world)).toEqual([25]);
    const body = notInService(shown(world)[0]);
    expect(body.network).toBe('blocked');
    expect(reasonsOf(body)).toContain('NetworkAclDenies');
  });

  test('Given a target that was said not to be in service, when it becomes healthy, then that is told once as recovered, without the changes again', async () => {
    const { world, journey } = launched();
    world.balancing.answers.set(FIRST, REFUSES);
    await journey.pass(400);
    expect(kindsShown(world)).toEqual(['targets-not-in-service']);
    world.balancing.answers.delete(FIRST);
    await journey.untilQuiet();
    expect(kindsShown(world)).toEqual(['targets-not-in-service', 'targets-in-service']);
    expect(inService(shown(world)[1])).toMatchObject({ recovered: true, changes: [] });
  });

  test('Given a target that never becomes healthy, when an hour is over, then a last report gives it up, and no further look is taken', async () => {
    const { world, journey } = launched();
    world.balancing.answers.set(FIRST, REFUSES);
    await journey.untilQuiet();
    expect(kindsShown(world)).toEqual(['targets-not-in-service', 'targets-not-in-service']);
    expect(notInService(shown(world)[1])).toMatchObject({ looksAgainEverySeconds: undefined, changes: [] });
    const [, last = 0] = saidAfter(world);
    expect(last).toBeGreaterThanOrEqual(3600);
    expect(last).toBeLessThan(3700);
    expect(world.watchQueue.secondsUntilDue()).toBeUndefined();
    expect([...world.state.entries.values()].map(({ telling }) => telling)).toEqual(['closed', 'closed']);
  });

  test('Given checks that never come to an end, when fifteen minutes are over, then that is said', async () => {
    const { world, journey } = launched();
    world.balancing.timings.initialSeconds = 100_000;
    await journey.pass(14 * 60);
    expect(kindsShown(world)).toEqual([]);
    await journey.pass(120);
    expect(notInService(shown(world)[0]).targets).toMatchObject([
      { state: 'initial', reason: 'Elb.RegistrationInProgress' },
    ]);
  });
});

describe('a target that can’t become healthy', () => {
  test('Given a group that no listener uses, when the first look is taken, then it is said at once that the group is not used', async () => {
    const { world, journey } = launched({ targetGroups: [aTargetGroup({ loadBalancerArns: [] })] });
    await journey.pass(10);
    const body = notInService(shown(world)[0]);
    expect(body.targets).toMatchObject([{ state: 'unused', reason: 'Target.NotInUse' }]);
    expect(body.network).toBe('blocked');
    expect(reasonsOf(body)).toContain('GroupNotUsed');
  });

  test('Given a zone the balancer is not enabled in, when the first look is taken, then the zone is named', async () => {
    const { world, journey } = launched({
      instances: [anInstance({ subnetId: 'subnet-d', availabilityZone: 'ap-northeast-1d' })],
    });
    await journey.pass(10);
    expect(reasonsOf(notInService(shown(world)[0]))[0]).toBe('ZoneNotEnabled');
  });

  test('Given a target that somebody takes out while it is followed, when the look sees it leaving, then that is said once, and it is over', async () => {
    const { world, journey } = launched();
    await journey.pass(6);
    await world.ports.loadBalancing.deregisterTargets(WEB, [{ id: FIRST, port: 80 }]);
    await journey.untilQuiet();
    expect(kindsShown(world)).toEqual(['targets-not-in-service']);
    expect(notInService(shown(world)[0])).toMatchObject({
      targets: [{ state: 'draining', reason: 'Target.DeregistrationInProgress' }],
      looksAgainEverySeconds: undefined,
    });
    expect(world.targetsIn(WEB)).toEqual([]);
  });

  test('Given a target that is gone from the group at the next look, when it is looked at, then it is said to be not registered', async () => {
    const { world, journey } = launched();
    await journey.pass(6);
    world.balancing.registered.delete(WEB);
    await journey.untilQuiet();
    expect(notInService(shown(world)[0]).targets).toMatchObject([
      { state: 'not-registered', reason: 'Target.NotRegistered' },
    ]);
  });

  test('Given first looks that do not find the target yet, when later ones do, then its health is told and nothing else', async () => {
    const { world, journey } = launched();
    await journey.pass(4);
    const ports = { ...world.ports, loadBalancing: { ...world.ports.loadBalancing, readTargetHealth: async () => [] } };
    for (let seconds = 0; seconds < 30; seconds += 5) {
      world.clock.advance(5);
      for (const body of world.watchQueue.due()) await followTargets(ports)(parseWatchTick(body));
    }
    expect(kindsShown(world)).toEqual([]);
    await journey.untilQuiet();
    expect(kindsShown(world)).toEqual(['targets-in-service']);
  });

  test('Given a group that is deleted while it is watched, when the look finds it gone, then the watch ends without a word', async () => {
    const { world, journey } = launched();
    await journey.pass(6);
    world.balancing.targetGroups.clear();
    await journey.untilQuiet();
    expect(kindsShown(world)).toEqual([]);
    expect(world.log).toContainEqual(expect.objectContaining({ event: 'looked', outcome: 'group-gone' }));
    expect([...world.state.entries.values()].map(({ telling }) => telling)).toEqual(['closed', 'closed']);
  });

  test('Given an instance terminated while it is followed, when it is told of, then the report does without its path', async () => {
    const { world, journey } = launched();
    world.balancing.answers.set(FIRST, REFUSES);
    await journey.pass(60);
    world.network.instances.delete(FIRST);
    world.balancing.registered.delete(WEB);
    await journey.untilQuiet();
    expect(notInService(shown(world)[0])).toMatchObject({ network: 'unknown' });
  });
});

describe('one message per group and minute', () => {
  test('Given one target healthy and one given up in the same look, when they are told of, then a minute lies between, the good news first', async () => {
    const { world, journey } = launched();
    journey.put(stateChange(SECOND));
    world.balancing.timings.initialSeconds = 0;
    world.balancing.answers.set(FIRST, REFUSES);
    world.balancing.answers.set(SECOND, REFUSES);
    await journey.pass(119);
    world.balancing.answers.delete(SECOND);
    await journey.pass(180);
    expect(kindsShown(world)).toEqual(['targets-in-service', 'targets-not-in-service']);
    const [first = 0, second = 0] = saidAfter(world);
    expect(second - first).toBeGreaterThanOrEqual(60);
    expect(second - first).toBeLessThan(75);
  });

  test('Given a launch after the looks at a group have ended, when its target is healthy, then the minute since the last report is kept', async () => {
    const { world, journey } = launched();
    await journey.pass(30);
    expect([...world.state.chains.values()].map(({ hasEnded }) => hasEnded)).toEqual([true]);
    journey.put(stateChange(SECOND));
    await journey.untilQuiet();
    expect(saidAfter(world)[0]).toBe(25);
    expect(saidAfter(world)[1]).toBeGreaterThanOrEqual(85);
    expect(inService(shown(world)[1]).targets[0]?.healthyAfterSeconds).toBeLessThanOrEqual(30);
  });

  test('Given targets that become healthy one after the other, when they are told of, then no two reports of their watch lie less than a minute apart', async () => {
    const { world, journey } = launched({
      instances: ['1', '2', '3', '4'].map((digit) => anInstance({ instanceId: `i-0000000${digit}` })),
    });
    for (const digit of ['2', '3', '4']) {
      await journey.pass(15);
      journey.put(stateChange(`i-0000000${digit}`));
    }
    await journey.untilQuiet();
    const moments = saidAfter(world);
    expect(moments.slice(1).every((moment, index) => moment - (moments[index] ?? 0) >= 60)).toBe(true);
    expect(shown(world).flatMap((report) => inService(report).targets.map(({ name }) => name))).toEqual([
      'web-1',
      'web-2',
      'web-3',
      'web-4',
    ]);
  });
});

describe('how long a target took', () => {
  test('Given a target that becomes healthy while its group may not be spoken of, when it is told of, then by its first healthy look', async () => {
    const { world, journey } = launched();
    await journey.pass(15);
    journey.put(stateChange(SECOND));
    await journey.untilQuiet();
    const [, second] = shown(world);
    const [firstAt = 0, secondAt = 0] = saidAfter(world);
    expect(secondAt - firstAt).toBeGreaterThanOrEqual(60);
    const { targets } = inService(second);
    expect(targets.map(({ name }) => name)).toEqual(['web-2']);
    expect(targets[0]?.healthyAfterSeconds).toBeGreaterThanOrEqual(20);
    expect(targets[0]?.healthyAfterSeconds).toBeLessThanOrEqual(30);
  });

  test('Given a launch while only an ending is awaited, when its target is healthy, then it is seen then and not at the next slow look', async () => {
    const { world, journey } = launched();
    world.balancing.answers.set(FIRST, REFUSES);
    await journey.pass(200);
    journey.put(stateChange(SECOND));
    await journey.pass(100);
    expect(kindsShown(world)).toEqual(['targets-not-in-service', 'targets-in-service']);
    expect(inService(shown(world)[1]).targets[0]?.healthyAfterSeconds).toBeLessThanOrEqual(30);
  });

  test('Given a target that fails again before it could be told of, when it is told of, then since its last turn to the good', async () => {
    const { world, journey } = launched();
    await journey.pass(15);
    journey.put(stateChange(SECOND));
    await journey.pass(35);
    world.balancing.answers.set(SECOND, REFUSES);
    await journey.pass(55);
    world.balancing.answers.delete(SECOND);
    await journey.untilQuiet();
    const seconds = inService(shown(world)[1]).targets[0]?.healthyAfterSeconds;
    expect(seconds).toBeGreaterThanOrEqual(90);
    expect(seconds).toBeLessThanOrEqual(100);
  });
});

describe('a rule for several targets that others register', () => {
  const scaled = (instanceId: string) =>
    anInstance({ instanceId, tags: { ...anInstance({ instanceId }).tags, 'aws:autoscaling:groupName': 'web-asg' } });

  test('Given two of them, when one is healthy a minute before the other, then each is told of, and the rule with the first', async () => {
    const { world, journey } = launched({ instances: [scaled(FIRST), scaled(SECOND)] });
    world.attachedTargetGroups.set('web-asg', [WEB]);
    journey.put(stateChange(SECOND));
    await journey.pass(3);
    await world.ports.loadBalancing.registerTargets(WEB, [{ id: FIRST, port: 80 }]);
    await journey.pass(60);
    await world.ports.loadBalancing.registerTargets(WEB, [{ id: SECOND, port: 80 }]);
    await journey.untilQuiet();
    const told = shown(world).map((report) => inService(report));
    expect(told.map(({ targets }) => targets.map(({ name }) => name))).toEqual([['web-1'], ['web-2']]);
    expect(told.map(({ changes }) => changes.map(({ kind }) => kind))).toEqual([['rule-added'], []]);
    expect([...world.state.entries.values()].map(({ telling }) => telling)).toEqual(['closed']);
  });

  test('Given two of them, when one never answers, then only that one is said to be not in service, and only its end is awaited', async () => {
    const { world, journey } = launched({ instances: [scaled(FIRST), scaled(SECOND)] });
    world.attachedTargetGroups.set('web-asg', [WEB]);
    world.balancing.answers.set(SECOND, REFUSES);
    journey.put(stateChange(SECOND));
    await journey.pass(3);
    await world.ports.loadBalancing.registerTargets(WEB, [
      { id: FIRST, port: 80 },
      { id: SECOND, port: 80 },
    ]);
    await journey.pass(400);
    expect(kindsShown(world)).toEqual(['targets-in-service', 'targets-not-in-service']);
    world.balancing.answers.delete(SECOND);
    await journey.untilQuiet();
    const last = inService(shown(world)[2]);
    expect([last.targets.map(({ name }) => name), last.recovered, last.changes]).toEqual([['web-2'], true, []]);
  });
});

describe('the chain of looks', () => {
  test('Given a look whose message comes twice, when the second is handled, then it is a duplicate and reads nothing', async () => {
    const { world, journey } = launched();
    await journey.pass(1);
    world.clock.advance(4);
    const tick = { targetGroupArn: WEB, tick: 0 };
    expect(await followTargets(world.ports)(tick)).toMatchObject({ outcome: 'looked' });
    world.forgetCalls();
    expect(await followTargets(world.ports)(tick)).toEqual({ outcome: 'duplicate', followed: 0, told: 0 });
    expect(world.calls.map(({ name }) => name)).toEqual(['watches.take']);
  });

  test('Given a look whose message overtakes the write of the look before it, when both are handled, then the chain goes on', async () => {
    const { world, journey } = launched();
    await journey.pass(4);
    let overtaking: Promise<unknown> = Promise.resolve();
    world.onCall((_, name) => {
      if (name !== 'watches.continue') return 'proceed';
      world.onCall();
      world.clock.advance(11);
      overtaking = followTargets(world.ports)({ targetGroupArn: WEB, tick: 1 });
      world.watchQueue.due();
      return 'proceed';
    });
    world.clock.advance(1);
    for (const body of world.watchQueue.due()) await followTargets(world.ports)(parseWatchTick(body));
    expect(await overtaking).toEqual({ outcome: 'too-early', followed: 0, told: 0 });
    await journey.untilQuiet();
    expect(kindsShown(world)).toEqual(['targets-in-service']);
  });

  test('Given a look of a chain that never was, when its message comes, then nothing is read', async () => {
    const { world, journey } = launched({ instances: [] });
    journey.putLook(serializeWatchTick({ kind: 'watch-tick', targetGroupArn: WEB, tick: 3 }));
    await journey.pass(1);
    expect(world.log).toContainEqual(expect.objectContaining({ event: 'looked', outcome: 'duplicate' }));
  });

  test('Given a registration while the last look ends the chain, when that look is over, then the chain goes on for the new target', async () => {
    const { world, journey } = launched();
    await journey.pass(20);
    let isDone = false;
    journey.onCall((_, name) => {
      if (name === 'watches.end' && !isDone) {
        isDone = true;
        journey.put(stateChange(SECOND));
      }
      return 'proceed';
    });
    await journey.untilQuiet();
    expect(shown(world).flatMap((report) => inService(report).targets.map(({ name }) => name))).toEqual([
      'web-1',
      'web-2',
    ]);
  });

  test('Given a start that arrives after the last look has read its entries, when the chain would end, then it goes on', async () => {
    const { world, journey } = launched();
    await journey.pass(20);
    let isDone = false;
    journey.onCall((_, name) => {
      if (name === 'watches.end' && !isDone) {
        isDone = true;
        void world.state.watches.start(WEB, world.clock.now(), 5);
      }
      return 'proceed';
    });
    await journey.untilQuiet();
    expect(isDone).toBe(true);
    expect(world.log.filter(({ event }) => event === 'looked').at(-1)).toMatchObject({ outcome: 'nothing-to-follow' });
    expect([...world.state.chains.values()].map(({ hasEnded }) => hasEnded)).toEqual([true]);
  });

  test('Given a look that fails on a crowded AWS, when its message comes back, then the story goes on', async () => {
    const { world, journey } = launched();
    let failures = 0;
    journey.onCall((_, name) => {
      if (name !== 'reports.publish' || failures > 0) return 'proceed';
      failures += 1;
      return failure('throttled');
    });
    await journey.untilQuiet();
    expect(failures).toBe(1);
    expect(kindsShown(world)).toEqual(['targets-in-service']);
  });
});
