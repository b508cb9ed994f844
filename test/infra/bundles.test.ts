import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { build } from 'esbuild';
import { parseDocument } from 'yaml';
import bundlePlugins from '../../infra/esbuild/plugins.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const service = parseDocument(readFileSync(join(ROOT, 'serverless.yml'), 'utf8'), { logLevel: 'silent' }).toJS();

/** Bundles as serverless.yml says; serverless-esbuild's own options left out. */
const bundle = async (functionName: string): Promise<Metafile> => {
  const { exclude, plugins, ...options } = service.custom.esbuild;
  expect(plugins).toBe('infra/esbuild/plugins.ts');
  const { metafile } = await build({
    ...options,
    plugins: bundlePlugins,
    external: exclude,
    absWorkingDir: ROOT,
    entryPoints: [`functions/${functionName}/handler.ts`],
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  if (metafile === undefined) throw new Error('esbuild gave no metafile');
  return metafile;
};

const kilobytes = ({ outputs }: Metafile): number =>
  Math.ceil(Object.values(outputs).reduce((sum, { bytes }) => sum + bytes, 0) / 1000);

/** Packages that are in it with at least one byte, each once. */
const packagesIn = ({ outputs }: Metafile, scope: string): readonly string[] => {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const names = files.flatMap((path) => path.split('node_modules/').at(-1)?.split('/').slice(0, 2).join('/') ?? []);
  return [...new Set(names)].filter((name) => name.startsWith(scope)).sort();
};

const AWS_CLIENTS = '@aws-sdk/client-';

/**
 * What each function loads at a cold start. The limits are a tenth above what was measured: a new client, or a package
 * that came along with one, is to be noticed and not to creep in.
 */
const BUNDLES = [
  {
    functionName: 'register-targets',
    clients: [
      'auto-scaling',
      'dynamodb',
      'ec2',
      'elastic-load-balancing',
      'elastic-load-balancing-v2',
      'eventbridge',
      'resource-groups-tagging-api',
      'sqs',
    ],
    slack: [],
    maximumKilobytes: 760,
  },
  {
    functionName: 'watch-targets',
    // Auto Scaling's is loaded when an AMI differs from all others.
    clients: [
      'auto-scaling',
      'dynamodb',
      'ec2',
      'elastic-load-balancing',
      'elastic-load-balancing-v2',
      'eventbridge',
      'sqs',
    ],
    slack: [],
    maximumKilobytes: 690,
  },
  {
    functionName: 'diagnose-unhealthy-targets',
    clients: [
      'auto-scaling',
      'cloudwatch',
      'dynamodb',
      'ec2',
      'elastic-load-balancing',
      'elastic-load-balancing-v2',
      'eventbridge',
      'sqs',
    ],
    slack: [],
    maximumKilobytes: 770,
  },
  {
    functionName: 'sweep',
    clients: [
      'auto-scaling',
      'cloudwatch',
      'dynamodb',
      'ec2',
      'elastic-load-balancing',
      'elastic-load-balancing-v2',
      'eventbridge',
      'resource-groups-tagging-api',
      'sqs',
    ],
    slack: [],
    maximumKilobytes: 905,
  },
  {
    functionName: 'post-to-slack',
    clients: ['dynamodb', 'sqs', 'ssm'],
    slack: ['@slack/logger', '@slack/types', '@slack/web-api', '@slack/webhook'],
    maximumKilobytes: 1_010,
  },
  {
    functionName: 'invalidate-distributions',
    clients: ['cloudfront', 'dynamodb', 'eventbridge', 'sqs'],
    slack: [],
    maximumKilobytes: 930,
  },
  {
    functionName: 'alert-expiring-certificates',
    clients: [
      'acm',
      'cloudfront',
      'dynamodb',
      'elastic-load-balancing',
      'elastic-load-balancing-v2',
      'eventbridge',
      'route-53',
      'route-53-domains',
      'sqs',
    ],
    slack: [],
    maximumKilobytes: 955,
  },
  {
    functionName: 'carry-out-orders',
    clients: [
      'acm',
      'auto-scaling',
      'cloudfront',
      'dynamodb',
      'ec2',
      'elastic-load-balancing',
      'elastic-load-balancing-v2',
      'eventbridge',
      'resource-groups-tagging-api',
      'route-53-domains',
      'sqs',
    ],
    slack: [],
    // What `certificates` and `doctor` need is a third of it, and loaded when somebody asks.
    maximumKilobytes: 1_900,
  },
  {
    functionName: 'receive-slack',
    clients: ['sqs', 'ssm'],
    slack: [],
    maximumKilobytes: 315,
  },
] as const;

test('Given the functions of the service, then the bundle of each is measured', () => {
  const handlers = Object.values<{ readonly handler: string }>(service.functions).map(({ handler }) => handler);
  const measured = BUNDLES.map(({ functionName }) => `functions/${functionName}/handler.handler`);
  expect(handlers.sort()).toEqual(measured.sort());
});

describe.each(BUNDLES)('$functionName', ({ functionName, clients, slack, maximumKilobytes }) => {
  test('loads the clients of the services it calls, and no more', async () => {
    const metafile = await bundle(functionName);
    expect(packagesIn(metafile, AWS_CLIENTS)).toEqual(clients.map((client) => `${AWS_CLIENTS}${client}`));
    expect(packagesIn(metafile, '@slack/')).toEqual(slack);
    expect(kilobytes(metafile)).toBeLessThanOrEqual(maximumKilobytes);
  });
});

test('post-to-slack loads the client of the Web API only when a destination has a bot', async () => {
  const { inputs } = await bundle('post-to-slack');
  const importers = Object.entries(inputs).flatMap(([path, { imports }]) =>
    imports.filter((each) => each.path.endsWith('slack/deliver-by-bot.ts')).map(({ kind }) => [path, kind]),
  );
  expect(importers).toEqual([['functions/post-to-slack/handler.ts', 'dynamic-import']]);
});
