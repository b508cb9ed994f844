import { createHmac } from 'node:crypto';

/**
 * Signing secret, time, body and signature as Slack publishes them.
 * @see Slack documentation, "Verifying requests from Slack" (docs.slack.dev/authentication/verifying-requests-from-slack)
 */
export const PUBLISHED = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  signedAt: new Date('2018-07-12T18:36:58.000Z'),
  body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
} as const;

export const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** Slack's side: the headers of a request. */
export const signedHeaders = (secret: string, body: string, at: Date): Readonly<Record<string, string>> => {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
};

/** A form as browsers and Slack write it: `+` for a space, UTF-8 in `%` escapes. */
export const form = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();

/** @see Slack documentation, "Enabling interactivity with slash commands", the sample of a request */
export const commandFields = {
  token: 'gIkuvaNzQIHg97ATvDxqgjtO',
  team_id: 'T0001',
  team_domain: 'example',
  enterprise_id: 'E0001',
  enterprise_name: 'Globular Construct Inc',
  channel_id: 'C2147483705',
  channel_name: 'test',
  user_id: 'U2147483697',
  user_name: 'Steve',
  command: '/usher',
  text: 'invalidate E123 /blog/*',
  response_url: 'https://hooks.slack.com/commands/1234/5678',
  trigger_id: '13345224609.738474920.8088930838d88f008e0',
  api_app_id: 'A123456',
} as const;

/** A button pressed. @see Slack documentation, "block_actions payload", the sample of a button in a message */
export const pressed = {
  type: 'block_actions',
  team: { id: 'T9TK3CUKW', domain: 'example' },
  user: { id: 'UA8RXUSPL', username: 'jtorrance', name: 'jtorrance', team_id: 'T9TK3CUKW' },
  api_app_id: 'AABA1ABCD',
  token: '9s8d9as89d8as9d8as989',
  container: { type: 'message', message_ts: '1548261231.000200', channel_id: 'CBR2V3XEX', is_ephemeral: false },
  trigger_id: '12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3',
  enterprise: null,
  is_enterprise_install: false,
  channel: { id: 'CBR2V3XEX', name: 'review-updates' },
  message: { bot_id: 'BAH5CA16Z', type: 'message', user: 'UAJ2RU415', ts: '1548261231.000200' },
  response_url: 'https://hooks.slack.com/actions/AABA1ABCD/1232321423432/D09sSasdasdAS9091209',
  actions: [
    {
      action_id: 'usher:approve',
      block_id: '=qXel',
      value: 'plan-0a1b2c3d',
      type: 'button',
      action_ts: '1548426417.840180',
    },
  ],
} as const;

export const payloadBody = (payload: unknown): string => form({ payload: JSON.stringify(payload) });
