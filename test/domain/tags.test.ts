import { expect, test } from '@jest/globals';
import { isTagTrue, tagValue } from '../../domain/tags.ts';

test('Given tags, when one is asked for, then its value is given as it is, and an inherited name is no tag', () => {
  expect(tagValue({ Name: ' web ' }, 'Name')).toBe(' web ');
  expect(tagValue({ Name: '' }, 'Name')).toBe('');
  expect(tagValue({ Name: 'web' }, 'name')).toBeUndefined();
  expect(tagValue({}, 'constructor')).toBeUndefined();
  expect(tagValue({}, 'toString')).toBeUndefined();
});

test.each([
  ['true', true],
  [' TRUE ', true],
  ['True', true],
  ['yes', false],
  ['1', false],
  ['', false],
  ['false', false],
])('Given the value %j, when it is asked whether it says yes, then %s', (value, says) => {
  expect(isTagTrue({ 'usher:ignore': value }, 'usher:ignore')).toBe(says);
});
