import { expect, test } from '@jest/globals';
import { parseEvent } from '../../../events/parse-event.ts';
import { changed, refusal, sample } from '../samples.ts';

const SUCCESSFUL = 'auto-scaling-launch/successful.json';
const LIFECYCLE = 'auto-scaling-launch/lifecycle-action.json';

test('Given the sample of a successful launch, when it is read, then it is one although its status says in progress', () => {
  expect(parseEvent(sample(SUCCESSFUL))).toStrictEqual({
    kind: 'instance-launched-by-auto-scaling',
    eventId: '12345678-1234-1234-1234-123456789012',
    account: '123456789012',
    region: 'us-west-2',
    at: new Date('2021-01-13T00:13:05Z'),
    autoScalingGroupName: 'my-asg',
    instanceId: 'i-12345678',
    origin: 'EC2',
    destination: 'AutoScalingGroup',
  });
});

test('Given the sample of a launch hook, when it is read, then it carries what completes the hook', () => {
  expect(parseEvent(sample(LIFECYCLE))).toStrictEqual({
    kind: 'instance-launched-by-auto-scaling',
    eventId: '12345678-1234-1234-1234-123456789012',
    account: '123456789012',
    region: 'us-west-2',
    at: new Date('2021-01-13T00:12:37Z'),
    autoScalingGroupName: 'my-asg',
    instanceId: 'i-1234567890abcdef0',
    origin: 'EC2',
    destination: 'AutoScalingGroup',
    lifecycle: { hookName: 'my-lifecycle-hook', token: '87654321-4321-4321-4321-210987654321' },
  });
});

test('Given the sample of a launch into the warm pool, when it is read, then the destination says so', () => {
  expect(parseEvent(sample('auto-scaling-launch/into-warm-pool.json'))).toMatchObject({
    kind: 'instance-launched-by-auto-scaling',
    instanceId: 'i-1234567890abcdef0',
    origin: 'EC2',
    destination: 'WarmPool',
    lifecycle: { hookName: 'my-launch-lifecycle-hook', token: '71514b9d-6a40-4b26-8523-05e7eEXAMPLE' },
  });
});

test('Given a launch hook without its name, when it is read, then it is malformed: nobody could complete it', () => {
  const { message } = refusal(changed(LIFECYCLE, {}, { LifecycleHookName: '' }));
  expect(message).toBe('detail.LifecycleHookName: expected the name of a lifecycle hook');
});

test('Given a launch hook without its token, when it is read, then the hook is known all the same', () => {
  expect(parseEvent(changed(LIFECYCLE, {}, { LifecycleActionToken: undefined }))).toMatchObject({
    lifecycle: { hookName: 'my-lifecycle-hook', token: undefined },
  });
});

test.each([
  ['EC2', 'EC2'],
  [' ec2 ', 'EC2'],
  ['autoscalinggroup', 'AutoScalingGroup'],
  ['Auto Scaling Group', 'AutoScalingGroup'],
  ['WARMPOOL', 'WarmPool'],
  ['Elsewhere', undefined],
  ['', undefined],
  [undefined, undefined],
])('Given the origin %j, when it is read, then it is %s', (written, origin) => {
  expect(parseEvent(changed(SUCCESSFUL, {}, { Origin: written }))).toMatchObject({
    kind: 'instance-launched-by-auto-scaling',
    instanceId: 'i-12345678',
    origin,
  });
});

test('Given a launch whose detail lacks the group, when it is read, then its name comes from the ARN', () => {
  expect(parseEvent(changed(SUCCESSFUL, {}, { AutoScalingGroupName: null }))).toMatchObject({
    autoScalingGroupName: 'my-asg',
  });
});

test('Given a launch that names its group nowhere, when it is read, then the instance is known and the group is not', () => {
  expect(parseEvent(changed(SUCCESSFUL, { resources: [] }, { AutoScalingGroupName: undefined }))).toMatchObject({
    instanceId: 'i-12345678',
    autoScalingGroupName: undefined,
  });
});

test('Given a group whose name is a number, when it is read, then it is text', () => {
  expect(parseEvent(changed(SUCCESSFUL, {}, { AutoScalingGroupName: 42 }))).toMatchObject({
    autoScalingGroupName: '42',
  });
});
