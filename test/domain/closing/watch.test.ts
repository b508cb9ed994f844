import { describe, expect, test } from '@jest/globals';
import { isLost, isOver, verdictOf, watchSeconds } from '../../../domain/closing/watch.ts';
import type { TargetHealth } from '../../../domain/target.ts';
import { aTargetGroup } from '../../support/world/builders.ts';

const WEB = { id: 'arn-web', name: 'web' };
const WATCHED = {
  groups: [{ targetGroup: WEB, members: ['i-1:80', 'i-2:80'], healthy: ['i-1:80'] }],
};

const health = (id: string, state: TargetHealth['state'], reason?: string): TargetHealth => ({
  target: { id, port: 80 },
  state,
  reason,
  description: undefined,
});

const verdict = (members: readonly TargetHealth[], deployed: readonly string[] = []) =>
  verdictOf(WATCHED, new Map([['arn-web', members]]), new Set(deployed));

test('A watch lasts as long as the slowest check takes to fail, and two minutes', () => {
  const check = aTargetGroup().healthCheck;
  expect(watchSeconds([check])).toBe(180);
  expect(watchSeconds([check, { ...check, unhealthyThreshold: 10, intervalSeconds: 300 }])).toBe(3120);
  expect(watchSeconds([])).toBe(120);
});

describe('What a look says', () => {
  test.each(['Target.Timeout', 'Target.FailedHealthChecks'])('who was healthy and is %s fell', (reason) => {
    expect(verdict([health('i-1', 'unhealthy', reason)])).toEqual({
      kind: 'fell',
      fell: ['i-1:80'],
      groups: [WEB],
    });
  });

  test.each([
    ['who is well', [health('i-1', 'healthy'), health('i-2', 'healthy')]],
    ['a wrong code: the path is open', [health('i-1', 'unhealthy', 'Target.ResponseCodeMismatch')]],
    ['who was unhealthy before', [health('i-2', 'unhealthy', 'Target.Timeout')]],
    ['who is leaving', [health('i-1', 'draining', 'Target.DeregistrationInProgress')]],
    ['nobody there any more', []],
  ] as const)('%s stands', (_, members) => {
    expect(verdict(members)).toEqual({ kind: 'stands' });
  });

  test('a group that could not be asked says nothing', () => {
    expect(verdictOf(WATCHED, new Map(), new Set())).toEqual({ kind: 'stands' });
  });

  test.each([
    ['a newcomer', [health('i-1', 'unhealthy', 'Target.Timeout'), health('i-3', 'initial')], []],
    ['a deployment', [health('i-1', 'unhealthy', 'Target.Timeout')], ['arn-web']],
  ] as const)('with %s it is unclear why somebody fell', (_, members, deployed) => {
    expect(verdict(members, deployed)).toMatchObject({ kind: 'unclear', fell: ['i-1:80'] });
  });
});

test('A watch is over from its end on, and lost when nobody looked for three minutes', () => {
  const watch = {
    ...WATCHED,
    rule: undefined as never,
    vpcId: 'vpc-1',
    securityGroup: WEB,
    destination: 'default',
    startedAt: '2026-11-22T05:00:00.000Z',
    until: '2026-11-22T05:03:00.000Z',
  };
  const at = (time: string) => new Date(`2026-11-22T05:${time}.000Z`);
  expect([isOver(watch, at('02:59')), isOver(watch, at('03:00'))]).toEqual([false, true]);
  expect([isLost(watch, at('02:59')), isLost(watch, at('03:00'))]).toEqual([false, true]);
  expect(isLost({ ...watch, lookedAt: '2026-11-22T05:02:00.000Z' }, at('04:59'))).toBe(false);
});
