import { expect, test } from '@jest/globals';
import { parseEvent } from '../../../events/parse-event.ts';
import { changed, refusal, sample } from '../samples.ts';

const RUNNING = 'instance-state-change/running.json';

test('Given the sample of a running instance, when it is read, then it names the instance, its state, place and time', () => {
  expect(parseEvent(sample(RUNNING))).toStrictEqual({
    kind: 'instance-state-changed',
    eventId: '7bf73129-1428-4cd3-a780-95db273d1602',
    account: '123456789012',
    region: 'us-east-1',
    at: new Date('2021-11-11T21:30:12Z'),
    instanceId: 'i-1234567890abcdef0',
    state: 'running',
  });
});

test('Given the sample of AWS without version and with a short instance id, when it is read, then nothing is missing', () => {
  expect(parseEvent(sample('instance-state-change/pending.json'))).toStrictEqual({
    kind: 'instance-state-changed',
    eventId: '7bf73129-1428-4cd3-a780-95db273d1602',
    account: '123456789012',
    region: 'us-east-1',
    at: new Date('2021-11-11T21:29:54Z'),
    instanceId: 'i-abcd1111',
    state: 'pending',
  });
});

test.each([
  ['pending', 'pending'],
  [' Running ', 'running'],
  ['STOPPING', 'stopping'],
  ['Stopped', 'stopped'],
  ['shutting-down', 'shutting-down'],
  ['Shutting Down', 'shutting-down'],
  ['shutting_down', 'shutting-down'],
  ['terminated\n', 'terminated'],
])('Given the state %j, when it is read, then it is %s', (written, state) => {
  expect(parseEvent(changed(RUNNING, {}, { state: written }))).toMatchObject({
    kind: 'instance-state-changed',
    instanceId: 'i-1234567890abcdef0',
    state,
  });
});

test('Given a state that EC2 has grown since, when it is read, then the event is ignored and says which', () => {
  expect(parseEvent(changed(RUNNING, {}, { state: 'hibernating' }))).toStrictEqual({
    kind: 'ignored',
    reason: 'InstanceStateUnknown',
    detail: 'hibernating',
  });
});

test('Given an unknown state of something that is no instance, when it is read, then it is malformed, not ignored', () => {
  expect(refusal(changed(RUNNING, {}, { state: 'hibernating', 'instance-id': 'vol-1' })).path).toBe(
    'detail.instance-id',
  );
});

test.each([
  ['no state', {}, { state: undefined }, 'detail.state: expected an instance state'],
  ['a blank state', {}, { state: '  ' }, 'detail.state: expected an instance state'],
  ['a state that is a list', {}, { state: ['running'] }, 'detail.state: expected text'],
  ['no detail', { detail: undefined }, {}, 'detail: expected an object'],
  ['a detail that is a list', { detail: [] }, {}, 'detail: expected an object'],
  ['a detail that is text', { detail: '{}' }, {}, 'detail: expected an object'],
])('Given %s, when it is read, then it is malformed and says where', (_, top, detail, message) => {
  expect(refusal(changed(RUNNING, top, detail)).message).toBe(message);
});
