import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Finding } from '../../domain/finding.ts';
import type { Pace } from '../../domain/following.ts';
import {
  decideAll,
  decideOn,
  followedTargets,
  healthFinding,
  healthySinceOf,
  nextLookSeconds,
  secondsUntilNextReport,
  unreachedLookSeconds,
} from '../../domain/following.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { TargetHealth, TargetState } from '../../domain/target.ts';
import type { HealthCheck } from '../../domain/target-group.ts';
import { AT, anAddedRule, aRegistration, aTarget, secondsLater } from './ledger-entries.ts';

/** The pace of `serverless.yml`. */
const PACE: Pace = { patienceSeconds: 120, secondsBetweenReports: 60 };

const health = (state: TargetState, reason?: string): TargetHealth => ({
  target: { id: 'i-00000001', port: 80 },
  state,
  reason,
  description: undefined,
});

const obstacle: Finding = { reason: 'RuleNotWritten', severity: 'warning', evidence: {} };
const sharing: Finding = { reason: 'BalancerGroupShared', severity: 'information', evidence: {} };

const withFinding = (finding: Finding): LedgerEntry =>
  aRegistration({ matter: { ...aRegistration().matter, findings: [finding] } });

const NOTHING_MISSING: ReadonlySet<string> = new Set();
const MISSING: ReadonlySet<string> = new Set(['i-00000001:80']);

const decide = (entry: LedgerEntry, seen: TargetHealth | undefined, seconds: number, missing = MISSING) => {
  const [followed] = followedTargets([entry]);
  if (followed === undefined) throw new Error('nothing is followed');
  return decideOn(followed, seen, secondsLater(seconds), PACE, { healthySince: new Map(), missing });
};

describe('who is followed', () => {
  test('Given a rule and a registration for one target, when they are followed, then it is one target since the earlier of them', () => {
    const rule = anAddedRule({ intendedAt: secondsLater(-3).toISOString() });
    expect(followedTargets([rule, aRegistration()])).toEqual([
      {
        key: 'i-00000001:80',
        target: { name: 'web-1', instanceId: 'i-00000001', port: 80, availabilityZone: 'ap-northeast-1a' },
        entries: [rule, aRegistration()],
        since: secondsLater(-3),
        registeredByUs: true,
        saidNotInService: false,
      },
    ]);
  });

  test('Given a rule for two targets that others register, when it is followed, then both are, and neither by our registration', () => {
    const rule = anAddedRule({ matter: { ...anAddedRule().matter, targets: [aTarget('1'), aTarget('2')] } });
    expect(followedTargets([rule]).map(({ key, registeredByUs }) => [key, registeredByUs])).toEqual([
      ['i-00000001:80', false],
      ['i-00000002:80', false],
    ]);
  });
});

describe('what a look decides', () => {
  /** State, seconds since the registration, whether an obstacle is known → decision. */
  const cases: readonly (readonly [TargetState | 'gone', number, boolean, string])[] = [
    ['healthy', 23, false, 'in-service'],
    ['healthy', 4000, true, 'in-service'],
    ['initial', 899, false, 'undecided'],
    ['initial', 899, true, 'undecided'],
    ['initial', 900, false, 'not-in-service'],
    ['unavailable', 900, false, 'not-in-service'],
    ['unhealthy', 119, false, 'undecided'],
    ['unhealthy', 120, false, 'not-in-service'],
    ['unhealthy.draining', 120, false, 'not-in-service'],
    ['unhealthy', 5, true, 'not-in-service'],
    ['unused', 0, false, 'not-in-service'],
    ['draining', 0, false, 'not-in-service'],
    ['gone', 59, false, 'undecided'],
    ['gone', 60, false, 'not-in-service'],
  ];
  test.each(cases)(
    'Given a target that is %s after %i s (obstacle known: %s), when it is looked at, then it is %s',
    (state, seconds, hasObstacle, kind) => {
      const entry = hasObstacle ? withFinding(obstacle) : aRegistration();
      expect(decide(entry, state === 'gone' ? undefined : health(state), seconds).kind).toBe(kind);
    },
  );

  test('Given something worth knowing that stands in nobody’s way, when the target fails, then it is waited for all the same', () => {
    expect(decide(withFinding(sharing), health('unhealthy'), 119).kind).toBe('undecided');
  });

  test('Given a registered target that one look does not find, when the look before did, then it is looked at again', () => {
    expect(decide(aRegistration(), undefined, 300, NOTHING_MISSING).kind).toBe('undecided');
    expect(decide(aRegistration(), undefined, 300)).toMatchObject({ kind: 'not-in-service', last: true });
  });

  test('Given a path that could not be judged, when the target fails, then it is given its time: that is no obstacle', () => {
    const unknown: Finding = { reason: 'PathUnknown', severity: 'warning', evidence: {} };
    expect(decide(withFinding(unknown), health('unhealthy'), 119).kind).toBe('undecided');
  });

  test('Given a healthy target, when it is decided on, then the seconds since its registration are given, never less than none', () => {
    expect(decide(aRegistration(), health('healthy'), 23.4)).toMatchObject({ kind: 'in-service', afterSeconds: 23 });
    expect(decide(aRegistration(), health('healthy'), -5)).toMatchObject({ kind: 'in-service', afterSeconds: 0 });
  });

  test('Given a target that earlier looks saw healthy, when it is decided on, then by the first of them since its registration', () => {
    const seen = (since: number) =>
      decideAll([aRegistration()], [health('healthy')], secondsLater(80), PACE, {
        healthySince: new Map([['i-00000001:80', secondsLater(since)]]),
        missing: new Set(),
      });
    expect(seen(23)[0]?.decision).toEqual({ kind: 'in-service', healthySince: secondsLater(23), afterSeconds: 23 });
    expect(seen(-1)[0]?.decision).toEqual({ kind: 'in-service', healthySince: secondsLater(80), afterSeconds: 80 });
    expect(healthySinceOf(seen(23))).toEqual(new Map([['i-00000001:80', secondsLater(23)]]));
  });

  test('Given a target that its owner registers, when it is not in the group yet, then it is waited for a quarter of an hour', () => {
    expect(decide(anAddedRule(), undefined, 899).kind).toBe('undecided');
    expect(decide(anAddedRule(), undefined, 900)).toMatchObject({
      kind: 'not-in-service',
      reason: 'Target.NotRegistered',
      last: true,
    });
  });

  test('Given a target said not to be in service, when it stays so, then only its recovery or the end of the hour is told', () => {
    const said = aRegistration({ telling: 'said-not-in-service' });
    for (const state of ['unhealthy', 'unused', 'draining', 'initial'] as const)
      expect(decide(said, health(state), 3599).kind).toBe('undecided');
    expect(decide(said, undefined, 3599).kind).toBe('undecided');
    expect(decide(said, health('unhealthy'), 3600)).toMatchObject({ kind: 'not-in-service', last: true });
    expect(decide(said, health('healthy'), 3599).kind).toBe('in-service');
  });

  test.each([
    ['unhealthy', 120, false],
    ['unused', 0, false],
    ['draining', 0, true],
  ] as const)(
    'Given a target that is %s, when it is first said, then whether it was the last word is %s s → %s',
    (state, seconds, last) => {
      expect(decide(aRegistration(), health(state), seconds)).toMatchObject({ last });
    },
  );

  test('a target that is healthy is in service whatever was said, and time never takes a decision back', () => {
    const states: readonly TargetState[] = [
      'initial',
      'healthy',
      'unhealthy',
      'unhealthy.draining',
      'unused',
      'draining',
      'unavailable',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...states),
        fc.nat(5000),
        fc.nat(5000),
        fc.constantFrom('open', 'said-not-in-service' as const),
        fc.boolean(),
        (state, seconds, more, telling, hasObstacle) => {
          const entry = { ...(hasObstacle ? withFinding(obstacle) : aRegistration()), telling };
          const now = decide(entry as LedgerEntry, health(state), seconds).kind;
          const later = decide(entry as LedgerEntry, health(state), seconds + more).kind;
          if (state === 'healthy') expect(now).toBe('in-service');
          else expect(now).not.toBe('in-service');
          if (now !== 'undecided') expect(later).toBe(now);
          expect(decide(entry as LedgerEntry, health(state), 3600).kind).not.toBe('undecided');
        },
      ),
    );
  });
});

describe('when the next look is', () => {
  const decided = (state: TargetState, seconds: number, entry = aRegistration()) =>
    decideAll([entry], [health(state)], secondsLater(seconds), PACE);

  test('Given something undecided, when the next look is set, then it is in ten seconds', () => {
    expect(nextLookSeconds(decided('initial', 5), 0, PACE)).toBe(10);
  });

  test('Given only endings that are awaited, when the next look is set, then it is in a minute', () => {
    const said = aRegistration({ telling: 'said-not-in-service' });
    expect(nextLookSeconds(decided('unhealthy', 200, said), 0, PACE)).toBe(60);
  });

  test('Given something that could be told but for the minute between reports, when the next look is set, then it is when that minute is over', () => {
    expect(nextLookSeconds(decided('healthy', 30), 42, PACE)).toBe(42);
  });

  test('Given a report, when another is to follow, then a minute must lie between', () => {
    expect(secondsUntilNextReport(undefined, AT, PACE)).toBe(0);
    expect(secondsUntilNextReport(AT, secondsLater(18), PACE)).toBe(42);
    expect(secondsUntilNextReport(AT, secondsLater(60), PACE)).toBe(0);
    expect(secondsUntilNextReport(AT, secondsLater(-30), PACE)).toBe(60);
  });

  test('Given the longest pace that a stage may have, when only traffic is awaited, then the look is one that a queue can delay', () => {
    expect(unreachedLookSeconds(PACE)).toBe(300);
    expect(unreachedLookSeconds({ ...PACE, secondsBetweenReports: 181 })).toBe(900);
    expect(unreachedLookSeconds({ ...PACE, secondsBetweenReports: 900 })).toBe(900);
  });
});

describe('what the balancer says', () => {
  const unwell = (reason: string | undefined, description?: string) =>
    ({ kind: 'not-in-service', state: 'unhealthy', reason, description, sinceSeconds: 120, last: false }) as const;
  const said = (reason: string | undefined, description?: string) =>
    healthFinding(unwell(reason, description), 8080, undefined);
  const check = (port: HealthCheck['port']): HealthCheck => ({
    protocol: 'HTTP',
    port,
    path: '/health',
    intervalSeconds: 30,
    timeoutSeconds: 5,
    healthyThreshold: 10,
    unhealthyThreshold: 2,
  });

  test.each([
    ['traffic-port', '8080'],
    [9000, '9000'],
  ] as const)(
    'Given a check of port %s, when it is said, then the port is %s: the one that is asked',
    (port, asked) => {
      expect(healthFinding(unwell('Target.Timeout'), 8080, check(port)).evidence).toEqual({ port: asked });
    },
  );

  test('Given an instance behind a Classic balancer, when its check fails, then the whole check is named and no port of its own', () => {
    const sentence = 'Instance has failed at least the UnhealthyThreshold number of health checks consecutively.';
    expect(healthFinding(unwell('Target.FailedHealthChecks', sentence), undefined, check(80))).toEqual({
      reason: 'Target.FailedHealthChecks',
      severity: 'warning',
      evidence: { check: 'HTTP:80/health' },
      remedy: "curl -im 5 'http://localhost:80/health'",
    });
    expect(healthFinding(unwell('Target.FailedHealthChecks', sentence), undefined, undefined).evidence).toEqual({
      description: sentence,
    });
  });

  test.each<[string, string, number | undefined, Partial<HealthCheck> | undefined, string | undefined]>([
    ['nothing answers', 'Target.FailedHealthChecks', 8080, {}, "sudo ss -ltnp 'sport = :8080'"],
    [
      'nothing answers on the check’s own port',
      'Target.FailedHealthChecks',
      8080,
      { port: 9000 },
      "sudo ss -ltnp 'sport = :9000'",
    ],
    ['the check could not be read', 'Target.FailedHealthChecks', 8080, undefined, "sudo ss -ltnp 'sport = :8080'"],
    [
      'the answer is late',
      'Target.Timeout',
      8080,
      { timeoutSeconds: 10 },
      "curl -im 10 'http://localhost:8080/health'",
    ],
    [
      'a code is not accepted',
      'Target.ResponseCodeMismatch',
      8443,
      { protocol: 'HTTPS' },
      "curl -kim 5 'https://localhost:8443/health'",
    ],
    ['the path is left to its default', 'Target.Timeout', 80, { path: undefined }, "curl -im 5 'http://localhost:80/'"],
    ['a late answer is asked for by TCP', 'Target.Timeout', 8080, { protocol: 'TCP', path: undefined }, undefined],
    ['the path could end the quotes', 'Target.Timeout', 8080, { path: "/a'; reboot #" }, undefined],
    ['gRPC is asked', 'Target.ResponseCodeMismatch', 8080, { path: '/AWS.ALB/healthcheck' }, undefined],
    ['an unread check is late', 'Target.Timeout', 8080, undefined, undefined],
    [
      'a Classic balancer asks by TCP',
      'Target.FailedHealthChecks',
      undefined,
      { protocol: 'TCP', port: 25, path: undefined },
      "sudo ss -ltnp 'sport = :25'",
    ],
    ['the reason is the balancer’s own', 'Elb.InternalError', 8080, {}, undefined],
  ])('Given that %s, then the line to run on the host is the one that shows why', (_, reason, port, parts, line) => {
    const asked = parts === undefined ? undefined : { ...check('traffic-port'), ...parts };
    expect(healthFinding(unwell(reason), port, asked).remedy).toBe(line);
  });

  test('Given a reason code of the API, when it is said, then it is a reason of ours with port and description', () => {
    expect(said('Target.ResponseCodeMismatch', 'Health checks failed with these codes: [500]')).toEqual({
      reason: 'Target.ResponseCodeMismatch',
      severity: 'warning',
      evidence: { port: '8080', description: 'Health checks failed with these codes: [500]' },
    });
  });

  test('Given a code the API has grown since, or none, when it is said, then the code itself is the evidence', () => {
    expect(said('Target.OnFire')).toEqual({
      reason: 'HealthReasonUnknown',
      severity: 'warning',
      evidence: { port: '8080', code: 'Target.OnFire' },
    });
    expect(said(undefined).evidence).toEqual({ port: '8080', code: '-' });
  });
});
