import { tagValue, USHER_TAG } from '../tags.ts';
import { canonicalCidr, parseRange } from './addresses.ts';
import { clientCidrsOf } from './client-cidrs.ts';
import type { Network, Seat, SecurityGroupRule } from './model.ts';
import { coversPort } from './ports.ts';
import { requiredFlows } from './required-flows.ts';

/** The block of a rule that we write for clients only: a balancer's own addresses are let in one by one. */
const clientBlockOf = ({ direction, peer }: SecurityGroupRule): string | undefined => {
  if (direction !== 'ingress' || (peer.kind !== 'cidr-ipv4' && peer.kind !== 'cidr-ipv6')) return undefined;
  const range = parseRange(peer.cidr);
  return range === undefined || range.first === range.last ? undefined : canonicalCidr(peer.cidr);
};

/** Whether clients of a seat may come through a rule: only behind a Network Load Balancer does a target see them. */
const isForClients = (rule: SecurityGroupRule, seat: Seat): boolean =>
  seat.loadBalancer?.kind === 'network' &&
  seat.networkInterface?.securityGroupIds.includes(rule.groupId) === true &&
  requiredFlows(seat).some(({ name, protocol, port }) => name === 'traffic' && coversPort(rule, protocol, port));

/**
 * Rules of ours for clients whose block no tag of these seats names any more, though one says who the clients are. A tag
 * that is gone or can't be understood says nobody, and outgrows no rule.
 */
export const outgrownAmong = (
  ours: readonly SecurityGroupRule[],
  seats: readonly Seat[],
): readonly SecurityGroupRule[] =>
  ours.filter((rule) => {
    const block = clientBlockOf(rule);
    if (block === undefined) return false;
    const said = seats.filter((seat) => isForClients(rule, seat)).map(({ targetGroup }) => clientCidrsOf(targetGroup));
    return (
      said.some(({ kind }) => kind === 'told') &&
      said.every((each) => each.kind !== 'malformed' && !(each.kind === 'told' && each.named.includes(block)))
    );
  });

/** Rules of a network that a stage owns; of any stage, where none is named. */
const ownedIn = (network: Network, stageName: string | undefined): readonly SecurityGroupRule[] =>
  [...network.rules.values()]
    .flatMap((reading) => (reading.kind === 'read' ? reading.value : []))
    .filter(({ tags }) => {
      const owner = tagValue(tags, USHER_TAG.owner);
      return owner !== undefined && (stageName === undefined || owner === stageName);
    });

/** Ids of the outgrown rules of a network that a stage owns; of any stage, where none is named. */
export const outgrownIn = (network: Network, seats: readonly Seat[], stageName?: string): ReadonlySet<string> =>
  new Set(outgrownAmong(ownedIn(network, stageName), seats).map(({ ruleId }) => ruleId));
