import { expect, test } from '@jest/globals';
import { plainSubresources } from '../../../domain/front-door/page.ts';

test.each([
  ['<img src="http://a.example/x.png">'],
  ["<script async src='http://a.example/x.png'></script>"],
  ['<LINK REL="stylesheet" HREF=http://a.example/x.png>'],
  ['<img srcset="https://b.example/1.png 1x, http://a.example/x.png 2x">'],
  ['<video poster="http://a.example/x.png"></video>'],
])('Given %s, then the browser would fetch it by plain HTTP', (html) => {
  expect(plainSubresources(html)).toEqual(['http://a.example/x.png']);
});

test.each([
  ['<a href="http://a.example/">x</a>'],
  ['<link rel="canonical" href="http://a.example/">'],
  ['<img src="https://a.example/x.png">'],
  ['<img alt="http://a.example/x.png" src="/x.png">'],
  ['<!-- <img src="http://a.example/x.png"> -->'],
  ['<script>const s = \'<img src="http://a.example/x.png">\'</script>'],
  ['<form action="http://a.example/"></form>'],
])('Given %s, then nothing is fetched by plain HTTP', (html) => {
  expect(plainSubresources(html)).toEqual([]);
});

test('Given the same address often, then it is told once', () => {
  expect(plainSubresources('<img src="http://a.example/x.png"><img src="http://a.example/x.png">')).toHaveLength(1);
});

test('Given a page made to keep a matcher busy, then the answer comes soon', () => {
  const started = performance.now();
  expect(plainSubresources(`${'<script '.repeat(20_000)}${'<img '.repeat(20_000)}${'"'.repeat(20_000)}`)).toEqual([]);
  expect(performance.now() - started).toBeLessThan(2_000);
});
