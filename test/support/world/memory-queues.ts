import type { ReportPublisher, WaitingQueue } from '../../../aws/queues/port.ts';
import type { Report } from '../../../domain/report.ts';
import type { Clock } from './clock.ts';

/** A message put off. */
export interface SentMessage {
  readonly body: string;
  readonly delaySeconds: number;
  readonly dueAt: Date;
}

/** A queue of messages that wait. */
export interface MemoryQueue extends WaitingQueue {
  /** Everything ever sent, in order. */
  readonly sent: readonly SentMessage[];
  /** Bodies whose time has come, oldest first; each is handed out once. */
  due(): readonly string[];
  /** Seconds until the next message is due; `undefined` when none waits. */
  secondsUntilDue(): number | undefined;
}

/** @see SQS API reference, SendMessage, `DelaySeconds` */
const MAXIMUM_DELAY_SECONDS = 900;

export const aMemoryQueue = (clock: Clock): MemoryQueue => {
  const sent: SentMessage[] = [];
  let waiting: SentMessage[] = [];
  return {
    sent,
    sendLater: async (body, delaySeconds) => {
      if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > MAXIMUM_DELAY_SECONDS)
        throw new RangeError(`SQS takes delays of 0 to 900 whole seconds, not ${delaySeconds}`);
      const message = { body, delaySeconds, dueAt: new Date(clock.now().getTime() + delaySeconds * 1000) };
      sent.push(message);
      waiting.push(message);
    },
    due: () => {
      const now = clock.now();
      const ready = waiting.filter(({ dueAt }) => dueAt <= now).sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
      waiting = waiting.filter(({ dueAt }) => dueAt > now);
      return ready.map(({ body }) => body);
    },
    secondsUntilDue: () =>
      waiting.length === 0
        ? undefined
        : Math.max(0, Math.min(...waiting.map(({ dueAt }) => dueAt.getTime())) - clock.now().getTime()) / 1000,
  };
};

/** @see SQS developer guide, FIFO queues: the deduplication interval is five minutes */
const DEDUPLICATION_MILLISECONDS = 5 * 60 * 1000;

/** The way to Slack, as far as the FIFO queue. */
export interface MemoryReports extends ReportPublisher {
  /** Reports the queue took, in order, without the repetitions it dropped. */
  readonly published: readonly Report[];
  /** Everything handed to it, repetitions included. */
  readonly handedIn: readonly Report[];
}

export const aMemoryReportQueue = (clock: Clock): MemoryReports => {
  const published: Report[] = [];
  const handedIn: Report[] = [];
  const takenAt = new Map<string, number>();
  return {
    published,
    handedIn,
    publish: async (report) => {
      handedIn.push(report);
      const now = clock.now().getTime();
      const id = `${report.destination}|${report.key}`;
      const before = takenAt.get(id);
      if (before !== undefined && now - before < DEDUPLICATION_MILLISECONDS) return;
      takenAt.set(id, now);
      published.push(structuredClone(report));
    },
  };
};
