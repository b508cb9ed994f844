import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:http';
import type { Answer, Call, KnownService, Parameters } from './protocol.ts';
import { errorCodeIn, errorMessageIn } from './protocol.ts';
import type { XmlElement } from './xml.ts';
import { parseXml } from './xml.ts';

/** Where and as whom the proxy reads for itself. */
export type Origin = Pick<Call, 'region' | 'accessKeyId'>;

/** The emulator behind the proxy. */
export interface Upstream {
  /** Sends the call on as it came. */
  readonly forward: (call: Pick<Call, 'method' | 'path' | 'headers' | 'body'>) => Promise<Answer>;
  /**
   * A read of the proxy's own, which no record of calls shows.
   * @throws {UpstreamError} when the emulator refuses it
   */
  readonly ask: (
    origin: Origin,
    service: KnownService,
    action: string,
    parameters?: Iterable<readonly [string, string]>,
  ) => Promise<XmlElement>;
}

/** What the emulator said to a read of the proxy's own, to be passed on to the client whose call needed it. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const PER_HOP = new Set(['connection', 'content-length', 'transfer-encoding', 'keep-alive', 'expect']);

const throughHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || PER_HOP.has(name) ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

const send = (base: URL, agent: Agent, call: Pick<Call, 'method' | 'path' | 'headers' | 'body'>): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = base;
    const headers = { ...throughHeaders(call.headers), 'content-length': String(call.body.length) };
    const outgoing = request({ hostname, port, agent, method: call.method, path: call.path, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 502,
          headers: throughHeaders(incoming.headers),
          body: Buffer.concat(chunks),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(call.body);
  });

const SIGNING: Readonly<Record<KnownService, readonly [name: string, version: string]>> = {
  ec2: ['ec2', '2016-11-15'],
  elbv2: ['elasticloadbalancing', '2015-12-01'],
  elb: ['elasticloadbalancing', '2012-06-01'],
  autoscaling: ['autoscaling', '2011-01-01'],
  tagging: ['tagging', '2017-01-26'],
};

/** The emulators read service and Region from the signature and never verify it. */
const authorization = (origin: Origin, name: string): string => {
  const credential = `${origin.accessKeyId || 'AKIAPROXY'}/20260101/${origin.region}/${name}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`;
};

/** A connection per request: the emulator's development server closes idle ones without notice. */
export const connectUpstream = (url: string): Upstream => {
  const base = new URL(url);
  const agent = new Agent({ keepAlive: false });
  return {
    forward: (call) => send(base, agent, call),
    ask: async (origin, service, action, parameters = []) => {
      const [name, version] = SIGNING[service];
      const form: Parameters = new Map([['Action', action], ['Version', version], ...parameters]);
      const answer = await send(base, agent, {
        method: 'POST',
        path: '/',
        headers: {
          host: base.host,
          authorization: authorization(origin, name),
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: Buffer.from(new URLSearchParams([...form]).toString()),
      });
      const code = errorCodeIn(answer);
      if (code !== undefined) {
        const message = errorMessageIn(answer) ?? `the emulator answered ${action} with ${code}`;
        throw new UpstreamError(code, message, answer.status);
      }
      return parseXml(answer.body.toString('utf8'));
    },
  };
};
