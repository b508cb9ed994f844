import { checkMessage } from './check-message.ts';

/**
 * The part of Slack's Web API that a bot posts by, as its public reference has it: `auth.test`, `chat.postMessage`,
 * `chat.update`. Written from that alone and importing nothing of the product.
 */

/** Where a message of a bot stands. */
export type PostedPlace =
  | { readonly kind: 'channel'; readonly ts: string }
  | { readonly kind: 'thread'; readonly ts: string; readonly threadTs: string; readonly isShownInChannel: boolean }
  /** Takes the place of the message with this `ts`. */
  | { readonly kind: 'edit'; readonly ts: string };

/** What became of a call; `posted` is what people see of it. */
export interface WebApiAnswer {
  readonly body: Readonly<Record<string, unknown>> & { readonly ok: boolean };
  readonly detail?: string;
  readonly posted?: {
    readonly destination: string;
    readonly place: PostedPlace;
    readonly payload: Readonly<Record<string, unknown>>;
  };
}

export interface WebApiBot {
  readonly token: string;
  /** The id of a destination's channel. */
  readonly channel: string;
}

/** What a workspace knows. */
export interface Workspace {
  /** The bot, invited to the destination's channel from now on. */
  readonly invite: (destination: string) => WebApiBot;
  readonly call: (request: WebApiRequest) => WebApiAnswer;
}

export interface WebApiRequest {
  /** `chat.postMessage` */
  readonly method: string;
  readonly body: string;
  readonly contentType: string;
  /** The header of that name. */
  readonly authorization: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

// Said in two parts, so that nobody takes it for a real one.
const TOKEN = ['xoxb', '100000000000', '200000000000', 'standinstandinstandinst'].join('-');

const refused = (error: string, detail?: string): WebApiAnswer => ({
  body: { ok: false, error },
  ...(detail === undefined ? {} : { detail }),
});

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const jsonOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Arguments as a form, where lists are JSON in a field, or as a JSON body. */
const fieldsOf = (body: string, contentType: string): Fields => {
  if (contentType.startsWith('application/json')) {
    const json = jsonOr(body);
    return isFields(json) ? json : {};
  }
  const form = Object.fromEntries(new URLSearchParams(body));
  const { blocks, attachments } = form;
  return {
    ...form,
    ...(blocks === undefined ? {} : { blocks: jsonOr(blocks) }),
    ...(attachments === undefined ? {} : { attachments: jsonOr(attachments) }),
  };
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Words of webhooks that the Web API has others for. */
const API_WORDS: Readonly<Record<string, string>> = { invalid_payload: 'invalid_arguments' };

/** A workspace with one bot. `now` makes the numbers of messages. */
export const openWorkspace = (now: () => Date = () => new Date()): Workspace => {
  const channels = new Map<string, string>();
  /** Thread parents are messages without a parent of their own. */
  const messages = new Map<string, { readonly channel: string; readonly isReply: boolean }>();
  let count = 0;

  const channelOf = (destination: string): string => {
    const known = [...channels].find(([, name]) => name === destination)?.[0];
    if (known !== undefined) return known;
    const channel = `C${String(channels.size + 1).padStart(10, '0')}`;
    channels.set(channel, destination);
    return channel;
  };

  const nextTs = (): string => {
    count += 1;
    return `${Math.floor(now().getTime() / 1000)}.${String(count).padStart(6, '0')}`;
  };

  const post = (fields: Fields, channel: string, destination: string): WebApiAnswer => {
    const threadTs = textOf(fields['thread_ts']);
    if (threadTs !== '' && messages.get(threadTs)?.channel !== channel) return refused('thread_not_found');
    if (messages.get(threadTs)?.isReply) return refused('cannot_reply_to_message');
    const ts = nextTs();
    messages.set(ts, { channel, isReply: threadTs !== '' });
    const isShownInChannel = ['true', true].includes(fields['reply_broadcast'] as string | boolean);
    const place: PostedPlace =
      threadTs === '' ? { kind: 'channel', ts } : { kind: 'thread', ts, threadTs, isShownInChannel };
    return { body: { ok: true, channel, ts }, posted: { destination, place, payload: fields } };
  };

  const update = (fields: Fields, channel: string, destination: string): WebApiAnswer => {
    const ts = textOf(fields['ts']);
    if (messages.get(ts)?.channel !== channel) return refused('message_not_found');
    return { body: { ok: true, channel, ts }, posted: { destination, place: { kind: 'edit', ts }, payload: fields } };
  };

  const authProblem = ({ authorization }: WebApiRequest, fields: Fields): WebApiAnswer | undefined => {
    const token = authorization?.replace(/^Bearer /, '') ?? textOf(fields['token']);
    if (token === '') return refused('not_authed');
    return token === TOKEN ? undefined : refused('invalid_auth');
  };

  return {
    invite: (destination) => ({ token: TOKEN, channel: channelOf(destination) }),
    call: (request) => {
      const fields = fieldsOf(request.body, request.contentType);
      const problem = authProblem(request, fields);
      if (problem !== undefined) return problem;
      if (request.method === 'auth.test') return { body: { ok: true, team: 'Stand-in', user: 'usher' } };
      if (request.method !== 'chat.postMessage' && request.method !== 'chat.update') return refused('unknown_method');
      const channel = textOf(fields['channel']);
      const destination = channels.get(channel);
      if (destination === undefined) return refused(/^C9/.test(channel) ? 'not_in_channel' : 'channel_not_found');
      const check = checkMessage(fields);
      if (check.kind === 'refused') return refused(API_WORDS[check.error] ?? check.error, check.detail);
      return request.method === 'chat.update'
        ? update(fields, channel, destination)
        : post(fields, channel, destination);
    },
  };
};
