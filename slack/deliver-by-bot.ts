import type { Logger } from '@slack/web-api';
import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import type { Delivery } from './delivery.ts';
import {
  growingWaitSeconds,
  heals,
  networkTrouble,
  retryAfterSeconds,
  slackErrorOf,
  TIMEOUT_MILLISECONDS,
} from './delivery.ts';
import type { SlackMessage } from './message.ts';

/** A bot at one channel. */
export interface Bot {
  /** A secret: it appears in no result and no log. */
  readonly token: string;
  readonly apiUrl: string;
}

/** Where a message goes. */
export type BotPlace =
  | { readonly kind: 'channel'; readonly channel: string }
  | { readonly kind: 'thread'; readonly channel: string; readonly ts: string; readonly isShownInChannel: boolean }
  /** The message itself is replaced. */
  | { readonly kind: 'message'; readonly channel: string; readonly ts: string };

/** How an attempt by a bot ended. */
export type BotDelivery =
  | { readonly kind: 'delivered'; readonly channel: string; readonly ts: string }
  | Exclude<Delivery, { readonly kind: 'delivered' }>
  /** Slack takes nothing from this bot there: its token or its place in the channel is wrong. */
  | { readonly kind: 'bot-refused'; readonly slackError: string }
  /** The thread or the message is gone, or closed to us. */
  | { readonly kind: 'no-such-message'; readonly slackError: string };

/** Errors that speak of the message itself: another road would refuse it as well. @see Slack's reference, `chat.postMessage` */
const ABOUT_THE_MESSAGE: ReadonlySet<string> = new Set([
  'invalid_arguments',
  'invalid_blocks',
  'invalid_blocks_format',
  'markdown_text_conflict',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'too_many_attachments',
]);

/** Errors that time heals. */
const PASSING: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'message_limit_exceeded',
  'rate_limited',
  'ratelimited',
  'request_timeout',
  'service_unavailable',
]);

/** Errors that speak of the message we answer to or edit. @see Slack's reference, `chat.update` */
const ABOUT_ANOTHER_MESSAGE: ReadonlySet<string> = new Set([
  'cannot_reply_to_message',
  'cant_update_message',
  'edit_window_closed',
  'is_inactive',
  'message_not_found',
  'restricted_action_non_threadable_channel',
  'restricted_action_thread_locked',
  'thread_not_found',
]);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Slack's word in an answer `{"ok": false, "error": …}`. Whatever is none of the known words is the bot's own trouble. */
const refusalOf = (slackError: string, growing: number): Exclude<BotDelivery, { kind: 'delivered' }> => {
  if (PASSING.has(slackError)) return { kind: 'wait', seconds: growing, why: `Slack answered ${slackError}` };
  if (ABOUT_THE_MESSAGE.has(slackError)) return { kind: 'refused', status: 200, slackError };
  return { kind: ABOUT_ANOTHER_MESSAGE.has(slackError) ? 'no-such-message' : 'bot-refused', slackError };
};

const failureOf = (error: unknown, growing: number): Exclude<BotDelivery, { kind: 'delivered' }> => {
  const { code, data, retryAfter, statusCode } = isObject(error) ? error : {};
  switch (code) {
    case ErrorCode.RateLimitedError:
      return { kind: 'wait', seconds: retryAfterSeconds(String(retryAfter)) ?? growing, why: 'Slack answered 429' };
    case ErrorCode.PlatformError:
      return refusalOf(slackErrorOf(isObject(data) ? String(data['error']) : ''), growing);
    case ErrorCode.HTTPError:
      return typeof statusCode === 'number' && !heals(statusCode)
        ? { kind: 'bot-refused', slackError: String(statusCode) }
        : { kind: 'wait', seconds: growing, why: `Slack answered ${String(statusCode)}` };
    default:
      return { kind: 'wait', seconds: growing, why: `no answer from Slack: ${networkTrouble(error)}` };
  }
};

/** The library would log requests, and with them what they carry. */
const SILENT: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

const placeFields = (place: BotPlace): Readonly<Record<string, unknown>> => {
  switch (place.kind) {
    case 'channel':
      return { channel: place.channel };
    case 'thread':
      return { channel: place.channel, thread_ts: place.ts, reply_broadcast: place.isShownInChannel };
    case 'message':
      return { channel: place.channel, ts: place.ts };
  }
};

/** A client that asks once, within our time, and keeps silent: waiting is the queue's task. */
const clientOf = ({ token, apiUrl }: Bot, timeout: number): WebClient =>
  new WebClient(token, {
    slackApiUrl: apiUrl,
    allowAbsoluteUrls: false,
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: SILENT,
  });

/** What an answer may hold beside `ok`. */
interface Answered {
  readonly ok: boolean;
  readonly channel?: unknown;
  readonly ts?: unknown;
  readonly team?: unknown;
  readonly user?: unknown;
}

/**
 * Posts or replaces one message by a bot's token, once. Never throws: every ending is a value. A connection lost after Slack
 * took the message ends as `wait`, so the message may arrive twice.
 */
export const deliverByBot = async (
  message: SlackMessage,
  {
    bot,
    place,
    attempt,
    timeoutMilliseconds = TIMEOUT_MILLISECONDS,
  }: {
    readonly bot: Bot;
    readonly place: BotPlace;
    /** Attempts so far, this one included; makes the wait grow where Slack names none. */
    readonly attempt: number;
    readonly timeoutMilliseconds?: number;
  },
): Promise<BotDelivery> => {
  const method = place.kind === 'message' ? 'chat.update' : 'chat.postMessage';
  try {
    const { channel, ts }: Answered = await clientOf(bot, timeoutMilliseconds).apiCall(method, {
      ...placeFields(place),
      text: message.text,
      blocks: message.blocks,
      ...(method === 'chat.postMessage' ? { unfurl_links: false, unfurl_media: false } : {}),
    });
    return { kind: 'delivered', channel: String(channel ?? place.channel), ts: String(ts) };
  } catch (error) {
    return failureOf(error, growingWaitSeconds(attempt));
  }
};

/** Who a token is, or why Slack does not know it. */
export const whoIsBot = async (
  bot: Bot,
): Promise<
  { readonly kind: 'known'; readonly team: string; readonly user: string } | Exclude<BotDelivery, { kind: 'delivered' }>
> => {
  try {
    const { team, user }: Answered = await clientOf(bot, TIMEOUT_MILLISECONDS).apiCall('auth.test');
    return { kind: 'known', team: String(team), user: String(user) };
  } catch (error) {
    return failureOf(error, growingWaitSeconds(1));
  }
};
