import { describe, expect, test } from '@jest/globals';
import type { LoadBalancer, LoadBalancerKind } from '../../../domain/load-balancer.ts';
import type { RepairOptions } from '../../../domain/network/draft.ts';
import { REPAIR_DEFAULTS } from '../../../domain/network/draft.ts';
import { judge } from '../../../domain/network/judge.ts';
import type {
  Network,
  ProposedRule,
  Route,
  RouteTable,
  Seat,
  SecurityGroupRule,
} from '../../../domain/network/model.ts';
import { repair } from '../../../domain/network/repair.ts';
import { requiredFlows } from '../../../domain/network/required-flows.ts';
import { read, unreadable } from '../../../domain/reading.ts';
import type { TargetGroup } from '../../../domain/target-group.ts';
import {
  ALB_ARN,
  aclOf,
  alb,
  GROUP_ARN,
  INSTANCE_ID,
  MAIN_TABLE,
  NODES,
  OPEN_ENTRIES,
  over,
  rightNetwork,
  rulesOf,
  seat,
  webGroup,
  webInterface,
  withAcls,
} from './world.ts';

/*
 * Design section 4, cell by cell. Traffic goes to port 80 (a tunnel's to 6081), health checks to 9090; the clients are
 * 203.0.113.0/24 and 2001:db8::/32; the balancer's groups let nothing out, the target's let nothing in.
 *
 * Several values in a cell are several rows with the same rules. `service`: whether an endpoint service leads to the balancer.
 */
const TABLE = `
balancer    | groups | addresses      | service | preserved | type        | family    | protocol    | rules
application | yes    | ipv4 dualstack | no      | no        | instance ip | ipv4 ipv6 | HTTP HTTPS  | in tcp 80 sg-a1b; in tcp 9090 sg-a1b; out tcp 80 sg-0eb; out tcp 9090 sg-0eb
classic     | yes    | ipv4 dualstack | no      | no        | instance    | ipv4      | classic     | in tcp 80 sg-a1b; in tcp 9090 sg-a1b; out tcp 80 sg-0eb; out tcp 9090 sg-0eb
network     | yes    | ipv4 dualstack | no yes  | no yes    | instance ip | ipv4 ipv6 | TCP TLS     | in tcp 80 sg-a1b; in tcp 9090 sg-a1b; out tcp 80 sg-0eb; out tcp 9090 sg-0eb
network     | yes    | ipv4 dualstack | no yes  | yes       | instance ip | ipv4 ipv6 | UDP QUIC    | in tcp 9090 sg-a1b; in udp 80 sg-a1b; out tcp 9090 sg-0eb; out udp 80 sg-0eb
network     | yes    | ipv4 dualstack | no yes  | yes       | instance ip | ipv4 ipv6 | TCP_UDP TCP_QUIC | in tcp 80 sg-a1b; in tcp 9090 sg-a1b; in udp 80 sg-a1b; out tcp 80 sg-0eb; out tcp 9090 sg-0eb; out udp 80 sg-0eb
network     | no     | ipv4 dualstack | no yes  | no        | instance ip | ipv4      | TCP TLS     | in tcp 80 10.0.0.11/32; in tcp 80 10.0.1.12/32; in tcp 9090 10.0.0.11/32; in tcp 9090 10.0.1.12/32
network     | no     | dualstack      | no yes  | no        | instance ip | ipv6      | TCP TLS     | in tcp 80 2600:1f00:0:1::12/128; in tcp 80 2600:1f00::11/128; in tcp 9090 2600:1f00:0:1::12/128; in tcp 9090 2600:1f00::11/128
network     | no     | ipv4           | no      | yes       | instance ip | ipv4      | TCP TLS     | in tcp 80 203.0.113.0/24; in tcp 9090 10.0.0.11/32; in tcp 9090 10.0.1.12/32
network     | no     | ipv4           | yes     | yes       | instance ip | ipv4      | TCP TLS     | in tcp 80 10.0.0.11/32; in tcp 80 10.0.1.12/32; in tcp 80 203.0.113.0/24; in tcp 9090 10.0.0.11/32; in tcp 9090 10.0.1.12/32
network     | no     | dualstack      | no yes  | yes       | instance ip | ipv4      | TCP TLS     | in tcp 80 10.0.0.11/32; in tcp 80 10.0.1.12/32; in tcp 80 203.0.113.0/24; in tcp 9090 10.0.0.11/32; in tcp 9090 10.0.1.12/32
network     | no     | dualstack      | no yes  | yes       | instance ip | ipv6      | TCP TLS     | in tcp 80 2001:db8::/32; in tcp 80 2600:1f00:0:1::12/128; in tcp 80 2600:1f00::11/128; in tcp 9090 2600:1f00:0:1::12/128; in tcp 9090 2600:1f00::11/128
network     | no     | ipv4           | no      | yes       | instance ip | ipv4      | UDP QUIC    | in tcp 9090 10.0.0.11/32; in tcp 9090 10.0.1.12/32; in udp 80 203.0.113.0/24
network     | no     | ipv4           | yes     | yes       | instance ip | ipv4      | UDP QUIC    | in tcp 9090 10.0.0.11/32; in tcp 9090 10.0.1.12/32; in udp 80 10.0.0.11/32; in udp 80 10.0.1.12/32; in udp 80 203.0.113.0/24
network     | no     | dualstack      | no yes  | yes       | instance ip | ipv4      | UDP QUIC    | in tcp 9090 10.0.0.11/32; in tcp 9090 10.0.1.12/32; in udp 80 10.0.0.11/32; in udp 80 10.0.1.12/32; in udp 80 203.0.113.0/24
network     | no     | dualstack      | no yes  | yes       | instance ip | ipv6      | UDP QUIC    | in tcp 9090 2600:1f00:0:1::12/128; in tcp 9090 2600:1f00::11/128; in udp 80 2001:db8::/32; in udp 80 2600:1f00:0:1::12/128; in udp 80 2600:1f00::11/128
network     | no     | ipv4           | no      | yes       | instance ip | ipv4      | TCP_UDP TCP_QUIC | in tcp 80 203.0.113.0/24; in tcp 9090 10.0.0.11/32; in tcp 9090 10.0.1.12/32; in udp 80 203.0.113.0/24
network     | no     | ipv4           | yes     | yes       | instance ip | ipv4      | TCP_UDP TCP_QUIC | in tcp 80 10.0.0.11/32; in tcp 80 10.0.1.12/32; in tcp 80 203.0.113.0/24; in tcp 9090 10.0.0.11/32; in tcp 9090 10.0.1.12/32; in udp 80 10.0.0.11/32; in udp 80 10.0.1.12/32; in udp 80 203.0.113.0/24
network     | no     | dualstack      | no yes  | yes       | instance ip | ipv4      | TCP_UDP TCP_QUIC | in tcp 80 10.0.0.11/32; in tcp 80 10.0.1.12/32; in tcp 80 203.0.113.0/24; in tcp 9090 10.0.0.11/32; in tcp 9090 10.0.1.12/32; in udp 80 10.0.0.11/32; in udp 80 10.0.1.12/32; in udp 80 203.0.113.0/24
network     | no     | dualstack      | no yes  | yes       | instance ip | ipv6      | TCP_UDP TCP_QUIC | in tcp 80 2001:db8::/32; in tcp 80 2600:1f00:0:1::12/128; in tcp 80 2600:1f00::11/128; in tcp 9090 2600:1f00:0:1::12/128; in tcp 9090 2600:1f00::11/128; in udp 80 2001:db8::/32; in udp 80 2600:1f00:0:1::12/128; in udp 80 2600:1f00::11/128
gateway     | no     | ipv4 dualstack | no yes  | no        | instance ip | ipv4      | GENEVE      | in tcp 9090 10.0.0.11/32; in tcp 9090 10.0.1.12/32; in udp 6081 10.0.0.11/32; in udp 6081 10.0.1.12/32
`;

interface Cell {
  readonly balancer: LoadBalancerKind;
  readonly groups: 'yes' | 'no';
  readonly addresses: 'ipv4' | 'dualstack';
  readonly service: 'yes' | 'no';
  readonly preserved: 'yes' | 'no';
  readonly type: 'instance' | 'ip';
  readonly family: 'ipv4' | 'ipv6';
  readonly protocol: string;
  readonly scheme: 'internet-facing' | 'internal';
}

const product = <T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] =>
  lists.reduce<readonly (readonly T[])[]>(
    (rows, list) => rows.flatMap((row) => list.map((each) => [...row, each])),
    [[]],
  );

const nameOf = (cell: Cell): string => Object.values(cell).join(' ');

/** A target of IPv6 needs a balancer of both families. */
const exists = ({ addresses, family }: Cell): boolean => addresses === 'dualstack' || family === 'ipv4';

const cellOf = (values: readonly string[]): Cell => {
  const [balancer, groups, addresses, service, preserved, type, family, protocol, scheme] = values;
  return { balancer, groups, addresses, service, preserved, type, family, protocol, scheme } as Cell;
};

const SCHEMES = ['internet-facing', 'internal'];

const rowsOf = (line: string): readonly (readonly [string, Cell, readonly string[]])[] => {
  const columns = line.split('|').map((text) => text.trim());
  const rules = (columns.pop() ?? '').split('; ');
  return product([...columns.map((text) => text.split(' ')), SCHEMES])
    .map(cellOf)
    .filter(exists)
    .map((cell) => [nameOf(cell), cell, rules] as const);
};

const ROWS = TABLE.trim().split('\n').slice(1).flatMap(rowsOf);

const groupOf = ({ balancer, type, family, protocol }: Cell): TargetGroup => {
  const port = protocol === 'GENEVE' ? 6_081 : 80;
  return {
    ...webGroup,
    targetType: type,
    ipAddressType: family,
    protocol: balancer === 'classic' ? undefined : protocol,
    port: balancer === 'classic' ? undefined : port,
    ...(balancer === 'classic' ? { instancePorts: [80] } : {}),
    healthCheck: { ...webGroup.healthCheck, protocol: 'TCP', port: 9_090 },
    tags: balancer === 'network' ? { 'usher:client-cidrs': '203.0.113.0/24 2001:db8::/32' } : {},
  };
};

const seatOf = (cell: Cell): Seat => {
  const targetGroup = groupOf(cell);
  const loadBalancer: LoadBalancer = {
    ...alb,
    kind: cell.balancer,
    scheme: cell.scheme,
    securityGroupIds: cell.groups === 'yes' ? ['sg-a1b'] : [],
    ipAddressType: cell.addresses,
  };
  const address = cell.family === 'ipv6' ? '2600:1f00:0:10::5' : '10.0.10.5';
  return {
    ...seat,
    targetGroup,
    loadBalancer,
    target: { id: cell.type === 'ip' ? address : INSTANCE_ID, port: targetGroup.port },
  };
};

/** Nothing let in, nothing let out of the balancer; all that was to be read was. */
const closedFor = (cell: Pick<Cell, 'service' | 'preserved'>): Network => ({
  ...rightNetwork,
  rules: new Map([rulesOf('sg-a1b', [], []), rulesOf('sg-0eb', [])]),
  preservation: new Map([[GROUP_ARN, read(cell.preserved === 'yes')]]),
  endpointServices: new Map([[ALB_ARN, read(cell.service === 'yes')]]),
});

const textOf = ({ direction, protocol, port, peer }: ProposedRule): string => {
  const named =
    peer.kind === 'security-group' ? peer.groupId : peer.kind === 'prefix-list' ? peer.prefixListId : peer.cidr;
  return `${direction === 'ingress' ? 'in' : 'out'} ${protocol} ${port} ${named}`;
};

const judgeAll = (of: Seat, network: Network) => requiredFlows(of).map((flow) => judge(flow, network));

const repaired = (of: Seat, network: Network, options: RepairOptions = REPAIR_DEFAULTS) => {
  const { rules, proposals, findings } = repair(judgeAll(of, network), network, options);
  return {
    rules: rules.map(textOf),
    proposals: proposals.map(
      ({ rule, finding }) => `${textOf(rule)}: ${finding.evidence['because'] ?? finding.reason}`,
    ),
    findings: findings.map(({ finding }) => finding.reason),
    added: rules,
  };
};

const asRule = ({ groupId, direction, protocol, port, peer }: ProposedRule, index: number): SecurityGroupRule => ({
  ruleId: `sgr-new-${index}`,
  groupId,
  direction,
  protocol,
  fromPort: port,
  toPort: port,
  peer,
  description: undefined,
  tags: {},
});

const withAdded = (network: Network, added: readonly ProposedRule[]): Network => ({
  ...network,
  rules: new Map(
    [...network.rules].map(([groupId, reading]) => [
      groupId,
      reading.kind === 'read'
        ? read([...reading.value, ...added.map(asRule).filter((rule) => rule.groupId === groupId)])
        : reading,
    ]),
  ),
});

describe('Given a target that nothing admits behind a balancer that may send nothing, when it is repaired', () => {
  test.each(ROWS)(
    'then of %s exactly these rules are written, and every flow passes with them',
    (_name, cell, rules) => {
      const [of, network] = [seatOf(cell), closedFor(cell)];
      const { added, ...told } = repaired(of, network);
      expect(told).toEqual({ rules, proposals: [], findings: [] });
      const after = judgeAll(of, withAdded(network, added));
      expect(after.map(({ verdict }) => verdict)).toEqual(after.map(() => 'passes'));
    },
  );

  test('then there is one row for every cell that can be, and no second one', () => {
    const both = ['no', 'yes'];
    const types = ['instance', 'ip'];
    const families = ['ipv4', 'ipv6'];
    const addresses = ['ipv4', 'dualstack'];
    const cells = [
      ...product([['application'], ['yes'], addresses, ['no'], ['no'], types, families, ['HTTP', 'HTTPS'], SCHEMES]),
      ...product([['classic'], ['yes'], addresses, ['no'], ['no'], ['instance'], ['ipv4'], ['classic'], SCHEMES]),
      ...product([['network'], both, addresses, both, both, types, families, ['TCP', 'TLS'], SCHEMES]),
      ...product([
        ['network'],
        both,
        addresses,
        both,
        ['yes'],
        types,
        families,
        ['UDP', 'TCP_UDP', 'QUIC', 'TCP_QUIC'],
        SCHEMES,
      ]),
      ...product([['gateway'], ['no'], addresses, both, ['no'], types, ['ipv4'], ['GENEVE'], SCHEMES]),
    ].map(cellOf);
    expect(ROWS.map(([name]) => name).sort()).toEqual(cells.filter(exists).map(nameOf).sort());
  });
});

const cell = (text: string): Cell => cellOf(text.split(' '));

const PRESERVED = cell('network no ipv4 no yes instance ipv4 UDP internal');
const UNPRESERVED = cell('network no ipv4 no no instance ipv4 TCP internal');
const TUNNEL = cell('gateway no ipv4 no no instance ipv4 GENEVE internal');
const GROUPED = cell('application yes ipv4 no no instance ipv4 HTTP internal');

const tagged = (of: Seat, clientCidrs: string | undefined): Seat => ({
  ...of,
  targetGroup: { ...of.targetGroup, tags: clientCidrs === undefined ? {} : { 'usher:client-cidrs': clientCidrs } },
});

const HEALTH_BY_ADDRESS = ['in tcp 9090 10.0.0.11/32', 'in tcp 9090 10.0.1.12/32'];

describe('Given clients whose addresses targets see, when nobody says who they are, or not in a way that can be followed', () => {
  test.each([
    ['no tag', undefined, 'ClientCidrsMissing'],
    ['a tag of the other family only', '2001:db8::/32', 'ClientCidrsMissing'],
    ['an empty tag', ' ', 'ClientCidrsMalformed'],
    ['a comma', '203.0.113.0/24, 198.51.100.0/24', 'ClientCidrsMalformed'],
    ['an address that is no block', '203.0.113.7', 'ClientCidrsMalformed'],
    ['one block that is none', '203.0.113.0/24 office', 'ClientCidrsMalformed'],
  ])('then with %s no rule is written for them, health checks are let in, and it is told', (_case, value, reason) => {
    const { rules, proposals, findings } = repaired(tagged(seatOf(PRESERVED), value), closedFor(PRESERVED));
    expect({ rules, proposals, findings }).toEqual({ rules: HEALTH_BY_ADDRESS, proposals: [], findings: [reason] });
  });

  test('then behind a balancer of both families its own addresses are written, and the doubt about clients stays told', () => {
    const both = cell('network no dualstack no yes instance ipv4 UDP internal');
    const { rules, findings } = repaired(tagged(seatOf(both), undefined), closedFor(both));
    expect(rules).toEqual([...HEALTH_BY_ADDRESS, 'in udp 80 10.0.0.11/32', 'in udp 80 10.0.1.12/32']);
    expect(findings).toEqual(['ClientCidrsMissing']);
  });

  test('then a target that admits everybody passes all the same, and one that admits some is not called open', () => {
    const of = tagged(seatOf(PRESERVED), undefined);
    const judgedWith = (...rules: readonly string[]) =>
      judgeAll(of, { ...closedFor(PRESERVED), rules: new Map([rulesOf('sg-0eb', rules)]) })[0]?.verdict;
    expect(judgedWith('udp 80 0.0.0.0/0')).toBe('passes');
    expect(judgedWith('udp 80 198.51.100.0/24')).toBe('unknown');
    expect(judgedWith()).toBe('blocked');
  });
});

describe('Given a tag that names clients', () => {
  const rulesFor = (value: string, options: Partial<RepairOptions> = {}) =>
    repaired(tagged(seatOf(PRESERVED), value), closedFor(PRESERVED), { ...REPAIR_DEFAULTS, ...options });

  test('when blocks repeat, or lie in others, or have host bits, then each is written once, as AWS keeps it', () => {
    expect(rulesFor('203.0.113.9/24 203.0.113.0/24  203.0.113.128/25 198.51.100.0/24').rules).toEqual([
      ...HEALTH_BY_ADDRESS,
      'in udp 80 198.51.100.0/24',
      'in udp 80 203.0.113.0/24',
    ]);
  });

  test('when a block is wider than /8, then it is only proposed, unless the stage says otherwise', () => {
    expect(rulesFor('0.0.0.0/0')).toMatchObject({
      rules: HEALTH_BY_ADDRESS,
      proposals: ['in udp 80 0.0.0.0/0: ClientCidrsTooWide'],
      findings: ['IngressMissing'],
    });
    expect(rulesFor('10.0.0.0/8').rules).toEqual([...HEALTH_BY_ADDRESS, 'in udp 80 10.0.0.0/8']);
    expect(rulesFor('0.0.0.0/0', { wideClientCidrs: true }).rules).toEqual([
      ...HEALTH_BY_ADDRESS,
      'in udp 80 0.0.0.0/0',
    ]);
  });

  test('when a block is wider than ::/16, then it is only proposed as well', () => {
    const ipv6 = cell('network no dualstack no yes instance ipv6 UDP internal');
    const of = tagged(seatOf(ipv6), '2000::/15');
    expect(repaired(of, closedFor(ipv6)).proposals).toEqual(['in udp 80 2000::/15: ClientCidrsTooWide']);
  });

  test('when some are admitted, then only the others are written', () => {
    const network = {
      ...closedFor(PRESERVED),
      rules: new Map([rulesOf('sg-0eb', ['udp 80 203.0.113.0/24', 'tcp 9090 10.0.0.0/16'])]),
    };
    expect(repaired(tagged(seatOf(PRESERVED), '203.0.113.0/24 198.51.100.0/24'), network).rules).toEqual([
      'in udp 80 198.51.100.0/24',
    ]);
  });

  test('when there are more than a group has room for, then the rest is proposed, and IPv6 counts apart', () => {
    const value = Array.from({ length: 4 }, (_, index) => `203.0.${index}.0/24`).join(' ');
    const { rules, proposals } = rulesFor(value, { rulesPerGroup: 4 });
    expect(rules).toEqual([...HEALTH_BY_ADDRESS, 'in udp 80 203.0.0.0/24', 'in udp 80 203.0.1.0/24']);
    expect(proposals).toEqual([
      'in udp 80 203.0.2.0/24: SecurityGroupFull',
      'in udp 80 203.0.3.0/24: SecurityGroupFull',
    ]);
  });
});

describe('Given a balancer that sends UDP over IPv6 from source NAT prefixes', () => {
  const fromPrefixes = (name: string): Seat => {
    const of = seatOf(cell(name));
    return { ...of, ...(of.loadBalancer && { loadBalancer: { ...of.loadBalancer, hasSourceNatPrefixes: true } }) };
  };
  const UDP = 'network no dualstack no yes instance ipv6 UDP internal';
  const ipv6 = fromPrefixes(UDP);
  const HEALTH = ['in tcp 9090 2600:1f00:0:1::12/128', 'in tcp 9090 2600:1f00::11/128'];
  const trafficWith = (of: Seat, ...rules: readonly string[]) =>
    judgeAll(of, { ...closedFor(cell(UDP)), rules: new Map([rulesOf('sg-0eb', rules)]) })[0];

  test('then its clients and its health checks are let in, its interfaces are not named for UDP, and the doubt stays told', () => {
    const { rules, proposals, findings } = repaired(ipv6, closedFor(cell(UDP)));
    expect({ rules, proposals, findings }).toEqual({
      rules: [...HEALTH, 'in udp 80 2001:db8::/32'],
      proposals: [],
      findings: ['PathUnknown'],
    });
  });

  test('then with its clients admitted its own packets are unknown, though its interfaces’ addresses are admitted too', () => {
    const clients = 'udp 80 2001:db8::/32';
    const judged = trafficWith(ipv6, clients, 'udp 80 2600:1f00::11/128', 'udp 80 2600:1f00:0:1::12/128');
    expect(judged?.verdict).toBe('unknown');
    expect(judged?.hops.find(({ hop }) => hop === 'target-ingress')?.finding).toMatchObject({
      reason: 'PathUnknown',
      evidence: { because: 'SourceNatPrefixes', loadBalancer: 'web-alb' },
    });
    expect(trafficWith(seatOf(cell(UDP)), clients, 'udp 80 2600:1f00::/48')?.verdict).toBe('passes');
  });

  test('then whoever admits the whole of its subnets admits the prefixes, wherever they lie', () => {
    expect(trafficWith(ipv6, 'udp 80 2001:db8::/32', 'udp 80 2600:1f00::/48')?.verdict).toBe('passes');
  });

  test('then TCP and IPv4 come from its interfaces as ever, and a rule that names its group admits UDP', () => {
    const tcp = 'network no dualstack no no instance ipv6 TCP internal';
    const ipv4 = 'network no dualstack no yes instance ipv4 UDP internal';
    const grouped = 'network yes dualstack no yes instance ipv6 UDP internal';
    for (const name of [tcp, ipv4, grouped]) {
      const closed = closedFor(cell(name));
      expect(repaired(fromPrefixes(name), closed)).toEqual({
        ...repaired(seatOf(cell(name)), closed),
        added: expect.anything(),
      });
    }
  });
});

describe('Given preserved clients, when the network ACLs are judged', () => {
  const of = seatOf(PRESERVED);
  const opened = { ...closedFor(PRESERVED), rules: new Map([rulesOf('sg-0eb', ['-1 all 0.0.0.0/0'])]) };
  const through = (...entries: readonly string[]): Network => ({
    ...opened,
    acls: withAcls({ 'subnet-web': aclOf('acl-web', entries) }).acls,
  });
  const hop = (network: Network, name: string) => judgeAll(of, network)[0]?.hops.find((each) => each.hop === name);

  test('then the target’s subnet must admit the clients’ addresses, and let the replies to them out', () => {
    const network = through('100 in allow all all 10.0.0.0/16', '100 out allow all all 10.0.0.0/16');
    expect(hop(network, 'acl-target-in')).toMatchObject({
      verdict: 'blocked',
      finding: {
        reason: 'NetworkAclDenies',
        evidence: {
          acl: 'acl-web',
          entry: '*',
          direction: 'inbound',
          protocol: 'udp',
          port: '80',
          peer: '203.0.113.0/24',
        },
        remedy:
          'aws ec2 create-network-acl-entry --network-acl-id acl-web --ingress --rule-number 110 --protocol 17 --port-range From=80,To=80 --cidr-block 203.0.113.0/24 --rule-action allow --region ap-northeast-1',
      },
    });
    expect(hop(network, 'acl-target-out')).toMatchObject({
      verdict: 'blocked',
      finding: { evidence: { direction: 'outbound', port: '1024-65535', peer: '203.0.113.0/24' } },
    });
    expect(hop(network, 'acl-balancer-out')).toMatchObject({ verdict: 'passes' });
  });

  test('then some clients denied are clients denied, for each of them sends', () => {
    const network = through('90 in deny all all 203.0.113.128/25', ...OPEN_ENTRIES);
    expect(hop(network, 'acl-target-in')).toMatchObject({
      verdict: 'blocked',
      finding: { evidence: { entry: '90' } },
    });
  });

  test('then a way that is denied to everybody is blocked, whoever the clients are, and one denied to some is not', () => {
    const untagged = tagged(of, undefined);
    const inbound = (network: Network) =>
      judgeAll(untagged, network)[0]?.hops.find((each) => each.hop === 'acl-target-in')?.verdict;
    expect(inbound(through('90 in deny udp 80 0.0.0.0/0', ...OPEN_ENTRIES))).toBe('blocked');
    expect(inbound(through('90 in deny udp 80 198.51.100.0/24', ...OPEN_ENTRIES))).toBe('unknown');
    expect(inbound(through(...OPEN_ENTRIES))).toBe('passes');
  });

  test('then behind a balancer with groups they are asked as well', () => {
    const grouped = seatOf({ ...PRESERVED, groups: 'yes' });
    const network: Network = {
      ...through('100 in allow all all 10.0.0.0/16', '100 out allow all all 10.0.0.0/16'),
      rules: new Map([rulesOf('sg-0eb', ['udp 80 sg-a1b', 'tcp 9090 sg-a1b']), rulesOf('sg-a1b', [])]),
    };
    const judged = judgeAll(grouped, network)[0]?.hops ?? [];
    expect(judged.filter(({ verdict }) => verdict === 'blocked').map((each) => each.hop)).toEqual([
      'acl-target-in',
      'acl-target-out',
    ]);
  });
});

describe('Given a Gateway Load Balancer', () => {
  const of = seatOf(TUNNEL);
  const admitting = ['udp 6081 10.0.0.11/32', 'udp 6081 10.0.1.12/32', 'tcp 9090 10.0.0.0/16'];
  const withEgress = (egress: readonly string[]): Network => ({
    ...closedFor(TUNNEL),
    rules: new Map([rulesOf('sg-0eb', admitting, egress)]),
  });

  test('when its appliance may send nothing out, then what comes back blocks, the line is told and nothing is written', () => {
    const judgements = judgeAll(of, withEgress([]));
    expect(judgements.map(({ flow, verdict }) => [flow.name, verdict])).toEqual([
      ['traffic', 'passes'],
      ['return', 'blocked'],
      ['health', 'passes'],
    ]);
    const { rules, proposals, findings } = repair(judgements, withEgress([]));
    expect([rules, proposals]).toEqual([[], []]);
    expect(findings.map(({ finding }) => finding)).toEqual([
      {
        reason: 'ReturnEgressMissing',
        severity: 'warning',
        evidence: {
          securityGroup: 'sg-0eb',
          securityGroupName: 'web',
          peer: '10.0.0.11/32, 10.0.1.12/32',
          protocol: 'udp',
          port: '6081',
          target: '10.0.10.5',
          loadBalancer: 'web-alb',
        },
        remedy: ['10.0.0.11/32', '10.0.1.12/32']
          .map(
            (cidr) =>
              `aws ec2 authorize-security-group-egress --group-id sg-0eb --ip-permissions 'IpProtocol=udp,FromPort=6081,ToPort=6081,IpRanges=[{CidrIp=${cidr}}]' --region ap-northeast-1`,
          )
          .join(' && '),
      },
    ]);
  });

  test('when its appliance may send to the balancer’s addresses only, then everything passes', () => {
    const judgements = judgeAll(of, withEgress(['udp 6081 10.0.0.11/32', 'udp 6081 10.0.1.0/24']));
    expect(judgements.map(({ verdict }) => verdict)).toEqual(['passes', 'passes', 'passes']);
  });

  test('when an ACL lets the tunnel in and not back, then the way back blocks at port 6081, in both subnets', () => {
    const only = (number: number) => [
      ...['100 in allow all all 0.0.0.0/0', '90 out allow tcp all 0.0.0.0/0'],
      `${number} out allow udp 1024-6080 0.0.0.0/0`,
    ];
    const network = {
      ...withEgress(['-1 all 0.0.0.0/0']),
      acls: withAcls({ 'subnet-web': aclOf('acl-web', only(95)) }).acls,
    };
    const blocking = judgeAll(of, network).flatMap(({ flow, hops }) =>
      hops.filter(({ verdict }) => verdict === 'blocked').map((hop) => [flow.name, hop.hop, hop.finding?.remedy]),
    );
    expect(blocking).toEqual([
      [
        'return',
        'acl-target-out',
        ['10.0.0.11/32', '10.0.1.12/32']
          .map(
            (cidr, index) =>
              `aws ec2 create-network-acl-entry --network-acl-id acl-web --egress --rule-number ${105 + index * 10} --protocol 17 --port-range From=6081,To=6081 --cidr-block ${cidr} --rule-action allow --region ap-northeast-1`,
          )
          .join(' && '),
      ],
    ]);
  });

  test('when its target group is of IPv6, then the tunnel is IPv4 all the same', () => {
    const ipv6 = { ...of, targetGroup: { ...of.targetGroup, ipAddressType: 'ipv6' as const } };
    expect(repaired(ipv6, closedFor(TUNNEL)).rules).toEqual([
      ...HEALTH_BY_ADDRESS,
      'in udp 6081 10.0.0.11/32',
      'in udp 6081 10.0.1.12/32',
    ]);
  });
});

describe('Given a balancer that no group can be named of, when its addresses are not known', () => {
  const of = seatOf(UNPRESERVED);
  const wantsOf = (network: Network) =>
    judgeAll(of, network).flatMap(({ hops }) => hops.flatMap(({ wants }) => wants ?? []));

  test.each([
    ['were not looked at', undefined, 'BalancerInterfacesUnread'],
    ['could not be read', unreadable('AccessDenied'), 'BalancerInterfacesUnread'],
    ['show none', read([]), 'NoBalancerInterfaces'],
  ] as const)('then because they %s it is unknown, and nothing is written', (_case, reading, because) => {
    const interfaces = new Map(reading === undefined ? [] : [[ALB_ARN, reading] as const]);
    const network: Network = { ...closedFor(UNPRESERVED), balancerInterfaces: interfaces };
    const ingress = judgeAll(of, network).flatMap(({ hops }) => hops.filter(({ hop }) => hop === 'target-ingress'));
    expect(ingress.map(({ verdict, finding }) => [verdict, finding?.evidence['because']])).toEqual([
      ['unknown', because],
      ['unknown', because],
    ]);
    expect(repaired(of, network).rules).toEqual([]);
  });

  test('then where one zone shows none, the other’s are written, and the path is not called open', () => {
    const network: Network = {
      ...closedFor(UNPRESERVED),
      balancerInterfaces: new Map([[ALB_ARN, read(NODES.slice(0, 1))]]),
    };
    const { added, rules } = repaired(of, network);
    expect(rules).toEqual(['in tcp 80 10.0.0.11/32', 'in tcp 9090 10.0.0.11/32']);
    expect(judgeAll(of, withAdded(network, added)).map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown']);
  });

  test('then they are asked for once, and not again where they could not be read', () => {
    expect(
      wantsOf({ ...closedFor(UNPRESERVED), balancerInterfaces: new Map() }).flatMap(({ balancers }) =>
        balancers.map(({ arn }) => arn),
      ),
    ).toContain(ALB_ARN);
    expect(
      wantsOf({ ...closedFor(UNPRESERVED), balancerInterfaces: new Map([[ALB_ARN, unreadable('no')]]) }).flatMap(
        ({ balancers }) => balancers,
      ),
    ).toEqual([]);
  });

  test('then whether clients are preserved, or come through an endpoint service, is asked for where it matters', () => {
    const network = { ...closedFor(UNPRESERVED), preservation: new Map(), endpointServices: new Map() };
    expect(judgeAll(of, network)[0]).toMatchObject({ verdict: 'unknown' });
    expect(wantsOf(network).flatMap(({ preservationArns }) => preservationArns)).toContain(GROUP_ARN);
    const udp = judgeAll(seatOf(PRESERVED), {
      ...network,
      rules: new Map([rulesOf('sg-0eb', ['udp 80 203.0.113.0/24', 'tcp 9090 10.0.0.0/16'])]),
    });
    expect(udp[0]?.verdict).toBe('unknown');
    expect(udp[0]?.hops.flatMap(({ wants }) => wants?.endpointServiceArns ?? [])).toContain(ALB_ARN);
  });
});

const through = (destination: string): Route => ({
  destination,
  to: 'middlebox',
  via: 'eni-firewall',
  isBlackhole: false,
});
const tableWith = (...routes: readonly Route[]): RouteTable => ({
  routeTableId: 'rtb-1',
  routes: [...MAIN_TABLE.routes, ...routes],
});

describe('Given a middlebox between balancer and target, when the path is repaired', () => {
  const of = seatOf(GROUPED);
  const routed = (subnetId: string, table: RouteTable): Network => ({
    ...closedFor(GROUPED),
    routes: over(rightNetwork.routes, [subnetId, read(table)]),
  });

  test.each([
    ['there', routed('subnet-alb-a', tableWith(through('10.0.10.0/24')))],
    ['back', routed('subnet-web', tableWith(through('10.0.0.0/24')))],
  ])(
    'then where it stands on the way %s, the node behind it is named by its address, the other by its group',
    (_way, network) => {
      expect(repaired(of, network).rules).toEqual([
        'in tcp 80 10.0.0.11/32',
        'in tcp 80 sg-a1b',
        'in tcp 9090 10.0.0.11/32',
        'in tcp 9090 sg-a1b',
        'out tcp 80 10.0.10.5/32',
        'out tcp 9090 10.0.10.5/32',
      ]);
    },
  );

  test('then a reference that exists does not admit what comes through it', () => {
    const network: Network = {
      ...routed('subnet-web', tableWith(through('10.0.0.0/24'))),
      rules: new Map([rulesOf('sg-a1b', []), rulesOf('sg-0eb', ['-1 all sg-a1b'])]),
    };
    expect(judgeAll(of, network)[0]?.verdict).toBe('blocked');
    expect(repaired(of, network).rules).toEqual(['in tcp 80 10.0.0.11/32', 'in tcp 9090 10.0.0.11/32']);
  });

  describe('Given the clients’ addresses are preserved by a balancer with groups', () => {
    const preserving = cell('network yes ipv4 no yes instance ipv4 TCP internal');
    const routedTo = (route: Route): Network => ({
      ...closedFor(preserving),
      routes: over(rightNetwork.routes, ['subnet-alb-a', read(tableWith(route))]),
      rules: new Map([
        rulesOf('sg-a1b', ['-1 all sg-a1b'], ['-1 all 0.0.0.0/0']),
        rulesOf('sg-0eb', ['-1 all sg-a1b']),
      ]),
    });

    test('then clients that come through it are not admitted by the balancer’s group, and are named by their addresses', () => {
      const network = routedTo(through('10.0.10.0/24'));
      expect(judgeAll(seatOf(preserving), network)[0]?.verdict).toBe('blocked');
      expect(repaired(seatOf(preserving), network).rules).toEqual([
        'in tcp 80 203.0.113.0/24',
        'in tcp 9090 10.0.0.11/32',
      ]);
    });

    test('then a route to one that is gone leaves the traffic unknown as well', () => {
      const network = routedTo({ ...through('10.0.10.0/24'), isBlackhole: true });
      expect(judgeAll(seatOf(preserving), network).map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown']);
    });
  });

  test.each([
    ['a default route to an appliance', through('0.0.0.0/0')],
    ['a route to an appliance for other addresses', through('192.168.0.0/16')],
    ['a peering connection', { ...through('10.1.0.0/16'), to: 'elsewhere' } as const],
    ['an appliance for the other family', through('2600:1f00:0:10::/64')],
    ['a prefix list', through('pl-1')],
  ])('then %s is none', (_case, route) => {
    const network = {
      ...routed('subnet-alb-a', tableWith(route)),
      rules: rightNetwork.rules,
    };
    const { verdict } = judge(requiredFlows({ ...seat, loadBalancer: alb })[0] ?? never(), network);
    expect(verdict).toBe('passes');
  });

  test('then the VPC’s own route led to an appliance is one', () => {
    const replaced: RouteTable = { ...MAIN_TABLE, routes: [through('10.0.0.0/16')] };
    const network = { ...routed('subnet-alb-a', replaced), rules: rightNetwork.rules };
    expect(judge(requiredFlows(seat)[0] ?? never(), network).verdict).toBe('blocked');
  });

  describe('Given it is a NAT gateway, which puts its own address in place of the sender’s', () => {
    const nat = (destination: string): Route => ({ destination, to: 'elsewhere', via: 'nat-1', isBlackhole: false });
    const network = (subnetId: string, destination: string, ...admitted: readonly string[]): Network => ({
      ...routed(subnetId, tableWith(nat(destination))),
      rules: new Map([rulesOf('sg-a1b', [], ['-1 all 0.0.0.0/0']), rulesOf('sg-0eb', admitted)]),
    });

    test.each([
      ['there', 'subnet-alb-a', '10.0.10.0/24'],
      ['back', 'subnet-web', '10.0.0.0/24'],
    ])(
      'then where it stands on the way %s, neither group nor address of the node behind it is written, and it is told',
      (_way, subnetId, destination) => {
        const { rules, findings } = repaired(of, network(subnetId, destination));
        expect({ rules, findings }).toEqual({
          rules: ['in tcp 80 sg-a1b', 'in tcp 9090 sg-a1b'],
          findings: ['PathUnknown'],
        });
        const admitted = network(subnetId, destination, '-1 all sg-a1b', '-1 all 10.0.0.0/16');
        const [judged] = judgeAll(of, admitted);
        expect(judged?.verdict).toBe('unknown');
        expect(judged?.hops.find(({ hop }) => hop === 'target-ingress')?.finding?.evidence).toMatchObject({
          because: 'AddressesTranslated',
          subnet: subnetId,
          destination,
          via: 'nat-1',
        });
      },
    );

    test('then whoever admits everybody admits it too, and one that leads out of the VPC is none', () => {
      const verdicts = (of: Seat, around: Network) => judgeAll(of, around).map(({ verdict }) => verdict);
      expect(verdicts(of, network('subnet-alb-a', '10.0.10.0/24', '-1 all 0.0.0.0/0'))).toEqual(['passes', 'passes']);
      expect(verdicts(of, network('subnet-alb-a', '0.0.0.0/0', '-1 all sg-a1b'))).toEqual(['passes', 'passes']);
    });
  });

  test('then a route to one that is gone leaves the path unknown, whatever the rules say, and names it', () => {
    const gone = { ...through('10.0.10.0/24'), isBlackhole: true };
    const network: Network = {
      ...routed('subnet-alb-a', tableWith(gone)),
      rules: new Map([rulesOf('sg-a1b', []), rulesOf('sg-0eb', ['-1 all sg-a1b', '-1 all 0.0.0.0/0'])]),
    };
    const [judged] = judgeAll(of, network);
    expect(judged?.verdict).toBe('unknown');
    expect(judged?.hops.find(({ hop }) => hop === 'target-ingress')?.finding?.evidence).toMatchObject({
      because: 'RouteBlackhole',
      subnet: 'subnet-alb-a',
      destination: '10.0.10.0/24',
      via: 'eni-firewall',
    });
    expect(repaired(of, network).rules).toEqual([]);
  });

  test('then routes that were not looked at are asked for, and ones that could not be read leave the rule a proposal', () => {
    const unlooked: Network = { ...rightNetwork, routes: new Map() };
    const hop = judge(requiredFlows(seat)[0] ?? never(), unlooked).hops.find((each) => each.hop === 'target-ingress');
    expect(hop).toMatchObject({ verdict: 'unknown', finding: { evidence: { because: 'RoutesUnread' } } });
    expect(hop?.wants?.routed.map(({ subnetId }) => subnetId)).toEqual(
      expect.arrayContaining(['subnet-alb-a', 'subnet-alb-c', 'subnet-web']),
    );
    const unread = new Map([...rightNetwork.routes.keys()].map((id) => [id, unreadable('AccessDenied')] as const));
    const { rules, proposals } = repaired(of, { ...closedFor(GROUPED), routes: unread });
    expect(rules).toEqual([]);
    expect(proposals).toEqual([
      'in tcp 80 sg-a1b: RoutesUnread',
      'in tcp 9090 sg-a1b: RoutesUnread',
      'out tcp 80 sg-0eb: RoutesUnread',
      'out tcp 9090 sg-0eb: RoutesUnread',
    ]);
  });
});

const never = (): never => {
  throw new Error('a seat without flows');
};

test.each([UNPRESERVED, PRESERVED, TUNNEL])(
  'Given a target outside the VPC behind $balancer, then nothing is judged and nothing written',
  (of) => {
    const outside = { ...seatOf(of), networkInterface: { ...webInterface, vpcId: 'vpc-2' } };
    const judgements = judgeAll(outside, closedFor(of));
    expect(judgements.map(({ verdict }) => verdict)).toEqual(judgements.map(() => 'unknown'));
    expect(repaired(outside, closedFor(of))).toMatchObject({
      rules: [],
      proposals: [],
      findings: ['TargetOutsideVpc'],
    });
  },
);
