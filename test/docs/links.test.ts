import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
const NOT_OURS: ReadonlySet<string> = new Set(['node_modules', 'coverage']);

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const documentsIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') || NOT_OURS.has(entry.name) ? [] : documentsIn(path);
    return entry.name.endsWith('.md') ? [relative(ROOT, path)] : [];
  });

const DOCUMENTS = documentsIn(ROOT);

const FENCED = /^ *```.*?\n([\s\S]*?)^ *```/gm;
const LINK = /\]\(([^()\s]+)\)/g;
const CODE_SPAN = /`([^`\n]+)`/g;
const HEADING = /^#{1,6} +(.+)$/gm;
const NPM_RUN = /\bnpm run ([\w:-]+)/g;

const groupsOf = (pattern: RegExp, text: string): readonly string[] =>
  [...text.matchAll(pattern)].map(([, group = '']) => group);

const withoutBlocks = (markdown: string): string => markdown.replace(FENCED, '');

/** The anchor that repository pages give a heading: lower case, no punctuation, hyphens for spaces. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/gu, '-');

const isBroken = (document: string, link: string): boolean => {
  if (/^[a-z]+:/.test(link)) return false;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? document : join(dirname(document), path);
  if (!existsSync(join(ROOT, target))) return true;
  return (
    anchor !== undefined &&
    !groupsOf(HEADING, withoutBlocks(textOf(target)))
      .map(anchorOf)
      .includes(anchor)
  );
};

const ROOMS: ReadonlySet<string> = new Set(
  readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !NOT_OURS.has(entry.name))
    .map(({ name }) => name),
);

/** Not a command, a placeholder in capitals or a pattern: a path that begins with one of our folders. */
const isOurPath = (span: string): boolean => {
  const [room = '', ...rest] = span.split('/');
  return ROOMS.has(room) && rest.length > 0 && /^[\w./-]+$/.test(span) && !/\b[A-Z]{4,}\b(?!\.md)/.test(span);
};

/** A folder's own page may count from its folder. */
const exists = (document: string, path: string): boolean =>
  existsSync(join(ROOT, path)) || existsSync(join(ROOT, dirname(document), path));

const scripts: ReadonlySet<string> = new Set(Object.keys(JSON.parse(textOf('package.json')).scripts));

test.each(DOCUMENTS)('every relative link of %s leads somewhere', (document) => {
  const links = groupsOf(LINK, withoutBlocks(textOf(document)).replace(CODE_SPAN, ''));
  expect(links.filter((link) => isBroken(document, link))).toEqual([]);
});

test.each(DOCUMENTS)('every file that %s names exists', (document) => {
  const paths = groupsOf(CODE_SPAN, withoutBlocks(textOf(document))).filter(isOurPath);
  expect(paths.filter((path) => !exists(document, path))).toEqual([]);
});

test.each(DOCUMENTS)('every npm script that %s names exists', (document) => {
  expect(groupsOf(NPM_RUN, textOf(document)).filter((script) => !scripts.has(script))).toEqual([]);
});

test('The automatic check runs exactly the test command of the README, as CI', () => {
  const commands = groupsOf(FENCED, textOf('README.md')).map((block) => block.trim());
  const [testCommand] = commands.filter((command) => /\bnpm (run )?test\b/.test(command));
  const lines = textOf('.ci/run').trim().split('\n');
  expect(testCommand).toBe('npm ci && npm test');
  expect(lines.at(-1)).toBe(testCommand);
  expect(lines).toContain('export CI=true');
});

test('Every decision has a number of its own and is in the list', () => {
  const decisions = readdirSync(join(ROOT, 'docs/decisions')).filter((name) => /^\d{4}-.*\.md$/.test(name));
  const listed = groupsOf(LINK, textOf('docs/decisions/README.md')).filter((link) => /^\d{4}-/.test(link));
  expect([...listed].sort()).toEqual([...decisions].sort());
  expect(new Set(decisions.map((name) => name.slice(0, 4))).size).toBe(decisions.length);
});
