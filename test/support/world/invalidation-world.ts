import type { DistributionDetails } from '../../../aws/cloudfront/port.ts';
import type { ReportPublisher, WaitingQueue } from '../../../aws/queues/port.ts';
import type { Report } from '../../../domain/report.ts';
import type { MessagePorts } from '../../../functions/invalidate-distributions/take-messages.ts';
import { takeMessages } from '../../../functions/invalidate-distributions/take-messages.ts';
import type { LogLine } from '../../../stories/log.ts';
import { aStage } from './builders.ts';
import type { CallKind, OnCall, Process } from './calls.ts';
import { aSwitchboard, Killed, recorded } from './calls.ts';
import type { Clock } from './clock.ts';
import { aClock } from './clock.ts';
import { aMemoryCloudFront } from './memory-cloudfront.ts';
import { aMemoryInvalidations } from './memory-invalidations.ts';
import { aMemoryQueue, aMemoryReportQueue } from './memory-queues.ts';
import { aMemoryState } from './memory-state.ts';

export const WWW: DistributionDetails = {
  distributionId: 'E1WWW2222222',
  domainName: 'd111111abcdef8.cloudfront.net',
  aliases: ['www.example.com'],
  status: 'Deployed',
  connectionMode: 'direct',
  takesTags: true,
};

const PIPELINES = [WWW.distributionId];

/** An answer to an order, as its asker saw it. */
export interface Answered {
  readonly orderId: string;
  readonly report: Report;
}

const readOrWrite = (method: string): CallKind => (method.startsWith('read') ? 'read' : 'write');
const always = (kind: CallKind) => (): CallKind => kind;

/** CloudFront, our table and our queues in memory, and the function that works on them. One distribution, `www.example.com`. */
export const anInvalidationWorld = (
  parts: {
    readonly clock?: Clock;
    readonly cloudFront?: MessagePorts['cloudFront'];
    readonly pipelines?: readonly string[];
  } = {},
) => {
  const clock = parts.clock ?? aClock();
  const cloudFront = aMemoryCloudFront(clock);
  cloudFront.distributions.set(WWW.distributionId, WWW);
  const invalidations = aMemoryInvalidations();
  const state = aMemoryState();
  const queue = aMemoryQueue(clock);
  const reports = aMemoryReportQueue(clock);
  const answered: Answered[] = [];
  const events: { readonly detailType: string; readonly detail: Readonly<Record<string, unknown>> }[] = [];
  const deadLetters: string[] = [];
  const log: LogLine[] = [];
  const switchboard = aSwitchboard();
  let slackTakesAnswers = true;
  let ids = 0;
  let running: Process = { isDead: false };

  const start = (): MessagePorts => {
    const process: Process = { isDead: false };
    running = process;
    const port = <T extends object>(name: string, of: T, kindOf: (method: string) => CallKind): T =>
      recorded(name, of, kindOf, process, switchboard);
    return {
      stage: aStage(),
      groups: { site: ['www.example.com'] },
      invalidationDistributions: parts.pipelines ?? PIPELINES,
      digest: (text) => Buffer.from(text).toString('base64url').slice(0, 60),
      now: clock.now,
      random: () => 0.5,
      log: (line) => log.push(line),
      newId: () => {
        ids += 1;
        return `id${String(ids).padStart(4, '0')}`;
      },
      cloudFront: port('cloudFront', parts.cloudFront ?? cloudFront, readOrWrite),
      invalidations: port('invalidations', invalidations, always('state')),
      leases: port('leases', state.leases, always('state')),
      pauses: port('pauses', state.pauses, always('state')),
      plans: port('plans', state.plans, always('state')),
      reports: port<ReportPublisher>('reports', reports, always('send')),
      answers: port(
        'answers',
        {
          tell: async ({ orderId }: { readonly orderId: string }, report: Report) => {
            if (!slackTakesAnswers) return false;
            answered.push({ orderId, report });
            return true;
          },
        },
        always('send'),
      ),
      bus: port<MessagePorts['bus']>(
        'bus',
        {
          put: async (entries) => {
            for (const { detailType, detail } of entries) events.push({ detailType, detail: JSON.parse(detail) });
          },
        },
        always('send'),
      ),
      invalidationQueue: port<WaitingQueue>('invalidationQueue', queue, always('send')),
      deadLetters: port(
        'deadLetters',
        {
          send: async (body: string, reason: string) => {
            deadLetters.push(`${reason}: ${body}`);
          },
        },
        always('send'),
      ),
    };
  };
  let ports = start();

  /** Hands bodies to the function, in batches of ten, as SQS does; what fails comes again. A killed process starts anew. */
  const deliver = async (bodies: readonly string[]): Promise<void> => {
    let left = bodies.map((body, index) => ({ messageId: `m${index}`, body }));
    for (let attempt = 0; left.length > 0; attempt += 1) {
      if (attempt > 60) throw new Error(`${left.length} messages never succeed: ${JSON.stringify(log.slice(-5))}`);
      const batch = left.slice(0, 10);
      let failed: readonly string[] = batch.map(({ messageId }) => messageId);
      try {
        const { batchItemFailures } = await takeMessages(ports)({ Records: batch });
        if (!running.isDead) failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      const again = batch.filter(({ messageId }) => failed.includes(messageId));
      left = [...left.slice(10), ...again];
      if (running.isDead || again.length > 0) {
        running.isDead = true;
        ports = start();
        // As long as SQS hides what was received, which is longer than any lease.
        clock.advance(360);
      }
    }
  };

  return {
    clock,
    cloudFront,
    invalidations,
    state,
    queue,
    reports,
    answered,
    events,
    deadLetters,
    log,
    calls: switchboard.calls,
    onCall: (hook?: OnCall) => switchboard.setOnCall(hook),
    get ports() {
      return ports;
    },
    deliver,
    /** From now on Slack takes no answers to orders. */
    refuseAnswers: () => {
      slackTakesAnswers = false;
    },
    /** Lets time pass, message by message, until no message waits, or so many seconds are over. */
    settle: async (seconds = 12 * 3_600): Promise<void> => {
      const end = clock.now().getTime() + seconds * 1000;
      for (;;) {
        const wait = queue.secondsUntilDue();
        if (wait === undefined || clock.now().getTime() + wait * 1000 > end) return;
        clock.advance(wait);
        await deliver(queue.due());
      }
    },
    /** What was published of one kind. */
    said: (kind: Report['body']['kind']) =>
      reports.published.filter(({ body }) => body.kind === kind).map(({ body }) => body),
  };
};

export type InvalidationWorld = ReturnType<typeof anInvalidationWorld>;
