import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CloudFrontClient, CreateDistributionCommand, GetDistributionCommand } from '@aws-sdk/client-cloudfront';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { ReceivedSlackMessage } from '../../local/slack/stand-in.ts';
import type { LocalStage } from '../../local/stage.ts';
import { startLocalStage } from '../../local/stage.ts';
import { commandFields, form } from '../slack/requests/slack-requests.ts';
import { shownBy, until } from '../support/deployed-service.ts';
import { postToEntrance } from '../support/post-to-entrance.ts';
import { REGION } from '../support/template.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const READER = join(import.meta.dirname, '..', 'support', 'readers', 'read_invalidations.py');

jest.setTimeout(180_000); // an invalidation is followed over several looks

let stage: LocalStage;
let distributionId: string;

beforeAll(async () => {
  stage = await startLocalStage({ root: ROOT, region: REGION });
  const cloudFront = new CloudFrontClient({
    endpoint: stage.proxy.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { Distribution } = await cloudFront.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: 'orders-test',
        Comment: 'www',
        Enabled: true,
        Aliases: { Quantity: 1, Items: ['www.example.com'] },
        Origins: {
          Quantity: 1,
          Items: [
            { Id: 'origin', DomainName: 'origin.s3.amazonaws.com', S3OriginConfig: { OriginAccessIdentity: '' } },
          ],
        },
        DefaultCacheBehavior: {
          TargetOriginId: 'origin',
          ViewerProtocolPolicy: 'redirect-to-https',
          ForwardedValues: { QueryString: false, Cookies: { Forward: 'none' } },
          MinTTL: 0,
        },
      },
    }),
  );
  distributionId = Distribution?.Id ?? '';
  // While it deploys, an order is asked about first.
  await until('the distribution is deployed', async () => {
    const { Distribution: seen } = await cloudFront.send(new GetDistributionCommand({ Id: distributionId }));
    return seen?.Status === 'Deployed' ? true : undefined;
  });
  cloudFront.destroy();
}, 240_000); // the first run packages the service

afterAll(() => stage?.stop());

/** What somebody types in Slack, signed, and the address for its answers. */
const type = async (text: string, order: string): Promise<string> => {
  const responseUrl = stage.slack.responseUrl(order);
  const body = form({ ...commandFields, text, trigger_id: order, response_url: responseUrl });
  const { status } = await postToEntrance(stage.entrance, { body });
  expect(status).toBe(200);
  return responseUrl;
};

/** A press on the first button of a message, as Slack posts it. */
const press = async ({ blocks }: ReceivedSlackMessage, order: string): Promise<void> => {
  const actions = blocks.find((block) => JSON.stringify(block).startsWith('{"type":"actions"')) as {
    readonly elements: readonly { readonly action_id: string; readonly value: string }[];
  };
  const payload = {
    type: 'block_actions',
    team: { id: commandFields.team_id },
    user: { id: commandFields.user_id, username: 'steve' },
    channel: { id: commandFields.channel_id },
    response_url: stage.slack.responseUrl(order),
    actions: [{ ...actions.elements[0], action_ts: order }],
  };
  const body = form({ payload: JSON.stringify(payload) });
  expect((await postToEntrance(stage.entrance, { body })).status).toBe(200);
};

const readBack = async (): Promise<readonly { readonly status: string; readonly paths: readonly string[] }[]> => {
  const { PATH = '' } = process.env;
  const env = { PATH, ...stage.emulators.environment };
  const { stdout } = await promisify(execFile)(stage.emulators.python, [READER, distributionId], { env });
  return JSON.parse(stdout);
};

const next = (destination: string, words: string): Promise<ReceivedSlackMessage> =>
  stage.slack.nextMessage({
    matching: (message) => message.destination === destination && shownBy(message).includes(words),
    timeoutMilliseconds: 50_000,
  });

test('Given a signed command, then the invalidation is made, followed, and its ending told, and another client sees it', async () => {
  await type('invalidate https://www.example.com/blog/*', 'order-1');
  const taken = await next('order-1', 'Clearing the cache of www.example.com');
  expect(taken.payload['response_type']).toBe('ephemeral');
  await next('default', 'Cache cleared: www.example.com');
  expect(await readBack()).toEqual([{ status: 'Completed', paths: ['/blog/*'] }]);
});

test('Given everything is ordered, then nothing is made until the button is pressed, and twice pressed is once made', async () => {
  const before = await readBack();
  await type('invalidate www.example.com /*', 'order-2');
  const question = await next('order-2', 'of www.example.com?');
  expect(question.payload['response_type']).toBe('in_channel');
  expect(await readBack()).toEqual(before);
  await Promise.all([press(question, 'press-1'), press(question, 'press-2')]);
  await next('default', 'Cache cleared: www.example.com');
  const answers = await until('both presses answered', () => {
    const all = stage.slack.messages.filter(({ destination }) => destination.startsWith('press-'));
    return all.length === 2 ? all.map(shownBy) : undefined;
  });
  expect(answers.filter((text) => text.includes('Clearing the cache'))).toHaveLength(1);
  expect((await readBack()).map(({ paths }) => paths)).toEqual([...before.map(({ paths }) => paths), ['/*']]);
});

test('Given somebody who is not named, when they order, then they alone hear who may, and nothing is made', async () => {
  const before = await readBack();
  const body = form({
    ...commandFields,
    user_id: 'U0000009',
    text: 'invalidate www.example.com /a.html',
    trigger_id: 'order-3',
    response_url: stage.slack.responseUrl('order-3'),
  });
  await postToEntrance(stage.entrance, { body });
  const refusal = await next('order-3', 'Not allowed');
  expect(refusal.payload['response_type']).toBe('ephemeral');
  expect(await readBack()).toEqual(before);
});
