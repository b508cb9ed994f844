import { describe, expect, test } from '@jest/globals';
import type { Order } from '../../../domain/order.ts';
import { BUTTON_VERBS } from '../../../domain/order.ts';
import type { Decoded } from '../../../slack/requests/decode.ts';
import { decodeRequest, isCertificateCheck } from '../../../slack/requests/decode.ts';
import { bytes, commandFields, form, PUBLISHED, payloadBody, pressed } from './slack-requests.ts';

const signedAt = new Date('2026-11-22T05:02:11.000Z');
const decoded = (body: string): Decoded => decodeRequest({ body: bytes(body), signedAt, allowsLoopback: false });

const orderIn = (body: string): Order => {
  const request = decoded(body);
  if (request.kind !== 'order') throw new Error(`no order: ${JSON.stringify(request)}`);
  return request.order;
};

const malformed = (reason: string) => ({ kind: 'malformed', reason });

test('Given the body that Slack publishes, when it is decoded, then it is this order', () => {
  expect(decodeRequest({ body: bytes(PUBLISHED.body), signedAt: PUBLISHED.signedAt, allowsLoopback: false })).toEqual({
    kind: 'order',
    request: 'typed',
    order: {
      orderId: '390eeeff8d0cb7c9f6ecf8a88c3df6452fea0914eb02f64844369f3758d8d330',
      orderedAt: '2018-07-12T18:36:58.000Z',
      by: { teamId: 'T1DC2JH3J', channelId: 'G8PSS9T3V', userId: 'U2CERLKJA', userName: 'roadrunner' },
      asked: { kind: 'command', command: '/webhook-collect', text: '' },
      responseUrl: 'https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN',
    },
  });
});

describe('Slash commands', () => {
  test('Given a command with its text, then both are in the order, with who gave it and where the answer goes', () => {
    expect(orderIn(form(commandFields))).toMatchObject({
      orderedAt: '2026-11-22T05:02:11.000Z',
      by: { teamId: 'T0001', channelId: 'C2147483705', userId: 'U2147483697', userName: 'Steve' },
      asked: { kind: 'command', command: '/usher', text: 'invalidate E123 /blog/*' },
      responseUrl: 'https://hooks.slack.com/commands/1234/5678',
    });
  });

  test.each([
    ['text=invalidate+E123+%2Fa', 'invalidate E123 /a'],
    ['text=%2Fa%2Bb', '/a+b'],
    ['text=%2F100%25%3Fa%3Db%26c', '/100%?a=b&c'],
    ['text=%EF%BC%8F%E3%83%96%E3%83%AD%E3%82%B0', '／ブログ'],
    ['text=%F0%9F%98%80%00', '😀\u0000'],
    ['text=%EF%BB%BFhelp', '\uFEFFhelp'],
    ['text=a=b', 'a=b'],
    ['text', ''],
    ['text=', ''],
    ['other=1', ''],
  ])('Given the field %s, then the text is as typed', (field, text) => {
    const { text: _, ...others } = commandFields;
    expect(orderIn(`${form(others)}&${field}`).asked).toEqual({ kind: 'command', command: '/usher', text });
  });

  test('Given an installation for a whole organisation without a workspace, then the organisation is the team', () => {
    const { team_id: _, ...others } = commandFields;
    expect(orderIn(form(others)).by.teamId).toBe('E0001');
  });

  test('Given no name and no address for answers, then they are absent', () => {
    const { user_name: _, response_url: __, ...others } = commandFields;
    const { by, responseUrl } = orderIn(form(others));
    expect([by.userName, responseUrl]).toEqual([undefined, undefined]);
  });

  test.each([
    ['no team', { team_id: '', enterprise_id: '' }, 'FieldMissing'],
    ['no channel', { channel_id: '' }, 'FieldMissing'],
    ['no user', { user_id: '' }, 'FieldMissing'],
    ['a user who is none', { user_id: '<@U1>' }, 'FieldMalformed'],
    ['a channel with a line', { channel_id: 'C1\nC2' }, 'FieldMalformed'],
    ['a command without its slash', { command: 'usher' }, 'FieldMalformed'],
    ['answers to somebody else', { response_url: 'https://hooks.slack.com.example.com/x' }, 'FieldMalformed'],
    ['answers in plain text', { response_url: 'http://hooks.slack.com/x' }, 'FieldMalformed'],
    ['answers to this machine', { response_url: 'http://127.0.0.1:3000/answers/1' }, 'FieldMalformed'],
    ['answers to another port', { response_url: 'https://hooks.slack.com:8443/x' }, 'FieldMalformed'],
    ['answers written so that they are read otherwise', { response_url: 'https:hooks.slack.com/x' }, 'FieldMalformed'],
    ['answers with a user name', { response_url: 'https://hooks.slack.com@example.com/x' }, 'FieldMalformed'],
  ])('Given %s, then it is refused as a value', (_, fields, reason) => {
    expect(decoded(form({ ...commandFields, ...fields }))).toEqual(malformed(reason));
  });

  test('Given a local stage and the stand-in of this machine, then answers may go there', () => {
    const body = bytes(form({ ...commandFields, response_url: 'http://127.0.0.1:3000/answers/1' }));
    expect(decodeRequest({ body, signedAt, allowsLoopback: true })).toMatchObject({
      order: { responseUrl: 'http://127.0.0.1:3000/answers/1' },
    });
  });
});

describe('Buttons', () => {
  test('Given one pressed, then the order holds its verb, its plan and its message, and who pressed it', () => {
    expect(orderIn(payloadBody(pressed))).toEqual({
      orderId: expect.stringMatching(/^[0-9a-f]{64}$/),
      orderedAt: '2026-11-22T05:02:11.000Z',
      by: { teamId: 'T9TK3CUKW', channelId: 'CBR2V3XEX', userId: 'UA8RXUSPL', userName: 'jtorrance' },
      asked: { kind: 'button', verb: 'approve', planId: 'plan-0a1b2c3d', messageTs: '1548261231.000200' },
      responseUrl: 'https://hooks.slack.com/actions/AABA1ABCD/1232321423432/D09sSasdasdAS9091209',
    });
  });

  test.each(BUTTON_VERBS.map((verb) => [verb]))('Given the action usher:%s, then that is its verb', (verb) => {
    const actions = [{ action_id: `usher:${verb}`, value: 'p1' }];
    expect(orderIn(payloadBody({ ...pressed, actions })).asked).toMatchObject({ verb, planId: 'p1' });
  });

  test('Given the button of the set-up’s test message, then it orders help, and was pressed', () => {
    const actions = [{ action_id: 'usher:help', value: 'help' }];
    expect(decoded(payloadBody({ ...pressed, actions }))).toMatchObject({
      kind: 'order',
      request: 'pressed',
      order: { asked: { kind: 'command', command: '/usher', text: 'help' } },
    });
  });

  test('Given the second button of a verb in one message, which has a number, then the verb is the same', () => {
    const actions = [{ action_id: 'usher:undo:2', value: 'p2' }];
    expect(orderIn(payloadBody({ ...pressed, actions })).asked).toMatchObject({ verb: 'undo', planId: 'p2' });
  });

  test('Given an installation for a whole organisation, where the team is null, then the organisation is the team', () => {
    const { team_id: _, ...user } = pressed.user;
    const payload = {
      ...pressed,
      user,
      team: null,
      enterprise: { id: 'E0ORG', name: 'Org' },
      is_enterprise_install: true,
    };
    expect(orderIn(payloadBody(payload)).by.teamId).toBe('E0ORG');
  });

  test('Given a channel shared with another company, when one of theirs presses, then the order is from their workspace', () => {
    const user = { ...pressed.user, id: 'U0THEIRS', team_id: 'T0THEIRS' };
    expect(orderIn(payloadBody({ ...pressed, user })).by).toMatchObject({ teamId: 'T0THEIRS', userId: 'U0THEIRS' });
  });

  test('Given nothing of the workspace of who pressed, then the message’s counts', () => {
    const { team_id: _, ...user } = pressed.user;
    expect(orderIn(payloadBody({ ...pressed, user })).by.teamId).toBe('T9TK3CUKW');
  });

  test('Given a workspace of who pressed that is none, then it is refused', () => {
    const user = { ...pressed.user, team_id: ['T9TK3CUKW'] };
    expect(decoded(payloadBody({ ...pressed, user }))).toEqual(malformed('FieldMalformed'));
  });

  test('Given no channel beside the container, then the container says which', () => {
    expect(orderIn(payloadBody({ ...pressed, channel: undefined })).by.channelId).toBe('CBR2V3XEX');
  });

  test('Given a message without an id, then none is in the order', () => {
    const { asked } = orderIn(payloadBody({ ...pressed, container: { type: 'view' }, message: { ts: 'soon' } }));
    expect(asked).toEqual({ kind: 'button', verb: 'approve', planId: 'plan-0a1b2c3d' });
  });

  test('Given the button of the set-up’s test message, then it is /usher help, whatever its value', () => {
    const actions = [{ action_id: 'usher:help', value: 'approve everything' }];
    expect(decoded(payloadBody({ ...pressed, actions }))).toMatchObject({
      kind: 'order',
      order: { asked: { kind: 'command', command: '/usher', text: 'help' } },
    });
  });

  test.each([
    ['a button of no verb', [{ action_id: 'usher:explode', value: 'p1' }]],
    ['a verb with more behind it', [{ action_id: 'usher:undo:all', value: 'p1' }]],
    ['a verb in capitals', [{ action_id: 'usher:Approve', value: 'p1' }]],
    ["a property of every object's", [{ action_id: 'usher:constructor', value: 'p1' }]],
    ['a link button', [{ action_id: 'open-in-acm', url: 'https://example.com' }]],
    ['no action', []],
    ['no list', 'usher:approve'],
    ['an action of null', [null]],
  ])('Given %s, then nothing is ordered', (_, actions) => {
    expect(decoded(payloadBody({ ...pressed, actions }))).toEqual({ kind: 'ignored', reason: 'OtherAction' });
  });

  test.each(['view_submission', 'shortcut', 'message_action', 'block_suggestion', undefined])(
    'Given an interaction of type %s, then nothing is ordered',
    (type) => {
      expect(decoded(payloadBody({ ...pressed, type }))).toEqual({ kind: 'ignored', reason: 'OtherInteraction' });
    },
  );

  test.each([
    ['no plan', { actions: [{ action_id: 'usher:undo' }] }, 'FieldMissing'],
    ['a plan that is none', { actions: [{ action_id: 'usher:undo', value: 'a b' }] }, 'FieldMalformed'],
    ['a plan that is an object', { actions: [{ action_id: 'usher:undo', value: { id: 'p1' } }] }, 'FieldMalformed'],
    ['no user', { user: null }, 'FieldMissing'],
    ['nowhere', { channel: null, container: null }, 'FieldMissing'],
    ['no team at all', { team: null, enterprise: null, user: { id: 'UA8RXUSPL' } }, 'FieldMissing'],
    ['a number for a user', { user: { id: 7 } }, 'FieldMalformed'],
  ])('Given %s, then it is refused as a value', (_, fields, reason) => {
    expect(decoded(payloadBody({ ...pressed, ...fields }))).toEqual(malformed(reason));
  });
});

describe('The id of an order', () => {
  test('Given the same body signed again later, then it is the same order', () => {
    const again = decodeRequest({
      body: bytes(form(commandFields)),
      signedAt: new Date('2026-11-22T05:04:00.000Z'),
      allowsLoopback: false,
    });
    expect(again).toMatchObject({ order: { orderId: orderIn(form(commandFields)).orderId } });
  });

  test('Given the same words typed twice, then they are two orders', () => {
    const again = form({ ...commandFields, trigger_id: '13345224610.738474920.8088930838d88f008e0' });
    expect(orderIn(again).orderId).not.toBe(orderIn(form(commandFields)).orderId);
  });
});

describe('Bad encodings', () => {
  test.each([
    ['a lone percent', 'command=%2Fusher&text=100%', 'BadEscape'],
    ['half an escape', 'command=%2Fusher&text=%E3%81', 'BadEscape'],
    ['Latin-1', 'command=%2Fusher&text=%E9', 'BadEscape'],
    ['too long a form of a slash', 'command=%C0%AF', 'BadEscape'],
    ['a field twice', 'command=%2Fusher&command=%2Finvalidate', 'FieldRepeated'],
    ['a field twice, once escaped', 'command=%2Fusher&comm%61nd=%2Finvalidate', 'FieldRepeated'],
    ['a command and a payload', 'command=%2Fusher&payload=%7B%7D', 'NoSuchRequest'],
    ['neither', 'a=1&b=2', 'NoSuchRequest'],
    ['nothing', '', 'NoSuchRequest'],
    ['JSON', '{"type":"url_verification"}', 'NoSuchRequest'],
    ['a payload that is no JSON', 'payload=%7B', 'PayloadNotJson'],
    ['a payload that is a list', 'payload=%5B%5D', 'PayloadNotJson'],
    ['a payload that is null', 'payload=null', 'PayloadNotJson'],
  ])('Given %s, then it is refused as a value', (_, body, reason) => {
    expect(decoded(body)).toEqual(malformed(reason));
  });

  test('Given bytes that are no UTF-8, then they are refused as a value', () => {
    expect(decodeRequest({ body: Uint8Array.of(0x61, 0x3d, 0xff), signedAt, allowsLoopback: false })).toEqual(
      malformed('NotUtf8'),
    );
  });
});

describe('Checks of the certificate', () => {
  test.each([
    ['ssl_check=1&token=gIkuvaNzQIHg97ATvDxqgjtO', true],
    ['token=abc&ssl_check=1', true],
    ['ssl_check=0', false],
    ['ssl_check=1&command=%2Fusher', false],
    ['ssl_check=1&payload=%7B%7D', false],
    ['ssl_check=1&ssl_check=1', false],
    ['ssl_check=1&text=%', false],
    [`ssl_check=1&a=${'x'.repeat(2_000)}`, false],
    ['', false],
  ])('Given %s, then it is one: %s', (body, expected) => {
    expect(isCertificateCheck(bytes(body))).toBe(expected);
  });
});
