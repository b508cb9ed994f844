import { expect, test } from '@jest/globals';
import { parseEvent } from '../../../events/parse-event.ts';
import { changed, refusal, sample } from '../samples.ts';

const INSTANCE = 'tag-change/instance.json';
const TARGET_GROUP = 'tag-change/target-group.json';
const GROUP_ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/my-targets/73e2d6bc24d8a067';

test('Given the sample of a tagged instance, when it is read, then it names the instance and the keys, not the values', () => {
  expect(parseEvent(sample(INSTANCE))).toStrictEqual({
    kind: 'instance-tags-changed',
    eventId: 'bddcf1d6-0251-35a1-aab0-adc1fb47c11c',
    account: '123456789012',
    region: 'us-east-1',
    at: new Date('2018-09-18T20:41:38Z'),
    instanceId: 'i-0000000aaaaaaaaaa',
    changedTagKeys: ['a-new-key', 'an-updated-key', 'a-deleted-key'],
  });
});

test('Given the sample of a tagged target group, when it is read, then it names the group', () => {
  expect(parseEvent(sample(TARGET_GROUP))).toStrictEqual({
    kind: 'target-group-tags-changed',
    eventId: 'bddcf1d6-0251-35a1-aab0-adc1fb47c11c',
    account: '123456789012',
    region: 'us-east-1',
    at: new Date('2018-09-18T20:41:38Z'),
    targetGroupArn: GROUP_ARN,
    changedTagKeys: ['usher:selector'],
  });
});

test.each([
  ['of a volume', {}, { 'resource-type': 'volume' }, 'ec2/volume'],
  [
    'of a load balancer',
    {},
    { service: 'elasticloadbalancing', 'resource-type': 'loadbalancer' },
    'elasticloadbalancing/loadbalancer',
  ],
  ['of a bucket', { resources: ['arn:aws:s3:::my-bucket'] }, { service: 's3', 'resource-type': 'bucket' }, 's3/bucket'],
  ['of nothing', { resources: [] }, { service: undefined, 'resource-type': undefined }, 'no service/no resource type'],
])('Given a tag change %s, when it is read, then it is ignored and says of what', (_, top, detail, resource) => {
  expect(parseEvent(changed(INSTANCE, top, detail))).toStrictEqual({
    kind: 'ignored',
    reason: 'TaggedResourceNotOurs',
    detail: resource,
  });
});

test('Given a tag change whose service and type have odd case, or are missing, when it is read, then it is understood', () => {
  const shouted = changed(INSTANCE, {}, { service: ' EC2 ', 'resource-type': 'Instance' });
  const fromArn = changed(TARGET_GROUP, {}, { service: undefined, 'resource-type': '' });
  expect(parseEvent(shouted)).toMatchObject({ kind: 'instance-tags-changed', instanceId: 'i-0000000aaaaaaaaaa' });
  expect(parseEvent(fromArn)).toMatchObject({ kind: 'target-group-tags-changed', targetGroupArn: GROUP_ARN });
});

test.each([
  ['one key alone', 'Role', ['Role']],
  ['a number among the keys', ['Role', 7], ['Role', '7']],
  ['a key twice, and an empty one', ['Role', '', 'Role'], ['Role']],
  ['keys with spaces and case of their own', [' role ', 'Role'], [' role ', 'Role']],
  ['no keys', undefined, []],
  ['null for keys', null, []],
])('Given %s, when it is read, then the changed keys are exactly those', (_, keys, changedTagKeys) => {
  expect(parseEvent(changed(INSTANCE, {}, { 'changed-tag-keys': keys }))).toMatchObject({
    kind: 'instance-tags-changed',
    changedTagKeys,
  });
});

test.each([
  [
    'keys that are an object',
    INSTANCE,
    {},
    { 'changed-tag-keys': { Role: 'web' } },
    'detail.changed-tag-keys: expected a list of tag keys',
  ],
  [
    'an instance without its ARN',
    INSTANCE,
    { resources: [] },
    {},
    'resources: expected an instance id (i- and 8 or 17 hexadecimal digits)',
  ],
  [
    'two instances',
    INSTANCE,
    {
      resources: [
        'arn:aws:ec2:us-east-1:123456789012:instance/i-11111111',
        'arn:aws:ec2:us-east-1:123456789012:instance/i-22222222',
      ],
    },
    {},
    'resources: the event names both i-11111111 and i-22222222',
  ],
  ['a group without its ARN', TARGET_GROUP, { resources: [] }, {}, 'resources: expected the ARN of one target group'],
  [
    'a group whose ARN is cut short',
    TARGET_GROUP,
    { resources: ['arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/my-targets'] },
    {},
    'resources: expected the ARN of one target group',
  ],
  [
    'two groups',
    TARGET_GROUP,
    { resources: [GROUP_ARN, `${GROUP_ARN}0`] },
    {},
    'resources: expected the ARN of one target group',
  ],
])('Given %s, when it is read, then it is malformed and says where', (_, name, top, detail, message) => {
  expect(refusal(changed(name, top, detail)).message).toBe(message);
});
