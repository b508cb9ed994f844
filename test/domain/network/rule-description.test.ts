import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ruleDescription } from '../../../domain/network/rule-description.ts';

test.each([
  ['Usher (prod): web-alb to web, tcp/80', 'Usher (prod): web-alb to web, tcp/80'],
  ["Usher's <rule> & more?", 'Usher_s _rule_ _ more_'],
  ['登録 web', '_ web'],
  ['a._-:/()#,@[]+=;{}!$*z', 'a._-:/()#,@[]+=;{}!$*z'],
  ['a'.repeat(300), 'a'.repeat(255)],
])('%j is written as %j', (text, written) => {
  expect(ruleDescription(text)).toBe(written);
});

test('whatever it is made of, a description has only allowed characters and at most 255 of them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      expect(ruleDescription(text)).toMatch(/^[a-zA-Z0-9 ._\-:/()#,@[\]+=;{}!$*]{0,255}$/);
    }),
  );
});
