import { createHash } from 'node:crypto';
import type { Asked, ButtonVerb, Order } from '../../domain/order.ts';
import { BUTTON_VERBS } from '../../domain/order.ts';
import { isSlackHook } from '../webhook-url.ts';

/** Why a body that Slack signed can't be acted on. */
export type Malformation =
  | 'NotUtf8'
  | 'BadEscape' // a `%` without two hexadecimal digits, or bytes that are no UTF-8
  | 'FieldRepeated'
  | 'NoSuchRequest' // neither a command nor an interaction
  | 'PayloadNotJson'
  | 'FieldMissing'
  | 'FieldMalformed';

/** What a signed request asks for. */
export type Decoded =
  | {
      readonly kind: 'order';
      /** How it came: words that answer the request are shown to whoever typed, not to whoever pressed. */
      readonly request: 'typed' | 'pressed';
      readonly order: Order;
    }
  /** Nothing of ours: a link button, a view, a shortcut, a button of no verb. */
  | { readonly kind: 'ignored'; readonly reason: 'OtherInteraction' | 'OtherAction' }
  | { readonly kind: 'malformed'; readonly reason: Malformation };

type Fields = ReadonlyMap<string, string>;

/** Ends decoding; never leaves this module. */
class Malformed extends Error {
  override readonly name = 'Malformed';
  readonly reason: Malformation;

  constructor(reason: Malformation) {
    super(reason);
    this.reason = reason;
  }
}

const fail = (reason: Malformation): never => {
  throw new Malformed(reason);
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const textOf = (body: Uint8Array): string => {
  try {
    return utf8.decode(body);
  } catch {
    return fail('NotUtf8');
  }
};

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return fail('BadEscape');
  }
};

/**
 * `application/x-www-form-urlencoded`, strictly: what URLSearchParams would replace or drop is refused, and a field that
 * comes twice has no one meaning.
 */
const formFields = (body: Uint8Array): Fields => {
  const fields = new Map<string, string>();
  for (const pair of textOf(body).split('&')) {
    if (pair === '') continue;
    const [, name = '', value = ''] = /^([^=]*)=?([\s\S]*)$/.exec(pair) ?? [];
    const key = unescaped(name);
    if (fields.has(key)) fail('FieldRepeated');
    fields.set(key, unescaped(value));
  }
  return fields;
};

/** `T0123ABC`, `C…`, `U…`, `E…`: Slack's ids begin with a letter and say no more about their length. */
const ID = /^[A-Z][A-Z0-9]{1,31}$/;
const COMMAND = /^\/[^\s/]{1,64}$/;
const PLAN_ID = /^[\w.:-]{1,200}$/;
const MESSAGE_TS = /^\d{1,12}\.\d{1,9}$/;
/** The second button of a verb in one message has a number: an `action_id` may stand once in a block. */
const ACTION = /^usher:([^:]+)(?::\d{1,2})?$/s;

/** Longer than any that Slack sends; a name is for reading. */
const LONGEST_URL = 1_000;
const LONGEST_NAME = 100;

const idFrom = (...candidates: readonly unknown[]): string => {
  const found = candidates.find((candidate) => candidate !== undefined && candidate !== null && candidate !== '');
  if (found === undefined) return fail('FieldMissing');
  return typeof found === 'string' && ID.test(found) ? found : fail('FieldMalformed');
};

const nameFrom = (...candidates: readonly unknown[]): string | undefined => {
  const found = candidates.find((candidate) => typeof candidate === 'string' && candidate !== '');
  return typeof found === 'string' ? found.slice(0, LONGEST_NAME) : undefined;
};

/** Nothing that a reader of URLs drops or rewrites: what was checked is what is called. */
const WRITTEN_OUT = /^https?:\/\/[\x21-\x5b\x5d-\x7e]+$/;

/** Slack's hosts by HTTPS, or the stand-in of a local stage; an answer goes nowhere else. */
const responseUrlFrom = (value: unknown, { allowsLoopback }: Signed): string | undefined => {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string' || value.length > LONGEST_URL || !WRITTEN_OUT.test(value))
    return fail('FieldMalformed');
  return isSlackHook(value, allowsLoopback) ? value : fail('FieldMalformed');
};

/** Of a signed body, with Slack's time of it. */
interface Signed {
  readonly body: Uint8Array;
  readonly signedAt: Date;
  /** Whether a stand-in on this machine may take Slack's place. */
  readonly allowsLoopback: boolean;
}

/**
 * The id of the order in a signed body. Slack's time is left out, so that a body that comes again is the same order
 * whatever time it is signed with; two like commands differ by their `trigger_id`, two presses by their `action_ts`.
 */
const orderIdOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

const orderFrom = (
  { body, signedAt }: Signed,
  request: 'typed' | 'pressed',
  order: Omit<Order, 'orderId' | 'orderedAt'>,
): Decoded => ({
  kind: 'order',
  request,
  order: { orderId: orderIdOf(body), orderedAt: signedAt.toISOString(), ...order },
});

const commandFrom = (fields: Fields, command: string): Asked => {
  if (!COMMAND.test(command)) return fail('FieldMalformed');
  return { kind: 'command', command, text: fields.get('text') ?? '' };
};

/** @see Slack documentation, "Enabling interactivity with slash commands", the fields of the request */
const slashCommand = (signed: Signed, fields: Fields, command: string): Decoded =>
  orderFrom(signed, 'typed', {
    by: {
      teamId: idFrom(fields.get('team_id'), fields.get('enterprise_id')),
      channelId: idFrom(fields.get('channel_id')),
      userId: idFrom(fields.get('user_id')),
      userName: nameFrom(fields.get('user_name')),
    },
    asked: commandFrom(fields, command),
    responseUrl: responseUrlFrom(fields.get('response_url'), signed),
  });

/** Whatever we look at of an interaction's JSON, at any depth. */
type Part = Readonly<
  Partial<
    Record<
      | 'action_id'
      | 'actions'
      | 'channel'
      | 'channel_id'
      | 'container'
      | 'enterprise'
      | 'id'
      | 'message'
      | 'message_ts'
      | 'name'
      | 'response_url'
      | 'team'
      | 'team_id'
      | 'ts'
      | 'type'
      | 'user'
      | 'username'
      | 'value',
      unknown
    >
  >
>;

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null && !Array.isArray(value);

const partOf = (value: unknown): Part => (isPart(value) ? value : {});

const payloadFrom = (json: string): Part => {
  try {
    const payload: unknown = JSON.parse(json);
    return isPart(payload) ? payload : fail('PayloadNotJson');
  } catch {
    return fail('PayloadNotJson');
  }
};

/** The button of the set-up's test message: it asks what `/usher help` asks, and so shows that presses arrive. */
const HELP_ACTION = 'usher:help';

const verbFrom = (actionId: unknown): ButtonVerb | undefined => {
  const said = typeof actionId === 'string' ? ACTION.exec(actionId)?.[1] : undefined;
  return BUTTON_VERBS.find((verb) => verb === said);
};

const planIdFrom = (value: unknown): string => {
  if (value === undefined || value === null) return fail('FieldMissing');
  return typeof value === 'string' && PLAN_ID.test(value) ? value : fail('FieldMalformed');
};

const messageTsFrom = (...candidates: readonly unknown[]): string | undefined => {
  const found = candidates.find((candidate) => typeof candidate === 'string' && MESSAGE_TS.test(candidate));
  return typeof found === 'string' ? found : undefined;
};

/** What a press asks for; `undefined` when the button is none of ours. */
const pressedIn = (payload: Part): Asked | undefined => {
  const [action] = Array.isArray(payload.actions) ? payload.actions : [];
  const { action_id: actionId, value } = partOf(action);
  if (actionId === HELP_ACTION) return { kind: 'command', command: '/usher', text: 'help' };
  const verb = verbFrom(actionId);
  if (verb === undefined) return undefined;
  const messageTs = messageTsFrom(partOf(payload.container).message_ts, partOf(payload.message).ts);
  return { kind: 'button', verb, planId: planIdFrom(value), ...(messageTs === undefined ? {} : { messageTs }) };
};

/**
 * A press. `team` is the workspace of the app's message; in a channel shared with another company, who presses may be of
 * another (`user.team_id`), and whose order it is decides what it may. Where the app is installed for a whole Enterprise
 * organisation, `team` may be null.
 * @see Slack documentation, "Developing for Slack Connect", ids of teams
 */
const blockActions = (signed: Signed, payload: Part): Decoded => {
  const asked = pressedIn(payload);
  if (asked === undefined) return { kind: 'ignored', reason: 'OtherAction' };
  const user = partOf(payload.user);
  return orderFrom(signed, 'pressed', {
    by: {
      teamId: idFrom(user.team_id, partOf(payload.team).id, partOf(payload.enterprise).id),
      channelId: idFrom(partOf(payload.channel).id, partOf(payload.container).channel_id),
      userId: idFrom(user.id),
      userName: nameFrom(user.username, user.name),
    },
    asked,
    responseUrl: responseUrlFrom(payload.response_url, signed),
  });
};

const interaction = (signed: Signed, payload: Part): Decoded =>
  payload.type === 'block_actions' ? blockActions(signed, payload) : { kind: 'ignored', reason: 'OtherInteraction' };

const understood = (signed: Signed): Decoded => {
  const fields = formFields(signed.body);
  const [command, payload] = [fields.get('command'), fields.get('payload')];
  if (command !== undefined && payload === undefined) return slashCommand(signed, fields, command);
  if (payload !== undefined && command === undefined) return interaction(signed, payloadFrom(payload));
  return fail('NoSuchRequest');
};

/**
 * The order in a body whose signature was proved.
 * @param signed the body as signed, when, and in what stage
 */
export const decodeRequest = (signed: Signed): Decoded => {
  try {
    return understood(signed);
  } catch (error) {
    if (error instanceof Malformed) return { kind: 'malformed', reason: error.reason };
    throw error;
  }
};

const LONGEST_CERTIFICATE_CHECK = 1_024;

/**
 * Slack looks now and then whether our certificate is good, with `ssl_check=1` and nothing that could be done; it wants
 * a 200, signed or not.
 * @see Slack documentation, "Enabling interactivity with slash commands"
 */
export const isCertificateCheck = (body: Uint8Array): boolean => {
  if (body.length > LONGEST_CERTIFICATE_CHECK) return false;
  try {
    const fields = formFields(body);
    return fields.get('ssl_check') === '1' && !fields.has('command') && !fields.has('payload');
  } catch {
    return false;
  }
};
