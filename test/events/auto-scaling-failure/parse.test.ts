import { expect, test } from '@jest/globals';
import { parseEvent } from '../../../events/parse-event.ts';
import { changed, sample } from '../samples.ts';

test.each([
  ['auto-scaling-failure/launch-unsuccessful.json', 'EC2 Instance Launch Unsuccessful'],
  ['auto-scaling-failure/terminate-unsuccessful.json', 'EC2 Instance Terminate Unsuccessful'],
])('Given the sample %s, when it is read, then it is ignored: no instance came or went', (name, detail) => {
  expect(parseEvent(sample(name))).toStrictEqual({ kind: 'ignored', reason: 'ScalingFailed', detail });
});

test('Given a failed launch with an empty instance id, when it is read, then it is ignored, not malformed', () => {
  const noInstance = changed('auto-scaling-failure/launch-unsuccessful.json', {}, { EC2InstanceId: '' });
  expect(parseEvent(noInstance)).toMatchObject({ kind: 'ignored', reason: 'ScalingFailed' });
});
