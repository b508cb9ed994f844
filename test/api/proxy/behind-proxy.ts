import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { jest } from '@jest/globals';
import { startMoto } from '../../../local/emulators/moto.ts';
import { preparePython } from '../../../local/emulators/python.ts';
import type { ProxyOptions, Proxy as RunningProxy } from '../../../local/proxy/server.ts';
import { startProxy } from '../../../local/proxy/server.ts';

jest.setTimeout(60_000); // a launch takes moto a while on a busy machine

const ROOT = join(import.meta.dirname, '../../..');
export const REGION = 'ap-northeast-1';

/** moto behind a proxy, and clients in front of it. */
export interface BehindProxy {
  readonly proxy: RunningProxy;
  readonly motoUrl: string;
  readonly events: readonly Event[];
  readonly ec2: EC2Client;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly stop: () => Promise<void>;
}

export interface Event {
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

const isEvent = (value: object): value is Event => 'detail-type' in value && 'detail' in value && 'resources' in value;

export const clientSettings = (endpoint: string, accessKeyId = 'AKIATEST') => ({
  endpoint,
  region: REGION,
  credentials: { accessKeyId, secretAccessKey: 'secret' },
  maxAttempts: 1,
});

export const startBehindProxy = async (options: Partial<ProxyOptions> = {}): Promise<BehindProxy> => {
  const python = await preparePython({ root: ROOT });
  await mkdir(join(ROOT, '.local'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, '.local', `run-${process.pid}-`));
  const moto = await startMoto({ python, root: ROOT, folder });
  const events: Event[] = [];
  const proxy = await startProxy({
    upstream: moto.url,
    healthIntervalMilliseconds: 20,
    registrationMilliseconds: 20,
    transitionMilliseconds: 150,
    drainMilliseconds: 200,
    onEvent: async (event) => {
      if (isEvent(event)) events.push(event);
    },
    ...options,
  });
  const [ec2, elb] = [
    new EC2Client(clientSettings(proxy.url)),
    new ElasticLoadBalancingV2Client(clientSettings(proxy.url)),
  ];
  return {
    proxy,
    motoUrl: moto.url,
    events,
    ec2,
    elb,
    stop: async () => {
      ec2.destroy();
      elb.destroy();
      await proxy.stop();
      await moto.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Looks until the answer is as wanted; the last one when it never is, so that the expectation shows it. */
export const until = async <T>(look: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> => {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answer = await look();
    if (wanted(answer) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** A call of the query protocol for services that the project has no client of. */
export const query = async (
  url: string,
  service: string,
  version: string,
  parameters: Readonly<Record<string, string>>,
) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=AKIATEST/20261122/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ Version: version, ...parameters }),
  });
  return { status: response.status, text: await response.text() };
};
