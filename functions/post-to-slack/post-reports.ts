import type { ReceivedMessage, ReceivedMessages } from '../../aws/queues/received-messages.ts';
import type { DeliveredReports, Pauses, QuietMatters } from '../../aws/state/port.ts';
import type { Pause } from '../../domain/pause.ts';
import { quietMatterOf } from '../../domain/quiet.ts';
import type { Report } from '../../domain/report.ts';
import type { Delivery } from '../../slack/delivery.ts';
import { growingWaitSeconds } from '../../slack/delivery.ts';
import type { SlackMessage } from '../../slack/message.ts';
import { WebhookUrlError } from '../../slack/webhook-url.ts';
import { MalformedReportError, parseReport } from './parse-report.ts';
import { persistently } from './persistently.ts';

/** A report as it came from the queue. */
export interface QueuedReport extends ReceivedMessage {
  /** When the queue first took it. */
  readonly sentAt: Date;
  /** Times it was received, this one included. */
  readonly receiveCount: number;
}

export interface PostReportsPorts {
  readonly delivered: DeliveredReports;
  readonly quietMatters: Pick<QuietMatters, 'isQuiet'>;
  readonly messages: ReceivedMessages;
  readonly pauses: Pick<Pauses, 'find'>;
  readonly render: (report: Report, pause: Pause | undefined) => SlackMessage;
  /**
   * Brings a rendered report to its destination.
   * @throws {WebhookUrlError} when what is stored is no webhook, so that trying again is no use
   */
  readonly deliver: (report: Report, message: SlackMessage, attempt: number) => Promise<Delivery>;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Milliseconds until Lambda ends the invocation. */
  readonly remainingMilliseconds: () => number;
}

/** What became of a batch; every message is counted once. */
export interface PostOutcome {
  readonly posted: number;
  /** Delivered before, by their key, or about a matter that somebody muted. */
  readonly skipped: number;
  readonly setAside: number;
  /** Message ids that stay in the queue: the one that waits and, for the order's sake, those after it in its group. */
  readonly waiting: readonly string[];
  /** Why, once for each reason. */
  readonly whys: readonly string[];
}

/** How one message ended. */
type Ending =
  | { readonly kind: 'posted' | 'skipped' }
  | { readonly kind: 'set-aside'; readonly why: string }
  | { readonly kind: 'wait'; readonly seconds: number; readonly why: string };

/** Rate limits and outages are waited out for a day (design section 7). */
const LONGEST_DELAY_MILLISECONDS = 24 * 3_600 * 1_000;
/** Slack takes about one message a second from a webhook. @see Slack's rate limits, "Posting messages" */
const BETWEEN_POSTS_MILLISECONDS = 1_000;
/** Time one message may need: 5 s each for the bot, an edit or the webhook, and the calls around them. With less left, the rest goes back. */
const ROOM_FOR_ONE_MILLISECONDS = 20_000;

const why = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

/**
 * Remembers the key after Slack took the message. If that can't be done the message is done all the same: keeping it would
 * post it again, and forgetting its key matters only if its sender sends it once more.
 */
const remember = (report: Report, { delivered, now, pause }: PostReportsPorts): Promise<void> =>
  persistently(() => delivered.add(report.destination, report.key, now()), pause);

/** Text that can't become a message, now or ever. */
const rendered = (
  report: Report,
  pause: Pause | undefined,
  render: PostReportsPorts['render'],
): SlackMessage | Ending => {
  try {
    return render(report, pause);
  } catch (error) {
    return { kind: 'set-aside', why: `could not be rendered: ${why(error)}` };
  }
};

const post = async (report: Report, queued: QueuedReport, ports: PostReportsPorts): Promise<Ending> => {
  if (await ports.delivered.has(report.destination, report.key)) return { kind: 'skipped' };
  const matter = quietMatterOf(report);
  if (matter !== undefined && (await ports.quietMatters.isQuiet(matter, ports.now()))) return { kind: 'skipped' };
  const message = rendered(report, await ports.pauses.find(), ports.render);
  if ('kind' in message) return message;
  const delivery = await ports.deliver(report, message, queued.receiveCount);
  switch (delivery.kind) {
    case 'delivered':
      await remember(report, ports);
      return { kind: 'posted' };
    case 'wait':
      return delivery;
    case 'refused':
      return { kind: 'set-aside', why: `Slack refused it: ${delivery.status} ${delivery.slackError}` };
  }
};

/** What is wrong for good is set aside; everything else that fails is tried again. */
const endingOf = (error: unknown, queued: QueuedReport): Ending =>
  error instanceof MalformedReportError || error instanceof WebhookUrlError
    ? { kind: 'set-aside', why: why(error) }
    : { kind: 'wait', seconds: growingWaitSeconds(queued.receiveCount), why: why(error) };

/** A wait that would end more than a day after the report was sent is no wait any more. */
const unlessTooLate = (ending: Ending, queued: QueuedReport, now: Date): Ending => {
  if (ending.kind !== 'wait') return ending;
  const dueAt = now.getTime() + ending.seconds * 1_000;
  return dueAt - queued.sentAt.getTime() > LONGEST_DELAY_MILLISECONDS
    ? { kind: 'set-aside', why: `not delivered within 24 h: ${ending.why}` }
    : ending;
};

const postOne = async (queued: QueuedReport, ports: PostReportsPorts): Promise<Ending> => {
  let ending: Ending;
  try {
    ending = await post(parseReport(queued.body), queued, ports);
  } catch (error) {
    ending = endingOf(error, queued);
  }
  const decided = unlessTooLate(ending, queued, ports.now());
  if (decided.kind !== 'set-aside') return decided;
  try {
    await ports.messages.setAside(queued, decided.why);
    return decided;
  } catch (error) {
    return { kind: 'wait', seconds: growingWaitSeconds(queued.receiveCount), why: why(error) };
  }
};

/**
 * Hides what waits. All of a group get the same time: while a later one is still hidden, SQS holds back the whole group.
 * When that fails they come back after the queue's own visibility time-out.
 */
const hide = async (waiting: readonly QueuedReport[], seconds: number, messages: ReceivedMessages): Promise<void> => {
  await Promise.allSettled(waiting.map((queued) => messages.hideFor(queued, seconds)));
};

/** One group in its order, until one has to wait: it and those after it stay in the queue. */
const postGroup = async (group: readonly QueuedReport[], ports: PostReportsPorts) => {
  const endings: Ending[] = [];
  for (const [index, queued] of group.entries()) {
    if (endings.at(-1)?.kind === 'posted') await ports.pause(BETWEEN_POSTS_MILLISECONDS);
    const ending: Ending =
      ports.remainingMilliseconds() < ROOM_FOR_ONE_MILLISECONDS
        ? { kind: 'wait', seconds: 1, why: 'no time left in this invocation' }
        : await postOne(queued, ports);
    endings.push(ending);
    if (ending.kind === 'wait') {
      const waiting = group.slice(index);
      await hide(waiting, ending.seconds, ports.messages);
      return { endings, waiting: waiting.map(({ messageId }) => messageId) };
    }
  }
  return { endings, waiting: [] };
};

const byGroup = (batch: readonly QueuedReport[]): readonly (readonly QueuedReport[])[] => [
  ...Map.groupBy(batch, ({ groupId }) => groupId).values(),
];

/**
 * Posts a batch from the report queue: each destination (message group) in order and by itself, about a message a second.
 * Never throws for a message: each is posted, skipped, set aside with its reason, or left waiting.
 */
export const postReports =
  (ports: PostReportsPorts) =>
  async (batch: readonly QueuedReport[]): Promise<PostOutcome> => {
    const groups = await Promise.all(byGroup(batch).map((group) => postGroup(group, ports)));
    const endings = groups.flatMap((group) => group.endings);
    const countOf = (kind: Ending['kind']) => endings.filter((ending) => ending.kind === kind).length;
    return {
      posted: countOf('posted'),
      skipped: countOf('skipped'),
      setAside: countOf('set-aside'),
      waiting: groups.flatMap(({ waiting }) => waiting),
      whys: [...new Set(endings.flatMap((ending) => ('why' in ending ? [ending.why] : [])))],
    };
  };
