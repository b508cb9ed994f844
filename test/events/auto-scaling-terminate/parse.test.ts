import { expect, test } from '@jest/globals';
import { parseEvent } from '../../../events/parse-event.ts';
import { changed, refusal, sample } from '../samples.ts';

test('Given the sample of a successful termination, when it is read, then it says which instance left which group', () => {
  expect(parseEvent(sample('auto-scaling-terminate/successful.json'))).toStrictEqual({
    kind: 'instance-terminated-by-auto-scaling',
    eventId: '12345678-1234-1234-1234-123456789012',
    account: '123456789012',
    region: 'us-west-2',
    at: new Date('2021-01-13T00:13:05Z'),
    autoScalingGroupName: 'my-asg',
    instanceId: 'i-12345678',
    origin: 'AutoScalingGroup',
    destination: 'EC2',
  });
});

test('Given the sample of a terminate hook, when it is read, then it carries what completes the hook', () => {
  expect(parseEvent(sample('auto-scaling-terminate/lifecycle-action.json'))).toStrictEqual({
    kind: 'instance-terminated-by-auto-scaling',
    eventId: '12345678-1234-1234-1234-123456789012',
    account: '123456789012',
    region: 'us-west-2',
    at: new Date('2021-01-13T00:12:37Z'),
    autoScalingGroupName: 'my-asg',
    instanceId: 'i-1234567890abcdef0',
    origin: 'AutoScalingGroup',
    destination: 'EC2',
    lifecycle: { hookName: 'my-lifecycle-hook', token: '87654321-4321-4321-4321-210987654321' },
  });
});

test('Given the sample of an instance returned to the warm pool, when it is read, then its destination is the pool', () => {
  expect(parseEvent(sample('auto-scaling-terminate/back-to-warm-pool.json'))).toMatchObject({
    kind: 'instance-terminated-by-auto-scaling',
    instanceId: 'i-1234567890abcdef0',
    origin: 'AutoScalingGroup',
    destination: 'WarmPool',
  });
});

test('Given a termination that names two instances, when it is read, then it is malformed and says both', () => {
  const contradicting = changed('auto-scaling-terminate/successful.json', {}, { EC2InstanceId: 'i-87654321' });
  expect(refusal(contradicting).message).toBe('detail.EC2InstanceId: the event names both i-87654321 and i-12345678');
});
