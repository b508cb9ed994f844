import { IncomingWebhook, IncomingWebhookHTTPError } from '@slack/webhook';
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

export interface DeliverOptions {
  /** Checked by `webhookUrlFrom`. A secret: it appears in no result and no log. */
  readonly webhookUrl: string;
  /** Attempts so far, this one included; makes the wait grow where Slack names none. */
  readonly attempt: number;
  readonly timeoutMilliseconds?: number;
}

/**
 * Posts one message to one incoming webhook, once; the library's own retries stay off, because waiting is the queue's task.
 * Never throws: every ending is a value. A connection lost after Slack took the message ends as `wait`, so the message may
 * arrive twice.
 */
export const deliver = async (message: SlackMessage, options: DeliverOptions): Promise<Delivery> => {
  const { webhookUrl, attempt, timeoutMilliseconds = TIMEOUT_MILLISECONDS } = options;
  let retryAfter: string | null = null;
  let trouble: string | undefined;
  const webhook = new IncomingWebhook(webhookUrl, {
    timeout: timeoutMilliseconds,
    retryConfig: { retries: 0 },
    // The library's error carries no headers, so Retry-After is taken on the way in.
    fetch: async (url, init) => {
      try {
        const response = await fetch(url, init);
        retryAfter = response.headers.get('retry-after');
        return response;
      } catch (error) {
        trouble = networkTrouble(error);
        throw error;
      }
    },
  });
  try {
    const blocks = message.blocks.map((block) => ({ ...block }));
    await webhook.send({ text: message.text, blocks, unfurl_links: false, unfurl_media: false });
    return { kind: 'delivered' };
  } catch (error) {
    const growing = growingWaitSeconds(attempt);
    if (!(error instanceof IncomingWebhookHTTPError)) {
      return { kind: 'wait', seconds: growing, why: `no answer from Slack: ${trouble ?? networkTrouble(error)}` };
    }
    const slackError = slackErrorOf(error.body);
    return heals(error.statusCode)
      ? { kind: 'wait', seconds: retryAfterSeconds(retryAfter) ?? growing, why: `Slack answered ${error.statusCode}` }
      : { kind: 'refused', status: error.statusCode, slackError };
  }
};
