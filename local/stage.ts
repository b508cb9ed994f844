import { randomBytes } from 'node:crypto';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Deployment } from './emulators/deploy.ts';
import { deployService } from './emulators/deploy.ts';
import { putServiceEvents } from './emulators/service-events.ts';
import type { Emulators } from './emulators/start.ts';
import { startEmulators } from './emulators/start.ts';
import type { Proxy as CheckingProxy, ProxyOptions } from './proxy/server.ts';
import { startProxy } from './proxy/server.ts';
import type { Entrance } from './slack/entrance.ts';
import type { ReceivedSlackMessage, SlackStandIn } from './slack/stand-in.ts';
import { startSlackStandIn } from './slack/stand-in.ts';

/** The name under which the service is deployed here; serverless.yml has its parameters. */
export const LOCAL_STAGE = 'local';
const DESTINATION = 'default';

export interface StartLocalStage {
  /** The checkout. */
  readonly root: string;
  readonly region: string;
  readonly onProgress?: (line: string) => void;
  /** What the proxy puts on the default bus, as it does. */
  readonly onEvent?: (event: ArrivingEvent) => void;
  /** What reaches the Slack stand-in, as it does. */
  readonly onMessage?: (message: ReceivedSlackMessage) => void;
  /** Aborted while it starts: what was started is stopped, and no process is left. */
  readonly signal?: AbortSignal;
  /** How fast the world moves; see the proxy. */
  readonly pace?: Omit<ProxyOptions, 'upstream' | 'onEvent' | 'now'>;
}

/** An event as a service sends it. */
export interface ArrivingEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The whole product on this machine. */
export interface LocalStage {
  readonly emulators: Emulators;
  readonly proxy: CheckingProxy;
  readonly slack: SlackStandIn;
  readonly deployment: Deployment;
  /** Where Slack posts what people order. */
  readonly entrance: Entrance;
  /** Puts an event on the default bus, as a service of AWS would. */
  readonly send: (event: ArrivingEvent) => Promise<void>;
  stop(): Promise<void>;
}

const isArriving = (event: object): event is ArrivingEvent => 'source' in event && 'detail-type' in event;

/** Where the deployed functions find what they share with Slack: the same parameters that they have on AWS. */
const storeSecrets = async (
  { ministackUrl, region }: Emulators,
  secrets: Readonly<Record<string, string>>,
): Promise<void> => {
  const ssm = new SSMClient({
    endpoint: ministackUrl,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  for (const [name, Value] of Object.entries(secrets)) {
    const Name = `/usher/${LOCAL_STAGE}/slack/${name}`;
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }));
  }
  ssm.destroy();
};

/**
 * Emulators, checking proxy, Slack stand-in and the deployed service, all on 127.0.0.1. What the world does to instances
 * and tags arrives on the default bus by itself.
 * @throws one clear error when any of it does not come up; what was started is stopped
 */
export const startLocalStage = async (options: StartLocalStage): Promise<LocalStage> => {
  const { root, region, onProgress = () => {}, onEvent = () => {}, onMessage = () => {}, pace = {}, signal } = options;
  const slack = await startSlackStandIn({ onMessage });
  let proxy: CheckingProxy | undefined;
  let emulators: Emulators | undefined;
  const stop = async (): Promise<void> => {
    await emulators?.stop();
    await slack.stop();
  };
  try {
    emulators = await startEmulators({
      root,
      region,
      onProgress,
      signal,
      proxyFor: async (upstream, ministackUrl) => {
        proxy = await startProxy({
          ...pace,
          upstream,
          onEvent: async (event) => {
            if (!isArriving(event)) return;
            onEvent(event);
            await putOnBus({ ministackUrl, region }, event);
          },
        });
        return proxy;
      },
    });
    const deployment = await deployService({
      root,
      stage: LOCAL_STAGE,
      region,
      endpoint: emulators.ministackUrl,
      folder: emulators.folder,
      onProgress,
      signal,
    });
    const signingSecret = randomBytes(16).toString('hex'); // as Slack makes them: 32 hexadecimal digits
    await storeSecrets(emulators, {
      [`${DESTINATION}/webhook-url`]: slack.webhookUrl(DESTINATION),
      'signing-secret': signingSecret,
    });
    const { EntranceUrl: url } = deployment.outputs;
    if (proxy === undefined) throw new Error('the proxy was not started');
    if (url === undefined) throw new Error('the deployment has no entrance');
    const entrance = { url, ministackUrl: emulators.ministackUrl, signingSecret };
    const bus = { ministackUrl: emulators.ministackUrl, region };
    return { emulators, proxy, slack, deployment, entrance, send: (event) => putOnBus(bus, event), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const putOnBus = (bus: { readonly ministackUrl: string; readonly region: string }, event: ArrivingEvent) =>
  putServiceEvents(bus, [
    { source: event.source, detailType: event['detail-type'], detail: event.detail, resources: event.resources },
  ]);
