import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SlackStandIn } from '../../../local/slack/stand-in.ts';
import { startSlackStandIn } from '../../../local/slack/stand-in.ts';
import { runConnect } from '../../support/run-connect.ts';
import { CHANNEL_WITHOUT_BOT } from '../../support/slack-channels.ts';

const SIGNING_SECRET = '0123456789abcdef'.repeat(2);

interface Stored {
  readonly value: string;
  readonly type: string;
}

let slack: SlackStandIn;
let stored: Map<string, Stored>;
let ssm: { readonly url: string; refuse: string | undefined; stop: () => Promise<void> };

/** GetParameter and PutParameter as SSM's API reference has them. */
const startSsm = async () => {
  const parameters = stored;
  const state: { refuse: string | undefined } = { refuse: undefined };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const asked = JSON.parse(Buffer.concat(chunks).toString());
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    };
    if (state.refuse !== undefined)
      return answer(400, { __type: state.refuse, message: `it was ${asked.Value ?? asked.Name}` });
    if (request.headers['x-amz-target'] === 'AmazonSSM.PutParameter') {
      parameters.set(asked.Name, { value: asked.Value, type: asked.Type });
      return answer(200, { Version: 1 });
    }
    const found = parameters.get(asked.Name);
    return found === undefined
      ? answer(400, { __type: 'ParameterNotFound' })
      : answer(200, { Parameter: { Name: asked.Name, Type: found.type, Value: found.value } });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
};

beforeEach(async () => {
  stored = new Map();
  [slack, ssm] = [await startSlackStandIn(), await startSsm()];
});
afterEach(async () => {
  await slack.stop();
  await ssm.stop();
});

const connect = (answers: readonly string[], ...given: readonly string[]) => runConnect(ssm.url, answers, given);

const values = () => Object.fromEntries([...stored].map(([name, { value }]) => [name, value]));

/** No answer may be seen anywhere but in the store. */
const expectSilence = (said: string, secrets: readonly string[]) => {
  for (const secret of secrets) expect(said).not.toContain(secret);
};

describe('slack:connect', () => {
  test('Given a webhook only, then it is tried with a button, stored as SecureString, and the next step is said', async () => {
    const webhook = slack.webhookUrl('default');
    const { code, out, error } = await connect([SIGNING_SECRET, ` ${webhook} `, '']);
    expect([code, error]).toEqual([0, '']);
    expect(Object.fromEntries(stored)).toEqual({
      '/usher/prod/slack/signing-secret': { value: SIGNING_SECRET, type: 'SecureString' },
      '/usher/prod/slack/default/webhook-url': { value: webhook, type: 'SecureString' },
    });
    const [message] = slack.messages;
    expect(message?.text).toBe('Usher (prod) can write here as “default”');
    expect(message?.blocks[1]).toMatchObject({ type: 'actions', elements: [{ action_id: 'usher:help' }] });
    expect(out).toContain('Next: press the button');
    expect(out).toContain('for slackTeamId, is T00000000.');
    expectSilence(out + error, [SIGNING_SECRET, webhook]);
  }, 30_000);

  test('Given a bot as well, then both are tried and stored, the token last', async () => {
    const webhook = slack.webhookUrl('web');
    const { token, channel } = slack.bot('web');
    const given = ['--stage', 'dev', '--destination', 'web', '--language', 'ja', '--region', 'eu-central-1'];
    const { code, out, error } = await connect([SIGNING_SECRET, webhook, token, channel], ...given);
    expect([code, error]).toEqual([0, '']);
    expect([...stored.keys()]).toEqual([
      '/usher/dev/slack/signing-secret',
      '/usher/dev/slack/web/webhook-url',
      '/usher/dev/slack/web/bot-channel',
      '/usher/dev/slack/web/bot-token',
    ]);
    expect(slack.messages.map(({ place }) => place.kind)).toEqual(['webhook', 'channel']);
    expect(slack.messages[1]?.text).toBe('Usher（dev）はここに投稿できます（通知先：web）');
    expectSilence(out + error, [SIGNING_SECRET, webhook, token]);
  }, 30_000);

  test('Given what is stored already, when Enter is pressed at each question, then it is tried and nothing is written', async () => {
    const webhook = slack.webhookUrl('default');
    stored.set('/usher/prod/slack/signing-secret', { value: SIGNING_SECRET, type: 'SecureString' });
    stored.set('/usher/prod/slack/default/webhook-url', { value: webhook, type: 'SecureString' });
    const { code, out } = await connect(['', '', '']);
    expect(code).toBe(0);
    expect(out).toContain('nothing was changed');
    expect(slack.messages).toHaveLength(1);
  }, 30_000);

  test('Given an answer that can’t be right, then it is said and asked again; three times, and nothing is stored', async () => {
    const webhook = slack.webhookUrl('default');
    const again = await connect(['not a secret', SIGNING_SECRET, webhook, '']);
    expect(again.code).toBe(0);
    expect(again.out).toContain('A signing secret has 32 characters');
    stored.clear();
    const never = await connect([SIGNING_SECRET, 'https://evil.example/x', 'https://evil.example/y', 'hooks']);
    expect([never.code, never.error.split('\n').length]).toEqual([1, 2]);
    expect(never.error).toContain('Nothing was stored.');
    expectSilence(never.out + never.error, ['evil.example', SIGNING_SECRET]);
    expect(values()).toEqual({});
  }, 30_000);

  test.each<[string, () => readonly string[], string]>([
    [
      'a webhook that Slack does not know',
      () => [SIGNING_SECRET, slack.webhookUrl('default').replace(/[^/]+$/, 'X'), ''],
      'Slack refused the webhook (invalid_token)',
    ],
    [
      'a token that Slack does not know',
      () => [SIGNING_SECRET, slack.webhookUrl('default'), 'xoxb-0000000000-0', 'C0123456789'],
      'Slack refused the bot (invalid_auth): copy the token again',
    ],
    [
      'a channel without the bot',
      () => [SIGNING_SECRET, slack.webhookUrl('default'), slack.bot('default').token, CHANNEL_WITHOUT_BOT],
      'Slack refused the bot (not_in_channel): invite the bot to the channel',
    ],
    ['an end before the last question', () => [SIGNING_SECRET], 'There was no answer to the last question.'],
  ])(
    'Given %s, then one line says so and nothing is stored',
    async (_, answers, line) => {
      const { code, out, error } = await connect(answers());
      expect([code, error.trim().split('\n').length]).toEqual([1, 1]);
      expect(error).toContain(line);
      expect(error).toContain('Nothing was stored.');
      expectSilence(
        out + error,
        answers()
          .slice(0, 3)
          .filter((answer) => answer !== ''),
      );
      expect(values()).toEqual({});
    },
    30_000,
  );

  test.each([
    ['AccessDeniedException', 'Your AWS identity needs ssm:GetParameter and ssm:PutParameter on /usher/*.'],
    ['ValidationException', 'AWS could not be asked (ValidationException): check the Region'],
  ])(
    'Given AWS’s %s, then one line says what to do, without AWS’s own words',
    async (refusal, line) => {
      ssm.refuse = refusal;
      const { code, error } = await connect([SIGNING_SECRET, slack.webhookUrl('default'), '']);
      expect(code).toBe(1);
      expect(error.trim().split('\n')).toHaveLength(1);
      expect(error).toContain(line);
      expect(error).not.toContain('it was');
    },
    30_000,
  );

  test.each([[['--signing-secret', SIGNING_SECRET]], [[SIGNING_SECRET]], [['--stage', '../x']]])(
    'Given %j as arguments, then nothing is asked, and a secret among them is not repeated',
    async (given) => {
      const { code, out, error } = await connect([], ...given);
      expect([code, out]).toEqual([1, '']);
      expect(error).toContain('Try --help.');
      expectSilence(error, [SIGNING_SECRET]);
    },
    30_000,
  );

  test('Given --help, then it says what it does and how', async () => {
    const { code, out } = await connect([], '--help');
    expect(code).toBe(0);
    expect(out).toContain('npm run slack:connect -- --stage prod');
  }, 30_000);
});
