import { describe, expect, test } from '@jest/globals';
import { drainsHere, isStillIn, mayTouchHook } from '../../../domain/seating/drain.ts';
import { anInstance, aStage } from '../../support/world/builders.ts';

describe('usher:drain', () => {
  test.each([
    [{ 'usher:drain': 'true' }, true],
    [{ 'usher:drain': ' TRUE ' }, true],
    [{ 'usher:drain': 'false' }, false],
    [{}, false],
    [{ 'usher:drain': 'true', 'usher:ignore': 'true' }, false],
    [{ 'usher:drain': 'true', 'usher:stage': 'test' }, false],
    [{ 'usher:drain': 'true', 'usher:stage': 'prod' }, true],
    [{ 'usher:drain': 'true', 'usher:policy': 'report-only' }, false],
    [{ 'usher:drain': 'true', 'usher:policy': 'ask' }, true],
  ])('Given a group tagged %j, then its instances are held until drained: %s', (tags, expected) => {
    expect(drainsHere(tags, aStage())).toBe(expected);
  });

  test('Given an instance out of scope, or to be ignored, then its hook is not touched', () => {
    const stage = aStage({ vpcIds: ['vpc-1'] });
    expect(mayTouchHook(anInstance(), stage)).toBe(true);
    expect(mayTouchHook(anInstance({ vpcId: 'vpc-2' }), stage)).toBe(false);
    expect(mayTouchHook(anInstance({ tags: { 'usher:ignore': 'true' } }), stage)).toBe(false);
  });
});

test('Given targets by id, by address and of others, then the instance’s own are known', () => {
  const key = 'target|arn|10.0.9.9:80';
  const seat = {
    targetGroup: { name: 'web', id: 'arn' },
    target: { id: '10.0.9.9', port: 80 },
    instanceId: 'i-00000001',
    vpcId: 'vpc-1',
    name: 'web-1',
    destination: 'default',
  };
  const seats = [{ key, entryId: 'e', ruleId: undefined, since: '2026-11-22T05:00:00.000Z', seat }];
  const isIn = (id: string, port = 80) => isStillIn({ id, port }, anInstance(), seats);
  expect(['i-00000001', '10.0.1.1', '10.0.9.9', 'i-00000002', '10.0.1.2'].map((id) => isIn(id))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(isIn('10.0.9.9', 8080)).toBe(false);
});
