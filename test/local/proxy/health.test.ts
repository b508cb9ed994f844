import { expect, test } from '@jest/globals';
import type { HealthMemory, Look } from '../../../local/proxy/health.ts';
import { afterLook, freshMemory, lookAt } from '../../../local/proxy/health.ts';
import type { FlowVerdict } from '../../../local/proxy/reachability.ts';
import type { GroupRow } from '../../../local/proxy/world.ts';

const START = new Date('2026-11-22T05:00:00Z');
const after = (milliseconds: number): Date => new Date(START.getTime() + milliseconds);
const TIMING = { registrationMilliseconds: 100, intervalMilliseconds: 10, healthyThreshold: 5, unhealthyThreshold: 2 };
const PASSED: Look = { kind: 'passed' };
const FAILED: Look = { kind: 'failed', reason: 'Target.Timeout', description: 'Request timed out' };
const UNUSED: Look = { kind: 'unused', reason: 'Target.NotInUse', description: 'no listener' };

const states = (looks: readonly (readonly [at: number, look: Look, changedAt?: number])[]): readonly string[] => {
  let memory: HealthMemory = freshMemory(START);
  return looks.map(([at, look, changedAt = 0]) => {
    const step = afterLook(memory, look, TIMING, after(changedAt), after(at));
    memory = step.memory;
    return [step.health.state, step.health.reason].filter(Boolean).join(' ');
  });
};

test('Given a new target, when it answers, then it is initial while registering and healthy after one check', () => {
  expect(
    states([
      [0, PASSED],
      [99, PASSED],
      [100, PASSED],
    ]),
  ).toEqual(['initial Elb.RegistrationInProgress', 'initial Elb.RegistrationInProgress', 'healthy']);
});

test('Given a new target, when nothing answers, then it is unhealthy after as many checks as the group asks for', () => {
  expect(
    states([
      [100, FAILED],
      [109, FAILED],
      [110, FAILED],
    ]),
  ).toEqual(['initial Elb.InitialHealthChecking', 'initial Elb.InitialHealthChecking', 'unhealthy Target.Timeout']);
});

test('Given a healthy target, when its rule is revoked, then it turns unhealthy two intervals after that', () => {
  expect(
    states([
      [100, PASSED],
      [210, FAILED, 200],
      [219, FAILED, 200],
      [220, FAILED, 200],
    ]),
  ).toEqual(['healthy', 'healthy', 'healthy', 'unhealthy Target.Timeout']);
});

test('Given an unhealthy target, when the rule is added, then it is healthy five intervals after that, and not before', () => {
  expect(
    states([
      [200, FAILED],
      [349, PASSED, 300],
      [350, PASSED, 300],
    ]),
  ).toEqual(['unhealthy Target.Timeout', 'unhealthy Target.FailedHealthChecks', 'healthy']);
});

test('Given changes elsewhere all the time, when a target goes on failing, then they do not start its count again', () => {
  expect(
    states([
      [100, FAILED],
      [105, FAILED, 104],
      [110, FAILED, 109],
    ]).at(-1),
  ).toBe('unhealthy Target.Timeout');
});

test('Given a target that nobody used, when a listener comes, then it registers anew', () => {
  expect(
    states([
      [500, UNUSED],
      [600, PASSED, 590],
      [690, PASSED, 590],
    ]),
  ).toEqual(['unused Target.NotInUse', 'initial Elb.RegistrationInProgress', 'healthy']);
});

const group = { healthProtocol: 'HTTP' } as GroupRow;
const PASSES: FlowVerdict = { kind: 'passes' };
const blocked = (hop: 'listener' | 'zone' | 'target-ingress'): FlowVerdict => ({ kind: 'blocked', hop, because: '' });

test.each([
  ['application', blocked('listener'), 'running', 'answers', 'Target.NotInUse'],
  ['application', blocked('zone'), 'running', 'answers', 'Target.NotInUse'],
  ['application', PASSES, 'stopped', 'answers', 'Target.InvalidState'],
  ['application', blocked('target-ingress'), 'running', 'answers', 'Target.Timeout'],
  ['network', blocked('target-ingress'), 'running', 'answers', 'Target.FailedHealthChecks'],
  ['gateway', blocked('target-ingress'), 'running', 'answers', 'Target.FailedHealthChecks'],
  ['application', PASSES, 'running', 'refuses', 'Target.FailedHealthChecks'],
  ['application', PASSES, 'running', 'silent', 'Target.Timeout'],
  ['application', PASSES, 'running', 'wrong-code', 'Target.ResponseCodeMismatch'],
  ['network', PASSES, 'running', 'wrong-code', 'Target.FailedHealthChecks'],
] as const)(
  'Given %s with %j, %s and %s, when it is looked at, then the reason is %s',
  (kind, verdict, state, behaviour, reason) => {
    expect(lookAt(group, kind, verdict, state, behaviour)).toMatchObject({ reason });
  },
);

test('Given a check that only connects, when the application answers with errors, then it passes', () => {
  const tcp = { ...group, healthProtocol: 'TCP' };
  expect(lookAt(tcp, 'network', PASSES, 'running', 'wrong-code')).toEqual({ kind: 'passed' });
});

test('Given a wrong code, when an ALB says why, then it names the code', () => {
  expect(lookAt(group, 'application', PASSES, 'running', 'wrong-code')).toMatchObject({
    description: 'Health checks failed with these codes: [503]',
  });
});
