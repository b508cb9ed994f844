import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toAsciiName } from '../../internet/names.ts';
import { registrableDomain } from '../../internet/public-suffix.ts';

test.each([
  ['www.example.co.jp', 'example.co.jp'],
  ['WWW.Example.CO.JP.', 'example.co.jp'],
  ['*.example.jp', 'example.jp'],
  ['_3f1c9a7e.www.example.com', 'example.com'],
  ['shop.example.tokyo.jp', 'example.tokyo.jp'],
  ['a.city.kawasaki.jp', 'city.kawasaki.jp'],
  ['www.例え.jp', 'xn--r8jz45g.jp'],
  ['www.xn--r8jz45g.jp', 'xn--r8jz45g.jp'],
  ['例え.みんな', 'xn--r8jz45g.xn--q9jyb4c'],
  // Names below a private suffix: its owner is who has to renew.
  ['someone.github.io', 'github.io'],
])('Given %s, then %s is what somebody registered', (name, domain) => {
  expect(registrableDomain(name)).toBe(domain);
});

test.each([
  'co.jp',
  'jp',
  'localhost',
  'db.internal',
  'printer.local',
  'Usher test certificate',
  '',
  '*.',
  '192.0.2.1',
  '2001:db8::1',
  'd111111abcdef8.cloudfront.net',
  'web-alb-1.ap-northeast-1.elb.amazonaws.com',
])('Given "%s", then nobody of ours has registered anything', (name) => {
  expect(registrableDomain(name)).toBeUndefined();
});

test('whatever is asked, the answer is a name, and its own registrable domain', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.domain(), fc.webAuthority()), (name) => {
      const domain = registrableDomain(name);
      if (domain === undefined) return;
      expect(toAsciiName(domain)).toBe(domain);
      expect(registrableDomain(domain)).toBe(domain);
    }),
  );
});
