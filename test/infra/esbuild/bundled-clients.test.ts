import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { parseDocument } from 'yaml';
import type { LoopbackServer } from '../../../bench/stub/server.ts';
import { serveCalls } from '../../../bench/stub/server.ts';
import { ANSWERS } from '../../../bench/stub/site.ts';
import { stubTable } from '../../../bench/stub/table.ts';
import bundlePlugins from '../../../infra/esbuild/plugins.ts';
import type { Call } from '../../../local/proxy/protocol.ts';
import { Refusal, refuse } from '../../../local/proxy/protocol.ts';
import { CALLS } from './every-call.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

let server: LoopbackServer;
let folder: string;
let bundled: string;
let calls: Call[] = [];
let isRefusing = false;
const table = stubTable();
const UNBUNDLED = join(import.meta.dirname, 'every-call.ts');

const answer = (call: Call) => {
  calls.push(call);
  if (isRefusing) return refuse(call, new Refusal('ThrottlingException', 'Rate exceeded & more'));
  return call.service === 'dynamodb'
    ? table.answer(call)
    : (ANSWERS[`${call.service}:${call.action}`]?.(call, { isSeated: true, webhookUrl: 'https://example.com' }) ??
        refuse(call, new Refusal('Unknown', `the stub knows no ${call.service}:${call.action}`)));
};

/** Bundles the calls as serverless.yml says the functions are. */
const bundleCalls = async (): Promise<string> => {
  const service = parseDocument(readFileSync(join(ROOT, 'serverless.yml'), 'utf8'), { logLevel: 'silent' }).toJS();
  const { exclude, plugins, ...options } = service.custom.esbuild;
  expect(plugins).toBe('infra/esbuild/plugins.ts');
  const outfile = join(folder, 'every-call.js');
  await build({
    ...options,
    external: exclude,
    plugins: bundlePlugins,
    absWorkingDir: ROOT,
    entryPoints: ['test/infra/esbuild/every-call.ts'],
    outfile,
    logLevel: 'silent',
  });
  await writeFile(join(folder, 'package.json'), '{}');
  return outfile;
};

beforeAll(async () => {
  server = await serveCalls(answer, () => undefined);
  await mkdir(join(ROOT, '.local'), { recursive: true });
  folder = await mkdtemp(join(ROOT, '.local', `run-${process.pid}-`));
  bundled = await bundleCalls();
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What AWS would see of a call, but for what differs each time: date, signature, ids, and the names of the build. */
const seen = ({ service, action, method, path, headers, body, accessKeyId, region }: Call) => ({
  ...{ service, action, method, path, accessKeyId, region },
  body: body.toString('utf8'),
  contentType: headers['content-type'],
  target: headers['x-amz-target'],
  token: headers['x-amz-security-token'],
});

/** In a process of its own, as a function runs: the SDK's files are those that Node takes. */
const run = async (module: string) => {
  calls = [];
  table.fill(new Map());
  const script = `import(${JSON.stringify(module)}).then(async (all) => console.log(await (all.default ?? all).makeEveryCall()))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--eval', script], {
    cwd: folder,
    env: {
      AWS_ENDPOINT_URL: server.url,
      AWS_REGION: 'ap-northeast-1',
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
    },
  });
  const outcomes: unknown = JSON.parse(stdout);
  return { outcomes, requests: calls.map(seen) };
};

test.each([false, true])(
  'Given an AWS that refuses: %s, when every call is made, then the bundle asks and understands as the SDK does',
  async (refusing) => {
    isRefusing = refusing;
    const [plain, small] = [await run(UNBUNDLED), await run(bundled)];
    expect(small).toEqual(plain);
    expect(plain.requests.map(({ action }) => action)).toEqual(CALLS);
    const said = JSON.stringify(plain.outcomes);
    if (refusing) expect(said.match(/"name":"ThrottlingException"/g)).toHaveLength(CALLS.length);
    else expect(said).not.toContain('"refusal"');
  },
);

/** Commands of the document client by the names their actions have. */
const ACTIONS: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  BatchGet: 'BatchGetItem',
  TransactWrite: 'TransactWriteItems',
};

test('Every call that the adapters of the functions make is among them', () => {
  const folders = ['auto-scaling', 'ec2', 'elastic-load-balancing', 'parameters', 'queues', 'state', 'tagging'];
  const made = folders.flatMap((name) =>
    readdirSync(join(ROOT, 'aws', name)).flatMap((file) =>
      [...readFileSync(join(ROOT, 'aws', name, file), 'utf8').matchAll(/\bnew (\w+)Command\b/g)].map(
        ([, command = '']) => ACTIONS[command] ?? command,
      ),
    ),
  );
  expect(CALLS).toEqual(expect.arrayContaining([...new Set(made)]));
});
