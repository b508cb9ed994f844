import type { Finding } from '../finding.ts';
import { findingsOfHops } from './findings.ts';
import { valueRead } from './hop.ts';
import type { HopVerdict, Judgement, Network } from './model.ts';

/** Whether a target whose health check passes also gets its traffic; `unsure` where that could not be told, or it gets a part. */
export interface Reach {
  readonly kind: 'open' | 'closed' | 'unsure';
  /** What closes it, or leaves it open to doubt. */
  readonly findings: readonly Finding[];
}

const UNTOLD: ReadonlySet<Finding['reason']> = new Set(['ClientCidrsMissing', 'ClientCidrsMalformed']);

/** Rules that admit one of the balancer's own addresses, and nobody else. */
const admittingItself = ({ flow: { seat } }: Judgement, network: Network): ReadonlySet<string> => {
  const interfaces = seat.loadBalancer && valueRead(network.balancerInterfaces.get(seat.loadBalancer.arn));
  const own = new Set(
    (interfaces ?? []).flatMap(({ privateIpv4Addresses, ipv6Addresses }) => [
      ...privateIpv4Addresses.map((address) => `${address}/32`),
      ...ipv6Addresses.map((address) => `${address}/128`),
    ]),
  );
  const rules = (seat.networkInterface?.securityGroupIds ?? []).flatMap((id) => valueRead(network.rules.get(id)) ?? []);
  return new Set(
    rules.flatMap(({ ruleId, peer }) =>
      (peer.kind === 'cidr-ipv4' || peer.kind === 'cidr-ipv6') && own.has(peer.cidr) ? [ruleId] : [],
    ),
  );
};

/**
 * Whether a hop that leaves open who a target's clients are admits none of them for sure: the only rules that fit are those
 * for the balancer's own health checks, which its clients are not (facts 2.5).
 */
const admitsOnlyChecks = ({ verdict, finding, decidedBy = '' }: HopVerdict, own: ReadonlySet<string>): boolean =>
  verdict === 'unknown' &&
  finding !== undefined &&
  UNTOLD.has(finding.reason) &&
  decidedBy.split(', ').every((ruleId) => own.has(ruleId));

const closedHops = (judgement: Judgement, network: Network): readonly HopVerdict[] => {
  const own = admittingItself(judgement, network);
  return judgement.hops.filter((hop) => hop.verdict === 'blocked' || admitsOnlyChecks(hop, own));
};

/**
 * Whether what a healthy target is there for gets to it and, from an appliance, back. Where its check should not pass either,
 * and does, the judgement is belied: then nothing is sure.
 */
export const reachOf = (judgements: readonly Judgement[], network: Network): Reach => {
  const traffic = judgements.filter(({ flow: { name } }) => name !== 'health');
  const isBelied = judgements.some(({ flow: { name }, verdict }) => name === 'health' && verdict === 'blocked');
  const ways = traffic.map((judgement) => ({
    name: judgement.flow.name,
    closed: closedHops(judgement, network),
  }));
  const closed = ways.flatMap((way) => way.closed);
  // Behind a Classic balancer, and for TCP beside UDP, one way may be closed while another serves.
  const isShut = [...Map.groupBy(ways, ({ name }) => name).values()].some((alike) =>
    alike.every((way) => way.closed.length > 0),
  );
  if (isShut && !isBelied)
    return { kind: 'closed', findings: findingsOfHops(closed.map((hop) => ({ ...hop, verdict: 'blocked' }))) };
  const isOpen = traffic.every(({ verdict }) => verdict === 'passes');
  return { kind: isOpen ? 'open' : 'unsure', findings: findingsOfHops(traffic.flatMap(({ hops }) => hops)) };
};
