import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { groupHealth, imageDifference, launchedBy, unlikeOthers } from '../../domain/group-health.ts';
import type { Instance } from '../../domain/instance.ts';
import type { TargetHealth, TargetState } from '../../domain/target.ts';
import { anInstance } from '../support/world/builders.ts';

const idOf = (digit: number): string => `i-0000000${digit}`;

const member = (digit: number, state: TargetState = 'healthy', port = 80): TargetHealth => ({
  target: { id: idOf(digit), port },
  state,
  reason: undefined,
  description: undefined,
});

const instance = (digit: number, parts: Partial<Instance> = {}): Instance =>
  anInstance({ instanceId: idOf(digit), ...parts });

const inC = { availabilityZone: 'ap-northeast-1c' };

describe('the health of a group', () => {
  test('Given members of all kinds, when they are counted, then those that leave don’t count', () => {
    const members = (['healthy', 'healthy', 'unhealthy', 'initial', 'draining'] as const).map((state, index) =>
      member(index + 1, state),
    );
    expect(groupHealth(members)).toEqual({ healthy: 2, total: 4 });
  });

  test('Given instances in two zones, when they are counted, then each zone has its number, the zones in order', () => {
    const instances = [instance(1, inC), instance(2), instance(3)];
    expect(groupHealth([member(1), member(2), member(3)], instances)).toEqual({
      healthy: 3,
      total: 3,
      zones: [
        { name: 'ap-northeast-1a', healthy: 2 },
        { name: 'ap-northeast-1c', healthy: 1 },
      ],
      names: ['web-1', 'web-2'],
    });
  });

  test('Given a zone whose only target is not healthy, then it is named with none; one whose only target leaves is not', () => {
    const instances = [instance(1), instance(2, inC), instance(3, { availabilityZone: 'ap-northeast-1d' })];
    const members = [member(1), member(2, 'unhealthy'), member(3, 'draining')];
    expect(groupHealth(members, instances).zones).toEqual([
      { name: 'ap-northeast-1a', healthy: 1 },
      { name: 'ap-northeast-1c', healthy: 0 },
    ]);
  });

  test('Given a healthy target whose instance was not read, then there are no zones and no names, for they would not add up', () => {
    expect(groupHealth([member(1), member(2)], [instance(1)])).toEqual({ healthy: 2, total: 2 });
  });

  test('Given an unhealthy target whose instance was not read, then the zones of the healthy are told all the same', () => {
    expect(groupHealth([member(1), member(2, 'unhealthy')], [instance(1)])).toEqual({
      healthy: 1,
      total: 2,
      zones: [{ name: 'ap-northeast-1a', healthy: 1 }],
      names: ['web-1'],
    });
  });

  test('Given nobody healthy, then there is nothing to divide among zones', () => {
    expect(groupHealth([member(1, 'unhealthy')], [instance(1)])).toEqual({ healthy: 0, total: 1 });
  });

  test('Given addresses, then their zone is the one they were registered with; an address outside the VPC has none', () => {
    const address = (availabilityZone: string): TargetHealth => ({
      ...member(1),
      target: { id: '10.0.1.5', port: 80, availabilityZone },
    });
    expect(groupHealth([address('ap-northeast-1a')]).zones).toEqual([{ name: 'ap-northeast-1a', healthy: 1 }]);
    expect(groupHealth([address('ap-northeast-1a'), address('all')])).toEqual({ healthy: 2, total: 2 });
  });

  test('Given instances that share a name, as those of an Auto Scaling group often do, then nobody is named', () => {
    const tags = { Name: 'web' };
    expect(groupHealth([member(1), member(2)], [instance(1, { tags }), instance(2, { tags })]).names).toBeUndefined();
  });

  test('Given an instance on two ports, then both targets count in its zone', () => {
    expect(groupHealth([member(1), member(1, 'healthy', 81)], [instance(1)]).zones).toEqual([
      { name: 'ap-northeast-1a', healthy: 2 },
    ]);
  });

  test('Given any group, when its zones are told, then they add up to its healthy targets', () => {
    const states = fc.constantFrom<TargetState>('healthy', 'unhealthy', 'initial', 'draining');
    const zones = fc.constantFrom('ap-northeast-1a', 'ap-northeast-1c', undefined);
    fc.assert(
      fc.property(fc.array(fc.tuple(states, zones), { maxLength: 9 }), (parts) => {
        const members = parts.map(([state], index) => member(index, state));
        const instances = parts.map(([, availabilityZone], index) => instance(index, { availabilityZone }));
        const { healthy, zones: told } = groupHealth(members, instances);
        const isKnown = healthy > 0 && parts.every(([state, zone]) => state !== 'healthy' || zone !== undefined);
        expect(told !== undefined).toBe(isKnown);
        expect((told ?? []).reduce((sum, zone) => sum + zone.healthy, 0)).toBe(isKnown ? healthy : 0);
      }),
    );
  });
});

describe('an AMI unlike the others’', () => {
  const another = { imageId: 'ami-2' };
  const unlike = (instances: readonly Instance[], members = [1, 2, 3].map((digit) => member(digit))) =>
    unlikeOthers([idOf(3)], members, instances);
  const ids = (instances: readonly Instance[]) => instances.map(({ instanceId }) => instanceId);

  test('Given two that agree and a third that differs, when the third is told of, then it differs from both', () => {
    const found = unlike([instance(1), instance(2), instance(3, another)]);
    expect(found && [ids(found.instances), ids(found.others)]).toEqual([[idOf(3)], [idOf(1), idOf(2)]]);
    expect(found && imageDifference(found)).toEqual({
      names: ['web-3'],
      count: 1,
      otherNames: ['web-1', 'web-2'],
      otherCount: 2,
    });
  });

  test.each<[string, readonly Instance[]]>([
    ['that is the same', [instance(1), instance(2), instance(3)]],
    [
      'where the others differ among themselves',
      [instance(1, another), instance(2), instance(3, { imageId: 'ami-3' })],
    ],
    ['where another is like it', [instance(1), instance(2, another), instance(3, another)]],
    ['that is not known', [instance(1), instance(2), instance(3, { imageId: undefined })]],
    ['where another’s is not known', [instance(1), instance(2, { imageId: undefined }), instance(3, another)]],
    ['where nobody’s is known', [1, 2].map((digit) => instance(digit, { imageId: undefined })).concat(instance(3))],
    ['where another was not read', [instance(1), instance(3, another)]],
  ])('Given an AMI %s, then nothing is said of it', (_, instances) => {
    expect(unlike(instances)).toBeUndefined();
  });

  test('Given no other healthy target, then nothing is said; one that is not healthy is none to compare with', () => {
    expect(unlike([instance(3, another)], [member(3)])).toBeUndefined();
    const members = [member(1, 'unhealthy'), member(2, 'draining'), member(3)];
    expect(unlike([instance(1), instance(2), instance(3, another)], members)).toBeUndefined();
    expect(unlike([instance(1), instance(3, another)], [member(1), member(2, 'unhealthy'), member(3)])).toBeDefined();
  });

  test('Given several told of together, then those that differ are named, and who is like the others is not', () => {
    const members = [1, 2, 3, 4].map((digit) => member(digit));
    const instances = [instance(1), instance(2), instance(3, another), instance(4)];
    const found = unlikeOthers([idOf(3), idOf(4)], members, instances);
    expect(found && imageDifference(found)).toEqual({
      names: ['web-3'],
      count: 1,
      otherNames: ['web-1', 'web-2'],
      otherCount: 2,
    });
  });

  test('Given others that share a name, then they are counted and not named', () => {
    const tags = { Name: 'web' };
    const found = unlike([instance(1, { tags }), instance(2, { tags }), instance(3, another)]);
    expect(found && imageDifference(found)).toMatchObject({ otherNames: [], otherCount: 2 });
  });
});

describe('who launched them', () => {
  const scaled = (digit: number, name: string) => instance(digit, { tags: { 'aws:autoscaling:groupName': name } });

  test('Given instances of one Auto Scaling group, then its name is told', () => {
    expect(launchedBy([idOf(1), idOf(2)], [scaled(1, 'web-asg'), scaled(2, 'web-asg')])).toBe('web-asg');
  });

  test('Given instances of two groups, of no group, or not read, then nobody is named', () => {
    expect(launchedBy([idOf(1), idOf(2)], [scaled(1, 'web-asg'), scaled(2, 'other')])).toBeUndefined();
    expect(launchedBy([idOf(1), idOf(2)], [scaled(1, 'web-asg'), instance(2)])).toBeUndefined();
    expect(launchedBy([idOf(1), idOf(2)], [scaled(1, 'web-asg')])).toBeUndefined();
    expect(launchedBy([], [])).toBeUndefined();
  });
});
