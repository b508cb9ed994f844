import type { FlowProtocol } from './model.ts';

/** Consecutive ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** What a security group rule or an ACL entry says about protocol and ports. */
interface Opening {
  readonly protocol: string;
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
}

export const ALL_PORTS: PortRange = { first: 0, last: 65_535 };

/** Where replies go: load balancers open their connections from these ports. @see ELB guides, network ACLs (facts 3.4) */
export const EPHEMERAL_PORTS: PortRange = { first: 1_024, last: 65_535 };

/** IANA's protocol number, as ACL entries and unnamed security group rules write it. */
export const PROTOCOL_NUMBER: Readonly<Record<FlowProtocol, string>> = { tcp: '6', udp: '17' };

const isEvery = (port: number | undefined): boolean => port === undefined || port === -1;

/** Ports of `protocol` that an opening speaks about: all for `-1`, none for another protocol. */
export const portsFor = (opening: Opening, protocol: FlowProtocol): PortRange | undefined => {
  const named = opening.protocol.trim().toLowerCase();
  if (named === '-1' || named === 'all') return ALL_PORTS;
  if (named !== protocol && named !== PROTOCOL_NUMBER[protocol]) return undefined;
  if (isEvery(opening.fromPort) || isEvery(opening.toPort)) return ALL_PORTS;
  return { first: opening.fromPort ?? 0, last: opening.toPort ?? ALL_PORTS.last };
};

/** Whether an opening includes one port of a protocol. */
export const coversPort = (opening: Opening, protocol: FlowProtocol, port: number): boolean => {
  const ports = portsFor(opening, protocol);
  return ports !== undefined && ports.first <= port && port <= ports.last;
};

/** `80`, or `1024-65535`. */
export const portsText = ({ first, last }: PortRange): string => (first === last ? `${first}` : `${first}-${last}`);
