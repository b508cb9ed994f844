import { expect, test } from '@jest/globals';
import { makeFaults } from '../../../local/proxy/faults.ts';
import { readCall } from '../../../local/proxy/protocol.ts';

const call = (action: string) =>
  readCall('POST', '/', { 'content-type': 'application/x-www-form-urlencoded' }, Buffer.from(`Action=${action}`));
const THROTTLED = { kind: 'error', code: 'RequestLimitExceeded' } as const;

test('Given a fault for the third call, when four are made, then only the third meets it', () => {
  const faults = makeFaults();
  faults.failCall(3, THROTTLED);
  const met = ['A', 'B', 'C', 'D'].map((action) => faults.take(call(action)).length);
  expect(met).toEqual([0, 0, 1, 0]);
  expect(faults.list()).toEqual([]);
});

test('Given a fault for two calls of an action, when others come between, then they pass and count for nothing', () => {
  const faults = makeFaults();
  faults.failAll({ action: 'A' }, THROTTLED, 2);
  const met = ['B', 'A', 'B', 'A', 'A'].map((action) => faults.take(call(action)));
  expect(met).toEqual([[], [THROTTLED], [], [THROTTLED], []]);
});

test('Given a fault without end, when it is removed, then calls pass again', () => {
  const faults = makeFaults();
  const id = faults.failAll({}, { kind: 'drop-after' });
  expect(faults.take(call('A'))).toHaveLength(1);
  faults.remove(id);
  expect(faults.take(call('A'))).toEqual([]);
});

test('Given a hook after the second call, when three are forwarded, then it is called once, after the second', async () => {
  const faults = makeFaults();
  const seen: string[] = [];
  faults.killAfter(2, () => void seen.push('killed'));
  for (const action of ['A', 'B', 'C']) {
    seen.push(action);
    await faults.afterForward(call(action));
  }
  expect(seen).toEqual(['A', 'B', 'killed', 'C']);
});
