import type { SecurityGroupRule } from '../network/model.ts';
import type { PortRange } from '../network/ports.ts';
import { ALL_PORTS, portsFor } from '../network/ports.ts';
import type { BroaderRule } from './classify.ts';

/** A range without some ports of it. */
const without = ({ first, last }: PortRange, ports: readonly number[]): readonly PortRange[] => {
  const inside = [...new Set(ports)].filter((port) => first <= port && port <= last).sort((a, b) => a - b);
  const starts = [first, ...inside.map((port) => port + 1)];
  const ends = [...inside.map((port) => port - 1), last];
  return starts.flatMap((start, index) => {
    const end = ends[index];
    return end === undefined || end < start ? [] : [{ first: start, last: end }];
  });
};

const piece = (rule: SecurityGroupRule, protocol: string, ports: PortRange | undefined, number: number) => ({
  ...rule,
  ruleId: `${rule.ruleId}/${number}`,
  protocol,
  fromPort: ports?.first ?? -1,
  toPort: ports?.last ?? -1,
});

const PROTOCOLS = ['tcp', 'udp'] as const;

/** Everything but the ports that targets are asked on: what a rule for others keeps. */
const rest = ({ rule, extent, asked }: BroaderRule): readonly (readonly [string, PortRange | undefined])[] => {
  const icmp = rule.peer.kind === 'cidr-ipv6' ? 'icmpv6' : 'icmp';
  const ranges = PROTOCOLS.flatMap((protocol) => {
    const ports = portsFor(rule, protocol) ?? ALL_PORTS;
    const taken = asked.filter((each) => each.protocol === protocol).map(({ port }) => port);
    return portsFor(rule, protocol) === undefined
      ? []
      : without(ports, taken).map((range) => [protocol, range] as const);
  });
  return extent === 'all-traffic' ? [...ranges, [icmp, undefined]] : ranges;
};

/**
 * Rules that would stand where a broader one stood: of one for the balancer, exactly the ports it asks on; of any other,
 * all the rest, so that nothing else stops working. What is neither TCP, UDP nor ICMP is lost with a rule for all traffic.
 */
export const splitOf = (broader: BroaderRule): readonly SecurityGroupRule[] => {
  const { rule, source, asked, extent } = broader;
  const parts =
    source === 'balancer'
      ? asked.map(({ protocol, port }) => [protocol, { first: port, last: port }] as const)
      : extent === 'this-port'
        ? []
        : rest(broader);
  return parts.map(([protocol, ports], index) => piece(rule, protocol, ports, index + 1));
};
