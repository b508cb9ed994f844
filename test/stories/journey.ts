import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { AwsErrorMeaning } from '../../aws/aws-call-error.ts';
import { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Report } from '../../domain/report.ts';
import { takeLaunches } from '../../functions/register-targets/take-launches.ts';
import { takeLooks } from '../../functions/watch-targets/take-looks.ts';
import { ACCOUNT, REGION } from '../support/world/builders.ts';
import type { OnCall } from '../support/world/calls.ts';
import type { World } from '../support/world/world.ts';

/** Six times the function's time-out of 60 s (serverless.yml): how long a message that failed stays away. */
export const VISIBILITY_SECONDS = 360;
/** `maxReceiveCount` of every queue; what failed so often goes to the dead-letter queue. */
const MAXIMUM_RECEIVES = 5;

/** The sample of the EC2 user guide, "Amazon EC2 instance state change events". */
export const stateChange = (instanceId: string, state = 'running'): string =>
  JSON.stringify({
    version: '0',
    id: '7bf73129-1428-4cd3-a780-95db273d1602',
    'detail-type': 'EC2 Instance State-change Notification',
    source: 'aws.ec2',
    account: ACCOUNT,
    time: '2026-11-22T05:00:00Z',
    region: REGION,
    resources: [`arn:aws:ec2:${REGION}:${ACCOUNT}:instance/${instanceId}`],
    detail: { 'instance-id': instanceId, state },
  });

/** The sample of the Tag Editor guide, "Monitor tag changes with serverless workflows and Amazon EventBridge". */
export const tagChange = (
  instanceId: string,
  tags: Readonly<Record<string, string>>,
  {
    at = '2026-11-22T05:00:00Z',
    keys = Object.keys(tags),
  }: { readonly at?: string; readonly keys?: readonly string[] } = {},
): string =>
  JSON.stringify({
    version: '0',
    id: 'bddcf1d6-0251-35a1-aab0-adc1fb47c11c',
    'detail-type': 'Tag Change on Resource',
    source: 'aws.tag',
    account: ACCOUNT,
    time: at,
    region: REGION,
    resources: [`arn:aws:ec2:${REGION}:${ACCOUNT}:instance/${instanceId}`],
    detail: { 'changed-tag-keys': keys, service: 'ec2', 'resource-type': 'instance', version: 5, tags },
  });

export type QueueName = 'launches' | 'looks';

interface InFlight {
  readonly queue: QueueName;
  readonly body: string;
  readonly dueAt: number;
  readonly receives: number;
}

const recordOf = (body: string, index: number): SQSRecord => ({
  messageId: `m${index}`,
  receiptHandle: '',
  body,
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: '',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: '',
  awsRegion: REGION,
});

export const eventOf = (bodies: readonly string[]): SQSEvent => ({ Records: bodies.map(recordOf) });

/** What may be done to a message on its way, besides delivering it. */
export type OnMessage = (message: {
  readonly queue: QueueName;
  readonly body: string;
}) => 'deliver' | 'lose' | 'deliver-twice';

/**
 * Delivers messages to the two functions as SQS would: what fails comes back after the visibility time-out, five times at
 * most. Every delivery is a process of its own.
 */
export const aJourney = (world: World, onMessage: OnMessage = () => 'deliver') => {
  const deadLetters: { body: string; reason: string }[] = [];
  const exhausted: string[] = [];
  let waiting: InFlight[] = [];
  let wasKilled = false;

  const send = (queue: QueueName, body: string, receives = 0, seconds = 0): void => {
    waiting.push({ queue, body, receives, dueAt: world.clock.now().getTime() + seconds * 1000 });
  };

  const collect = (): void => {
    for (const body of world.launchQueue.due()) send('launches', body);
    for (const body of world.watchQueue.due()) send('looks', body);
  };

  const invoke = async (queue: QueueName, bodies: readonly string[]): Promise<ReadonlySet<number>> => {
    const all = new Set(bodies.keys());
    world.restart();
    wasKilled = false;
    const ports = {
      ...world.ports,
      remainingMilliseconds: () => 60_000,
      deadLetters: {
        send: async (body: string, reason: string) => {
          deadLetters.push({ body, reason });
        },
      },
    };
    try {
      const run = queue === 'launches' ? takeLaunches(ports) : takeLooks(ports);
      const { batchItemFailures }: SQSBatchResponse = await run(eventOf(bodies));
      return wasKilled ? all : new Set(batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier.slice(1))));
    } catch {
      return all;
    }
  };

  const deliver = async (queue: QueueName, batch: readonly InFlight[]): Promise<void> => {
    const arriving = batch.flatMap((message) => {
      const fate = onMessage(message);
      if (fate === 'lose') return [];
      return fate === 'deliver-twice' ? [message, message] : [message];
    });
    if (arriving.length === 0) return;
    const failed = await invoke(
      queue,
      arriving.map(({ body }) => body),
    );
    for (const [index, { body, receives }] of arriving.entries()) {
      if (!failed.has(index)) continue;
      if (receives + 1 < MAXIMUM_RECEIVES) send(queue, body, receives + 1, VISIBILITY_SECONDS);
      else exhausted.push(body);
    }
  };

  /** Delivers all whose time has come, launches in one batch and each look by itself. Says whether there were any. */
  const deliverDue = async (): Promise<boolean> => {
    collect();
    const now = world.clock.now().getTime();
    const due = waiting.filter(({ dueAt }) => dueAt <= now);
    waiting = waiting.filter(({ dueAt }) => dueAt > now);
    const launches = due.filter(({ queue }) => queue === 'launches');
    if (launches.length > 0) await deliver('launches', launches);
    for (const look of due.filter(({ queue }) => queue === 'looks')) await deliver('looks', [look]);
    return due.length > 0;
  };

  const secondsUntilDue = (): number | undefined => {
    const now = world.clock.now().getTime();
    const seconds = [
      ...waiting.map(({ dueAt }) => Math.max(0, dueAt - now) / 1000),
      ...[world.launchQueue.secondsUntilDue(), world.watchQueue.secondsUntilDue()].filter((wait) => wait !== undefined),
    ];
    return seconds.length === 0 ? undefined : Math.min(...seconds);
  };

  return {
    deadLetters: deadLetters as readonly { readonly body: string; readonly reason: string }[],
    /** Bodies that failed five times. */
    exhausted: exhausted as readonly string[],
    /** Sets the fate of calls, counted from 1 over all deliveries from now on. */
    onCall: (hook?: OnCall): void =>
      world.onCall(
        hook &&
          ((k, name, kind) => {
            const fate = hook(k, name, kind);
            if (fate === 'fail-before' || fate === 'fail-after') wasKilled = true;
            return fate;
          }),
      ),
    /** Puts an event into the queue of launches. */
    put: (...bodies: readonly string[]): void => {
      for (const body of bodies) send('launches', body);
    },
    putLook: (body: string): void => send('looks', body),
    deliverDue,
    /** Moves the clock on by that much, delivering everything that comes due. */
    async pass(seconds: number): Promise<void> {
      const end = world.clock.now().getTime() + seconds * 1000;
      for (;;) {
        while (await deliverDue());
        const wait = secondsUntilDue();
        const left = (end - world.clock.now().getTime()) / 1000;
        if (wait === undefined || wait > left) {
          world.clock.advance(left);
          return;
        }
        world.clock.advance(wait);
      }
    },
    /** Delivers until no message is left. @throws {Error} when that takes more than three days of the world's clock */
    async untilQuiet(): Promise<void> {
      const start = world.clock.now().getTime();
      for (;;) {
        while (await deliverDue());
        const wait = secondsUntilDue();
        if (wait === undefined) return;
        world.clock.advance(wait);
        if (world.clock.now().getTime() - start > 3 * 24 * 3600 * 1000) throw new Error('messages go on and on');
      }
    },
  };
};

export type Journey = ReturnType<typeof aJourney>;

/** Reports that Slack would show: each key once, as the function that posts them holds it. */
export const shown = (world: World): readonly Report[] => [
  ...new Map(world.reports.handedIn.map((report) => [`${report.destination}|${report.key}`, report])).values(),
];

export const kindsShown = (world: World): readonly string[] => shown(world).map(({ body }) => body.kind);

/** Rules that Usher wrote into a group, as text. */
export const ownRules = (world: World, groupId: string): readonly string[] =>
  world
    .rulesOf(groupId)
    .filter(({ tags }) => tags['usher:owner'] !== undefined)
    .map(
      ({ direction, protocol, fromPort, toPort, peer, tags }) =>
        `${direction} ${protocol}/${fromPort}-${toPort} ${JSON.stringify(peer)} ${tags['usher:owner']}`,
    );

/** A failing call of this meaning, recognisable in what is said of it. */
export const failure = (meaning: AwsErrorMeaning): AwsCallError =>
  new AwsCallError({ service: 'AWS', action: 'Call', code: `Made-${meaning}`, meaning, awsMessage: 'made by a test' });
