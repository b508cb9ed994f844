import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../../domain/diagnosis/diagnose.ts';
import type { Incident } from '../../../domain/diagnosis/incident.ts';
import { placeIncident } from '../../../domain/diagnosis/incident.ts';
import type { ToldChange } from '../../../domain/diagnosis/report.ts';
import type { Explanation } from '../../../domain/diagnosis/reports.ts';
import { alarmExplainedReport, alarmRecoveredReport, changeToldReport } from '../../../domain/diagnosis/reports.ts';
import { read, unreadable } from '../../../domain/reading.ts';
import { aStage, loadBalancerArn, targetGroupArn } from '../../support/world/builders.ts';
import { anAlarm } from './alarms.ts';
import { albWorld, allOut, everybody, gathered, healthy, NOW, unwell } from './world.ts';

const stage = aStage({ destinations: ['default', 'web-team'] });
const alarm = anAlarm();
const right = albWorld();
const down = {
  ...everybody(right, (id) => unwell(id, 'Target.Timeout')),
  rules: { ...right.rules, 'sg-web': [allOut('sg-web')] },
};

const incidentOf = (...alarms: readonly (typeof alarm)[]): Incident =>
  alarms.reduce<Incident | undefined>((kept, each) => {
    const placement = placeIncident(kept, each, each.since ?? NOW);
    return placement.kind === 'nothing' ? kept : placement.incident;
  }, undefined) ?? {
    openedAt: NOW,
    raised: new Map(),
    lastSeen: new Map(),
    endedAt: undefined,
    endTold: false,
    timesRaised: 1,
    toldAt: NOW,
    gone: [],
  };

const explanation = (more: Partial<Explanation> = {}): Explanation => {
  const evidence = more.evidence ?? gathered(down);
  return {
    alarm,
    incident: incidentOf(alarm),
    evidence,
    diagnosis: diagnose(evidence),
    site: 'www.example.co.jp',
    changes: [],
    fix: [],
    awaitsTrail: true,
    ...more,
  };
};

const explained = (more: Partial<Explanation> = {}) => alarmExplainedReport(explanation(more), stage, NOW);

const CHANGE: ToldChange = {
  what: 'RevokeSecurityGroupIngress',
  subject: { name: 'sg-web', id: 'sg-web' },
  by: 'suzuki',
  via: 'console',
  at: '2026-11-22T18:01:00.000Z',
  isOurs: false,
};

describe('Given an alarm with its diagnosis', () => {
  test('when it is told, then with the effect, who, since when, the causes and what is known beside them', () => {
    const deploys = read([
      { kind: 'codedeploy', name: 'd-1', since: new Date('2026-11-22T18:00:00.000Z') } as const,
      { kind: 'instance-refresh', name: 'web-asg', since: new Date('2026-11-22T18:01:00.000Z') } as const,
    ]);
    const report = explained({ evidence: gathered(down, { deploys }), changes: [CHANGE] });
    expect(report).toMatchObject({
      severity: 'critical',
      destination: 'default',
      matter: `alarm|${targetGroupArn('web')}`,
      at: NOW.toISOString(),
    });
    expect(report.body).toMatchObject({
      kind: 'alarm-explained',
      alarm: 'web-prod-unhealthy',
      symptom: { kind: 'unhealthy-hosts' },
      site: 'www.example.co.jp',
      targetGroup: { name: 'web', id: targetGroupArn('web') },
      loadBalancer: { name: 'web-alb', id: loadBalancerArn('web-alb') },
      health: { healthy: 0, total: 3 },
      since: '2026-11-22T18:02:00.000Z',
      effect: { kind: 'down', code: '504' },
      network: 'blocked',
      changes: [CHANGE],
      deploy: { kind: 'instance-refresh', name: 'web-asg', since: '2026-11-22T18:01:00.000Z' },
      awaitsTrail: true,
      timesRaised: 1,
    });
    if (report.body.kind !== 'alarm-explained') throw new Error('expected an explained alarm');
    expect(report.body.findings[0]?.reason).toBe('IngressMissing');
    expect(report.body.targets[0]).toEqual({
      name: 'web-1',
      instanceId: 'i-00000001',
      port: 80,
      availabilityZone: 'ap-northeast-1a',
      state: 'unhealthy',
      reason: 'Target.Timeout',
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test('when its event comes twice, then it is one report; another change of it is another', () => {
    expect(explained().key).toBe(alarmExplainedReport(explanation(), stage, new Date(NOW.getTime() + 60_000)).key);
    const later = anAlarm({ since: new Date('2026-11-22T18:03:00.000Z') });
    expect(explained({ alarm: later }).key).not.toBe(explained().key);
  });

  test('when hundreds are down, then twenty are listed and the health counts them all', () => {
    const ids = Array.from({ length: 300 }, (_, index) => `10.0.9.${index}`);
    const evidence = gathered({ ...down, members: ids.map((id) => unwell(id, 'Target.Timeout')) });
    expect(explained({ evidence }).body).toMatchObject({ health: { healthy: 0, total: 300 } });
    const { body } = explained({ evidence });
    expect(body.kind === 'alarm-explained' ? body.targets : []).toHaveLength(20);
  });

  test('when it came back, then it is since the last time, and says how often', () => {
    const back = anAlarm({ since: new Date('2026-11-22T18:04:00.000Z') });
    const ended = anAlarm({ state: 'OK', since: new Date('2026-11-22T18:03:00.000Z') });
    const incident = incidentOf(alarm, ended, back);
    expect(explained({ alarm: back, incident }).body).toMatchObject({
      since: '2026-11-22T18:04:00.000Z',
      timesRaised: 2,
    });
  });

  test('when the group names a destination of the stage, then that hears of it', () => {
    const tagged = { ...down, targetGroup: { ...down.targetGroup, tags: { 'usher:channel': 'web-team' } } };
    expect(explained({ evidence: gathered(tagged) }).destination).toBe('web-team');
  });

  test('when group and balancer could not be read, then they are named by their ARNs', () => {
    const evidence = gathered(down, { targetGroup: unreadable('denied'), loadBalancer: unreadable('denied') });
    expect(explained({ evidence }).body).toMatchObject({
      targetGroup: { name: 'web', id: targetGroupArn('web') },
      loadBalancer: { name: 'web-alb', id: loadBalancerArn('web-alb') },
    });
  });

  test('when the alarm names the balancer only, then no group is named', () => {
    const subject = { ...gathered(down).subject, targetGroupArn: undefined };
    const evidence = gathered(down, { subject, targetGroup: read(undefined) });
    const report = explained({ evidence });
    expect(report.body).toMatchObject({ targetGroup: undefined });
    expect(report.matter).toBe(`alarm|${loadBalancerArn('web-alb')}`);
  });
});

describe('Given a story that goes on', () => {
  const ended = anAlarm({ state: 'OK', since: new Date('2026-11-22T18:09:00.000Z') });
  const story = {
    alarmName: alarm.name,
    subject: gathered(right).subject,
    incident: incidentOf(alarm, ended),
    tags: { 'usher:channel': 'web-team' },
  };

  test('when CloudTrail tells who changed what, then it is told under the same matter, once', () => {
    const report = changeToldReport(story, [CHANGE], stage, NOW);
    expect(report).toMatchObject({
      matter: explained().matter,
      destination: 'web-team',
      severity: 'information',
      body: { kind: 'change-told', alarm: alarm.name, changes: [CHANGE] },
    });
    expect(changeToldReport(story, [CHANGE], stage, new Date()).key).toBe(report.key);
    expect(changeToldReport(story, [{ ...CHANGE, at: '2026-11-22T18:01:30.000Z' }], stage, NOW).key).not.toBe(
      report.key,
    );
  });

  test('when it ends, then with how long it was and how many are healthy now', () => {
    const end = { health: { healthy: 2, total: 2 }, downSeconds: 420, wasDown: true, changes: [CHANGE] };
    expect(alarmRecoveredReport(story, end, stage, NOW)).toMatchObject({
      matter: explained().matter,
      destination: 'web-team',
      severity: 'information',
      body: {
        kind: 'alarm-recovered',
        alarm: alarm.name,
        targetGroup: { name: 'web', id: targetGroupArn('web') },
        health: { healthy: 2, total: 2 },
        downSeconds: 420,
        wasDown: true,
        alarmsGone: [],
        timesRaised: 1,
        changes: [CHANGE],
      },
    });
  });
});

test('Given a healthy world, when its alarm is explained all the same, then no target is listed and no cause claimed', () => {
  const evidence = gathered({ ...right, members: right.members.map(({ target }) => healthy(target.id)) });
  expect(explained({ evidence, diagnosis: diagnose(evidence) }).body).toMatchObject({
    targets: [],
    findings: [],
    effect: { kind: 'none' },
  });
});
