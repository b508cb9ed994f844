import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const RUN_TIERS = join(import.meta.dirname, 'run-tiers.ts');

let project = '';
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'usher-run-tiers-'));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

/** A stand-in for a Jest tier: writes the report it is asked for, then ends with `exitCode`. */
const tier = (passed: number, failed: number, brokenFiles: number, exitCode: number): string => {
  const report = { numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: brokenFiles };
  const file = `tier-${passed}-${failed}-${brokenFiles}.mjs`;
  writeFileSync(
    join(project, file),
    `import { writeFileSync } from 'node:fs';
     const [, outputFile] = process.argv.at(-1).split('--outputFile=');
     writeFileSync(outputFile, ${JSON.stringify(JSON.stringify(report))});
     process.exitCode = ${exitCode};`,
  );
  return `node ${file}`;
};

const run = (scripts: Readonly<Record<string, string>>) => {
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'stand-in', scripts }));
  const { status, stdout } = spawnSync(process.execPath, [RUN_TIERS, ...Object.keys(scripts)], {
    cwd: project,
    encoding: 'utf8',
  });
  return { status, lastLine: stdout.trimEnd().split('\n').at(-1), stdout };
};

test('Given tiers that pass, when they are run, then one last line sums up their tests', () => {
  const { status, lastLine } = run({
    'check:types': 'exit 0',
    'test:unit': tier(3, 0, 0, 0),
    'test:api': tier(4, 0, 0, 0),
  });
  expect({ status, lastLine }).toEqual({ status: 0, lastLine: '7 passed, 0 failed' });
});

test('Given a failed test in an early tier, when they are run, then later tiers run too and the run fails', () => {
  const { status, lastLine } = run({ 'test:unit': tier(3, 2, 0, 1), 'test:api': tier(4, 0, 0, 0) });
  expect({ status, lastLine }).toEqual({ status: 1, lastLine: '7 passed, 2 failed' });
});

test('Given a test file that cannot be loaded, when its tier is run, then it counts as a failure', () => {
  const { status, lastLine } = run({ 'test:unit': tier(3, 0, 1, 1) });
  expect({ status, lastLine }).toEqual({ status: 1, lastLine: '3 passed, 1 failed' });
});

test('Given a check that fails or a tier that dies before its report, when they are run, then each is a failure', () => {
  const { status, lastLine, stdout } = run({ 'check:types': 'exit 2', 'test:api': 'exit 134' });
  expect({ status, lastLine }).toEqual({ status: 1, lastLine: '0 passed, 2 failed' });
  expect(stdout).toMatch(/^FAILED {2}check:types/m);
});

test('Given a tier whose tests passed but which exits with an error, when it is run, then the run fails', () => {
  const { status, lastLine } = run({ 'test:system': tier(5, 0, 0, 1) });
  expect({ status, lastLine }).toEqual({ status: 1, lastLine: '5 passed, 1 failed' });
});

test('Given a tier that this machine cannot run, when it is run, then it is counted as not run and fails nothing', () => {
  const { status, lastLine, stdout } = run({
    'test:unit': tier(3, 0, 0, 0),
    'test:kernel': 'echo needs root; exit 77',
  });
  expect({ status, lastLine }).toEqual({ status: 0, lastLine: '3 passed, 0 failed, 1 not run' });
  expect(stdout).toMatch(/^not run test:kernel/m);
});
