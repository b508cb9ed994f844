import { describe, expect, test } from '@jest/globals';
import { checkFailOpen, checkOneZone, checkZonesWithoutTargets } from '../../../../domain/diagnosis/checks/zones.ts';
import { unreadable } from '../../../../domain/reading.ts';
import type { World } from '../world.ts';
import {
  albWorld,
  anInstanceIn,
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
  ZONES,
} from '../world.ts';

const right = albWorld();
const alone = { ...right.attributes, crossZone: false };
/** web-2 is the only one in 1c. */
const secondFails: World = { ...right, members: [healthy(W1), unwell(W2, 'Target.Timeout'), healthy(W3)] };

describe('Given zones that stand alone', () => {
  test('when one that takes requests has no healthy target, then it is named', () => {
    expect(checkZonesWithoutTargets(gathered({ ...secondFails, attributes: alone }))).toEqual([
      {
        reason: 'ZoneWithoutTargets',
        severity: 'warning',
        evidence: { zones: ZONES.c, loadBalancer: 'web-alb' },
      },
    ]);
  });

  test.each([
    ['each has a healthy target', gathered({ ...right, attributes: alone })],
    ['requests go over to other zones', gathered(secondFails)],
    ['it is not known whether they do', gathered({ ...secondFails, attributes: { ...alone, crossZone: undefined } })],
    ['attributes could not be read', gathered({ ...secondFails }, { attributes: unreadable('denied') })],
    [
      'nobody is healthy anywhere',
      gathered({ ...everybody(right, (id) => unwell(id, 'Target.Timeout')), attributes: alone }),
    ],
    [
      'the zone of a healthy one is not known',
      gathered({ ...secondFails, attributes: alone, instances: [anInstanceIn('c', W2)] }),
    ],
  ])('when %s, then nothing is said', (_case, evidence) => {
    expect(checkZonesWithoutTargets(evidence)).toEqual([]);
  });
});

describe('Given healthy targets in one zone only', () => {
  test('when others stand elsewhere and fail, then it is worth knowing', () => {
    expect(checkOneZone(gathered(secondFails))).toEqual([
      { reason: 'AllHealthyInOneZone', severity: 'information', evidence: { zone: ZONES.a, healthy: '2' } },
    ]);
  });

  test.each([
    ['all targets stand there', gathered({ ...right, members: [healthy(W1), unwell(W3, 'Target.Timeout')] })],
    [
      'healthy ones stand in both',
      gathered({ ...right, members: [healthy(W1), healthy(W2), unwell(W3, 'Target.Timeout')] }),
    ],
    ['nobody is healthy', gathered(everybody(right, (id) => unwell(id, 'Target.Timeout')))],
    [
      'the zone of a healthy one is not known',
      gathered({ ...secondFails, instances: [anInstanceIn('c', W2), anInstanceIn('a', W3)] }),
    ],
  ])('when %s, then nothing is said', (_case, evidence) => {
    expect(checkOneZone(evidence)).toEqual([]);
  });
});

describe('Given nobody who is healthy', () => {
  const fails = (world: World) => gathered(everybody(world, (id) => unwell(id, 'Target.FailedHealthChecks')));

  test.each([
    ['an Application balancer', right, '3'],
    ['a Network balancer', nlbWorld(), '3'],
  ])('when %s sends to all the same, then that is said', (_kind, world, count) => {
    expect(checkFailOpen(fails(world))).toEqual([
      {
        reason: 'FailOpen',
        severity: 'information',
        evidence: { targets: 'web-1, web-2', count, of: count, targetGroup: 'web' },
      },
    ]);
  });

  test.each([
    ['a Classic balancer refuses', fails(classicWorld())],
    ['a Gateway balancer drops', fails(gwlbWorld())],
    ['one is healthy', gathered(secondFails)],
    ['all are unused', gathered(everybody(right, (id) => unwell(id, 'Target.NotInUse', { state: 'unused' })))],
    ['nobody is registered', gathered({ ...right, members: [] })],
  ])('when %s, then nothing is said', (_case, evidence) => {
    expect(checkFailOpen(evidence)).toEqual([]);
  });
});
