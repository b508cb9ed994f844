import type { DistributionUse, ListenerUse } from '../../aws/serving/port.ts';
import type { Certificate, CertificateUse } from '../../domain/expiry/certificate.ts';
import type { Reading } from '../../domain/reading.ts';
import { read, unreadable } from '../../domain/reading.ts';
import { refusal } from './patience.ts';
import type { ExpiryPorts } from './ports.ts';

/** What serves certificates, each part read once in a run, and only when somebody asks. */
export interface Serving {
  distributions(): Promise<Reading<readonly DistributionUse[]>>;
  listeners(region: string): Promise<Reading<readonly ListenerUse[]>>;
}

const once = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
};

const reading = async <T>(ports: Pick<ExpiryPorts, 'log'>, ask: () => Promise<T>): Promise<Reading<T>> => {
  try {
    return read(await ask());
  } catch (error) {
    const { service, action, code } = refusal(error);
    ports.log({ event: 'unread', service, action, code });
    return unreadable(`${service} ${action}: ${code}`);
  }
};

export const servingOf = (ports: Pick<ExpiryPorts, 'serving' | 'log'>): Serving => {
  const byRegion = new Map<string, () => Promise<Reading<readonly ListenerUse[]>>>();
  return {
    distributions: once(() => reading(ports, () => ports.serving.readDistributionUses())),
    listeners: (region) => {
      const known = byRegion.get(region) ?? once(() => reading(ports, () => ports.serving.readListenerUses(region)));
      byRegion.set(region, known);
      return known();
    },
  };
};

const KINDS: readonly (readonly [part: RegExp, kind: CertificateUse['kind']])[] = [
  [/^arn:[^:]*:cloudfront:.*:distribution\//, 'cloudfront'],
  [/:loadbalancer\/app\//, 'alb'],
  [/:loadbalancer\/net\//, 'nlb'],
  [/^arn:[^:]*:elasticloadbalancing:.*:loadbalancer\/[^/]+$/, 'classic'],
  [/^arn:[^:]*:(?:apigateway|execute-api):/, 'api-gateway'],
];

/** What an ARN alone says of a user: the name of a balancer, the id of a distribution, the last part of anything else. */
export const useOfArn = (arn: string, region: string): CertificateUse => {
  const kind = KINDS.find(([part]) => part.test(arn))?.[1] ?? 'other';
  const parts = arn.split('/');
  const name = (kind === 'alb' || kind === 'nlb' ? parts.at(-2) : parts.at(-1)) ?? arn;
  return { kind, name, id: kind === 'cloudfront' ? name : arn, region, port: undefined };
};

/**
 * What answers with a certificate, each once: a distribution may have ten thousand tenants, which are one thing to whoever
 * cares for it, and as many lines would be more than a message holds.
 */
export const distinctUses = <Use extends CertificateUse>(uses: readonly Use[]): readonly Use[] =>
  [...new Map(uses.toReversed().map((use) => [`${use.kind} ${use.id} ${use.port ?? ''}`, use])).values()].toReversed();

const ofListener = ({ kind, name, id, region, port }: CertificateUse): CertificateUse => ({
  kind,
  name,
  id,
  region,
  port,
});

const isNamed = (use: CertificateUse, arn: string): boolean => arn === use.id || arn.endsWith(`/${use.id}`);

/**
 * What uses a certificate, by the names people know, as far as it can be read; ACM's own list says the rest.
 * Balancers and distributions are only read for certificates that something uses.
 */
export const usesOf = async (
  serving: Serving,
  { arn, region, inUseBy }: Pick<Certificate, 'arn' | 'region' | 'inUseBy'>,
): Promise<readonly CertificateUse[]> => {
  if (inUseBy.length === 0) return [];
  const asks = (part: string): boolean => inUseBy.some((user) => user.includes(part));
  const [distributions, listeners] = await Promise.all([
    asks(':cloudfront:') ? serving.distributions() : undefined,
    asks(':elasticloadbalancing:') ? serving.listeners(region) : undefined,
  ]);
  const known = distinctUses([
    ...(distributions?.kind === 'read' ? distributions.value : []).filter(
      ({ certificateArn }) => certificateArn === arn,
    ),
    ...(listeners?.kind === 'read' ? listeners.value : []).filter(({ certificateArns }) =>
      certificateArns.includes(arn),
    ),
  ]).map(ofListener);
  const others = inUseBy.filter((user) => !known.some((use) => isNamed(use, user)));
  return [...known, ...others.map((user) => useOfArn(user, region))];
};
