import { describe, expect, test } from '@jest/globals';
import { openWorkspace } from '../../../local/slack/web-api.ts';
import { CHANNEL_WITHOUT_BOT } from '../../support/slack-channels.ts';

const workspace = () => {
  const opened = openWorkspace(() => new Date('2026-11-22T05:00:00Z'));
  const { token, channel } = opened.invite('default');
  const call = (method: string, fields: Readonly<Record<string, unknown>>, authorization = `Bearer ${token}`) =>
    opened.call({
      method,
      body: JSON.stringify(fields),
      contentType: 'application/json; charset=utf-8',
      authorization,
    });
  return { opened, token, channel, call };
};

const section = { type: 'section', text: { type: 'mrkdwn', text: 'hello' } };

describe('the stand-in’s Web API', () => {
  test('Given a message, a reply and an edit, then each says where it stands', () => {
    const { call, channel } = workspace();
    const { body, posted } = call('chat.postMessage', { channel, text: 'x', blocks: [section] });
    expect(body).toEqual({ ok: true, channel, ts: '1795323600.000001' });
    expect(posted?.place).toEqual({ kind: 'channel', ts: '1795323600.000001' });
    const reply = call('chat.postMessage', { channel, text: 'y', thread_ts: body['ts'], reply_broadcast: true });
    expect(reply.posted?.place).toEqual({
      kind: 'thread',
      ts: '1795323600.000002',
      threadTs: '1795323600.000001',
      isShownInChannel: true,
    });
    expect(call('chat.update', { channel, ts: body['ts'], text: 'z' }).posted?.place).toEqual({
      kind: 'edit',
      ts: '1795323600.000001',
    });
  });

  test('Given a form, as Slack’s own library sends it, then lists are JSON in their field', () => {
    const { opened, token, channel } = workspace();
    const body = new URLSearchParams({ token, channel, text: 'x', blocks: JSON.stringify([section]) }).toString();
    const contentType = 'application/x-www-form-urlencoded';
    const answer = opened.call({ method: 'chat.postMessage', body, contentType, authorization: undefined });
    expect(answer.posted?.payload['blocks']).toEqual([section]);
  });

  test.each<[string, string, Readonly<Record<string, unknown>>, string | undefined]>([
    ['not_authed', 'auth.test', {}, ''],
    ['invalid_auth', 'auth.test', {}, 'Bearer xoxb-nobody'],
    ['unknown_method', 'chat.shout', {}, undefined],
    ['channel_not_found', 'chat.postMessage', { channel: 'C8', text: 'x' }, undefined],
    ['not_in_channel', 'chat.postMessage', { channel: CHANNEL_WITHOUT_BOT, text: 'x' }, undefined],
    ['no_text', 'chat.postMessage', { channel: 'C0000000001' }, undefined],
    ['msg_too_long', 'chat.postMessage', { channel: 'C0000000001', text: 'x'.repeat(40_001) }, undefined],
    ['invalid_blocks', 'chat.postMessage', { channel: 'C0000000001', blocks: [{ type: 'section' }] }, undefined],
    ['invalid_arguments', 'chat.postMessage', { channel: 'C0000000001', text: 3 }, undefined],
    ['thread_not_found', 'chat.postMessage', { channel: 'C0000000001', text: 'x', thread_ts: '1.1' }, undefined],
    ['message_not_found', 'chat.update', { channel: 'C0000000001', text: 'x', ts: '1.1' }, undefined],
  ])('answers %s', (error, method, fields, authorization) => {
    const { call } = workspace();
    expect(call(method, fields, authorization).body).toEqual({ ok: false, error });
  });

  test('Given a reply to a reply, then it can’t be', () => {
    const { call, channel } = workspace();
    const { body } = call('chat.postMessage', { channel, text: 'x' });
    const reply = call('chat.postMessage', { channel, text: 'y', thread_ts: body['ts'] });
    const further = call('chat.postMessage', { channel, text: 'z', thread_ts: reply.body['ts'] });
    expect(further.body).toEqual({ ok: false, error: 'cannot_reply_to_message' });
  });

  test('Given a known token, then auth.test says whose it is', () => {
    expect(workspace().call('auth.test', {}).body).toEqual({ ok: true, team: 'Stand-in', user: 'usher' });
  });
});
