import type { TlsOptions } from 'node:tls';
import type { Front } from '../../../domain/front-door/walk.ts';
import type { Distribution } from '../../../domain/invalidation/places.ts';
import { aliasesOf } from '../../../internet/dns/aliases.ts';
import { httpProbe } from '../../../internet/http/probe.ts';
import { tlsProbe } from '../../../internet/tls/probe.ts';
import type { DoctorPorts } from '../../../stories/doctor/ports.ts';
import type { MadeCertificate } from '../../support/internet/certificates.ts';
import { makeCertificate } from '../../support/internet/certificates.ts';
import { startTlsServer } from '../../support/internet/tls-server.ts';
import type { Page } from '../../support/internet/web-server.ts';
import { startWebServer } from '../../support/internet/web-server.ts';
import { memoryFleetReader } from '../../support/world/memory-fleet.ts';
import type { World } from '../../support/world/world.ts';
import { diagnosing } from '../diagnose/diagnosing.ts';

/** A request as whoever stands behind the door sees it: the protocol is that by which it was asked itself. */
export interface Seen {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly path: string;
}

export interface Shown {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type House = (seen: Seen) => Shown;

export const html = (body: string, headers: Readonly<Record<string, string>> = {}): Shown => ({
  status: 200,
  headers: { 'content-type': 'text/html', server: 'nginx', ...headers },
  body,
});

export const sendOn = (status: number, location: string, server = 'nginx'): Shown => ({
  status,
  headers: { location, server },
});

/** Answers for a bucket that is asked by its global name while that is new: with its Region's. */
export const newBucket: House = ({ path }) =>
  sendOn(307, `https://files.s3.ap-northeast-1.amazonaws.com${path}`, 'AmazonS3');

export const closedBucket: House = () => ({
  status: 403,
  headers: { server: 'AmazonS3', 'content-type': 'application/xml', 'x-amz-request-id': 'R1' },
});

interface Edge {
  /** By which protocol the origin is asked. */
  readonly asks?: 'http' | 'https' | 'as-asked';
  readonly redirectsToHttps?: boolean;
  readonly caches?: boolean;
}

/** A distribution: asks the origin once, keeps what may be kept, and says so in the headers that CloudFront has. */
export const cloudFront = (
  origin: House,
  { asks = 'as-asked', redirectsToHttps = false, caches = true }: Edge = {},
): House => {
  const kept = new Map<string, Shown>();
  const by = { via: '1.1 0123456789abcdef.cloudfront.net (CloudFront)', 'x-amz-cf-id': 'Zm9v' };
  return (seen) => {
    if (redirectsToHttps && seen.protocol === 'http')
      return {
        status: 301,
        headers: {
          ...by,
          server: 'CloudFront',
          'x-cache': 'Redirect from cloudfront',
          location: `https://${seen.host}${seen.path}`,
        },
      };
    const cached = kept.get(seen.path);
    if (cached !== undefined)
      return { ...cached, headers: { ...cached.headers, ...by, 'x-cache': 'Hit from cloudfront', age: '120' } };
    const shown = origin({ ...seen, protocol: asks === 'as-asked' ? seen.protocol : asks });
    if (caches && shown.status === 200) kept.set(seen.path, shown);
    const word = shown.status >= 400 ? 'Error' : 'Miss';
    return { ...shown, headers: { ...shown.headers, ...by, 'x-cache': `${word} from cloudfront` } };
  };
};

/** CloudFront's own word where it can't talk to the origin. */
export const cannotAsk =
  (status: 502 | 504): House =>
  () => ({ status, headers: { server: 'CloudFront' } });

export interface Street {
  readonly ports: DoctorPorts;
  /** How often each house was asked. */
  readonly asked: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

interface Plan {
  readonly world: World;
  readonly houses: Readonly<Record<string, House>>;
  readonly fronts?: readonly Front[];
  readonly aliases?: Readonly<Record<string, string>>;
  /** Names on the certificate that visitors are shown; those of all houses unless told otherwise. */
  readonly shown?: readonly string[];
  /** The certificate of the origin on its own port; without it nothing listens there. */
  readonly originNames?: readonly string[];
  readonly wearer?: string;
  readonly listenerPorts?: readonly number[];
  /** There is time for everything unless told otherwise. */
  readonly inTime?: DoctorPorts['inTime'];
}

/** Where the stand-in of an origin shakes hands. */
export const ORIGIN_PORT = 8443;

const pageOf =
  (protocol: Seen['protocol'], houses: Plan['houses'], asked: Map<string, number>): Page =>
  (request, response) => {
    const host = request.headers.host ?? '';
    asked.set(host, (asked.get(host) ?? 0) + 1);
    const shown = houses[host]?.({ protocol, host, path: request.url ?? '/' }) ?? { status: 421, headers: {} };
    response.writeHead(shown.status, shown.headers).end(shown.body ?? '');
  };

const toDistribution = ({ distributionId, domainName, aliases }: Front): Distribution => ({
  distributionId,
  domainName,
  aliases,
  status: 'Deployed',
  connectionMode: 'direct',
});

const tlsOf = (made: MadeCertificate): TlsOptions => ({ cert: made.certificate, key: made.privateKey });

/** Houses behind real servers on loopback, over HTTP and TLS, and AWS as it would show them. */
export const aStreet = async ({
  world,
  houses,
  fronts = [],
  aliases = {},
  shown = Object.keys(houses),
  originNames,
  wearer,
  listenerPorts = [80, 443, ORIGIN_PORT],
  inTime = async (look) => ({ kind: 'in-time', value: await look() }),
}: Plan): Promise<Street> => {
  const root = await makeCertificate({ name: 'Test Root', isAuthority: true });
  const visitors = await makeCertificate({ name: shown[0] ?? 'none', names: shown, issuer: root });
  const asked = new Map<string, number>();
  const plain = await startWebServer(pageOf('http', houses, asked));
  const secured = await startWebServer(pageOf('https', houses, asked), tlsOf(visitors));
  const origin =
    originNames === undefined
      ? undefined
      : await startTlsServer(
          tlsOf(await makeCertificate({ name: originNames[0] ?? 'none', names: originNames, issuer: root })),
        );
  const lookUp = async (): Promise<readonly string[]> => ['127.0.0.1'];
  const mayConnectTo = (address: string): boolean => address === '127.0.0.1';
  const authorities = [root.certificate];
  const tls = tlsProbe({ lookUp, mayConnectTo, authorities, timeoutMilliseconds: 2_000 });
  const gathering = diagnosing(world).ports();
  return {
    asked,
    ports: {
      ...gathering,
      settings: {
        ...gathering.settings,
        readListeners: async (arn) => {
          const [listener] = await gathering.settings.readListeners(arn);
          return listener === undefined ? [] : listenerPorts.map((port) => ({ ...listener, port }));
        },
      },
      cloudFront: {
        readDistributions: async () => fronts.map(toDistribution),
        readTenantByDomain: async () => undefined,
      },
      fronts: { readFront: async (id) => fronts.find(({ distributionId }) => distributionId === id) },
      fleet: memoryFleetReader(world.network),
      balancingFleet: {
        readEveryLoadBalancer: async () => [...world.balancing.loadBalancers.values()],
        readEveryTargetGroup: async () => [...world.balancing.targetGroups.values()],
      },
      addresses: { readDescriptionOfWearer: async () => wearer },
      http: httpProbe({
        lookUp,
        mayConnectTo,
        authorities,
        timeoutMilliseconds: 5_000,
        portOf: (_, protocol) => (protocol === 'https:' ? secured.port : plain.port),
      }),
      // Nothing listens on port 1: what is asked there refuses.
      tls: { shakeHands: (endpoint) => tls.shakeHands({ ...endpoint, port: origin?.port ?? 1 }) },
      inTime,
      aliasesOf: aliasesOf(async (name) => {
        const alias = aliases[name];
        return alias === undefined ? [] : [alias];
      }),
    },
    async close() {
      await Promise.all([plain.close(), secured.close(), origin?.close()]);
    },
  };
};
