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
import { isSlackHook } from './webhook-url.ts';

/** How an order is answered at its `response_url`. */
export interface AnswerOptions {
  /** A secret: whoever has it may write in that channel. It appears in no result and no log. */
  readonly responseUrl: string;
  /** `person`: only who gave the order sees it. */
  readonly audience: 'person' | 'channel';
  /** Only where a stand-in takes Slack's place. */
  readonly allowsLoopback: boolean;
  readonly timeoutMilliseconds?: number;
}

/**
 * Answers an order once, at Slack's own address for it. Never throws: every ending is a value, and an address that is not
 * Slack's is `refused` without a call. A redirect is not followed: Slack sends none.
 * @see Slack's documentation, "Handling user interaction", message responses: `response_type`, `replace_original`
 */
export const answer = async (message: SlackMessage, options: AnswerOptions): Promise<Delivery> => {
  const { responseUrl, audience, allowsLoopback, timeoutMilliseconds = TIMEOUT_MILLISECONDS } = options;
  if (!isSlackHook(responseUrl, allowsLoopback))
    return { kind: 'refused', status: 0, slackError: 'no address of Slack' };
  try {
    const response = await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        ...message,
        response_type: audience === 'person' ? 'ephemeral' : 'in_channel',
        replace_original: false,
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    if (response.ok) return { kind: 'delivered' };
    const seconds = retryAfterSeconds(response.headers.get('retry-after')) ?? growingWaitSeconds(1);
    return heals(response.status)
      ? { kind: 'wait', seconds, why: `Slack answered ${response.status}` }
      : { kind: 'refused', status: response.status, slackError: slackErrorOf(await response.text()) };
  } catch (error) {
    return { kind: 'wait', seconds: growingWaitSeconds(1), why: `no answer from Slack: ${networkTrouble(error)}` };
  }
};
