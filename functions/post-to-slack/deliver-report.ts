import { createHash } from 'node:crypto';
import type { DeliveredReports, Threads } from '../../aws/state/port.ts';
import type { Report } from '../../domain/report.ts';
import type { Placement, Thread } from '../../domain/thread.ts';
import { placeReport, threadAfter, threadFrom } from '../../domain/thread.ts';
import type { Bot, BotDelivery, BotPlace } from '../../slack/deliver-by-bot.ts';
import type { Delivery } from '../../slack/delivery.ts';
import type { SlackMessage } from '../../slack/message.ts';
import { mrkdwn } from '../../slack/message.ts';
import { endedHead, storedHead } from '../../slack/thread-head.ts';
import { apiUrlBeside } from '../../slack/webhook-url.ts';
import type { DestinationBot } from './bots.ts';
import { persistently } from './persistently.ts';

export interface DeliverReportPorts {
  /**
   * Where a destination's messages go without a bot, and when Slack refuses it.
   * @throws {WebhookUrlError} when what is stored is no webhook, so that trying again is no use
   */
  readonly webhookUrlOf: (destination: string) => Promise<string>;
  /** The bot of a destination that has one. */
  readonly botOf: (destination: string) => Promise<DestinationBot | undefined>;
  readonly deliver: (message: SlackMessage, to: { webhookUrl: string; attempt: number }) => Promise<Delivery>;
  readonly deliverByBot: (
    message: SlackMessage,
    to: { bot: Bot; place: BotPlace; attempt: number },
  ) => Promise<BotDelivery>;
  readonly threads: Threads;
  /** Remembers what was said once. */
  readonly delivered: DeliveredReports;
  /** What is said below the first message that goes by the webhook because Slack refuses the bot. */
  readonly botRefusedNotice: (slackError: string) => string;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** One message on its way, as often as it may be tried. */
interface Sending {
  readonly report: Report;
  readonly message: SlackMessage;
  readonly attempt: number;
}

/** As long as a secret is kept: a token that was stored anew is tried at once, one that Slack refuses not for each message. */
const REFUSAL_KEPT_MILLISECONDS = 5 * 60 * 1_000;

/** The thread of a matter, unless it is in a channel that the destination has left since. */
const currentThread = async ({ threads }: DeliverReportPorts, report: Report, channel: string) => {
  const thread = await threads.get(report.destination, report.matter);
  return thread?.channel === channel ? thread : undefined;
};

const remember = ({ threads, now, pause }: DeliverReportPorts, { destination, matter }: Report, thread: Thread) =>
  persistently(() => threads.put(destination, matter, thread, now()), pause);

/** A message of its own; with `open`, the first of a thread. */
const begin = async (
  ports: DeliverReportPorts,
  { report, message, attempt }: Sending,
  bot: Bot & DestinationBot,
  open: readonly string[],
): Promise<BotDelivery> => {
  const place: BotPlace = { kind: 'channel', channel: bot.channel };
  const delivery = await ports.deliverByBot(message, { bot, place, attempt });
  if (delivery.kind === 'delivered' && open.length > 0) {
    const posted = { channel: bot.channel, ts: delivery.ts, head: JSON.stringify(message) };
    await remember(ports, report, threadFrom(report, open, posted, ports.now()));
  }
  return delivery;
};

/** Says on the first message that the matter has ended. Once and without waiting: the ending itself has been delivered. */
const markEnded = async (ports: DeliverReportPorts, { message, attempt }: Sending, bot: Bot, thread: Thread) => {
  const head = storedHead(thread.head);
  if (head === undefined) return;
  const place: BotPlace = { kind: 'message', channel: thread.channel, ts: thread.ts };
  await ports.deliverByBot(endedHead(head, message), { bot, place, attempt });
};

/** An answer in the thread; when that is gone, a message of its own that takes the thread's place. */
const reply = async (
  ports: DeliverReportPorts,
  sending: Sending,
  bot: Bot & DestinationBot,
  placement: Placement & { kind: 'reply' },
): Promise<BotDelivery> => {
  const { thread, isShownInChannel, isEnding } = placement;
  const place: BotPlace = { kind: 'thread', channel: thread.channel, ts: thread.ts, isShownInChannel };
  const delivery = await ports.deliverByBot(sending.message, { bot, place, attempt: sending.attempt });
  if (delivery.kind === 'no-such-message') return begin(ports, sending, bot, placement.open);
  if (delivery.kind !== 'delivered') return delivery;
  if (isEnding) await markEnded(ports, sending, bot, thread);
  await remember(ports, sending.report, threadAfter(sending.report, placement, ports.now()));
  return delivery;
};

const sendByBot = async (ports: DeliverReportPorts, sending: Sending, bot: Bot & DestinationBot) => {
  const thread = await currentThread(ports, sending.report, bot.channel);
  const placement = placeReport(sending.report, thread, ports.now());
  return placement.kind === 'reply'
    ? reply(ports, sending, bot, placement)
    : begin(ports, sending, bot, placement.kind === 'head' ? placement.open : []);
};

/** Tells one refusal from another without holding the token. */
const refusalKey = (token: string, slackError: string): string =>
  `bot-refused-${createHash('sha256').update(`${token}\n${slackError}`).digest('hex').slice(0, 24)}`;

const withNotice = ({ text, blocks }: SlackMessage, notice: string): SlackMessage => ({
  text,
  blocks: [...blocks, { type: 'context', elements: [mrkdwn(notice)] }],
});

/**
 * Delivers one report: by the destination's bot, in the matter's thread, when it has one; else, and when Slack refuses the
 * bot, by its webhook. Which reports thread is decided in domain/thread.ts. After a report was delivered its thread is
 * written down; when that fails, follow-ups are messages of their own and nothing is lost.
 * @throws {WebhookUrlError} when what is stored is no webhook
 * @throws {AwsCallError} when the webhook or the thread can't be read
 */
export const deliverReport = (ports: DeliverReportPorts) => {
  const refused = new Map<string, { readonly slackError: string; readonly until: number }>();

  const sendByWebhook = async ({ message, attempt }: Sending, webhookUrl: string): Promise<Delivery> =>
    ports.deliver(message, { webhookUrl, attempt });

  /** By the webhook, saying why, once for each token and error. */
  const sendInstead = async (sending: Sending, webhookUrl: string, token: string, slackError: string) => {
    const { destination } = sending.report;
    const key = refusalKey(token, slackError);
    if (await ports.delivered.has(destination, key)) return sendByWebhook(sending, webhookUrl);
    const message = withNotice(sending.message, ports.botRefusedNotice(slackError));
    const delivery = await sendByWebhook({ ...sending, message }, webhookUrl);
    if (delivery.kind === 'delivered')
      await persistently(() => ports.delivered.add(destination, key, ports.now()), ports.pause);
    return delivery;
  };

  return async (report: Report, message: SlackMessage, attempt: number): Promise<Delivery> => {
    const sending = { report, message, attempt };
    const webhookUrl = await ports.webhookUrlOf(report.destination);
    const bot = await ports.botOf(report.destination);
    if (bot === undefined) return sendByWebhook(sending, webhookUrl);
    const whoAndWhere = `${bot.token} ${bot.channel}`;
    const known = refused.get(whoAndWhere);
    if (known !== undefined && ports.now().getTime() < known.until)
      return sendInstead(sending, webhookUrl, bot.token, known.slackError);
    const delivery = await sendByBot(ports, sending, { ...bot, apiUrl: apiUrlBeside(webhookUrl) });
    switch (delivery.kind) {
      case 'delivered':
        return { kind: 'delivered' };
      case 'bot-refused':
      case 'no-such-message':
        refused.set(whoAndWhere, {
          slackError: delivery.slackError,
          until: ports.now().getTime() + REFUSAL_KEPT_MILLISECONDS,
        });
        return sendInstead(sending, webhookUrl, bot.token, delivery.slackError);
      default:
        return delivery;
    }
  };
};
