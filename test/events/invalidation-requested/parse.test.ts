import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseInvalidationRequested } from '../../../events/invalidation-requested/parse.ts';
import { MalformedEventError } from '../../../events/malformed-event-error.ts';

const SAMPLE = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../events/invalidation-requested/requested.json'), 'utf8'),
);

test('Given a pipeline’s event, then it says what is asked for, by whom, and how', () => {
  expect(parseInvalidationRequested(SAMPLE)).toEqual({
    kind: 'invalidation-requested',
    source: 'deploy.www',
    idempotencyKey: 'www-2026-11-22-8f3c1d2',
    distribution: 'www.example.com',
    paths: ['/', '/assets/*', '/ニュース/'],
    mayGather: false,
    when: 'when-deployed',
    account: '123456789012',
    at: new Date('2026-11-22T05:02:00Z'),
  });
});

test('Given no flags, then it is sent now, and nothing is gathered', () => {
  const { whenDeployed, ...detail } = SAMPLE.detail;
  expect(parseInvalidationRequested({ ...SAMPLE, detail })).toMatchObject({ when: 'now', mayGather: false });
  expect(parseInvalidationRequested({ ...SAMPLE, detail: { ...detail, gather: true } })).toMatchObject({
    mayGather: true,
  });
});

test.each([
  ['no key', { idempotencyKey: undefined }, 'detail.idempotencyKey'],
  ['a blank key', { idempotencyKey: '  ' }, 'detail.idempotencyKey'],
  ['a key of 129 characters', { idempotencyKey: 'k'.repeat(129) }, 'detail.idempotencyKey'],
  ['no distribution', { distribution: undefined }, 'detail.distribution'],
  ['no paths', { paths: [] }, 'detail.paths'],
  ['one path that is none', { paths: ['/', 7] }, 'detail.paths.1'],
  ['paths as text', { paths: '/' }, 'detail.paths'],
  ['a flag that is text', { gather: 'yes' }, 'detail.gather'],
])('Given %s, then it is malformed and says where', (_, detail, path) => {
  const parse = () => parseInvalidationRequested({ ...SAMPLE, detail: { ...SAMPLE.detail, ...detail } });
  expect(parse).toThrow(MalformedEventError);
  expect(parse).toThrow(`${path}:`);
});

test.each([[{ source: undefined }], [{ 'detail-type': 'Usher Report' }], [{ detail: undefined }], [{ detail: [] }]])(
  'Given an event with %j, then it is malformed',
  (changes) => {
    expect(() => parseInvalidationRequested({ ...SAMPLE, ...changes })).toThrow(MalformedEventError);
  },
);
