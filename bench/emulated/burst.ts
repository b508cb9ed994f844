import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Bench, Figure } from '../figure.ts';
import { BUCKETS, fewestLeft } from './buckets.ts';
import { describeCounts } from './counts.ts';
import type { QueueMessage } from './launch-events.ts';
import { batchOf, lambdaContext, runningEvent } from './launch-events.ts';
import type { Site } from './site.ts';
import { makeSite } from './site.ts';
import type { EmulatedStage } from './stage.ts';
import { clientSettings } from './stage.ts';

const LAUNCHES = 1_000;
/** Launched by one request; ten such go into ten groups by turns. */
const AT_ONCE = 10;
const OVER_MILLISECONDS = 60_000;
/** As serverless.yml sets the queue's consumer. */
const CONCURRENCY = 2;
const BATCH_SIZE = 100;
const WINDOW_MILLISECONDS = 10_000;
/** Of a function of ours. @see serverless.yml, `timeout` */
const TIMEOUT_SECONDS = 60;
const PATIENCE_MILLISECONDS = 240_000;

interface Invocation {
  readonly messages: number;
  readonly seconds: number;
}

const receive = async (sqs: SQSClient, QueueUrl: string, waitSeconds: number): Promise<readonly QueueMessage[]> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds }),
  );
  return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '' }) => ({
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
  }));
};

/** Gathers as Lambda's poller does: from the first message until the window is over or the batch is full. */
const gather = async (sqs: SQSClient, queueUrl: string): Promise<readonly QueueMessage[]> => {
  const messages = [...(await receive(sqs, queueUrl, 1))];
  const deadline = performance.now() + WINDOW_MILLISECONDS;
  while (messages.length > 0 && messages.length < BATCH_SIZE && performance.now() < deadline)
    messages.push(...(await receive(sqs, queueUrl, 1)));
  return messages;
};

/** One of the consumers: invokes, and deletes what did not come back. A failed invocation's messages stay hidden. */
const consume = async (stage: EmulatedStage, sqs: SQSClient, isOver: () => boolean): Promise<readonly Invocation[]> => {
  const { launchQueueUrl: QueueUrl } = stage;
  const invocations: Invocation[] = [];
  while (!isOver()) {
    const messages = await gather(sqs, QueueUrl);
    if (messages.length === 0) continue;
    const started = performance.now();
    const { batchItemFailures } = await stage.handler(batchOf(messages), lambdaContext());
    invocations.push({ messages: messages.length, seconds: (performance.now() - started) / 1000 });
    const back = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { messageId, receiptHandle } of messages)
      if (!back.has(messageId)) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receiptHandle }));
  }
  return invocations;
};

/** Launches a few at a time over the minute, and sends each one's event once it runs. */
const arrive = async (stage: EmulatedStage, sqs: SQSClient, site: Site): Promise<void> => {
  const started = performance.now();
  for (let launched = 0; launched < LAUNCHES; launched += AT_ONCE) {
    const wait = started + (launched * OVER_MILLISECONDS) / LAUNCHES - performance.now();
    if (wait > 0) await sleep(wait);
    for (const instanceId of await site.launch(AT_ONCE)) {
      const MessageBody = runningEvent(instanceId, stage.emulators.accountId);
      await sqs.send(new SendMessageCommand({ QueueUrl: stage.launchQueueUrl, MessageBody }));
    }
  }
};

/** A thousand launches within a minute, through one queue and two consumers, into ten groups. */
export const burst = async (stage: EmulatedStage, say: Bench['say']): Promise<readonly Figure[]> => {
  const site = await makeSite(stage.emulators.motoUrl, {
    name: 'burst',
    cidr: '10.4',
    targetGroups: 10,
    securityGroups: 10,
    isSpread: true,
  });
  const sqs = new SQSClient(clientSettings(stage.emulators.ministackUrl));
  stage.forgetCalls();
  const started = performance.now();
  let isOver = false;
  const consumers = Promise.all(Array.from({ length: CONCURRENCY }, () => consume(stage, sqs, () => isOver)));
  let failure: unknown;
  consumers.catch((error: unknown) => {
    failure = error;
  });
  say(`${LAUNCHES} launches in a minute`);
  const arrived = arrive(stage, sqs, site);
  await Promise.race([arrived, consumers]);
  const registered = (): number =>
    new Set(
      stage
        .calls()
        .filter(({ action, status }) => action === 'RegisterTargets' && status === 200)
        .flatMap(({ parameters }) =>
          [...parameters].flatMap(([name, id]) => (/^Targets\..*\.Id$/.test(name) ? [id] : [])),
        ),
    ).size;
  while (failure === undefined && registered() < LAUNCHES && performance.now() - started < PATIENCE_MILLISECONDS)
    await sleep(250);
  const seconds = Math.round((performance.now() - started) / 1000);
  isOver = true;
  const invocations = (await consumers).flat();
  const made = stage.calls();
  const found = await site.registered();
  site.close();
  sqs.destroy();
  const what = `${LAUNCHES} launches in a minute, 10 groups`;
  const longest = Math.max(...invocations.map((one) => one.seconds));
  return [
    { what, reach: `${LAUNCHES} registered`, measured: `${found} after ${seconds} s`, isReached: found === LAUNCHES },
    {
      what: `${what}, longest of ${invocations.length} invocations`,
      reach: `< ${TIMEOUT_SECONDS} s`,
      measured: `${longest.toFixed(1)} s`,
      isReached: longest < TIMEOUT_SECONDS,
    },
    ...BUCKETS.map((bucket): Figure => {
      const left = fewestLeft(bucket, made);
      return {
        what: `${what}, ${bucket.name} (${bucket.size} / ${bucket.perSecond})`,
        reach: 'never empty',
        measured: `${left.toFixed(1)} tokens left at the least`,
        isReached: left >= 0,
      };
    }),
    { what: `${what}, all calls`, reach: '', measured: describeCounts(made), isReached: undefined },
  ];
};
