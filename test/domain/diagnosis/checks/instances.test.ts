import { describe, expect, test } from '@jest/globals';
import {
  checkImages,
  checkSourceDestination,
  checkStatusChecks,
} from '../../../../domain/diagnosis/checks/instances.ts';
import { read, unreadable } from '../../../../domain/reading.ts';
import { albWorld, anInstanceIn, everybody, gathered, gwlbWorld, healthy, unwell, W1, W2, W3 } from '../world.ts';

const right = albWorld();
const thirdTimesOut = { ...right, members: [healthy(W1), healthy(W2), unwell(W3, 'Target.Timeout')] };
const WEB_3 = { targets: 'web-3', count: '1', of: '3', targetGroup: 'web' };

describe('Given EC2’s own checks', () => {
  test.each([
    ['the instance’s fails', { instance: 'impaired' } as const, 'instance'],
    ['the host’s fails', { system: 'impaired' } as const, 'system'],
    ['both fail', { instance: 'impaired', system: 'impaired' } as const, 'both'],
  ])('when %s of a target that does not answer, then that is found', (_case, checks, check) => {
    expect(checkStatusChecks(gathered({ ...thirdTimesOut, statusChecks: { [W3]: checks } }))).toEqual([
      { reason: 'StatusCheckFailed', severity: 'warning', evidence: { check, ...WEB_3 } },
    ]);
  });

  test.each([
    ['they pass', gathered(thirdTimesOut)],
    [
      'they are still being made',
      gathered({ ...thirdTimesOut, statusChecks: { [W3]: { instance: 'initializing', system: 'insufficient-data' } } }),
    ],
    [
      'they fail on a target that is healthy',
      gathered({ ...thirdTimesOut, statusChecks: { [W1]: { instance: 'impaired' } } }),
    ],
    ['they could not be read', gathered(thirdTimesOut, { statusChecks: unreadable('denied') })],
  ])('when %s, then nothing is said', (_case, evidence) => {
    expect(checkStatusChecks(evidence)).toEqual([]);
  });
});

describe('Given the images that targets run', () => {
  const withImages = (...images: readonly (string | undefined)[]) => ({
    ...thirdTimesOut,
    instances: [W1, W2, W3].map((id, index) => anInstanceIn(id === W2 ? 'c' : 'a', id, { imageId: images[index] })),
  });

  test('when all that are unhealthy run another than all healthy ones, then both are named', () => {
    expect(checkImages(gathered(withImages('ami-1', 'ami-1', 'ami-2')))).toEqual([
      { reason: 'ImagesDiffer', severity: 'warning', evidence: { image: 'ami-2', otherImage: 'ami-1', ...WEB_3 } },
    ]);
  });

  test.each([
    ['all run the same', gathered(withImages('ami-1', 'ami-1', 'ami-1'))],
    ['healthy ones run several', gathered(withImages('ami-1', 'ami-3', 'ami-2'))],
    ['a healthy one runs the same as the unhealthy one', gathered(withImages('ami-1', 'ami-2', 'ami-2'))],
    ['the image of the unhealthy one is not known', gathered(withImages('ami-1', 'ami-1', undefined))],
    ['the image of a healthy one is not known', gathered(withImages('ami-1', undefined, 'ami-2'))],
    [
      'nobody is healthy',
      gathered(everybody(withImages('ami-1', 'ami-1', 'ami-2'), (id) => unwell(id, 'Target.Timeout'))),
    ],
    [
      'one of the unhealthy runs what healthy ones do',
      gathered({
        ...withImages('ami-1', 'ami-1', 'ami-2'),
        members: [healthy(W1), unwell(W2, 'Target.Timeout'), unwell(W3, 'Target.Timeout')],
      }),
    ],
    ['all are healthy', gathered({ ...withImages('ami-1', 'ami-1', 'ami-2'), members: right.members })],
    [
      'instances could not be read',
      gathered(withImages('ami-1', 'ami-1', 'ami-2'), { instances: unreadable('denied') }),
    ],
  ])('when %s, then nothing is said', (_case, evidence) => {
    expect(checkImages(evidence)).toEqual([]);
  });
});

describe('Given the source/destination check', () => {
  const halfWell = (unchecked: readonly string[]) =>
    gwlbWorld({ members: [healthy(W1, 6081), unwell(W2, 'Target.FailedHealthChecks', { port: 6081 })], unchecked });

  test('when an appliance that fails has it on, then it drops what it should forward, and a line turns it off', () => {
    expect(checkSourceDestination(gathered(halfWell([W1])))).toEqual([
      {
        reason: 'SourceDestinationCheckOn',
        severity: 'warning',
        evidence: { targets: 'web-2', count: '1', of: '2', targetGroup: 'web' },
        remedy: `aws ec2 modify-instance-attribute --instance-id ${W2} --no-source-dest-check --region ap-northeast-1`,
      },
    ]);
  });

  const byAddress = (address: string) => ({
    ...halfWell([W1]),
    members: [healthy(W1, 6081), unwell(address, 'Target.FailedHealthChecks', { port: 6081 })],
  });
  const wornBySecond = (address: string, instance = anInstanceIn('c', W2)) =>
    gathered(byAddress(address), { instances: read(new Map([[`${address}:6081`, instance]])) });

  test('when an appliance that fails is registered by its first address, then it is its instance that is asked', () => {
    expect(checkSourceDestination(wornBySecond('10.0.2.2'))).toMatchObject([
      { reason: 'SourceDestinationCheckOn', evidence: { targets: 'web-2' }, remedy: expect.stringContaining(W2) },
    ]);
  });

  test('when it is registered by an address of another interface, then nothing is known of that one', () => {
    expect(checkSourceDestination(wornBySecond('10.0.9.9'))).toEqual([]);
  });

  test('when several appliances have it on, then no one line mends it', () => {
    const all = everybody(gwlbWorld({ unchecked: [] }), (id) =>
      unwell(id, 'Target.FailedHealthChecks', { port: 6081 }),
    );
    expect(checkSourceDestination(gathered(all))).toMatchObject([{ evidence: { count: '2' } }]);
    expect(checkSourceDestination(gathered(all))[0]).not.toHaveProperty('remedy');
  });

  test('when a web server that fails forwards, unlike all that are healthy, then it is worth knowing', () => {
    expect(checkSourceDestination(gathered({ ...thirdTimesOut, unchecked: [W3] }))).toEqual([
      { reason: 'SourceDestinationCheckOff', severity: 'information', evidence: WEB_3 },
    ]);
  });

  test.each([
    ['an appliance that fails has it off', gathered(halfWell([W1, W2]))],
    ['a healthy appliance has it on', gathered(halfWell([W2]))],
    [
      'it could not be read of an appliance',
      gathered(halfWell([W1]), { sourceDestinationChecks: unreadable('denied') }),
    ],
    ['healthy web servers forward too', gathered({ ...thirdTimesOut, unchecked: [W1, W3] })],
    ['a web server that fails has it on', gathered(thirdTimesOut)],
    [
      'nobody is healthy to compare with',
      gathered({ ...everybody(right, (id) => unwell(id, 'Target.Timeout')), unchecked: [W1, W2, W3] }),
    ],
  ])('when %s, then nothing is said', (_case, evidence) => {
    expect(checkSourceDestination(evidence)).toEqual([]);
  });
});
