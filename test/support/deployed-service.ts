import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { putServiceEvents } from '../../local/emulators/service-events.ts';
import type { RecordedCall } from '../../local/proxy/calls.ts';
import type { ReceivedSlackMessage } from '../../local/slack/stand-in.ts';
import type { LocalStage } from '../../local/stage.ts';
import { startLocalStage } from '../../local/stage.ts';
import type { Site, SmallWorld } from '../../local/world/small-world.ts';
import { makeSmallWorld } from '../../local/world/small-world.ts';
import type { Template } from './template.ts';
import { REGION } from './template.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const READER = join(import.meta.dirname, 'readers', 'read_back.py');

/** What a client that is not ours reads of a site. */
export interface ReadBack {
  readonly targets: readonly { readonly id: string; readonly port: number; readonly state: string }[];
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

export interface ClassicReadBack extends Pick<ReadBack, 'rules'> {
  readonly instances: readonly { readonly id: string; readonly state: string }[];
}

/** The service as deployed to the emulators, with what its tests ask of it. */
export interface DeployedService extends Pick<LocalStage, 'proxy' | 'slack' | 'send'> {
  /** Builds a site behind the proxy; closed when the service is stopped. */
  readonly site: (site: Site) => Promise<SmallWorld>;
  readonly readBack: (world: SmallWorld) => Promise<ReadBack>;
  /** The same of a Classic balancer: its instances, and the inbound rules of a security group. */
  readonly readBackClassic: (balancerName: string, securityGroupId: string) => Promise<ClassicReadBack>;
  /** The JSON lines that a function logged. */
  readonly logOf: (functionName: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Resolves when no message waits, hides or is delayed in these queues; in all, unless told. */
  readonly quiet: (queues?: readonly Queue[]) => Promise<void>;
  /** Puts an event on our own bus, as a forwarder in another Region would: MiniStack delivers nothing across Regions. */
  readonly sendForwarded: LocalStage['send'];
  /** Puts a note in the queue of the watch over certificates and domains, as the daily schedule does. */
  readonly wakeWatch: (body: string) => Promise<void>;
  /** Names of the rules on the default bus of a Region. */
  readonly rulesOf: (region: string) => Promise<readonly string[]>;
  /** Messages that were given up, in all dead-letter queues. */
  readonly deadLetters: () => Promise<number>;
  /** Changes one setting of a deployed function, as an owner could, when no report is under way. */
  readonly setEnvironment: (functionName: string, name: string, value: string) => Promise<void>;
  /** Puts another package in a deployed function's place. */
  readonly replaceCode: (functionName: string, zip: Buffer) => Promise<void>;
  /** An interpreter with boto3. */
  readonly python: string;
  /** The template as deployed. */
  readonly template: () => Promise<Template>;
  readonly stop: () => Promise<void>;
}

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const QUEUES = ['LaunchQueue', 'WatchQueue', 'ReportQueue'] as const;
type Queue = (typeof QUEUES)[number];
const DEAD_LETTER_QUEUES = [
  'LaunchDeadLetterQueue',
  'WatchDeadLetterQueue',
  'ReportDeadLetterQueue',
  'ExpiryDeadLetterQueue',
];
const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** Looks until there is something to see. */
export const until = async <T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  timeoutMilliseconds = 30_000,
): Promise<T> => {
  const deadline = performance.now() + timeoutMilliseconds;
  while (performance.now() < deadline) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await delay(50);
  }
  throw new Error(`not within ${timeoutMilliseconds / 1000} s: ${what}`);
};

const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const jsonLines = (texts: readonly string[]): readonly Readonly<Record<string, unknown>>[] =>
  texts
    .flatMap((text) => text.split('\n'))
    .flatMap((line) => {
      const start = line.indexOf('{');
      try {
        const parsed: unknown = JSON.parse(line.slice(start));
        return isJsonObject(parsed) ? [parsed] : [];
      } catch {
        return []; // a line of the platform's own
      }
    });

/** Everything that a message shows: its fall-back text and the texts of its blocks, one a line. */
export const shownBy = ({ text, blocks }: ReceivedSlackMessage): string => {
  const textsIn = (value: unknown): readonly string[] => {
    if (Array.isArray(value)) return value.flatMap(textsIn);
    if (!isJsonObject(value)) return [];
    const own = typeof value['text'] === 'string' ? [value['text']] : [];
    return [
      ...own,
      ...Object.values(value).flatMap((member) => (isJsonObject(member) ? textsIn(member) : textsIn(member))),
    ];
  };
  return [text ?? '', ...textsIn(blocks)].join('\n');
};

/** Calls of our functions, which sign as `usher-…`; not those of a test. */
export const callsOfUsher = (calls: readonly RecordedCall[]): readonly RecordedCall[] =>
  calls.filter(({ application }) => application.startsWith('usher-'));

/** Writes that our functions made and AWS accepted. */
export const writesOfUsher = (calls: readonly RecordedCall[], action: string): readonly RecordedCall[] =>
  callsOfUsher(calls).filter((call) => call.action === action && call.statusCode === 200);

const python = async (stage: LocalStage, ...args: readonly string[]): Promise<unknown> => {
  const { PATH = '' } = process.env;
  const env = { PATH, ...stage.emulators.environment };
  const { stdout } = await promisify(execFile)(stage.emulators.python, [READER, ...args], { env });
  return JSON.parse(stdout);
};

const countIn = async (stage: LocalStage, sqs: SQSClient, queues: readonly string[]): Promise<number> => {
  const counts = await Promise.all(
    queues.map(async (name) => {
      const QueueUrl = stage.deployment.resources[name];
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }));
      return COUNTS.reduce((sum, count) => sum + Number(Attributes?.[count] ?? 0), 0);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
};

const askLambda = async (stage: LocalStage, method: string, path: string, body?: object): Promise<unknown> => {
  const response = await fetch(`${stage.emulators.ministackUrl}/2015-03-31/functions/${path}`, {
    method,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/lambda/aws4_request, SignedHeaders=host, Signature=0`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`Lambda refused ${method} ${path}: ${await response.text()}`);
  return response.json();
};

/** Starts everything once: emulators, proxy, Slack stand-in, and the very `serverless.yml` deployed to them. */
export const startDeployedService = async (): Promise<DeployedService> => {
  const stage = await startLocalStage({ root: ROOT, region: REGION });
  const sqs = new SQSClient({ endpoint: stage.emulators.ministackUrl, region: REGION, credentials: CREDENTIALS });
  const worlds: SmallWorld[] = [];
  return {
    proxy: stage.proxy,
    slack: stage.slack,
    send: stage.send,
    site: async (site) => {
      const world = await makeSmallWorld(stage.emulators.proxyUrl, REGION, site);
      worlds.push(world);
      return world;
    },
    readBack: async ({ targetGroupArn, instanceGroupId }) =>
      (await python(stage, 'site', targetGroupArn, instanceGroupId)) as ReadBack,
    readBackClassic: async (...named) => (await python(stage, 'classic', ...named)) as ClassicReadBack,
    logOf: async (functionName) =>
      jsonLines((await python(stage, 'log', `/aws/lambda/usher-local-${functionName}`)) as readonly string[]),
    quiet: async (queues = QUEUES) => {
      await stage.proxy.eventsSettled();
      await until('an end of all messages', async () => ((await countIn(stage, sqs, queues)) === 0 ? true : undefined));
    },
    sendForwarded: ({ source, detail, resources, 'detail-type': detailType }) =>
      putServiceEvents({ ministackUrl: stage.emulators.ministackUrl, region: REGION }, [
        { source, detailType, detail, resources, busName: stage.deployment.outputs['BusName'] ?? '' },
      ]),
    wakeWatch: async (MessageBody) => {
      const { ExpiryQueue: QueueUrl } = stage.deployment.resources;
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    },
    rulesOf: async (region) => {
      const endpoint = stage.emulators.ministackUrl;
      const eventBridge = new EventBridgeClient({ endpoint, region, credentials: CREDENTIALS });
      const { Rules = [] } = await eventBridge.send(new ListRulesCommand({}));
      eventBridge.destroy();
      return Rules.map(({ Name = '' }) => Name).sort();
    },
    deadLetters: () => countIn(stage, sqs, DEAD_LETTER_QUEUES),
    setEnvironment: async (functionName, name, value) => {
      await until('the end of what is being posted', async () =>
        (await countIn(stage, sqs, ['ReportQueue'])) === 0 ? true : undefined,
      );
      const path = `usher-local-${functionName}/configuration`;
      const now = (await askLambda(stage, 'GET', path)) as { Environment: { Variables: Record<string, string> } };
      await askLambda(stage, 'PUT', path, {
        Environment: { Variables: { ...now.Environment.Variables, [name]: value } },
      });
    },
    replaceCode: async (functionName, zip) => {
      const path = `usher-local-${functionName}`;
      await askLambda(stage, 'PUT', `${path}/code`, { ZipFile: zip.toString('base64') });
      await until('the end of the replacement', async () => {
        const { LastUpdateStatus } = (await askLambda(stage, 'GET', `${path}/configuration`)) as {
          readonly LastUpdateStatus: string;
        };
        return LastUpdateStatus === 'Successful' ? true : undefined;
      });
    },
    python: stage.emulators.python,
    template: async () => {
      const file = join(stage.deployment.packageFolder, 'cloudformation-template-update-stack.json');
      return JSON.parse(await readFile(file, 'utf8')) as Template;
    },
    stop: async () => {
      for (const world of worlds) world.close();
      sqs.destroy();
      await stage.stop();
    },
  };
};
