import { peerText } from '../change.ts';
import { compareText } from '../difference.ts';
import type { Finding } from '../finding.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import type { AddressRange } from './addresses.ts';
import { coverage, overlaps, parseRange } from './addresses.ts';
import { pathFinding } from './findings.ts';
import { NOTHING_WANTED, valueRead, whyUnread } from './hop.ts';
import type { FlowProtocol, Network, SecurityGroupRule, Vpc, Wants } from './model.ts';
import type { PortRange } from './ports.ts';
import { coversPort, portsFor, portsText } from './ports.ts';
import { authorizeLines, icmpLine } from './remedies.ts';

/** A door of a balancer: what it speaks there (`HTTPS`, `TCP_UDP`, Classic's `SSL`, …) and on which port. */
export interface ListenerPort {
  readonly protocol: string;
  readonly port: number;
  /** Who is meant to come, where a target group says so (`usher:client-cidrs`); by scheme otherwise. */
  readonly clientCidrs?: readonly string[];
}

/** What may come to a balancer, as far as its own security groups go; only ever told, never written (design section 2). */
export interface ClientsJudged {
  readonly findings: readonly Finding[];
  /** What was not looked at and would tell more. */
  readonly wants: Wants;
}

const NOTHING_SAID: ClientsJudged = { findings: [], wants: NOTHING_WANTED };

const carriedBy = (protocol: string): readonly FlowProtocol[] => {
  if (protocol === 'GENEVE') return [];
  if (protocol === 'UDP' || protocol === 'QUIC') return ['udp'];
  return protocol === 'TCP_UDP' || protocol === 'TCP_QUIC' ? ['tcp', 'udp'] : ['tcp'];
};

/** One protocol and port that somebody serves. */
interface Door {
  readonly protocol: FlowProtocol;
  readonly port: number;
  readonly clientCidrs: readonly string[] | undefined;
}

const doorsOf = (listeners: readonly ListenerPort[]): readonly Door[] =>
  listeners.flatMap(({ protocol, port, clientCidrs }) =>
    carriedBy(protocol).map((carrier) => ({ protocol: carrier, port, clientCidrs })),
  );

const inFamiliesOf = ({ ipAddressType }: LoadBalancer, cidrs: readonly string[]): readonly string[] =>
  cidrs.filter((cidr) =>
    cidr.includes(':') ? ipAddressType !== 'ipv4' : ipAddressType !== 'dualstack-without-public-ipv4',
  );

const WORLD = ['0.0.0.0/0', '::/0'];

/** Who comes by scheme: the world, or the balancer's own VPC; `undefined` where that could not be told. */
const byScheme = (loadBalancer: LoadBalancer, vpc: Vpc | undefined): readonly string[] | undefined => {
  if (loadBalancer.scheme !== 'internal') return inFamiliesOf(loadBalancer, WORLD);
  const own = vpc && [...vpc.ipv4Cidrs, ...vpc.ipv6Cidrs];
  return own && inFamiliesOf(loadBalancer, own);
};

const rangesOf = (cidrs: readonly string[]): readonly AddressRange[] =>
  cidrs.map(parseRange).filter((range) => range !== undefined);

/** What one door's rules come to. */
interface Asked {
  readonly loadBalancer: LoadBalancer;
  readonly network: Network;
  readonly rules: readonly SecurityGroupRule[];
  readonly vpc: Vpc | undefined;
}

/** Rules that name blocks say who may come; those that name a list or a group were meant for somebody else than everybody. */
const namesSomebody = ({ peer }: SecurityGroupRule): boolean =>
  peer.kind === 'prefix-list' || peer.kind === 'security-group';

const groupEvidence = ({ loadBalancer, network }: Asked) => {
  const groupIds = loadBalancer.securityGroupIds;
  const names = groupIds.map((groupId) => valueRead(network.securityGroups.get(groupId))?.name);
  return {
    securityGroup: groupIds.join(', '),
    securityGroupName: names.every((name) => name !== undefined) ? names.join(', ') : undefined,
    loadBalancer: loadBalancer.name,
  };
};

const notAdmitted = (door: Door, missing: readonly string[], asked: Asked): Finding => {
  const { loadBalancer } = asked;
  const [groupId = ''] = loadBalancer.securityGroupIds.toSorted(compareText);
  const addition = { groupId, direction: 'ingress', protocol: door.protocol, port: door.port } as const;
  return pathFinding(
    'ClientsNotAdmitted',
    { ...groupEvidence(asked), peer: missing.join(', '), protocol: door.protocol, port: String(door.port) },
    authorizeLines(addition, missing, loadBalancer.arn),
  );
};

const vpcUnknown = (door: Door, asked: Asked): Finding => {
  const { loadBalancer, network } = asked;
  const reading = network.vpcs.get(loadBalancer.vpcId ?? '');
  const flow = { protocol: door.protocol, port: String(door.port) };
  const why = { because: 'VpcUnread', why: whyUnread(reading), vpc: loadBalancer.vpcId };
  return pathFinding('PathUnknown', { ...why, ...flow, loadBalancer: loadBalancer.name });
};

/**
 * Nobody admitted is an obstacle; fewer than the scheme tells of is worth knowing, for it may be meant. A list or a group is
 * meant: CloudFront's addresses, or the application in front.
 */
const judgeDoor = (door: Door, asked: Asked): readonly Finding[] => {
  const rules = asked.rules.filter((rule) => coversPort(rule, door.protocol, door.port));
  if (rules.some(namesSomebody)) return [];
  const told = door.clientCidrs && inFamiliesOf(asked.loadBalancer, door.clientCidrs);
  const clients = told && told.length > 0 ? told : byScheme(asked.loadBalancer, asked.vpc);
  if (clients === undefined) return rules.length > 0 ? [] : [vpcUnknown(door, asked)];
  const offered = rangesOf(rules.map(({ peer }) => peerText(peer)));
  const missing = clients.filter((cidr) => coverage(rangesOf([cidr]), offered) !== 'whole');
  if (missing.length === 0) return [];
  const finding = notAdmitted(door, missing, asked);
  const isSomebodyAdmitted = rangesOf(clients).some((range) => offered.some((each) => overlaps(range, each)));
  return [isSomebodyAdmitted ? { ...finding, severity: 'information' } : finding];
};

const without = (ranges: readonly PortRange[], port: number): readonly PortRange[] =>
  ranges.flatMap(({ first, last }) =>
    port < first || last < port
      ? [{ first, last }]
      : [
          { first, last: port - 1 },
          { first: port + 1, last },
        ].filter((range) => range.first <= range.last),
  );

/** Ports that a rule opens and no listener serves. */
const unservedBy = (rule: SecurityGroupRule, protocol: FlowProtocol, doors: readonly Door[]): readonly PortRange[] => {
  const opened = portsFor(rule, protocol);
  const served = doors.filter((door) => door.protocol === protocol).map(({ port }) => port);
  return opened === undefined ? [] : served.reduce<readonly PortRange[]>(without, [opened]);
};

/** What the balancer's own groups open to each other is nobody's from outside. */
const isAmongItself = ({ peer }: SecurityGroupRule, { loadBalancer }: Asked): boolean =>
  peer.kind === 'security-group' && loadBalancer.securityGroupIds.includes(peer.groupId);

const PROTOCOLS: readonly FlowProtocol[] = ['tcp', 'udp'];

/** A rule for every protocol is told once, by TCP. */
const judgeRule = (rule: SecurityGroupRule, doors: readonly Door[], asked: Asked): readonly Finding[] =>
  PROTOCOLS.filter((protocol) => protocol === 'tcp' || portsFor(rule, 'tcp') === undefined).flatMap((protocol) => {
    const unserved = unservedBy(rule, protocol, doors);
    if (unserved.length === 0) return [];
    const ports = unserved.map(portsText).join(', ');
    const evidence = {
      ...groupEvidence(asked),
      securityGroup: rule.groupId,
      rule: rule.ruleId,
      peer: peerText(rule.peer),
    };
    const name = valueRead(asked.network.securityGroups.get(rule.groupId))?.name;
    return [pathFinding('PortUnserved', { ...evidence, securityGroupName: name, protocol, port: ports })];
  });

/** A message about packet sizes: type and code as a rule's ports (facts 3.2). */
const MESSAGES = [
  { protocol: 'icmp', number: '1', type: 3, code: 4, text: 'ICMP type 3 code 4', family: 'ipv4' },
  { protocol: 'icmpv6', number: '58', type: 2, code: undefined, text: 'ICMPv6 type 2', family: 'ipv6' },
] as const;

type Message = (typeof MESSAGES)[number];

const isAny = (value: number | undefined): boolean => value === undefined || value === -1;

const admitsMessage = (rule: SecurityGroupRule, { protocol, number, type, code }: Message): boolean => {
  const named = rule.protocol.trim().toLowerCase();
  if (named === '-1' || named === 'all') return true;
  if (named !== protocol && named !== number) return false;
  if (isAny(rule.fromPort)) return true;
  return rule.fromPort === type && (isAny(rule.toPort) || code === undefined || rule.toPort === code);
};

/** A rule for every protocol of the other family admits nothing of this one. */
const isOfFamily = ({ peer }: SecurityGroupRule, { family }: Message): boolean =>
  family === 'ipv4' ? peer.kind !== 'cidr-ipv6' : peer.kind !== 'cidr-ipv4';

const judgeMessages = (asked: Asked): readonly Finding[] => {
  const { loadBalancer, rules } = asked;
  const [groupId = ''] = loadBalancer.securityGroupIds.toSorted(compareText);
  const cidr = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const;
  return MESSAGES.filter(({ family }) => inFamiliesOf(loadBalancer, [cidr[family]]).length > 0)
    .filter((message) => !rules.some((rule) => isOfFamily(rule, message) && admitsMessage(rule, message)))
    .map((message) =>
      pathFinding(
        'PathMtuBlocked',
        { ...groupEvidence(asked), message: message.text },
        icmpLine(groupId, message, cidr[message.family], loadBalancer.arn),
      ),
    );
};

/** What has to be read before the clients' leg is judged. */
export const clientNeeds = (
  loadBalancer: LoadBalancer,
): { readonly securityGroupIds: readonly string[]; readonly vpcIds: readonly string[] } => ({
  securityGroupIds: loadBalancer.securityGroupIds,
  vpcIds:
    loadBalancer.securityGroupIds.length > 0 && loadBalancer.scheme === 'internal' && loadBalancer.vpcId !== undefined
      ? [loadBalancer.vpcId]
      : [],
});

const unreadGroup = (groupId: string, { name }: LoadBalancer, network: Network): Finding =>
  pathFinding('PathUnknown', {
    because: 'SecurityGroupUnread',
    unread: groupId,
    why: whyUnread(network.rules.get(groupId)),
    loadBalancer: name,
  });

/**
 * Whether a balancer's groups admit its clients at each of its listeners, what they open that no listener serves, and whether
 * word about packet sizes gets in. Of what wears no group there is nothing to say. All of it is advice: who may come to a
 * balancer is for people to decide.
 */
export const judgeClients = (
  loadBalancer: LoadBalancer,
  listeners: readonly ListenerPort[],
  network: Network,
): ClientsJudged => {
  const groupIds = loadBalancer.securityGroupIds;
  if (groupIds.length === 0) return NOTHING_SAID;
  const unread = groupIds.find((groupId) => network.rules.get(groupId)?.kind !== 'read');
  if (unread !== undefined) return { ...NOTHING_SAID, findings: [unreadGroup(unread, loadBalancer, network)] };
  const rules = groupIds
    .flatMap((groupId) => valueRead(network.rules.get(groupId)) ?? [])
    .filter(({ direction }) => direction === 'ingress')
    .sort((a, b) => compareText(a.ruleId, b.ruleId));
  const asked: Asked = { loadBalancer, network, rules, vpc: valueRead(network.vpcs.get(loadBalancer.vpcId ?? '')) };
  const doors = doorsOf(listeners);
  const findings = [
    ...doors.flatMap((door) => judgeDoor(door, asked)),
    // Without any listener everything would be open for nothing, and what is wrong is another thing.
    ...(doors.length === 0
      ? []
      : rules.filter((rule) => !isAmongItself(rule, asked)).flatMap((rule) => judgeRule(rule, doors, asked))),
    ...judgeMessages(asked),
  ];
  const vpcIds = clientNeeds(loadBalancer).vpcIds.filter((vpcId) => !network.vpcs.has(vpcId));
  return { findings, wants: { ...NOTHING_WANTED, vpcIds } };
};
