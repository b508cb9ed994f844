import { createHash } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import type { DistributionDetails } from '../../../aws/cloudfront/port.ts';
import type { Answer, PressOutcome } from '../../../domain/answer.ts';
import { authorisationFrom } from '../../../domain/authorisation.ts';
import type { ExpiryTable } from '../../../domain/expiry/report.ts';
import type { ButtonVerb, Order } from '../../../domain/order.ts';
import type { Button, ReportBody } from '../../../domain/report.ts';
import { serializeSlackOrder } from '../../../events/serialize-slack-order.ts';
import type { TakingPorts } from '../../../functions/carry-out-orders/take-orders.ts';
import { takeOrders } from '../../../functions/carry-out-orders/take-orders.ts';
import { parseCommand } from '../../../slack/commands/grammar.ts';
import type { Saying } from '../../../stories/carry-out-orders/ports.ts';
import type { Examination } from '../../../stories/doctor/story.ts';
import type { CallKind } from '../../support/world/calls.ts';
import { Killed } from '../../support/world/calls.ts';
import { aMemoryCloudFront } from '../../support/world/memory-cloudfront.ts';
import { memoryBalancingFleet, memoryFleetReader } from '../../support/world/memory-fleet.ts';
import { aMemoryInvalidations } from '../../support/world/memory-invalidations.ts';
import { aMemoryQueue } from '../../support/world/memory-queues.ts';
import { aMemorySweeps } from '../../support/world/memory-sweeps.ts';
import type { WorldParts } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';

export const WWW: DistributionDetails = {
  distributionId: 'E1WWW2222222',
  domainName: 'd111111abcdef8.cloudfront.net',
  aliases: ['www.example.com'],
  status: 'Deployed',
  connectionMode: 'direct',
  takesTags: true,
};

/** What `certificates` shows in these tests. */
export const EXPIRY_TABLE: ExpiryTable = {
  days: 90,
  rows: [
    {
      kind: 'certificate',
      name: 'www.example.com',
      endsAt: '2026-12-06T00:00:00.000Z',
      daysLeft: 13,
      standing: 'stuck',
      region: 'us-east-1',
      uses: ['www.example.com'],
    },
  ],
  later: 3,
  unread: ['eu-west-1'],
};

/** What `doctor` finds in these tests: a page that is cached, and nothing else. */
export const CACHED_PAGE: Examination = {
  answer: {
    kind: 'url-examined',
    url: 'https://www.example.com/blog/?page=2',
    requests: 1,
    status: 200,
    way: ['www.example.com', 'CloudFront E1WWW2222222 (*)'],
    cache: { kind: 'cached', ageSeconds: 120 },
    findings: [],
    findingCount: 0,
    groups: [],
    clearPlanId: undefined,
  },
  clearable: {
    distribution: {
      distributionId: WWW.distributionId,
      domainName: WWW.domainName,
      aliases: WWW.aliases,
      isEnabled: true,
      isDeployed: true,
      behaviours: [],
      origins: [],
    },
    url: 'https://www.example.com/blog/?page=2',
  },
};

const examination = (said: string): Examination =>
  said.startsWith('https:') ? CACHED_PAGE : { answer: { kind: 'nothing-to-examine', said }, clearable: undefined };

const always = (kind: CallKind) => (): CallKind => kind;
const readOrWrite = (method: string): CallKind => (method.startsWith('read') ? 'read' : 'write');

/** What Slack took at an order's own address. */
export interface Replied extends Saying {
  readonly orderId: string;
}

interface Settings {
  readonly writers?: string;
  readonly distributionWriters?: string;
  readonly readChannels?: string;
}

/** A world with CloudFront, and people in Slack who order. Tanaka (U0001) may do everything unless told otherwise. */
export const anOrderWorld = (parts: WorldParts = {}, settings: Settings = {}) => {
  const world = aWorld(parts);
  const cloudFront = aMemoryCloudFront(world.clock);
  cloudFront.distributions.set(WWW.distributionId, WWW);
  const invalidations = aMemoryInvalidations();
  const invalidationQueue = aMemoryQueue(world.clock);
  const expiryQueue = aMemoryQueue(world.clock);
  const sweepQueue = aMemoryQueue(world.clock);
  const sweeps = aMemorySweeps(world.state.entries);
  const replied: Replied[] = [];
  const deadLetters: string[] = [];
  const hidden: number[] = [];
  let slackTakesAnswers = true;
  let orders = 0;

  const ports = (): TakingPorts => ({
    ...world.ports,
    balancingFleet: world.record('balancingFleet', memoryBalancingFleet(world.balancing), always('read')),
    tags: world.record(
      'tags',
      {
        readTags: async (arns) =>
          new Map(
            arns.flatMap((arn) => {
              const group = world.balancing.targetGroups.get(arn);
              return group === undefined ? [] : [[arn, group.tags] as const];
            }),
          ),
      },
      always('read'),
    ),
    authorisation: authorisationFrom({
      USHER_SLACK_TEAM_ID: 'T0001',
      USHER_READ_CHANNELS: settings.readChannels ?? 'C0001',
      USHER_WRITERS: settings.writers ?? '*=U0001',
      USHER_DISTRIBUTION_WRITERS: settings.distributionWriters,
    }),
    groups: { site: ['www.example.com'] },
    understand: parseCommand,
    fleet: world.record('fleet', memoryFleetReader(world.network), always('read')),
    shownChanges: world.record('shownChanges', world.state.shownChanges, always('state')),
    sweeps: world.record('sweeps', sweeps, always('state')),
    cloudFront: world.record('cloudFront', cloudFront, readOrWrite),
    invalidations: world.record('invalidations', invalidations, always('state')),
    invalidationQueue: world.record('invalidationQueue', invalidationQueue, always('send')),
    readExpiryTable: async () => EXPIRY_TABLE,
    examine: async (said) => examination(said),
    expiryQueue: world.record('expiryQueue', expiryQueue, always('send')),
    sweepQueue: world.record('sweepQueue', sweepQueue, always('send')),
    replies: world.record(
      'replies',
      {
        reply: async ({ orderId }: Order, saying: Saying) => {
          if (slackTakesAnswers) replied.push({ orderId, ...structuredClone(saying) });
          return slackTakesAnswers;
        },
      },
      always('send'),
    ),
    messages: {
      hideFor: async (_, seconds) => {
        hidden.push(seconds);
      },
    },
    deadLetters: {
      send: async (body, reason) => {
        deadLetters.push(`${reason}: ${body}`);
      },
    },
  });

  const recordOf = (body: string, attempt = 1): SQSRecord => ({
    messageId: `m-${createHash('sha256').update(body).digest('hex').slice(0, 8)}`,
    receiptHandle: 'receipt',
    body,
    attributes: {
      ApproximateReceiveCount: String(attempt),
      SentTimestamp: '0',
      SenderId: 'receive-slack',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:ap-northeast-1:123456789012:usher-prod-commands',
    awsRegion: 'ap-northeast-1',
  });

  const anOrder = (asked: Order['asked'], by: Partial<Order['by']> = {}): Order => {
    orders += 1;
    return {
      orderId: createHash('sha256').update(`order ${orders}`).digest('hex'),
      orderedAt: world.clock.now().toISOString(),
      by: { teamId: 'T0001', channelId: 'C0001', userId: 'U0001', userName: 'tanaka', ...by },
      asked,
      responseUrl: 'https://hooks.slack.com/commands/T0001/1/secret',
    };
  };

  /** Delivers orders as SQS does, each in a batch of its own: what fails or dies comes again, up to five times. */
  const deliver = async (...given: readonly Order[]): Promise<void> => {
    const one = async (order: Order): Promise<void> => {
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        try {
          const record = recordOf(serializeSlackOrder(order), attempt);
          const { batchItemFailures } = await takeOrders(ports())({ Records: [record] });
          if (batchItemFailures.length === 0) return;
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
        }
        world.restart();
        // As long as SQS hides what was received, which is longer than any lease.
        world.clock.advance(360);
      }
    };
    await Promise.all(given.map(one));
  };

  const press = (button: Pick<Button, 'verb' | 'planId'>, by: Partial<Order['by']> = {}): Order =>
    anOrder({ kind: 'button', verb: button.verb, planId: button.planId }, by);

  const type = (text: string, by: Partial<Order['by']> = {}, command = '/usher'): Order =>
    anOrder({ kind: 'command', command, text }, by);

  const buttons = (): readonly Button[] => world.reports.published.flatMap((report) => report.buttons ?? []);

  const answers = (): readonly Answer[] =>
    replied.flatMap(({ report: { body } }) => (body.kind === 'order-answered' ? [body.answer] : []));

  return {
    ...world,
    world,
    ports,
    recordOf,
    deliver,
    press,
    type,
    cloudFront,
    invalidations,
    invalidationQueue,
    expiryQueue,
    sweepQueue,
    sweeps,
    replied,
    hidden,
    deadLetters,
    answers,
    outcomes: (): readonly PressOutcome[] =>
      answers().flatMap((answer) => (answer.kind === 'pressed' ? [answer.outcome] : [])),
    /** Bodies that were answered and are no answers, such as questions. */
    questions: (): readonly ReportBody[] =>
      replied.map(({ report }) => report.body).filter(({ kind }) => kind !== 'order-answered'),
    button: (verb: ButtonVerb): Button => {
      const found = buttons().findLast((button) => button.verb === verb);
      if (found === undefined) throw new Error(`no button says ${verb}`);
      return found;
    },
    /** From now on Slack takes no answers to orders. */
    refuseAnswers: () => {
      slackTakesAnswers = false;
    },
  };
};

export type OrderWorld = ReturnType<typeof anOrderWorld>;
