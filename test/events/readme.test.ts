import { expect, test } from '@jest/globals';
import { readme, sampleNames } from './samples.ts';

test('Given the samples, when the table of events is read, then each one has its source there, and no other is named', () => {
  const listed = [...readme().matchAll(/`([a-z-]+\/[a-z-]+\.json)`/g)].map(([, name]) => name);
  expect([...new Set(listed)].sort()).toEqual([...sampleNames]);
});
