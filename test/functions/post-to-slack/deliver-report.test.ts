import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Report, TargetsInService } from '../../../domain/report.ts';
import type { DeliverReportPorts } from '../../../functions/post-to-slack/deliver-report.ts';
import { deliverReport } from '../../../functions/post-to-slack/deliver-report.ts';
import type { SlackStandIn } from '../../../local/slack/stand-in.ts';
import { startSlackStandIn } from '../../../local/slack/stand-in.ts';
import { CONNECTION } from '../../../slack/catalogue/connection.ts';
import { deliver } from '../../../slack/deliver.ts';
import { deliverByBot } from '../../../slack/deliver-by-bot.ts';
import { renderReport } from '../../../slack/render.ts';
import { IN_SERVICE, notInService, reportOf } from '../../slack/reports.ts';
import { CHANNEL_WITHOUT_BOT } from '../../support/slack-channels.ts';
import { aMemoryState } from '../../support/world/memory-state.ts';

const NOW = new Date('2026-11-22T05:03:00Z');

const SICK: Report = { ...reportOf(notInService(), 'warning'), key: 'sick' };
const SICK_AGAIN: Report = { ...SICK, key: 'sick-again' };
const WELL: Report = {
  ...IN_SERVICE,
  key: 'well',
  body: { ...(IN_SERVICE.body as TargetsInService), recovered: true },
};

let slack: SlackStandIn;
beforeEach(async () => {
  slack = await startSlackStandIn();
});
afterEach(() => slack.stop());

const world = (change: Partial<DeliverReportPorts> = {}) => {
  const state = aMemoryState();
  const clock = { now: NOW };
  const pauses: number[] = [];
  const ports: DeliverReportPorts = {
    webhookUrlOf: async (destination) => slack.webhookUrl(destination),
    botOf: async (destination) => slack.bot(destination),
    deliver: (message, to) => deliver(message, { ...to, timeoutMilliseconds: 500 }),
    deliverByBot: (message, to) => deliverByBot(message, { ...to, timeoutMilliseconds: 500 }),
    threads: state.threads,
    delivered: state.deliveredReports,
    botRefusedNotice: CONNECTION.en.botRefused,
    now: () => clock.now,
    pause: async (milliseconds) => void pauses.push(milliseconds),
    ...change,
  };
  const road = deliverReport(ports);
  const send = (report: Report, attempt = 1) =>
    road(report, renderReport(report, { language: 'en', timeZone: 'Asia/Tokyo' }), attempt);
  return { state, clock, pauses, send };
};

const places = () => slack.messages.map(({ place }) => place);
const tail = () => JSON.stringify(slack.messages.at(-1)?.blocks);

describe('with a bot', () => {
  test('Given bad news, the same again, and the recovery, then one message, two replies, and an ending on top of the first', async () => {
    const { send } = world();
    for (const report of [SICK, SICK_AGAIN, WELL]) expect(await send(report)).toEqual({ kind: 'delivered' });
    const [first] = slack.messages;
    const ts = first?.place.kind === 'channel' ? first.place.ts : '';
    expect(places()).toEqual([
      { kind: 'channel', ts },
      { kind: 'thread', ts: expect.any(String), threadTs: ts, isShownInChannel: false },
      { kind: 'thread', ts: expect.any(String), threadTs: ts, isShownInChannel: true },
      { kind: 'edit', ts },
    ]);
    const edited = slack.messages[3]?.blocks as { text?: { text: string } }[];
    expect(edited[0]?.text?.text).toBe(':white_check_mark: *web-3 is now in service* (web-prod) – healthy after 23 s');
    expect(edited.slice(1)).toEqual(first?.blocks);
    expect(slack.messages[3]?.text).toBe(slack.messages[2]?.text);
  });

  test('Given an ended thread, when the same target fails again, then that is another story, in another message', async () => {
    const { send } = world();
    for (const report of [SICK, WELL, SICK_AGAIN]) await send(report);
    expect(places().map(({ kind }) => kind)).toEqual(['channel', 'thread', 'edit', 'channel']);
  });

  test('Given that the edit of the first message fails, then the ending is delivered all the same', async () => {
    const { send } = world();
    await send(SICK);
    slack.answerNext('ok', { status: 429, retryAfterSeconds: 30 });
    expect(await send(WELL)).toEqual({ kind: 'delivered' });
  });

  test('Given a thread that is gone, then the report is a message of its own, and the next one threads under it', async () => {
    const { state, send } = world();
    await send(SICK);
    const thread = await state.threads.get('default', SICK.matter);
    if (thread === undefined) throw new Error('a thread was begun');
    await state.threads.put('default', SICK.matter, { ...thread, ts: '1.000000' }, NOW);
    expect(await send(SICK_AGAIN)).toEqual({ kind: 'delivered' });
    expect(await send({ ...SICK, key: 'third' })).toEqual({ kind: 'delivered' });
    const [, own, reply] = places();
    expect(own).toMatchObject({ kind: 'channel' });
    expect(reply).toMatchObject({ kind: 'thread', threadTs: own?.kind === 'channel' ? own.ts : '' });
  });

  test('Given a destination that moved to another channel, then its thread stays behind', async () => {
    let bot = slack.bot('default');
    const { send } = world({ botOf: async () => bot });
    await send(SICK);
    bot = slack.bot('elsewhere');
    await send(SICK_AGAIN);
    expect(slack.messages.map(({ destination, place }) => [destination, place.kind])).toEqual([
      ['default', 'channel'],
      ['elsewhere', 'channel'],
    ]);
  });

  test('Given 429 with Retry-After, a fault or no answer, then the report waits and no webhook is used instead', async () => {
    const { send } = world();
    slack.answerNext({ status: 429, retryAfterSeconds: 45 }, { status: 503 }, 'timeout', {
      status: 200,
      body: '{"ok":false,"error":"internal_error"}',
    });
    expect(await send(SICK)).toEqual({ kind: 'wait', seconds: 45, why: 'Slack answered 429' });
    expect(await send(SICK, 2)).toEqual({ kind: 'wait', seconds: 4, why: 'Slack answered 503' });
    expect(await send(SICK, 3)).toMatchObject({ kind: 'wait', seconds: 8 });
    expect(await send(SICK, 4)).toEqual({ kind: 'wait', seconds: 16, why: 'Slack answered internal_error' });
    expect(slack.messages).toEqual([]);
    expect(slack.requests).toHaveLength(4);
  });

  test('Given a message that Slack takes from nobody, then it is refused at once', async () => {
    const { send } = world();
    slack.answerNext({ status: 200, body: '{"ok":false,"error":"msg_too_long"}' });
    expect(await send(SICK)).toEqual({ kind: 'refused', status: 200, slackError: 'msg_too_long' });
    expect(slack.messages).toEqual([]);
  });

  test('Given that the thread can’t be written down, then the report is delivered, and what follows stands alone', async () => {
    const { state, pauses, send } = world({
      threads: { get: async () => undefined, put: async () => Promise.reject(new Error('throttled')) },
    });
    expect(await send(SICK)).toEqual({ kind: 'delivered' });
    expect(pauses).toEqual([200, 400]);
    expect(await state.threads.get('default', SICK.matter)).toBeUndefined();
    await send(WELL);
    expect(places().map(({ kind }) => kind)).toEqual(['channel', 'channel']);
  });

  test('Given an answer that was lost, then the report waits, and comes a second time', async () => {
    const { send } = world();
    slack.answerNext('lost');
    expect(await send(SICK)).toMatchObject({ kind: 'wait', seconds: 2 });
    expect(await send(SICK, 2)).toEqual({ kind: 'delivered' });
    expect(slack.messages).toHaveLength(2);
  });
});

describe('without a bot that Slack takes', () => {
  test('Given no bot, then all goes by the webhook', async () => {
    const { send } = world({ botOf: async () => undefined });
    for (const report of [SICK, WELL]) expect(await send(report)).toEqual({ kind: 'delivered' });
    expect(places()).toEqual([{ kind: 'webhook' }, { kind: 'webhook' }]);
    expect(tail()).not.toContain('slack:connect');
  });

  test.each([
    ['a token that Slack does not know', { token: 'xoxb-1-2-wrong', channel: 'C1' }, 'invalid_auth'],
    ['a channel that is not there', { channel: 'C8888888888' }, 'channel_not_found'],
    ['a channel it was not invited to', { channel: CHANNEL_WITHOUT_BOT }, 'not_in_channel'],
  ])(
    'Given %s, then the webhook takes over and says so once; Slack is not asked for each message',
    async (_, wrong, slackError) => {
      const { state, send } = world({ botOf: async () => ({ ...slack.bot('default'), ...wrong }) });
      expect(await send(SICK)).toEqual({ kind: 'delivered' });
      expect(tail()).toContain(slackError);
      expect(tail()).toContain('npm run slack:connect');
      expect(await send(SICK_AGAIN)).toEqual({ kind: 'delivered' });
      expect(tail()).not.toContain(slackError);
      expect(places()).toEqual([{ kind: 'webhook' }, { kind: 'webhook' }]);
      expect(slack.requests).toHaveLength(3);
      expect(JSON.stringify(slack.messages)).not.toContain('xoxb');
      expect(await state.threads.get('default', SICK.matter)).toBeUndefined();
    },
  );

  test('Given a token that was refused, when five minutes have passed, then it is tried again; a fresh process says nothing twice', async () => {
    const bot = { ...slack.bot('default'), token: 'xoxb-1-2-wrong' };
    const first = world({ botOf: async () => bot });
    await first.send(SICK);
    first.clock.now = new Date(NOW.getTime() + 5 * 60_000);
    await first.send(SICK_AGAIN);
    expect(slack.requests.map(({ body }) => (body === 'ok' ? 'webhook' : 'api'))).toEqual([
      'api',
      'webhook',
      'api',
      'webhook',
    ]);
    expect(tail()).not.toContain('invalid_auth');
  });
});
