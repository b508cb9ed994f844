import { describe, expect, test } from '@jest/globals';
import { checkLeaving } from '../../../../domain/diagnosis/checks/leaving.ts';
import { checkElsewhere, checkGone, checkUnread } from '../../../../domain/diagnosis/checks/looking.ts';
import {
  checkGoneInstances,
  checkNoTargets,
  checkTooFewHealthy,
  checkUse,
} from '../../../../domain/diagnosis/checks/presence.ts';
import { read, unreadable } from '../../../../domain/reading.ts';
import { aTargetGroup, classicArn, loadBalancerArn, targetGroupArn } from '../../../support/world/builders.ts';
import { albWorld, anInstanceIn, classicWorld, gathered, healthy, unwell, W1, W2, W3 } from '../world.ts';

const right = albWorld();
const DENIED = unreadable('ec2 DescribeInstances was denied');

describe('Given readings that could not be made', () => {
  test('when the members are unread, then it is a warning that names what and why', () => {
    expect(checkUnread(gathered(right, { members: unreadable('denied') }))).toEqual([
      { reason: 'CouldNotLook', severity: 'warning', evidence: { what: 'members', why: 'denied' } },
    ]);
  });

  test('when only what adds to it is unread, then it is worth knowing', () => {
    const evidence = gathered(right, { deploys: DENIED, statusChecks: DENIED });
    expect(checkUnread(evidence).map(({ severity, evidence: { what } }) => [severity, what])).toEqual([
      ['information', 'status-checks'],
      ['information', 'deploys'],
    ]);
  });

  test('when all was read, also where nothing is there, then nothing is said', () => {
    expect(checkUnread(gathered(right))).toEqual([]);
    expect(checkUnread(gathered(right, { targetGroup: read(undefined), members: read([]) }))).toEqual([]);
  });
});

describe('Given an alarm that outlives what it watches', () => {
  test('when the group is gone, then that is said with its ARN', () => {
    expect(checkGone(gathered(right, { targetGroup: read(undefined) }))).toEqual([
      {
        reason: 'SubjectGone',
        severity: 'warning',
        evidence: { subject: 'target-group', id: targetGroupArn('web') },
      },
    ]);
  });

  test('when the balancer is gone, then that is said with its ARN', () => {
    expect(checkGone(gathered(right, { loadBalancer: read(undefined) }))).toEqual([
      {
        reason: 'SubjectGone',
        severity: 'warning',
        evidence: { subject: 'load-balancer', id: loadBalancerArn('web-alb') },
      },
    ]);
  });

  test('when a Classic balancer is gone, then it is said once, for it is its own group', () => {
    const gone = { targetGroup: read(undefined), loadBalancer: read(undefined) };
    expect(checkGone(gathered(classicWorld(), gone)).map(({ evidence }) => evidence['id'])).toEqual([
      classicArn('old-web'),
    ]);
  });

  test('when it could not be read, or the alarm names none, then it does not count as gone', () => {
    expect(checkGone(gathered(right, { targetGroup: unreadable('denied') }))).toEqual([]);
    const subject = { ...gathered(right).subject, targetGroupArn: undefined };
    expect(checkGone(gathered(right, { subject, targetGroup: read(undefined) }))).toEqual([]);
  });
});

describe('Given an alarm on what is elsewhere', () => {
  const elsewhere = { account: '210987654321', region: 'eu-west-1' };

  test('when it is told of, then it says where, and nothing of what was not even tried', () => {
    const evidence = gathered(right, { elsewhere, members: DENIED, instances: DENIED });
    expect(checkElsewhere(evidence)).toEqual([
      { reason: 'WatchesElsewhere', severity: 'warning', evidence: elsewhere },
    ]);
    expect(checkUnread(evidence)).toEqual([]);
  });

  test('when it is here, then nothing is said', () => {
    expect(checkElsewhere(gathered(right))).toEqual([]);
  });
});

describe('Given an alarm on too few healthy hosts', () => {
  const wanting = (needed: number | undefined, more = {}) =>
    gathered(right, { symptom: { kind: 'too-few-healthy-hosts', needed }, ...more });
  const count = right.members.length;

  test('when all are healthy and more are wanted, then that is said with both numbers', () => {
    const members = read(right.members.map(({ target }) => healthy(target.id)));
    expect(checkTooFewHealthy(wanting(count + 1, { members }))).toEqual([
      {
        reason: 'TooFewHealthy',
        severity: 'warning',
        evidence: { healthy: String(count), needed: String(count + 1), of: String(count), targetGroup: 'web' },
      },
    ]);
    expect(checkTooFewHealthy(wanting(count, { members }))).toEqual([]);
  });

  test('when it counts one zone, then the others’ are not counted', () => {
    const members = read([healthy(W1), healthy(W2)]);
    const subject = { ...gathered(right).subject, availabilityZone: 'ap-northeast-1a' };
    const [found] = checkTooFewHealthy(wanting(2, { members, subject }));
    expect(Number(found?.evidence['of'])).toBeLessThan(2);
  });

  test('when nobody tells how many are wanted, or who is there, then nothing is said', () => {
    expect(checkTooFewHealthy(wanting(undefined))).toEqual([]);
    expect(checkTooFewHealthy(wanting(9, { members: DENIED }))).toEqual([]);
    expect(checkTooFewHealthy(gathered(right))).toEqual([]);
  });
});

describe('Given a group without targets', () => {
  test('when it is empty, then it is critical', () => {
    expect(checkNoTargets(gathered(right, { members: read([]) }))).toEqual([
      { reason: 'NoTargets', severity: 'critical', evidence: { targetGroup: 'web' } },
    ]);
  });

  test.each([
    ['one is registered', { members: read([unwell(W1, 'Target.Timeout')]) }],
    ['the members could not be read', { members: unreadable('denied') }],
    ['the group itself is gone', { members: read([]), targetGroup: read(undefined) }],
  ])('when %s, then nothing is said', (_case, more) => {
    expect(checkNoTargets(gathered(right, more))).toEqual([]);
  });

  test('when all are leaving, then their leaving is the finding, and not that nothing is registered', () => {
    const draining = [W1, W2].map((id) => unwell(id, 'Target.DeregistrationInProgress', { state: 'draining' }));
    const evidence = gathered(right, { members: read(draining) });
    expect(checkLeaving(evidence)).toEqual([
      { reason: 'Target.DeregistrationInProgress', severity: 'warning', evidence: { count: '2', of: '2' } },
    ]);
    expect(checkNoTargets(evidence)).toEqual([]);
    expect(checkLeaving(gathered(right, { members: read([...draining, healthy(W3)]) }))).toEqual([]);
    expect(checkLeaving(gathered(right, { members: read([]) }))).toEqual([]);
  });
});

describe('Given a group that nothing sends to', () => {
  test.each([
    ['no listener uses it', { targetGroup: read(aTargetGroup({ loadBalancerArns: [] })) }, { targetGroup: 'web' }],
    [
      'the listeners send elsewhere',
      { listeners: read([{ protocol: 'HTTP', port: 80, targetGroupArns: [targetGroupArn('blog')] }]) },
      { targetGroup: 'web' },
    ],
  ])('when %s, then that is found', (_case, more, evidence) => {
    expect(checkUse(gathered(right, more))).toEqual([{ reason: 'GroupNotUsed', severity: 'warning', evidence }]);
  });

  test('when a Classic balancer has no listener, then that is found', () => {
    const world = classicWorld();
    const targetGroup = { ...world.targetGroup, loadBalancerArns: [] };
    expect(checkUse(gathered({ ...world, targetGroup }))).toEqual([
      { reason: 'GroupNotUsed', severity: 'warning', evidence: { loadBalancer: 'old-web' } },
    ]);
  });

  test.each([
    [
      'one of several rules uses it',
      gathered(right, {
        listeners: read([
          { protocol: 'HTTPS', port: 443, targetGroupArns: [targetGroupArn('blog'), targetGroupArn('web')] },
        ]),
      }),
    ],
    ['the listeners could not be read', gathered(right, { listeners: unreadable('denied') })],
    ['the group could not be read', gathered(right, { targetGroup: unreadable('denied'), listeners: read([]) })],
    ['a Classic balancer listens, whose listeners name no group', gathered(classicWorld())],
  ])('when %s, then nothing is said', (_case, evidence) => {
    expect(checkUse(evidence)).toEqual([]);
  });
});

describe('Given an instance that EC2 knows no more', () => {
  const members = [healthy(W1), healthy(W2), unwell(W3, 'Target.InvalidState', { state: 'unused' })];
  const world = { ...right, members, instances: [anInstanceIn('a', W1), anInstanceIn('c', W2)] };

  test('when it is still registered, then it counts as terminated', () => {
    expect(checkGoneInstances(gathered(world))).toEqual([
      {
        reason: 'InstanceNotRunning',
        severity: 'warning',
        evidence: { state: 'terminated', targets: W3, count: '1', of: '3', targetGroup: 'web' },
      },
    ]);
  });

  test.each([
    ['instances could not be read', gathered(world, { instances: unreadable('denied') })],
    ['it was not looked at, because the group is large', gathered(world, { lookedAt: new Set([`${W1}:80`]) })],
    ['the target is an address', gathered({ ...world, members: [unwell('10.0.9.9', 'Target.Timeout')] })],
    ['it is healthy, and only this read is stale', gathered({ ...world, members: [healthy(W3)] })],
  ])('when %s, then nothing is said', (_case, evidence) => {
    expect(checkGoneInstances(evidence)).toEqual([]);
  });
});
