import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { endpointsElsewhere } from '../../local/emulators/ministack.ts';
import type { Emulators } from '../../local/emulators/start.ts';
import { startEmulators } from '../../local/emulators/start.ts';
import { startProxy } from '../../local/proxy/server.ts';
import type { RecordedCall, Recorder } from './recorder.ts';
import { startRecorder } from './recorder.ts';

export const REGION = 'ap-northeast-1';

/** `register-targets` with its real adapters in this process, over the emulators; every call of it is recorded. */
export interface EmulatedStage {
  readonly emulators: Emulators;
  readonly launchQueueUrl: string;
  readonly handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;
  /** Its calls, oldest first; those of its own table, queues and bus too. */
  readonly calls: () => readonly RecordedCall[];
  readonly forgetCalls: () => void;
  stop(): Promise<void>;
}

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
export const clientSettings = (endpoint: string) => ({ endpoint, region: REGION, credentials });

const QUEUES = ['launch', 'launch-dead-letter', 'watch', 'report'] as const;

const makeQueues = async (
  endpoint: string,
): Promise<{ readonly launchQueueUrl: string; readonly queues: Readonly<Record<string, string>> }> => {
  const sqs = new SQSClient(clientSettings(endpoint));
  const queues: Record<string, string> = {};
  let launchQueueUrl = '';
  for (const name of QUEUES) {
    const isFifo = name === 'report';
    const { QueueUrl = '' } = await sqs.send(
      new CreateQueueCommand({
        QueueName: `bench-${name}${isFifo ? '.fifo' : ''}`,
        Attributes: { VisibilityTimeout: '370', ...(isFifo ? { FifoQueue: 'true' } : {}) },
      }),
    );
    queues[`USHER_${name.toUpperCase().replaceAll('-', '_')}_QUEUE_URL`] = QueueUrl;
    if (name === 'launch') launchQueueUrl = QueueUrl;
  }
  sqs.destroy();
  return { launchQueueUrl, queues };
};

const makeTable = async (endpoint: string): Promise<void> => {
  const client = new DynamoDBClient(clientSettings(endpoint));
  await client.send(
    new CreateTableCommand({
      TableName: 'bench',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    }),
  );
  client.destroy();
};

const makeBus = async (endpoint: string): Promise<void> => {
  const client = new EventBridgeClient(clientSettings(endpoint));
  await client.send(new CreateEventBusCommand({ Name: 'bench' }));
  client.destroy();
};

/** A queue behind the recorder, which is the function's endpoint for everything else of MiniStack's. */
const behind = (recorderUrl: string, queues: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(queues).map(([name, url]) => [name, new URL(new URL(url).pathname, recorderUrl).href]),
  );

/**
 * Starts it, once in a process: the handler reads its environment when it is loaded. The checking proxy answers only the
 * calls that add rules, of which moto answers the last one's only: what is to be refused or reached is shown elsewhere, and
 * judging every path would take longer than what is measured.
 */
export const startEmulatedStage = async (root: string, say: (line: string) => void): Promise<EmulatedStage> => {
  const started: { stop(): Promise<void> }[] = [];
  const keep = <T extends { stop(): Promise<void> }>(each: T): T => {
    started.unshift(each);
    return each;
  };
  const stop = async (): Promise<void> => {
    for (const each of started) await each.stop();
  };
  try {
    const emulators = keep(
      await startEmulators({
        root,
        region: REGION,
        onProgress: say,
        proxyFor: async (url) => ({ url, stop: async () => undefined }),
      }),
    );
    const { url } = keep(await startProxy({ upstream: emulators.motoUrl }));
    const detour = { url, takes: ({ action }: { readonly action: string }) => action.startsWith('AuthorizeSecurity') };
    const aws: Recorder = keep(await startRecorder({ upstreamUrl: emulators.motoUrl, detour }));
    const own: Recorder = keep(await startRecorder({ upstreamUrl: emulators.ministackUrl }));
    const { launchQueueUrl, queues } = await makeQueues(emulators.ministackUrl);
    await makeTable(emulators.ministackUrl);
    await makeBus(emulators.ministackUrl);
    Object.assign(process.env, emulators.environment, endpointsElsewhere(aws.url), behind(own.url, queues), {
      AWS_ENDPOINT_URL: own.url,
      USHER_STAGE: 'bench',
      USHER_ACCOUNT: emulators.accountId,
      USHER_TABLE: 'bench',
      USHER_BUS: 'bench',
    });
    const { handler } = await import('../../functions/register-targets/handler.ts');
    return {
      emulators,
      launchQueueUrl,
      handler,
      calls: () => [...aws.calls(), ...own.calls()],
      forgetCalls: () => {
        aws.reset();
        own.reset();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
