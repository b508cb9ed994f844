import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../../domain/diagnosis/diagnose.ts';
import { effectOf } from '../../../domain/diagnosis/effect.ts';
import type { Finding } from '../../../domain/finding.ts';
import { read, unreadable } from '../../../domain/reading.ts';
import type { World } from './world.ts';
import {
  albWorld,
  allOut,
  answering,
  classicWorld,
  everybody,
  gathered,
  gwlbWorld,
  healthy,
  nlbWorld,
  unwell,
  W1,
  W2,
  W3,
} from './world.ts';

const right = albWorld();
const all = (reason: string, world: World = right) => everybody(world, (id) => unwell(id, reason));
const shut = (world: World): World => ({ ...world, rules: { ...world.rules, 'sg-web': [allOut('sg-web')] } });
const effect = (world: World) => effectOf(gathered(world));
const unused = (id: string) => unwell(id, 'Target.InvalidState', { state: 'unused' });

describe('Given an Application balancer without a healthy target', () => {
  test.each([
    ['nobody is registered', { ...right, members: [] }, { kind: 'down', code: '503' }],
    ['all are unused', everybody(right, unused), { kind: 'down', code: '503' }],
    ['no connection comes about', all('Target.FailedHealthChecks'), { kind: 'down', code: '502' }],
    ['no answer comes', all('Target.Timeout'), { kind: 'down', code: '504' }],
    ['the way is blocked, whatever the code', shut(all('Target.FailedHealthChecks')), { kind: 'down', code: '504' }],
    [
      'some refuse and some are silent',
      { ...right, members: [unwell(W1, 'Target.Timeout'), unwell(W2, 'Target.FailedHealthChecks')] },
      { kind: 'down', code: undefined },
    ],
    ['they answer, with a wrong code', everybody(right, (id) => answering(id, 404)), { kind: 'fail-open' }],
    [
      'one of them answers',
      { ...right, members: [answering(W1, 404), unwell(W2, 'Target.Timeout')] },
      { kind: 'fail-open' },
    ],
    [
      'some are unused and the others silent',
      { ...right, members: [unused(W1), unwell(W2, 'Target.Timeout')] },
      { kind: 'down', code: '504' },
    ],
    [
      'all are still registering',
      everybody(right, (id) => unwell(id, 'Elb.InitialHealthChecking', { state: 'initial' })),
      { kind: 'unknown' },
    ],
  ])('when %s, then visitors notice just that', (_case, world, expected) => {
    expect(effect(world)).toEqual(expected);
  });
});

describe('Given another balancer without a healthy target', () => {
  test.each([
    [
      'a Classic one refuses',
      everybody(classicWorld(), (id) => unwell(id, 'Target.FailedHealthChecks', { port: undefined })),
      { kind: 'down', code: '503' },
    ],
    [
      'a Classic one whose listeners speak no HTTP refuses',
      everybody({ ...classicWorld(), listeners: [{ protocol: 'TCP', port: 25, targetGroupArns: [] }] }, (id) =>
        unwell(id, 'Target.FailedHealthChecks', { port: undefined }),
      ),
      { kind: 'down', code: undefined },
    ],
    [
      'a Gateway one drops',
      everybody(gwlbWorld(), (id) => unwell(id, 'Target.FailedHealthChecks', { port: 6081 })),
      { kind: 'down', code: undefined },
    ],
    ['a Network one sends to all', all('Target.FailedHealthChecks', nlbWorld()), { kind: 'fail-open' }],
    ['a Network one has nobody', nlbWorld({ members: [] }), { kind: 'down', code: undefined }],
    ['a Network one has nobody in use', everybody(nlbWorld(), unused), { kind: 'down', code: undefined }],
  ])('when %s, then visitors notice just that', (_case, world, expected) => {
    expect(effect(world)).toEqual(expected);
  });
});

describe('Given healthy targets', () => {
  const alone = { ...right.attributes, crossZone: false };

  test.each([
    ['others are not well', { ...right, members: [healthy(W1), unwell(W2, 'Target.Timeout')] }, { kind: 'none' }],
    [
      'a zone that stands alone has none',
      { ...right, attributes: alone, members: [healthy(W1), unwell(W2, 'Target.Timeout')] },
      { kind: 'partly', zones: ['ap-northeast-1c'] },
    ],
    [
      'the balancer answers 502',
      { ...right, symptom: { kind: 'balancer-error', code: '502' } as const },
      { kind: 'errors', code: '502' },
    ],
    [
      'the balancer answers some 5xx',
      { ...right, symptom: { kind: 'balancer-error', code: 'other' } as const },
      { kind: 'errors', code: undefined },
    ],
    [
      'targets answer with errors',
      { ...right, symptom: { kind: 'target-error' } as const },
      { kind: 'errors', code: undefined },
    ],
    [
      'connections fail',
      { ...right, symptom: { kind: 'connection-errors' } as const },
      { kind: 'errors', code: undefined },
    ],
    ['answers are late', { ...right, symptom: { kind: 'slow' } as const }, { kind: 'slow' }],
    [
      'another metric is out of bounds',
      { ...right, symptom: { kind: 'other', metric: 'RequestCount' } as const },
      { kind: 'none' },
    ],
  ])('when %s, then visitors notice just that', (_case, world, expected) => {
    expect(effect(world)).toEqual(expected);
  });
});

describe('Given what could not be looked at', () => {
  test.each([
    ['the members', { members: unreadable('denied') }],
    ['the group', { targetGroup: unreadable('denied') }],
  ])('when %s are unread, then the effect is unknown, and the severity a warning', (_what, more) => {
    expect(diagnose(gathered(right, more))).toMatchObject({ effect: { kind: 'unknown' }, severity: 'warning' });
  });

  test('when the group is gone, then the effect is unknown, and nobody is woken', () => {
    const gone = { targetGroup: read(undefined), members: read([]), listeners: unreadable('denied') };
    expect(diagnose(gathered(right, gone))).toMatchObject({ effect: { kind: 'unknown' }, severity: 'warning' });
  });
});

describe('Given the share of healthy targets', () => {
  const severity = (world: World) => diagnose(gathered(world)).severity;

  test.each([
    ['none of three', all('Target.Timeout'), 'critical'],
    ['none registered', { ...right, members: [] }, 'critical'],
    [
      'all leaving',
      everybody(right, (id) => unwell(id, 'Target.DeregistrationInProgress', { state: 'draining' })),
      'critical',
    ],
    [
      'one of three',
      { ...right, members: [healthy(W1), unwell(W2, 'Target.Timeout'), unwell(W3, 'Target.Timeout')] },
      'warning',
    ],
    ['two of three', { ...right, members: [healthy(W1), healthy(W2), unwell(W3, 'Target.Timeout')] }, 'warning'],
    ['all, while requests fail', { ...right, symptom: { kind: 'balancer-error', code: '502' } as const }, 'warning'],
    ['all', right, 'information'],
    [
      'none, of a group that nothing uses',
      { ...everybody(right, unused), targetGroup: { ...right.targetGroup, loadBalancerArns: [] } },
      'information',
    ],
  ])('when it is %s, then the severity follows', (_share, world, expected) => {
    expect(severity(world)).toBe(expected);
  });

  test('when it is told, then with how many, in which zones, and who carries the traffic', () => {
    const world = { ...right, members: [healthy(W1), unwell(W2, 'Target.Timeout'), healthy(W3)] };
    expect(diagnose(gathered(world)).health).toEqual({
      healthy: 2,
      total: 3,
      zones: [
        { name: 'ap-northeast-1a', healthy: 2 },
        { name: 'ap-northeast-1c', healthy: 0 },
      ],
      names: ['web-1', 'web-3'],
    });
    expect(diagnose(gathered(world, { members: unreadable('denied') })).health).toBeUndefined();
  });
});

describe('Given targets that are well', () => {
  const turnedAway = (severity: Finding['severity'], port = '443') =>
    read([{ reason: 'ClientsNotAdmitted', severity, evidence: { port } }] satisfies readonly Finding[]);

  test('when the balancer’s own groups turn everybody away at its only door, then nobody says that visitors are served', () => {
    const shutDoor = gathered(right, { clients: turnedAway('warning') });
    expect(effectOf(shutDoor)).toEqual({ kind: 'unknown' });
    expect(diagnose(shutDoor).severity).toBe('warning');
  });

  test.each([
    ['only some are turned away', turnedAway('information')],
    ['another door stands open', turnedAway('warning', '8443')],
    ['it could not be read', unreadable('denied')],
  ])('when %s, then it is as their health says', (_case, clients) => {
    expect(effectOf(gathered(right, { clients }))).toEqual({ kind: 'none' });
  });
});
