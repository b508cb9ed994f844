import { expect, test } from '@jest/globals';
import { isWithin, parentOf, toAsciiName } from '../../internet/names.ts';

test.each([
  ['www.example.com', 'www.example.com'],
  [' WWW.Example.COM. ', 'www.example.com'],
  ['_3F1c.www.example.com', '_3f1c.www.example.com'],
  ['_3f.例え.jp', '_3f.xn--r8jz45g.jp'],
  ['ＷＷＷ.例え.jp', 'www.xn--r8jz45g.jp'],
  [`${'x'.repeat(63)}.example`, `${'x'.repeat(63)}.example`],
])('Given %j, then it goes on the wire as %s', (name, ascii) => {
  expect(toAsciiName(name)).toBe(ascii);
});

test.each([
  '',
  '.',
  'a..example',
  '*.example.com',
  'a b.example',
  'a\r\nb.example',
  '例え.jp\r\nb.example',
  '例え.jp/path',
  'user@例え.jp',
  '例え.jp:53',
  'a\u3000b.jp',
  '-a.example',
  `${'x'.repeat(64)}.example`,
  `${'x.'.repeat(127)}example`,
])('Given %j, then it is no name', (name) => {
  expect(toAsciiName(name)).toBeUndefined();
});

test('a name is within its zone and those above, and not within one that only ends alike', () => {
  expect(isWithin('www.example.com', 'example.com')).toBe(true);
  expect(isWithin('example.com', 'example.com')).toBe(true);
  expect(isWithin('badexample.com', 'example.com')).toBe(false);
  expect(parentOf('www.example.com')).toBe('example.com');
  expect(parentOf('com')).toBeUndefined();
});
