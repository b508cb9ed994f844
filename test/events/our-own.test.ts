import { expect, test } from '@jest/globals';
import { isOurOwn } from '../../events/our-own.ts';

test.each([
  [{ usher: 1, kind: 'expiry-survey' }, true],
  [{ usher: undefined }, true],
  [{ source: 'aws.ec2', detail: { usher: 1 } }, false],
  [['usher'], false],
  ['usher', false],
  [null, false],
])('Given %j, then whether it is a message of our own is %s', (message, isOurs) => {
  expect(isOurOwn(message)).toBe(isOurs);
});
