import { expect, test } from '@jest/globals';
import type { HttpEvent } from '../../../functions/receive-slack/http-request.ts';
import { httpRequestIn } from '../../../functions/receive-slack/http-request.ts';

const event: HttpEvent = {
  requestContext: { http: { method: 'POST' } },
  headers: { 'x-slack-signature': 'v0=1' },
  body: 'text=é',
};

test('Given a body as text, then its bytes are UTF-8', () => {
  expect(httpRequestIn(event)).toEqual({
    method: 'POST',
    headers: { 'x-slack-signature': 'v0=1' },
    body: Buffer.from([0x74, 0x65, 0x78, 0x74, 0x3d, 0xc3, 0xa9]),
  });
});

test('Given a body in base64, then its bytes are those before it was encoded', () => {
  const { body } = httpRequestIn({ ...event, body: 'dGV4dD3Dqf8=', isBase64Encoded: true });
  expect(body).toEqual(Buffer.from([0x74, 0x65, 0x78, 0x74, 0x3d, 0xc3, 0xa9, 0xff]));
});

test('Given neither headers nor body, then both are empty', () => {
  expect(httpRequestIn({ requestContext: { http: { method: 'get' } } })).toEqual({
    method: 'GET',
    headers: {},
    body: Buffer.alloc(0),
  });
});
