import { describe, expect, test } from '@jest/globals';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import { takeDiagnosisNote } from '../../../stories/diagnose/end.ts';
import { diagnoseAlarm } from '../../../stories/diagnose/story.ts';
import {
  anAlb,
  anInstance,
  aRule,
  aTargetGroup,
  loadBalancerArn,
  targetGroupArn,
} from '../../support/world/builders.ts';
import { Killed } from '../../support/world/calls.ts';
import { HEALTHY, REFUSES, TIMES_OUT } from '../../support/world/memory-balancing.ts';
import type { World } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import { anAlarm, diagnosing } from './diagnosing.ts';

const WEB = targetGroupArn('web');
const [ONE, TWO] = [anInstance(), anInstance({ instanceId: 'i-00000002' })];

/** Two instances registered long ago that time out, because `sg-web` doesn't admit the balancer. */
const aBlockedSite = async (): Promise<World> => {
  const world = aWorld({ instances: [ONE, TWO] });
  const targets = [ONE, TWO].map(({ instanceId }) => ({ id: instanceId, port: 80 }));
  await world.ports.loadBalancing.registerTargets(WEB, targets);
  world.clock.advance(3_600);
  for (const { id } of targets) world.balancing.answers.set(id, TIMES_OUT);
  world.forgetCalls();
  return world;
};

const matter = `alarm|${WEB}`;

const looksOf = (site: ReturnType<typeof diagnosing>): number =>
  site.world.calls.filter(({ name }) => name === 'alarms.readAlarms').length;

describe('the first message', () => {
  test('Given a rule that is missing, when the alarm comes, then one message names it, who is hurt, and offers to add it', async () => {
    const site = diagnosing(await aBlockedSite());
    site.hosts.push('*.example.co.jp', 'www.example.co.jp');
    expect(await site.raise()).toEqual(['tell']);
    expect(site.told()).toHaveLength(1);
    expect(site.told()[0]).toMatchObject({
      matter,
      severity: 'critical',
      destination: 'default',
      body: {
        kind: 'alarm-explained',
        alarm: 'web-prod-unhealthy',
        symptom: { kind: 'unhealthy-hosts' },
        site: 'www.example.co.jp',
        targetGroup: { name: 'web', id: WEB },
        loadBalancer: { name: 'web-alb', id: loadBalancerArn('web-alb') },
        health: { healthy: 0, total: 2 },
        since: '2026-11-22T06:00:00.000Z',
        effect: { kind: 'down', code: '504' },
        network: 'blocked',
        changes: [],
        fix: [
          {
            securityGroup: { id: 'sg-web' },
            direction: 'ingress',
            peer: { id: 'sg-alb' },
            protocol: 'tcp',
            port: 80,
          },
        ],
        awaitsTrail: true,
        timesRaised: 1,
      },
      buttons: [
        { verb: 'approve', object: { kind: 'missing-rule', count: 1 } },
        { verb: 'mute', object: { kind: 'matter', seconds: 3_600 } },
      ],
    });
    expect(site.explained()[0]?.findings[0]).toMatchObject({ reason: 'IngressMissing' });
    expect(site.world.writes()).toEqual([]);
  });

  test('Given one of two refuses and the network passes, then it is a warning that looks at the application, without a button', async () => {
    const world = await aBlockedSite();
    world.network.rules.set('sg-web', [
      ...world.rulesOf('sg-web'),
      {
        ruleId: 'sgr-1',
        groupId: 'sg-web',
        direction: 'ingress',
        protocol: 'tcp',
        fromPort: 80,
        toPort: 80,
        peer: { kind: 'security-group', groupId: 'sg-alb' },
        description: undefined,
        tags: {},
      },
    ]);
    world.network.rules.set('sg-alb', [
      ...world.rulesOf('sg-alb'),
      aRule({
        ruleId: 'sgr-2',
        groupId: 'sg-alb',
        direction: 'ingress',
        protocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' },
      }),
    ]);
    world.balancing.answers.set('i-00000001', HEALTHY);
    world.balancing.answers.set('i-00000002', REFUSES);
    const site = diagnosing(world);
    await site.raise();
    expect(site.told()[0]).toMatchObject({
      severity: 'warning',
      body: { effect: { kind: 'none' }, network: 'passes', fix: [], health: { healthy: 1, total: 2 } },
    });
    expect(site.told()[0]?.buttons?.map(({ verb }) => verb)).toEqual(['mute']);
    expect(site.explained()[0]?.findings[0]?.reason).toBe('ApplicationRefuses');
  });

  test('Given one registered on another port than the healthy one, then that is the cause, and no rule for that port is offered', async () => {
    const world = await aBlockedSite();
    world.network.rules.set('sg-web', [
      ...world.rulesOf('sg-web'),
      aRule({
        ruleId: 'sgr-1',
        direction: 'ingress',
        protocol: 'tcp',
        fromPort: 80,
        toPort: 80,
        peer: { kind: 'security-group', groupId: 'sg-alb' },
      }),
    ]);
    world.balancing.answers.set('i-00000001', HEALTHY);
    await world.ports.loadBalancing.deregisterTargets(WEB, [{ id: 'i-00000002', port: 80 }]);
    await world.ports.loadBalancing.registerTargets(WEB, [{ id: 'i-00000002', port: 8081 }]);
    world.clock.advance(3_600);
    const site = diagnosing(world);
    await site.raise();
    expect(
      site
        .explained()[0]
        ?.findings.slice(0, 2)
        .map(({ reason }) => reason),
    ).toEqual(['PortDiffers', 'IngressMissing']);
    expect(site.explained()[0]?.fix).toEqual([]);
    expect(site.told()[0]?.buttons?.map(({ verb }) => verb)).toEqual(['mute']);
  });

  test('Given tags that could not be read, then nothing is offered: one of them may forbid it', async () => {
    const site = diagnosing(await aBlockedSite());
    const denied = new AwsCallError({
      service: 'ELBv2',
      action: 'DescribeTags',
      code: 'AccessDenied',
      meaning: 'denied',
      awsMessage: 'no',
    });
    site.world.onCall((_, name) => (name === 'tags.readTags' ? denied : 'proceed'));
    await site.raise();
    expect(site.explained()[0]).toMatchObject({ network: 'blocked', fix: [] });
    expect(site.told()[0]?.buttons?.map(({ verb }) => verb)).toEqual(['mute']);
  });

  test('Given a missing rule that Usher once added, then it is told when it was there; not where a person had it undone', async () => {
    const rule = {
      kind: 'authorize-rule',
      groupId: 'sg-web',
      direction: 'ingress',
      protocol: 'tcp',
      port: 80,
      peer: { kind: 'security-group', groupId: 'sg-alb' },
    } as const;
    const key = `rule|${rule.groupId}|ingress|tcp|80|sg-alb`;
    const known = { key, entryId: 'e-1', ruleId: 'sgr-0ab1', since: '2026-11-22T05:47:00.000Z' };
    for (const [undoneBy, existed] of [
      [undefined, { ruleId: 'sgr-0ab1', at: '2026-11-22T05:47:00.000Z' }],
      ['plan-1', undefined],
    ] as const) {
      const site = diagnosing(await aBlockedSite());
      const ports = site.ports();
      const readOwnership = async (keys: readonly string[]) =>
        new Map(keys.flatMap((each) => (each === key ? [[each, undoneBy ? { ...known, undoneBy } : known]] : [])));
      await diagnoseAlarm({ ...ports, ledger: { ...ports.ledger, readOwnership } })({
        kind: 'alarm-changed',
        eventId: 'e-1',
        account: '123456789012',
        region: 'ap-northeast-1',
        at: site.world.clock.now(),
        alarm: anAlarm(site.world),
      });
      expect(site.explained()[0]?.existed).toEqual(existed);
    }
  });

  test('Given a pause, then what would be added is not offered', async () => {
    const site = diagnosing(await aBlockedSite());
    await site.world.ports.pauses.begin({ since: site.world.clock.now(), byUserId: 'U0001' });
    await site.raise();
    expect(site.explained()[0]?.fix).toEqual([]);
    expect(site.told()[0]?.buttons?.map(({ verb }) => verb)).toEqual(['mute']);
  });

  test('Given usher:channel on the group, then its destination hears all of the story', async () => {
    const world = aWorld({
      stage: { destinations: ['default', 'shop'] },
      instances: [ONE],
      targetGroups: [aTargetGroup({ tags: { 'usher:channel': 'shop' } })],
    });
    const site = diagnosing(world);
    await site.raise();
    world.clock.advance(60);
    await site.recover();
    expect(site.told().map(({ destination, body }) => [destination, body.kind])).toEqual([
      ['shop', 'alarm-explained'],
      ['shop', 'alarm-recovered'],
    ]);
  });

  test('Given a read that AWS refuses, then the message comes all the same, and says what could not be looked at', async () => {
    const site = diagnosing(await aBlockedSite());
    const denied = new AwsCallError({
      service: 'EC2',
      action: 'DescribeSecurityGroupRules',
      code: 'UnauthorizedOperation',
      meaning: 'denied',
      awsMessage: 'no',
    });
    site.world.onCall((_, name) => (name === 'ec2.readSecurityGroupRules' ? denied : 'proceed'));
    await site.raise();
    expect(site.explained()[0]).toMatchObject({ network: 'unknown', fix: [] });
    expect(site.explained()[0]?.findings.map(({ reason }) => reason)).toContain('PathUnknown');
  });

  test('Given an alarm that names the balancer alone, then the group behind it that is worst off is told of', async () => {
    const world = await aBlockedSite();
    const fine = aTargetGroup({ name: 'fine', tags: {} });
    world.balancing.targetGroups.set(fine.arn, fine);
    const site = diagnosing(world);
    const metric = {
      namespace: 'AWS/ApplicationELB',
      name: 'HTTPCode_ELB_504_Count',
      dimensions: { LoadBalancer: 'app/web-alb/0123456789abcdef' },
      statistic: 'Sum',
      periodSeconds: 60,
    };
    await site.raise({ basis: { kind: 'metrics', metrics: [metric], isMath: false, isAnomaly: false } });
    expect(site.explained()[0]).toMatchObject({
      symptom: { kind: 'balancer-error', code: '504' },
      loadBalancer: { name: 'web-alb' },
    });
    expect(site.told()[0]?.matter).toBe(`alarm|${loadBalancerArn('web-alb')}`);
  });

  test('Given a balancer that sends to nobody, then that is said', async () => {
    const world = aWorld({ targetGroups: [], loadBalancers: [anAlb()] });
    const site = diagnosing(world);
    const metric = {
      namespace: 'AWS/ApplicationELB',
      name: 'HTTPCode_ELB_503_Count',
      dimensions: { LoadBalancer: 'app/web-alb/0123456789abcdef' },
      statistic: 'Sum',
      periodSeconds: 60,
    };
    expect(
      await site.raise({ basis: { kind: 'metrics', metrics: [metric], isMath: false, isAnomaly: false } }),
    ).toEqual(['tell']);
    expect(site.explained()[0]).toMatchObject({ targetGroup: undefined, fix: [], targets: [] });
  });
});

describe('one story per incident', () => {
  test('Given the same event three times, and a second alarm about the same group, then one message is told', async () => {
    const site = diagnosing(await aBlockedSite());
    const since = site.world.clock.now();
    expect(await site.raise({ since })).toEqual(['tell']);
    expect(await site.raise({ since })).toEqual(['nothing']);
    expect(await site.raise({ since })).toEqual(['nothing']);
    expect(await site.raise({ name: 'web-prod-too-few' })).toEqual(['folded']);
    expect(site.told()).toHaveLength(1);
  });

  test('Given two alarms about one group at the same moment, then one of them tells', async () => {
    const site = diagnosing(await aBlockedSite());
    const outcomes = await Promise.all([site.raise(), site.raise({ name: 'web-prod-too-few' })]);
    expect(outcomes.flat().sort()).toEqual(['folded', 'tell']);
    expect(site.told()).toHaveLength(1);
  });

  test('Given a recovery, then the end is told once, with how long it was and what was changed', async () => {
    const site = diagnosing(await aBlockedSite());
    await site.raise();
    site.world.clock.advance(120);
    await site.trail({ eventId: 'a', action: 'AuthorizeSecurityGroupIngress' });
    site.world.clock.advance(300);
    for (const id of ['i-00000001', 'i-00000002']) site.world.balancing.answers.set(id, HEALTHY);
    const since = site.world.clock.now();
    expect(await site.recover({ since })).toEqual(['recovered']);
    expect(await site.recover({ since })).toEqual(['nothing']);
    expect(site.told().map(({ body }) => body.kind)).toEqual(['alarm-explained', 'alarm-recovered']);
    expect(site.told()[1]).toMatchObject({
      matter,
      severity: 'information',
      body: {
        downSeconds: 420,
        timesRaised: 1,
        health: { healthy: 2, total: 2 },
        changes: [{ what: 'AuthorizeSecurityGroupIngress', by: 'suzuki', via: 'console', isOurs: false }],
      },
    });
  });

  test('Given an alarm that is deleted while raised, then its story ends within the hour, says so, and a later one is another', async () => {
    const site = diagnosing(await aBlockedSite());
    await site.raise();
    await site.pass(1_800);
    expect(site.told()).toHaveLength(1);
    site.alarms.clear();
    await site.pass(1_800);
    expect(site.told()[1]).toMatchObject({
      matter,
      body: {
        kind: 'alarm-recovered',
        alarmsGone: ['web-prod-unhealthy'],
        wasDown: true,
        health: { healthy: 0, total: 2 },
      },
    });
    await site.pass(7_200);
    expect(site.told()).toHaveLength(2);
    expect(await site.raise({ name: 'web-prod-renamed' })).toEqual(['tell']);
    expect(site.explained()[1]).toMatchObject({ timesRaised: 1 });
  });

  test('Given one of its two alarms deleted, when the other ends, then the story ends at once', async () => {
    const site = diagnosing(await aBlockedSite());
    await site.raise();
    await site.raise({ name: 'web-prod-too-few' });
    site.world.clock.advance(300);
    site.alarms.delete('web-prod-unhealthy');
    expect(await site.recover({ name: 'web-prod-too-few' })).toEqual(['recovered']);
    expect(site.told()[1]?.body).toMatchObject({ alarmsGone: ['web-prod-unhealthy'], downSeconds: 300 });
  });

  test('Given an end that came before its beginning, then no story is opened that nobody ends', async () => {
    const site = diagnosing(await aBlockedSite());
    const since = site.world.clock.now();
    site.world.clock.advance(60);
    expect(await site.recover()).toEqual(['nothing']);
    expect(await site.raiseLate({ since })).toEqual(['nothing']);
    expect(site.told()).toEqual([]);
    expect(site.world.log).toContainEqual({
      event: 'alarm-not-told',
      alarm: 'web-prod-unhealthy',
      reason: 'OverAlready',
    });
  });

  test('Given that, and CloudWatch could not be asked, then it is told, and ended by the next look', async () => {
    const site = diagnosing(await aBlockedSite());
    const since = site.world.clock.now();
    site.world.clock.advance(60);
    await site.recover();
    const throttled = new AwsCallError({
      service: 'CloudWatch',
      action: 'DescribeAlarms',
      code: 'Throttling',
      meaning: 'throttled',
      awsMessage: 'Rate exceeded',
    });
    site.world.onCall((_, name) => (name === 'alarms.readAlarms' ? throttled : 'proceed'));
    expect(await site.raiseLate({ since })).toEqual(['tell']);
    await site.pass(1_000);
    expect(site.told()).toHaveLength(1);
    site.world.onCall();
    await site.pass(1_000);
    expect(site.told()[1]?.body).toMatchObject({ kind: 'alarm-recovered', alarmsGone: [], downSeconds: 60 });
  });

  test('Given a look that is delivered twice, then one line of looks goes on', async () => {
    const site = diagnosing(await aBlockedSite());
    await site.raise();
    const openedAt = site.world.clock.now().toISOString();
    const note = { kind: 'diagnosis-stands', subject: WEB, openedAt, turn: 0 } as const;
    expect(await takeDiagnosisNote(site.ports())(note)).toBe('goes-on');
    expect(await takeDiagnosisNote(site.ports())(note)).toBe('another-story');
    const before = looksOf(site);
    await site.pass(4 * 900);
    expect(looksOf(site) - before).toBe(4);
  });

  test('Given that an alarm ended while its cause was being told, when both come again, then both are told', async () => {
    const site = diagnosing(await aBlockedSite());
    const since = site.world.clock.now();
    site.world.onCall((_, name) => (name === 'reports.publish' ? 'fail-before' : 'proceed'));
    await expect(site.raise({ since })).rejects.toThrow(Killed);
    site.world.restart();
    site.world.clock.advance(60);
    await expect(site.recover()).rejects.toThrow(Killed);
    site.world.onCall();
    site.world.restart();
    await site.raiseLate({ since });
    expect(site.told().map(({ body }) => body.kind)).toEqual(['alarm-explained']);
    await site.recover();
    expect(site.told().map(({ body }) => body.kind)).toEqual(['alarm-explained', 'alarm-recovered']);
  });

  test('Given an end that could not be told before the alarm came back, when it comes again, then nothing says it is over, and the looks go on', async () => {
    const site = diagnosing(await aBlockedSite());
    await site.raise();
    site.world.clock.advance(60);
    const since = site.world.clock.now();
    site.world.onCall((_, name) => (name === 'reports.publish' ? 'fail-before' : 'proceed'));
    await expect(site.recover({ since })).rejects.toThrow(Killed);
    site.world.onCall();
    site.world.restart();
    site.world.clock.advance(60);
    await site.raise();
    const raised = site.alarms.get('web-prod-unhealthy');
    await site.recover({ since });
    if (raised !== undefined) site.alarms.set(raised.name, raised);
    await site.pass(2 * 900);
    expect(site.told().map(({ body }) => body.kind)).toEqual(['alarm-explained', 'alarm-explained']);
    site.alarms.delete('web-prod-unhealthy');
    await site.pass(3 * 900);
    expect(site.told().map(({ body }) => body.kind)).toEqual(['alarm-explained', 'alarm-explained', 'alarm-recovered']);
  });

  test('Given an alarm that comes and goes, then it is told once more as back, and its end only after it was quiet', async () => {
    const site = diagnosing(await aBlockedSite());
    await site.raise();
    site.world.clock.advance(60);
    expect(await site.recover()).toEqual(['recovered']);
    site.world.clock.advance(60);
    expect(await site.raise()).toEqual(['tell']);
    site.world.clock.advance(60);
    expect(await site.recover()).toEqual(['settling']);
    site.world.clock.advance(30);
    expect(await site.raise()).toEqual(['folded']);
    site.world.clock.advance(30);
    expect(await site.recover()).toEqual(['settling']);
    expect(site.told().map(({ body }) => body.kind)).toEqual(['alarm-explained', 'alarm-recovered', 'alarm-explained']);
    await site.pass(900);
    expect(site.told().map(({ body }) => body.kind)).toEqual([
      'alarm-explained',
      'alarm-recovered',
      'alarm-explained',
      'alarm-recovered',
    ]);
    expect(site.told()[1]?.body).toMatchObject({ timesRaised: 1, downSeconds: 60, wasDown: true });
    expect(site.told()[3]?.body).toMatchObject({ timesRaised: 3, downSeconds: 240, wasDown: false });
  });

  test('Given that all are down only when it is told afresh, then its end does not call all of its time down', async () => {
    const site = diagnosing(await aBlockedSite());
    site.world.balancing.answers.set('i-00000001', HEALTHY);
    await site.raise();
    site.world.clock.advance(7_200);
    site.world.balancing.answers.set('i-00000001', TIMES_OUT);
    expect(await site.raise({ name: 'web-prod-too-few' })).toEqual(['tell']);
    expect(site.explained().map(({ effect }) => effect.kind === 'down')).toEqual([false, true]);
    await site.recover({ name: 'web-prod-too-few' });
    expect(await site.recover()).toEqual(['recovered']);
    expect(site.told().at(-1)?.body).toMatchObject({ downSeconds: 7_200, wasDown: false });
  });

  test('Given no data any more because nobody is registered, then that is told; while somebody is, nothing', async () => {
    const site = diagnosing(await aBlockedSite());
    await site.raise();
    site.world.clock.advance(60);
    const silent = { state: 'INSUFFICIENT_DATA', previousState: 'ALARM' } as const;
    expect(await site.raise(silent)).toEqual(['look']);
    expect(site.told()).toHaveLength(1);
    const targets = [ONE, TWO].map(({ instanceId }) => ({ id: instanceId, port: 80 }));
    await site.world.ports.loadBalancing.deregisterTargets(WEB, targets);
    site.world.clock.advance(400);
    expect(await site.raise(silent)).toEqual(['look']);
    expect(site.explained()[1]?.findings[0]?.reason).toBe('NoTargets');
  });

  test('Given an alarm that was just made, or is muted, then nothing is said', async () => {
    const site = diagnosing(await aBlockedSite());
    expect(await site.recover({ previousState: undefined })).toEqual(['nothing']);
    expect(await site.raise({ mutedUntil: new Date('2026-11-22T09:00:00.000Z') })).toEqual(['nothing']);
    expect(site.told()).toEqual([]);
  });

  test('Given every call of AWS that fails, then the message comes all the same', async () => {
    const site = diagnosing(await aBlockedSite());
    const throttled = new AwsCallError({
      service: 'ELBv2',
      action: 'Describe',
      code: 'Throttling',
      meaning: 'throttled',
      awsMessage: 'Rate exceeded',
    });
    site.world.onCall((_, __, kind) => (kind === 'read' ? throttled : 'proceed'));
    expect(await site.raise()).toEqual(['tell']);
    expect(site.explained()[0]).toMatchObject({ targetGroup: { name: 'web' }, effect: { kind: 'unknown' } });
  });

  test('Given every call at which the process may die, when the event comes again, then exactly one message is told', async () => {
    const calls = await (async () => {
      const site = diagnosing(await aBlockedSite());
      await site.raise();
      return site.world.calls.length;
    })();
    expect(calls).toBeGreaterThan(10);
    for (const fate of ['fail-before', 'fail-after'] as const)
      for (let last = 1; last <= calls; last += 1) {
        const site = diagnosing(await aBlockedSite());
        const since = site.world.clock.now();
        site.world.onCall((k) => (k === last ? fate : 'proceed'));
        await site.raise({ since }).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
        site.world.onCall();
        site.world.restart();
        await site.raise({ since });
        expect([fate, last, site.told().map(({ body }) => body.kind)]).toEqual([fate, last, ['alarm-explained']]);
      }
  });
});

describe('who changed what', () => {
  test('Given that CloudTrail told before the alarm, then the first message says who, and a day-old change is left out', async () => {
    const site = diagnosing(await aBlockedSite());
    await site.trail({ eventId: 'a', at: new Date('2026-11-22T05:58:00.000Z') });
    await site.trail({
      eventId: 'b',
      at: new Date('2026-11-22T03:58:00.000Z'),
      action: 'AuthorizeSecurityGroupEgress',
    });
    await site.raise();
    expect(site.explained()[0]).toMatchObject({
      awaitsTrail: false,
      changes: [
        {
          what: 'RevokeSecurityGroupIngress',
          subject: { id: 'sg-web' },
          by: 'suzuki',
          via: 'console',
          at: '2026-11-22T05:58:00.000Z',
          isOurs: false,
        },
      ],
    });
  });

  test('Given that it tells minutes later, then one more message in the same story says who; told once', async () => {
    const site = diagnosing(await aBlockedSite());
    await site.raise();
    await site.pass(120);
    await site.trail({ at: new Date('2026-11-22T05:59:00.000Z') });
    await site.pass(1_800);
    expect(site.told().map((report) => [report.matter, report.body.kind])).toEqual([
      [matter, 'alarm-explained'],
      [matter, 'change-told'],
    ]);
    expect(site.told()[1]?.body).toMatchObject({ changes: [{ what: 'RevokeSecurityGroupIngress', by: 'suzuki' }] });
  });

  test('Given more changes than a message has room for, then each of them is told in the end, once', async () => {
    const site = diagnosing(await aBlockedSite());
    const ids = Array.from({ length: 17 }, (_, index) => `e-${index}`);
    for (const [index, eventId] of ids.entries())
      await site.trail({ eventId, at: new Date(Date.parse('2026-11-22T05:40:00.000Z') + index * 1_000) });
    await site.raise();
    await site.raise({ name: 'web-prod-too-few' });
    await site.pass(1_800);
    const told = site
      .told()
      .flatMap(({ body }) => (body.kind === 'alarm-explained' || body.kind === 'change-told' ? body.changes : []));
    expect(told).toHaveLength(17);
    expect(new Set(told.map(({ at }) => at)).size).toBe(17);
  });

  test('Given that it never tells, then nothing more is said', async () => {
    const site = diagnosing(await aBlockedSite());
    await site.raise();
    await site.pass(3_600);
    expect(site.told()).toHaveLength(1);
  });
});

describe('composite alarms', () => {
  const composite = {
    name: 'web-prod',
    basis: {
      kind: 'composite',
      rule: 'ALARM("web-prod-unhealthy") OR ALARM("cpu")',
      triggeringAlarms: ['web-prod-unhealthy'],
      childAlarms: ['web-prod-unhealthy', 'cpu'],
    },
  } as const;

  test('Given a child about a balancer, then its group is explained under the composite’s name', async () => {
    const site = diagnosing(await aBlockedSite());
    site.alarms.set('web-prod-unhealthy', anAlarm(site.world));
    expect(await site.raise(composite)).toEqual(['tell']);
    expect(site.explained()[0]).toMatchObject({ alarm: 'web-prod', targetGroup: { name: 'web' } });
  });

  test('Given two raised children about one group, whichever comes first, then it is told for the most telling of them', async () => {
    for (const childAlarms of [
      ['web-slow', 'web-prod-unhealthy'],
      ['web-prod-unhealthy', 'web-slow'],
    ]) {
      const site = diagnosing(await aBlockedSite());
      const unhealthy = anAlarm(site.world);
      const [metric] = unhealthy.basis.kind === 'metrics' ? unhealthy.basis.metrics : [];
      if (metric === undefined) throw new Error('the alarm watches nothing');
      site.alarms.set('web-prod-unhealthy', unhealthy);
      site.alarms.set('web-slow', {
        ...unhealthy,
        name: 'web-slow',
        basis: {
          kind: 'metrics',
          metrics: [{ ...metric, name: 'TargetResponseTime' }],
          isMath: false,
          isAnomaly: false,
        },
      });
      const basis = { ...composite.basis, triggeringAlarms: [], childAlarms };
      expect(await site.raise({ ...composite, basis })).toEqual(['tell']);
      expect(site.explained()[0]).toMatchObject({ symptom: { kind: 'unhealthy-hosts' } });
    }
  });

  test('Given a child that is a composite itself, then its children are asked for', async () => {
    const site = diagnosing(await aBlockedSite());
    site.alarms.set('inner', anAlarm(site.world, composite));
    site.alarms.set('web-prod-unhealthy', anAlarm(site.world));
    const outer = { ...composite.basis, childAlarms: ['inner'], triggeringAlarms: [] };
    expect(await site.raise({ name: 'outer', basis: outer })).toEqual(['tell']);
  });

  test('Given that one of its two groups is well before it ends, then its end is the end for both', async () => {
    const site = diagnosing(await aBlockedSite());
    const both = {
      ...composite.basis,
      triggeringAlarms: [],
      childAlarms: ['web-prod-unhealthy', 'api-prod-unhealthy'],
    };
    const api = {
      ...anAlarm(site.world).basis,
      metrics: [
        {
          namespace: 'AWS/ApplicationELB',
          name: 'UnHealthyHostCount',
          dimensions: { LoadBalancer: 'app/api-alb/fedcba9876543210', TargetGroup: 'targetgroup/api/fedcba9876543210' },
          statistic: 'Minimum',
          periodSeconds: 60,
        },
      ],
    } as const;
    site.alarms.set('web-prod-unhealthy', anAlarm(site.world));
    site.alarms.set(
      'api-prod-unhealthy',
      anAlarm(site.world, {
        name: 'api-prod-unhealthy',
        basis: { ...api, kind: 'metrics', isMath: false, isAnomaly: false },
      }),
    );
    expect(await site.raise({ name: 'web-prod', basis: both })).toEqual(['tell', 'tell']);
    await site.pass(1_200);
    site.alarms.set('web-prod-unhealthy', anAlarm(site.world, { state: 'OK' }));
    const ended = await site.raise({ name: 'web-prod', basis: both, state: 'OK', previousState: 'ALARM' });
    expect(ended).toEqual(['recovered', 'recovered']);
  });

  test('Given no such child, then it is ignored, with the reason in the log', async () => {
    const site = diagnosing(await aBlockedSite());
    expect(await site.raise(composite)).toEqual(['ignored']);
    expect(site.told()).toEqual([]);
    expect(site.world.log).toContainEqual({
      event: 'alarm-ignored',
      alarm: 'web-prod',
      reason: 'NoChildOfBalancers',
    });
  });
});

describe('another account', () => {
  const OTHER = '210987654321';
  const watching = (accountId: string) => {
    const metric = {
      namespace: 'AWS/ApplicationELB',
      name: 'UnHealthyHostCount',
      dimensions: { TargetGroup: 'targetgroup/web/0123456789abcdef' },
      statistic: 'Minimum',
      periodSeconds: 60,
      accountId,
    };
    return { basis: { kind: 'metrics', metrics: [metric], isMath: false, isAnomaly: false } } as const;
  };
  const elsewhere = { reason: 'WatchesElsewhere', evidence: { account: OTHER, region: 'ap-northeast-1' } };

  test('Given an alarm of ours on its metric, whose group is called as ours, then it is told where it is, and ours is not looked at', async () => {
    const site = diagnosing(await aBlockedSite());
    expect(await site.raise(watching(OTHER))).toEqual(['tell']);
    expect(site.told()).toMatchObject([
      {
        severity: 'warning',
        body: {
          targetGroup: { name: 'web', id: WEB.replace('123456789012', OTHER) },
          effect: { kind: 'unknown' },
          health: undefined,
          targets: [],
          findings: [elsewhere],
          fix: [],
          changes: [],
          awaitsTrail: false,
        },
      },
    ]);
    expect(site.explained()[0]?.findings).toHaveLength(1);
    expect(new Set(site.world.calls.filter(({ kind }) => kind === 'read').map(({ name }) => name))).toEqual(
      new Set(['alarms.readAlarms']),
    );
    site.world.clock.advance(60);
    expect(await site.recover(watching(OTHER))).toEqual(['recovered']);
    expect(site.told()[1]?.body).toMatchObject({ kind: 'alarm-recovered', health: undefined });
  });

  test('Given our own account named by the metric, then it is as ever', async () => {
    const site = diagnosing(await aBlockedSite());
    await site.raise(watching('123456789012'));
    expect(site.explained()[0]?.findings[0]).toMatchObject({ reason: 'IngressMissing' });
  });

  test('Given its alarm, when the stage trusts it, then it is told where it is, and no look asks how it stands', async () => {
    const site = diagnosing(await aBlockedSite());
    expect(await site.raiseIn(OTHER)).toEqual(['tell']);
    expect(site.explained()[0]).toMatchObject({ findings: [elsewhere], fix: [] });
    await site.pass(7_200);
    expect(site.told()).toHaveLength(1);
    expect(looksOf(site)).toBe(0);
    expect(await site.raiseIn(OTHER, { state: 'OK', previousState: 'ALARM' })).toEqual(['recovered']);
  });

  test('Given its alarm, when nobody trusts it, then it is ignored', async () => {
    const site = diagnosing(await aBlockedSite());
    expect(await site.raiseIn('345678901234')).toEqual(['elsewhere']);
    expect(site.told()).toEqual([]);
  });

  test('Given a composite of its, whose children can’t be asked for, then it is ignored unless it is tagged', async () => {
    const site = diagnosing(await aBlockedSite());
    const basis = {
      kind: 'composite',
      rule: 'ALARM("web-prod-unhealthy")',
      triggeringAlarms: [],
      childAlarms: ['web-prod-unhealthy'],
    } as const;
    site.alarms.set('web-prod-unhealthy', anAlarm(site.world));
    expect(await site.raiseIn(OTHER, { basis })).toEqual(['ignored']);
    expect(await site.raiseIn(OTHER, { basis, tags: { 'usher:explain': 'true' } })).toEqual(['tell']);
    expect(site.explained()[0]?.findings).toMatchObject([elsewhere]);
  });
});

test('Given an alarm that wants more healthy ones than are registered, then that is the cause', async () => {
  const world = aWorld({ instances: [ONE, TWO] });
  const targets = [ONE, TWO].map(({ instanceId }) => ({ id: instanceId, port: 80 }));
  await world.ports.loadBalancing.registerTargets(WEB, targets);
  world.clock.advance(3_600);
  for (const { id } of targets) world.balancing.answers.set(id, HEALTHY);
  const site = diagnosing(world);
  const metric = {
    namespace: 'AWS/ApplicationELB',
    name: 'HealthyHostCount',
    dimensions: { LoadBalancer: 'app/web-alb/0123456789abcdef', TargetGroup: 'targetgroup/web/0123456789abcdef' },
    statistic: 'Minimum',
    periodSeconds: 60,
  };
  await site.raise({
    basis: { kind: 'metrics', metrics: [metric], isMath: false, isAnomaly: false },
    threshold: 3,
    recentValues: [2],
  });
  expect(site.explained()[0]?.findings.find(({ reason }) => reason === 'TooFewHealthy')).toMatchObject({
    evidence: { healthy: '2', needed: '3', of: '2', targetGroup: 'web' },
  });
});

test('Given a thousand alarms of other namespaces, then none is told, and no call is made for them', async () => {
  const site = diagnosing(await aBlockedSite());
  const metric = {
    namespace: 'AWS/EC2',
    name: 'CPUUtilization',
    dimensions: {},
    statistic: 'Average',
    periodSeconds: 60,
  };
  const basis = { kind: 'metrics', metrics: [metric], isMath: false, isAnomaly: false } as const;
  for (let index = 0; index < 1_000; index += 1) await site.raise({ name: `cpu-${index}`, basis });
  expect(site.told()).toEqual([]);
  expect(site.world.calls).toEqual([]);
  expect(site.world.log.filter(({ event }) => event === 'alarm-ignored')).toHaveLength(1_000);
  expect(site.counted).toEqual(Array.from({ length: 1_000 }, () => 'AlarmsIgnored OtherNamespace'));
});

test('Given a query that somebody tagged usher:explain, then it is told for what it is', async () => {
  const site = diagnosing(await aBlockedSite());
  expect(await site.raise({ name: 'query', tags: { 'usher:explain': 'true' }, basis: { kind: 'query' } })).toEqual([
    'tell',
  ]);
  expect(site.explained()[0]).toMatchObject({
    alarm: 'query',
    symptom: { kind: 'other' },
    targetGroup: undefined,
    fix: [],
  });
});
