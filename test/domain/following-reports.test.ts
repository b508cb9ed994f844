import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../domain/finding.ts';
import { decideAll } from '../../domain/following.ts';
import {
  entriesOf,
  inServiceReport,
  isInService,
  isNotInService,
  notInServiceReport,
  reportedChanges,
} from '../../domain/following-reports.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { aStage } from '../support/world/builders.ts';
import { anAddedRule, aRegistration, aTarget, secondsLater } from './ledger-entries.ts';

const second = aRegistration({
  entryId: '2026-11-22T05:00:01.000Z-c',
  change: { ...aRegistration().change, target: { id: 'i-00000002', port: 80 } } as LedgerEntry['change'],
  matter: { ...aRegistration().matter, targets: [aTarget('2')] },
});

const member = (digit: string, state: TargetHealth['state']): TargetHealth => ({
  target: { id: `i-0000000${digit}`, port: 80 },
  state,
  reason: state === 'healthy' ? undefined : 'Target.Timeout',
  description: undefined,
});

const about = (seconds: number) => ({
  stage: aStage(),
  health: { healthy: 1, total: 2 },
  now: secondsLater(seconds),
});

const decided = (entries: readonly LedgerEntry[], members: readonly TargetHealth[], seconds: number) =>
  decideAll(entries, members, secondsLater(seconds), aStage());

const healthy = (entries: readonly LedgerEntry[], seconds = 23) =>
  decided(entries, [member('1', 'healthy'), member('2', 'healthy')], seconds).filter(isInService);

const unwell = (entries: readonly LedgerEntry[], seconds = 130) =>
  decided(entries, [member('1', 'unhealthy'), member('2', 'unhealthy')], seconds).filter(isNotInService);

const ingress: Finding = { reason: 'IngressMissing', severity: 'warning', evidence: { port: '80' } };
const withheld: Finding = { reason: 'RuleNotWritten', severity: 'warning', evidence: { because: 'Held' } };
const full: Finding = { reason: 'SecurityGroupFull', severity: 'warning', evidence: { rules: '60' } };
const sharing: Finding = { reason: 'BalancerGroupShared', severity: 'information', evidence: {} };

const knowing = (...findings: readonly Finding[]): LedgerEntry =>
  aRegistration({ matter: { ...aRegistration().matter, findings } });

describe('changes', () => {
  test('Given a rule and two registrations on one port, when they are reported, then the rule is named and the registrations are counted', () => {
    expect(reportedChanges([anAddedRule(), aRegistration(), second])).toEqual([
      {
        kind: 'rule-added',
        securityGroup: { name: 'web-servers', id: 'sg-web' },
        direction: 'ingress',
        protocol: 'tcp',
        port: 80,
        peer: { name: 'web-alb', id: 'sg-alb' },
        ruleId: 'sgr-1',
      },
      { kind: 'target-registered', port: 80, count: 2 },
    ]);
  });

  test('Given entries of several targets, when they are gathered, then each is there once in time order', () => {
    const rule = anAddedRule({ matter: { ...anAddedRule().matter, targets: [aTarget('1'), aTarget('2')] } });
    expect(entriesOf(healthy([second, aRegistration(), rule])).map(({ entryId }) => entryId)).toEqual([
      '2026-11-22T05:00:00.000Z-a',
      '2026-11-22T05:00:00.000Z-b',
      '2026-11-22T05:00:01.000Z-c',
    ]);
  });
});

describe('in service', () => {
  test('Given the same look twice, when it is reported, then the key is the same; other targets have another', () => {
    const once = inServiceReport(healthy([aRegistration()]), about(23));
    const again = inServiceReport(healthy([aRegistration()], 400), about(400));
    expect(again.key).toBe(once.key);
    expect(inServiceReport(healthy([second]), about(23)).key).not.toBe(once.key);
    expect(inServiceReport(healthy([aRegistration(), second]), about(23)).key).not.toBe(once.key);
  });

  test('Given things known at registration, when the target is healthy, then only what is worth knowing all the same is said, once', () => {
    const report = inServiceReport(healthy([knowing(sharing, withheld, sharing)]), about(23));
    expect(report.body).toMatchObject({ findings: [sharing], recovered: false });
  });

  test('Given a target that was said not to be in service, when it is healthy, then it is recovered, and its changes are not said again', () => {
    const said = aRegistration({ telling: 'said-not-in-service' });
    expect(inServiceReport(healthy([said]), about(300)).body).toMatchObject({ recovered: true, changes: [] });
  });
});

describe('not in service', () => {
  const path = (verdict: 'passes' | 'blocked' | 'unknown', ...findings: readonly Finding[]) => ({
    verdict,
    findings,
    healthCheck: undefined,
  });
  const reasonsOf = (report: ReturnType<typeof notInServiceReport>) =>
    report.body.kind === 'targets-not-in-service' ? report.body.findings.map(({ reason }) => reason) : [];

  test('Given a blocked path, when it is reported, then what blocks comes first, then why we did not open it, then the balancer’s reason', () => {
    const report = notInServiceReport(
      unwell([knowing(withheld, full, sharing)]),
      path('blocked', ingress),
      60,
      about(130),
    );
    expect(reasonsOf(report)).toEqual(['IngressMissing', 'RuleNotWritten', 'SecurityGroupFull', 'Target.Timeout']);
  });

  test('Given a path that passes since, when it is reported, then an obstacle known once is not said any more', () => {
    const report = notInServiceReport(unwell([knowing(withheld)]), path('passes'), 60, about(130));
    expect(reasonsOf(report)).toEqual(['Target.Timeout']);
  });

  test('Given a first and a last report of one target, when they are keyed, then they differ, and only the first names a further look', () => {
    const first = notInServiceReport(unwell([aRegistration()]), path('passes'), 60, about(130));
    const said = aRegistration({ telling: 'said-not-in-service' });
    const last = notInServiceReport(unwell([said], 3600), path('passes'), 60, about(3600));
    expect(last.key).not.toBe(first.key);
    expect(first.body).toMatchObject({ looksAgainEverySeconds: 60, changes: [{ kind: 'target-registered' }] });
    expect(last.body).toMatchObject({ looksAgainEverySeconds: undefined, changes: [] });
  });

  test('Given two targets with the same reason, when they are reported, then it is said once, and both are named with their state', () => {
    const report = notInServiceReport(unwell([aRegistration(), second]), path('passes'), 60, about(130));
    expect(reasonsOf(report)).toEqual(['Target.Timeout']);
    expect(report).toMatchObject({
      severity: 'warning',
      destination: 'default',
      body: {
        targets: [
          { name: 'web-1', state: 'unhealthy', reason: 'Target.Timeout', sinceSeconds: 130 },
          { name: 'web-2', state: 'unhealthy', reason: 'Target.Timeout', sinceSeconds: 130 },
        ],
      },
    });
  });
});
