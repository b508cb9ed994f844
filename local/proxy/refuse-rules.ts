import { canonicalCidr } from './addresses.ts';
import type { GroupRule, Peer } from './network.ts';
import type { Parameters } from './protocol.ts';
import { list, Refusal } from './protocol.ts';

/** One rule of a call to authorize or revoke, as EC2 would store it. */
export interface AskedRule extends GroupRule {
  readonly description: string | undefined;
  readonly peeringConnectionId: string | undefined;
}

const PROTOCOLS: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp', '1': 'icmp', '58': 'icmpv6', all: '-1' };
const NAMED = new Set(['tcp', 'udp', 'icmp', 'icmpv6', '-1']);

const protocolOf = (stated: string): string => {
  const protocol = PROTOCOLS[stated.toLowerCase()] ?? stated.toLowerCase();
  const known = NAMED.has(protocol) || (/^\d{1,3}$/.test(protocol) && Number(protocol) <= 255);
  if (known) return protocol;
  throw new Refusal('InvalidParameterValue', `Invalid value '${stated}' for IP protocol. Unknown protocol.`);
};

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65535;

type Ports = Pick<GroupRule, 'fromPort' | 'toPort'>;

const portsOf = (permission: Parameters, protocol: string): Ports => {
  const [from, to] = [permission.get('FromPort'), permission.get('ToPort')];
  if (protocol === 'icmp' || protocol === 'icmpv6') return { fromPort: Number(from ?? -1), toPort: Number(to ?? -1) };
  if (protocol !== 'tcp' && protocol !== 'udp') return { fromPort: -1, toPort: -1 }; // all ports, whatever it says (facts 3.3)
  if (from === undefined || to === undefined) {
    const because = `Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.`;
    throw new Refusal('InvalidParameterValue', because);
  }
  const ports = { fromPort: Number(from), toPort: Number(to) };
  if (isPort(ports.fromPort) && isPort(ports.toPort) && ports.fromPort <= ports.toPort) return ports;
  throw new Refusal(
    'InvalidParameterValue',
    `Invalid value '${from}-${to}' for portRange. Ports are 0 to 65535, the lower first.`,
  );
};

const cidrOf = (stated: string, family: 4 | 6): string => {
  const cidr = canonicalCidr(stated);
  if (cidr !== undefined && cidr.includes(':') === (family === 6)) return cidr;
  throw new Refusal('InvalidParameterValue', `CIDR block ${stated} is malformed`);
};

const DESCRIPTION = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/;

/** @throws {Refusal} for a description with other characters or of more than 255 (facts 3.3) */
export const checkDescription = (description: string | undefined): void => {
  if (description === undefined || DESCRIPTION.test(description)) return;
  throw new Refusal(
    'InvalidParameterValue',
    'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
  );
};

interface Source {
  readonly peer: Peer;
  readonly entry: Parameters;
}

const sourcesOf = (permission: Parameters): readonly Source[] => [
  ...list(permission, 'IpRanges').map((entry): Source => {
    return { entry, peer: { kind: 'cidr', cidr: cidrOf(entry.get('CidrIp') ?? '', 4) } };
  }),
  ...list(permission, 'Ipv6Ranges').map((entry): Source => {
    return { entry, peer: { kind: 'cidr', cidr: cidrOf(entry.get('CidrIpv6') ?? '', 6) } };
  }),
  ...list(permission, 'Groups').map((entry): Source => {
    return { entry, peer: { kind: 'group', groupId: entry.get('GroupId') ?? entry.get('GroupName') ?? '' } };
  }),
  ...list(permission, 'PrefixListIds').map((entry): Source => {
    return { entry, peer: { kind: 'prefix-list', prefixListId: entry.get('PrefixListId') ?? '' } };
  }),
];

/** The older form names one CIDR beside the group. */
const flatPermission = (parameters: Parameters): readonly Parameters[] => {
  const cidr = parameters.get('CidrIp');
  return cidr === undefined ? [] : [new Map([...parameters, ['IpRanges.1.CidrIp', cidr]])];
};

/**
 * The rules that a call names, one per source, as EC2 would store them.
 * @throws {Refusal} for anything that EC2 would find malformed
 */
export const askedRules = (parameters: Parameters): readonly AskedRule[] => {
  const listed = list(parameters, 'IpPermissions');
  return (listed.length > 0 ? listed : flatPermission(parameters)).flatMap((permission) => {
    const protocol = protocolOf(permission.get('IpProtocol') ?? '');
    const ports = portsOf(permission, protocol);
    const sources = sourcesOf(permission);
    if (sources.length === 0) {
      throw new Refusal(
        'MissingParameter',
        'Missing source specification: include source security group or CIDR information',
      );
    }
    return sources.map(({ peer, entry }) => {
      const description = entry.get('Description');
      return { protocol, ...ports, peer, description, peeringConnectionId: entry.get('VpcPeeringConnectionId') };
    });
  });
};

export const peerText = (peer: Peer): string => {
  if (peer.kind === 'cidr') return peer.cidr;
  return peer.kind === 'group' ? peer.groupId : peer.prefixListId;
};

/** What makes a rule the same rule: everything but its description and tags (facts 3.3). */
export const ruleKey = ({ protocol, fromPort, toPort, peer }: GroupRule): string => {
  const stored = protocolOf(protocol);
  const text = peer.kind === 'cidr' ? (canonicalCidr(peer.cidr) ?? peer.cidr) : peerText(peer);
  const anyPort = stored !== 'tcp' && stored !== 'udp' && !stored.startsWith('icmp');
  return [stored, ...(anyPort ? [-1, -1] : [fromPort, toPort]), text].join(' ');
};

/** @throws {Refusal} when the call names a rule twice */
export const refuseRepetition = (rules: readonly AskedRule[]): void => {
  if (new Set(rules.map(ruleKey)).size === rules.length) return;
  throw new Refusal('InvalidParameterValue', 'The same permission must not appear multiple times');
};

/** @throws {Refusal} when the group has one of the rules: then none of the call's is added */
export const refuseDuplicates = (rules: readonly AskedRule[], existing: readonly GroupRule[]): void => {
  const present = new Set(existing.map(ruleKey));
  const duplicate = rules.find((rule) => present.has(ruleKey(rule)));
  if (duplicate === undefined) return;
  const { protocol, fromPort, toPort, peer } = duplicate;
  const words = `peer: ${peerText(peer)}, ${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}, ALLOW`;
  throw new Refusal('InvalidPermission.Duplicate', `the specified rule "${words}" already exists`);
};

const familyOf = ({ peer }: GroupRule): 4 | 6 | undefined => {
  if (peer.kind !== 'cidr') return undefined;
  return peer.cidr.includes(':') ? 6 : 4;
};

/**
 * Each family by itself; what has no family counts in both. A prefix list counts its weight (facts 3.1).
 * @throws {Refusal} when the rules would be too many
 */
export const refuseBeyondQuota = (
  rules: readonly GroupRule[],
  limit: number,
  weightOf: (prefixListId: string) => number,
): void => {
  const weigh = (rule: GroupRule): number => (rule.peer.kind === 'prefix-list' ? weightOf(rule.peer.prefixListId) : 1);
  for (const family of [4, 6] as const) {
    const counted = rules.filter((rule) => (familyOf(rule) ?? family) === family);
    if (counted.reduce((sum, rule) => sum + weigh(rule), 0) <= limit) continue;
    throw new Refusal(
      'RulesPerSecurityGroupLimitExceeded',
      'The maximum number of rules per security group has been reached.',
    );
  }
};
