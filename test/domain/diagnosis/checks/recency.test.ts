import { describe, expect, test } from '@jest/globals';
import { checkDeploys, checkWarmingUp } from '../../../../domain/diagnosis/checks/recency.ts';
import { read, unreadable } from '../../../../domain/reading.ts';
import type { World } from '../world.ts';
import { albWorld, anInstanceIn, gathered, healthy, NOW, unwell, W1, W2, W3 } from '../world.ts';

const right = albWorld();
const secondsAgo = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);

const thirdLaunched = (seconds: number, more: Partial<World> = {}): World => ({
  ...right,
  instances: [anInstanceIn('a', W1), anInstanceIn('c', W2), anInstanceIn('a', W3, { launchedAt: secondsAgo(seconds) })],
  members: [healthy(W1), healthy(W2), unwell(W3, 'Target.Timeout')],
  ...more,
});

const WEB_3 = { targets: 'web-3', count: '1', of: '3', targetGroup: 'web' };

describe('Given a target that was launched a short time ago', () => {
  test('when it fails, then it may still be starting', () => {
    expect(checkWarmingUp(gathered(thirdLaunched(299)))).toEqual([
      { reason: 'WarmingUp', severity: 'information', evidence: { seconds: '299', ...WEB_3 } },
    ]);
  });

  test('when it is healthy and answers are slow, then it is said that it gets its share slowly', () => {
    const world = thirdLaunched(100, {
      members: right.members,
      symptom: { kind: 'slow' },
      attributes: { ...right.attributes, slowStartSeconds: 120 },
    });
    expect(checkWarmingUp(gathered(world))).toEqual([
      { reason: 'WarmingUp', severity: 'information', evidence: { seconds: '100', slowStartSeconds: '120', ...WEB_3 } },
    ]);
  });

  const slowly = { ...right.attributes, slowStartSeconds: 120 };

  test.each([
    ['it was launched five minutes ago', thirdLaunched(300)],
    ['it is healthy', thirdLaunched(60, { members: right.members })],
    [
      'its slow start is over',
      thirdLaunched(120, { members: right.members, symptom: { kind: 'slow' }, attributes: slowly }),
    ],
    ['there is no slow start', thirdLaunched(60, { members: right.members, symptom: { kind: 'slow' } })],
    ['the alarm is not about answers', thirdLaunched(60, { members: right.members, attributes: slowly })],
  ])('when %s, then nothing is said', (_case, world) => {
    expect(checkWarmingUp(gathered(world))).toEqual([]);
  });
});

describe('Given somebody who puts targets in and out', () => {
  const deploys = [
    { kind: 'codedeploy', name: 'd-1', since: secondsAgo(60) },
    { kind: 'registration', name: 'web', since: secondsAgo(20) },
  ] as const;

  test('when some are not well, then each is told of', () => {
    expect(checkDeploys(gathered(thirdLaunched(9_999, { deploys })))).toEqual([
      {
        reason: 'DeployInProgress',
        severity: 'information',
        evidence: { deploy: 'codedeploy', name: 'd-1', seconds: '60' },
      },
      {
        reason: 'DeployInProgress',
        severity: 'information',
        evidence: { deploy: 'registration', name: 'web', seconds: '20' },
      },
    ]);
  });

  test('when nobody is registered, then it is told of too', () => {
    expect(checkDeploys(gathered({ ...right, deploys, members: [] }))).toHaveLength(2);
  });

  test.each([
    ['all are well', gathered({ ...right, deploys })],
    ['it could not be read', gathered(thirdLaunched(9_999), { deploys: unreadable('denied') })],
    ['nothing goes on', gathered(thirdLaunched(9_999), { deploys: read([]) })],
  ])('when %s, then nothing is said', (_case, evidence) => {
    expect(checkDeploys(evidence)).toEqual([]);
  });
});
