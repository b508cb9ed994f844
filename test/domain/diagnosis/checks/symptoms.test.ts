import { describe, expect, test } from '@jest/globals';
import {
  checkAnswersOfBalancer,
  checkAnswersOfTargets,
  checkHairpin,
  checkNoHealthyTarget,
  checkUnreachable,
} from '../../../../domain/diagnosis/checks/symptoms.ts';
import type { Symptom } from '../../../../domain/diagnosis/subject.ts';
import { unreadable } from '../../../../domain/reading.ts';
import { anAlb } from '../../../support/world/builders.ts';
import type { World } from '../world.ts';
import {
  albWorld,
  allOut,
  answering,
  everybody,
  gathered,
  healthy,
  NLB_ARN,
  nlbWorld,
  unwell,
  W1,
  W2,
  W3,
} from '../world.ts';

const right = albWorld();
const error = (code: '502' | '503' | '504' | 'other'): Symptom => ({ kind: 'balancer-error', code });
const showing = (symptom: Symptom, world: World = right): World => ({ ...world, symptom });
const refused = everybody(right, (id) => unwell(id, 'Target.FailedHealthChecks'));
const ALL = { targets: 'web-1, web-2', count: '3', of: '3', targetGroup: 'web' };

describe('Given a 503 of the balancer’s own', () => {
  test('when no registered target is healthy, then that is why', () => {
    expect(checkNoHealthyTarget(gathered(showing(error('503'), refused)))).toEqual([
      { reason: 'NoHealthyTarget', severity: 'warning', evidence: { code: '503', ...ALL } },
    ]);
  });

  test.each([
    ['one is healthy', showing(error('503'), { ...refused, members: [healthy(W1), unwell(W2, 'Target.Timeout')] })],
    ['nobody is registered, which is told by itself', showing(error('503'), { ...right, members: [] })],
    ['it is a 502', showing(error('502'), refused)],
    ['the alarm is about hosts', refused],
  ])('when %s, then it is not said', (_case, world) => {
    expect(checkNoHealthyTarget(gathered(world))).toEqual([]);
  });
});

describe('Given requests that reach no target', () => {
  test.each([
    ['502', showing(error('502'), refused), '502'],
    [
      '504',
      showing(
        error('504'),
        everybody(right, (id) => unwell(id, 'Target.Timeout')),
      ),
      '504',
    ],
    ['any of 5xx', showing(error('other'), refused), undefined],
    ['connection errors', showing({ kind: 'connection-errors' }, refused), undefined],
  ])('when the alarm is about %s and targets take no connection, then they are named', (_what, world, code) => {
    expect(checkUnreachable(gathered(world))).toEqual([
      {
        reason: 'TargetUnreachable',
        severity: 'warning',
        evidence: { ...(code === undefined ? {} : { code }), ...ALL },
      },
    ]);
  });

  test('when healthy targets’ paths are blocked, then these are unreachable too', () => {
    const shut = showing(error('504'), { ...right, rules: { ...right.rules, 'sg-web': [allOut('sg-web')] } });
    expect(checkUnreachable(gathered(shut))).toMatchObject([{ evidence: { code: '504', count: '3' } }]);
  });

  test.each([
    ['all are healthy and the paths pass', showing(error('502'))],
    [
      'the unhealthy ones answer, with a wrong code',
      showing(
        error('502'),
        everybody(right, (id) => answering(id, 404)),
      ),
    ],
    ['it is a 503', showing(error('503'), refused)],
    ['the alarm is about hosts', refused],
  ])('when %s, then it is not said', (_case, world) => {
    expect(checkUnreachable(gathered(world))).toEqual([]);
  });
});

describe('Given 502 or 504 though all targets are well', () => {
  test('when it is 502, then one closed a connection that the balancer held open', () => {
    expect(checkAnswersOfBalancer(gathered(showing(error('502'))))).toEqual([
      { reason: 'TargetClosedConnection', severity: 'warning', evidence: { code: '502', idleTimeoutSeconds: '60' } },
    ]);
  });

  test('when it is 504, then an answer came later than the balancer waits', () => {
    expect(checkAnswersOfBalancer(gathered(showing(error('504'))))).toEqual([
      { reason: 'ApplicationSlow', severity: 'warning', evidence: { code: '504', idleTimeoutSeconds: '60' } },
    ]);
  });

  test('when the idle time-out could not be read, then it is left out', () => {
    const evidence = gathered(showing(error('504')), { attributes: unreadable('denied') });
    expect(checkAnswersOfBalancer(evidence)).toMatchObject([{ evidence: { code: '504' } }]);
    expect(checkAnswersOfBalancer(evidence)[0]?.evidence).not.toHaveProperty('idleTimeoutSeconds');
  });

  test.each([
    [
      'one is unhealthy',
      showing(error('502'), { ...right, members: [healthy(W1), unwell(W3, 'Target.FailedHealthChecks')] }),
    ],
    ['a path is blocked', showing(error('504'), { ...right, rules: { ...right.rules, 'sg-web': [] } })],
    ['it is a 503', showing(error('503'))],
    ['the code is not told', showing(error('other'))],
    ['nobody is registered', showing(error('502'), { ...right, members: [] })],
    ['the alarm is about hosts', right],
  ])('when %s, then neither is said', (_case, world) => {
    expect(checkAnswersOfBalancer(gathered(world))).toEqual([]);
  });
});

describe('Given what targets answer by themselves', () => {
  test('when answers are late, then the application is slow, with how long the balancer waits', () => {
    expect(checkAnswersOfTargets(gathered(showing({ kind: 'slow' })))).toEqual([
      { reason: 'ApplicationSlow', severity: 'warning', evidence: { idleTimeoutSeconds: '60' } },
    ]);
  });

  test('when they are errors, then they are the application’s own', () => {
    expect(checkAnswersOfTargets(gathered(showing({ kind: 'target-error' })))).toEqual([
      { reason: 'ApplicationErrors', severity: 'warning', evidence: {} },
    ]);
  });

  test.each([
    ['nobody is healthy', showing({ kind: 'slow' }, refused)],
    ['the alarm is about hosts', right],
    ['the errors are the balancer’s', showing(error('502'))],
  ])('when %s, then nothing is said', (_case, world) => {
    expect(checkAnswersOfTargets(gathered(world))).toEqual([]);
  });
});

describe('Given an internal Network balancer that preserves client addresses', () => {
  const lost = nlbWorld({ symptom: { kind: 'connection-errors' } });

  test.each([['connection-errors'], ['slow']] as const)(
    'when all are well and there is %s, then a target may be asking itself',
    (kind) => {
      expect(checkHairpin(gathered(nlbWorld({ symptom: { kind } })))).toEqual([
        {
          reason: 'HairpinWithPreservedAddresses',
          severity: 'information',
          evidence: { loadBalancer: 'tcp-nlb', targetGroup: 'web' },
        },
      ]);
    },
  );

  test.each([
    ['addresses are not preserved', { ...lost, attributes: { ...lost.attributes, preservesClientAddresses: false } }],
    [
      'it is not known whether they are',
      { ...lost, attributes: { ...lost.attributes, preservesClientAddresses: undefined } },
    ],
    [
      'it faces the internet',
      { ...lost, loadBalancer: anAlb({ kind: 'network', name: 'tcp-nlb', arn: NLB_ARN, securityGroupIds: [] }) },
    ],
    ['a target is not well', { ...lost, members: [healthy(W1), unwell(W2, 'Target.FailedHealthChecks')] }],
    ['the alarm is about hosts', nlbWorld()],
    ['it is an Application balancer', { ...showing({ kind: 'connection-errors' }), attributes: lost.attributes }],
  ])('when %s, then it is not said', (_case, world) => {
    expect(checkHairpin(gathered(world))).toEqual([]);
  });
});
