/**
 * Runs the npm scripts named on the command line one after another, each under a heading, and ends with one line that
 * sums them up: `123 passed, 0 failed`. A script that fails does not stop the others, so one run shows everything. One that this
 * machine can't run has said why, and is counted as not run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOT_RUN } from './not-run.ts';

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

interface Result extends Tally {
  readonly script: string;
  readonly seconds: number;
  readonly wasRun: boolean;
}

/** The counts of Jest's own report (`--json`). A test file that could not be run at all counts as one failure. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** Undefined when the tier ended before it could write its report. */
const readTally = (reportFile: string): Tally | undefined => {
  try {
    const report: JestReport = JSON.parse(readFileSync(reportFile, 'utf8'));
    return { passed: report.numPassedTests, failed: report.numFailedTests + report.numRuntimeErrorTestSuites };
  } catch {
    return undefined;
  }
};

const runScript = (script: string, reportFolder: string): Result => {
  console.log(`\n=== npm run ${script} ===\n`);
  const started = performance.now();
  const reportFile = join(reportFolder, `${script.replace(':', '-')}.json`);
  const reporting = script.startsWith('test:') ? ['--', '--json', `--outputFile=${reportFile}`] : [];
  const { status } = spawnSync('npm', ['run', '--silent', script, ...reporting], { stdio: 'inherit' });
  const { passed, failed } = readTally(reportFile) ?? { passed: 0, failed: 0 };
  const wasRun = status !== NOT_RUN;
  // A script that failed without counting a failed test (types, lint, a crash) still counts as a failure.
  const counted = status === 0 || !wasRun ? failed : Math.max(failed, 1);
  return { script, passed, failed: counted, seconds: (performance.now() - started) / 1000, wasRun };
};

const describe = ({ script, passed, failed, seconds, wasRun }: Result): string => {
  if (!wasRun) return `not run ${script}`;
  const counts = script.startsWith('test:') ? `${passed} passed, ${failed} failed` : '';
  return `${failed === 0 ? 'ok    ' : 'FAILED'}  ${script.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s  ${counts}`.trimEnd();
};

const scripts = process.argv.slice(2);
const reportFolder = mkdtempSync(join(tmpdir(), 'usher-tiers-'));
const results = scripts.map((script) => runScript(script, reportFolder));
rmSync(reportFolder, { recursive: true, force: true });

const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
const notRun = results.filter(({ wasRun }) => !wasRun).length;
const sum = [`${passed} passed`, `${failed} failed`, ...(notRun > 0 ? [`${notRun} not run`] : [])].join(', ');
console.log(`\n=== Summary ===\n\n${results.map(describe).join('\n')}\n\n${sum}`);
process.exitCode = failed === 0 ? 0 : 1;
