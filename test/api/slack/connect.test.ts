import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { secretReader } from '../../../aws/parameters/secret-reader.ts';
import { destinationBots } from '../../../functions/post-to-slack/bots.ts';
import { webhookUrls } from '../../../functions/post-to-slack/webhook-urls.ts';
import { startMinistack } from '../../../local/emulators/ministack.ts';
import { preparePython } from '../../../local/emulators/python.ts';
import type { Emulator } from '../../../local/emulators/server-process.ts';
import type { SlackStandIn } from '../../../local/slack/stand-in.ts';
import { startSlackStandIn } from '../../../local/slack/stand-in.ts';
import { runConnect } from '../../support/run-connect.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const REGION = 'ap-northeast-1';
const SIGNING_SECRET = 'fedcba9876543210'.repeat(2);

let ministack: Emulator | undefined;
let slack: SlackStandIn | undefined;
let folder: string | undefined;

beforeAll(async () => {
  const python = await preparePython({ root: ROOT });
  folder = await mkdtemp(join(ROOT, '.local', `run-${process.pid}-`));
  ministack = await startMinistack({ python, root: ROOT, folder, region: REGION, elsewhereUrl: 'http://127.0.0.1:9' });
  slack = await startSlackStandIn();
}, 300_000);

afterAll(async () => {
  await ministack?.stop();
  await slack?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

test('Given what slack:connect stored, when the functions look for it, then they find the same, and a second run may keep it', async () => {
  if (ministack === undefined || slack === undefined) throw new Error('both are started before the test');
  const webhook = slack.webhookUrl('default');
  const bot = slack.bot('default');
  const answers = [SIGNING_SECRET, webhook, bot.token, bot.channel];
  const first = await runConnect(ministack.url, answers, ['--stage', 'local', '--region', REGION]);
  expect([first.code, first.error]).toEqual([0, '']);

  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const ssm = new SSMClient({ endpoint: ministack.url, region: REGION, credentials });
  const secrets = secretReader(ssm, () => new Date());
  const settings = { secretPrefix: '/usher/local', destinations: ['default'] } as const;
  expect(await secrets.readSecret('/usher/local/slack/signing-secret')).toBe(SIGNING_SECRET);
  expect(await webhookUrls(secrets, settings)('default')).toBe(webhook);
  expect(await destinationBots(secrets, settings)('default')).toEqual(bot);
  ssm.destroy();

  const second = await runConnect(ministack.url, ['', '', '', ''], ['--stage', 'local', '--region', REGION]);
  expect([second.code, second.error]).toEqual([0, '']);
  expect(second.out).toContain('nothing was changed');
}, 60_000);
