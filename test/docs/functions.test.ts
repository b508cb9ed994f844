import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
const FUNCTIONS = readdirSync(join(ROOT, 'functions'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test.each(['docs/security.md', 'docs/architecture.md', 'docs/cost.md'])('%s speaks of every function', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');
  expect(FUNCTIONS.filter((name) => !text.includes(name))).toEqual([]);
});
