import type { DistributionUse, ListenerUse } from '../../aws/serving/port.ts';
import type { CertificateSummary } from '../../domain/expiry/certificate.ts';
import type { Endpoint } from '../../domain/expiry/served.ts';
import { readLists } from './lists.ts';
import type { ExpiryPorts } from './ports.ts';
import type { Run } from './run.ts';

/** An endpoint with everything that AWS says is attached there. */
export interface AttachedEndpoint {
  readonly endpoint: Endpoint;
  readonly certificateArns: readonly string[];
}

/** What was found of where certificates are served. */
export interface Discovered {
  readonly endpoints: readonly AttachedEndpoint[];
  readonly summaries: ReadonlyMap<string, CertificateSummary>;
  /** Whether everything could be read: only then is an endpoint that was not found known to be gone. */
  readonly isComplete: boolean;
}

/** `host:port`, as its subject has it. */
export const keyOf = ({ host, port }: Pick<Endpoint, 'host' | 'port'>): string => `${host}:${port}`;

/** A name that a visitor could ask for: the most likely one below a wildcard. */
const askable = (name: string): string => (name.startsWith('*.') ? `www.${name.slice(2)}` : name).toLowerCase();

/** Whether nobody has said that there is such a name: it may not exist, or lead anywhere. */
export const isGuessed = ({ foundAs }: Pick<Endpoint, 'foundAs'>): boolean => foundAs === 'below-wildcard';

/** Letters, digits and hyphens between dots: a common name may be anything. */
const isHostName = (name: string): boolean => /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9-]+$/i.test(name);

const ofDistributions = (uses: readonly DistributionUse[]): readonly AttachedEndpoint[] =>
  uses.flatMap(({ aliases, certificateArn, port }) =>
    aliases.map((alias) => ({
      endpoint: {
        host: askable(alias),
        port: port ?? 443,
        connectTo: undefined,
        certificateArn,
        foundAs: alias.startsWith('*.') ? ('below-wildcard' as const) : ('cloudfront-alias' as const),
      },
      certificateArns: certificateArn === undefined ? [] : [certificateArn],
    })),
  );

/** A listener answers for the names of its certificates; one inside a VPC can't be reached from here. */
const ofListeners = (
  uses: readonly ListenerUse[],
  summaries: ReadonlyMap<string, CertificateSummary>,
): readonly AttachedEndpoint[] =>
  uses.flatMap(({ certificateArns, dnsName, isInternal, port }) =>
    isInternal
      ? []
      : certificateArns.flatMap((certificateArn) => {
          const host = summaries.get(certificateArn)?.names.map(askable).find(isHostName);
          if (host === undefined) return [];
          const endpoint = {
            host,
            port: port ?? 443,
            connectTo: dnsName,
            certificateArn,
            foundAs: 'listener' as const,
          };
          return [{ endpoint, certificateArns }];
        }),
  );

const configured = ({ settings }: ExpiryPorts): readonly AttachedEndpoint[] =>
  settings.endpoints.map(({ host, port }) => ({
    endpoint: { host, port, connectTo: undefined, certificateArn: undefined, foundAs: 'configured' as const },
    certificateArns: [],
  }));

/** What visitors meet under a name is what counts: a distribution before the balancer behind it. */
const distinct = (endpoints: readonly AttachedEndpoint[]): readonly AttachedEndpoint[] => {
  const byKey = new Map<string, AttachedEndpoint>();
  for (const one of endpoints) if (!byKey.has(keyOf(one.endpoint))) byKey.set(keyOf(one.endpoint), one);
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, endpoint]) => endpoint);
};

/** Every place where a certificate is served, as far as it can be read. */
export const discover = async (run: Run): Promise<Discovered> => {
  const { ports, serving } = run;
  const { regions } = ports.settings;
  const [lists, distributions, listeners] = await Promise.all([
    readLists(ports, regions),
    serving.distributions(),
    Promise.all(regions.map((region) => serving.listeners(region))),
  ]);
  const summaries = new Map(lists.summaries.map((summary) => [summary.arn, summary]));
  const isComplete =
    lists.unread.length === 0 && distributions.kind === 'read' && listeners.every(({ kind }) => kind === 'read');
  const ofAliases = distributions.kind === 'read' ? ofDistributions(distributions.value) : [];
  return {
    summaries,
    isComplete,
    endpoints: distinct([
      ...ofAliases.filter(({ endpoint }) => !isGuessed(endpoint)),
      ...configured(ports),
      ...ofListeners(
        listeners.flatMap((reading) => (reading.kind === 'read' ? reading.value : [])),
        summaries,
      ),
      ...ofAliases.filter(({ endpoint }) => isGuessed(endpoint)),
    ]),
  };
};
