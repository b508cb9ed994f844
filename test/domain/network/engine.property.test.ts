import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LoadBalancer } from '../../../domain/load-balancer.ts';
import { judge } from '../../../domain/network/judge.ts';
import type {
  Judgement,
  Network,
  NetworkAcl,
  ProposedRule,
  Route,
  RouteTable,
  RulePeer,
  Seat,
  SecurityGroupRule,
} from '../../../domain/network/model.ts';
import { NOTHING_READ, seatKey } from '../../../domain/network/model.ts';
import { repair } from '../../../domain/network/repair.ts';
import { requiredFlows } from '../../../domain/network/required-flows.ts';
import type { Reading } from '../../../domain/reading.ts';
import { read, unreadable } from '../../../domain/reading.ts';
import type { TargetGroup } from '../../../domain/target-group.ts';
import {
  aclOf,
  alb,
  group,
  MAIN_TABLE,
  NODES,
  OPEN_ENTRIES,
  SUBNETS,
  seat,
  wearer,
  webGroup,
  webInterface,
} from './world.ts';

const TARGET_GROUPS = ['sg-t1', 'sg-t2', 'sg-t3'];
const BALANCER_GROUPS = ['sg-b1', 'sg-b2'];
const GROUPS = [...TARGET_GROUPS, ...BALANCER_GROUPS];
const PORTS = [22, 80, 443, 8_080, 9_090];
const SUBNET_IDS = SUBNETS.map(({ subnetId }) => subnetId);

const anyPort = fc.constantFrom(...PORTS);

const anyPeer: fc.Arbitrary<RulePeer> = fc.oneof(
  fc.constantFrom(...GROUPS).map((groupId) => ({ kind: 'security-group', groupId }) as const),
  fc
    .constantFrom('0.0.0.0/0', '10.0.0.0/16', '10.0.0.0/24', '10.0.1.128/25', '10.0.0.11/32', '192.0.2.0/24')
    .map((cidr) => ({ kind: 'cidr-ipv4', cidr }) as const),
  fc.constantFrom('::/0', '2600:1f00::/32', '2001:db8::/32').map((cidr) => ({ kind: 'cidr-ipv6', cidr }) as const),
  fc.constantFrom('pl-read', 'pl-unread').map((prefixListId) => ({ kind: 'prefix-list', prefixListId }) as const),
);

const anyRule = (groupId: string): fc.Arbitrary<SecurityGroupRule> =>
  fc
    .record({
      ruleId: fc.uuid().map((id) => `sgr-${id}`),
      direction: fc.constantFrom('ingress' as const, 'egress' as const),
      protocol: fc.constantFrom('tcp', 'udp', '-1', '6', 'icmp'),
      from: anyPort,
      span: fc.constantFrom(0, 0, 0, 50),
      peer: anyPeer,
    })
    .map(({ from, span, ...rest }) => ({
      ...rest,
      groupId,
      fromPort: from,
      toPort: from + span,
      description: undefined,
      tags: {},
    }));

const mostly = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Reading<T>> =>
  fc.oneof(
    { weight: 40, arbitrary: value.map(read) },
    { weight: 1, arbitrary: fc.constant(unreadable('AccessDenied')) },
  );

const anyAcl: fc.Arbitrary<NetworkAcl> = fc.oneof(
  { weight: 20, arbitrary: fc.constant(aclOf('acl-open', OPEN_ENTRIES)) },
  {
    weight: 1,
    arbitrary: fc.constant(
      aclOf('acl-narrow', ['90 in allow tcp all 10.0.0.0/16', '90 out allow tcp all 10.0.0.0/24']),
    ),
  },
  { weight: 1, arbitrary: fc.constant(aclOf('acl-closed', [])) },
);

const byKey = <T>(
  keys: readonly string[],
  of: (key: string) => fc.Arbitrary<T>,
): fc.Arbitrary<ReadonlyMap<string, T>> =>
  fc.tuple(...keys.map(of)).map((values) => new Map(keys.map((key, index) => [key, values[index] as T])));

const anyTags = fc.constantFrom({}, {}, {}, { 'usher:rules-here': 'true' }, { 'usher:ignore': 'true' });

const KINDS = ['application', 'classic', 'network', 'groupless', 'gateway'] as const;

/** One balancer of each kind, and a Network Load Balancer without groups besides. */
const balancerOf = (kind: (typeof KINDS)[number]): LoadBalancer => ({
  ...alb,
  arn: `${alb.arn}-${kind}`,
  kind: kind === 'groupless' ? 'network' : kind,
  securityGroupIds: kind === 'groupless' || kind === 'gateway' ? [] : BALANCER_GROUPS,
});

const KIND_ARNS = KINDS.map((kind) => balancerOf(kind).arn);

const through = (destination: string): Route => ({ destination, to: 'middlebox', via: 'eni-1', isBlackhole: false });

const anyTable: fc.Arbitrary<RouteTable> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(MAIN_TABLE) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('10.0.0.0/24', '10.0.10.0/24', '2600:1f00:0:1::/64')
      .map((destination) => ({ ...MAIN_TABLE, routes: [...MAIN_TABLE.routes, through(destination)] })),
  },
);

/** A target group and the balancer that uses it, of every row of the truth table. */
const groupBehind = (
  kind: (typeof KINDS)[number],
  protocol: string,
  family: 'ipv4' | 'ipv6',
  healthPort: 'traffic-port' | number,
  clientCidrs?: string,
): { readonly targetGroup: TargetGroup; readonly loadBalancer: LoadBalancer } => {
  const loadBalancer = balancerOf(kind);
  return {
    loadBalancer,
    targetGroup: {
      ...webGroup,
      arn: `${webGroup.arn}-${kind}-${protocol}-${family}-${healthPort}-${clientCidrs ?? 'untagged'}`,
      protocol: kind === 'classic' ? undefined : protocol,
      ...(kind === 'classic' ? { instancePorts: [80, 443] } : {}),
      ipAddressType: family,
      healthCheck: { ...webGroup.healthCheck, port: healthPort },
      loadBalancerArns: [loadBalancer.arn],
      tags: clientCidrs === undefined ? {} : { 'usher:client-cidrs': clientCidrs },
    },
  };
};

const CLIENTS = '203.0.113.0/24 2001:db8::/32';

const POOL = [
  groupBehind('application', 'HTTP', 'ipv4', 'traffic-port'),
  groupBehind('application', 'HTTP', 'ipv4', 9_090),
  groupBehind('application', 'HTTPS', 'ipv6', 443),
  groupBehind('classic', 'classic', 'ipv4', 8_080),
  groupBehind('network', 'TCP', 'ipv4', 'traffic-port'),
  groupBehind('network', 'UDP', 'ipv4', 9_090, CLIENTS),
  groupBehind('network', 'TCP_UDP', 'ipv6', 443),
  groupBehind('network', 'TLS', 'ipv4', 8_080, CLIENTS),
  groupBehind('groupless', 'TCP', 'ipv4', 'traffic-port', CLIENTS),
  groupBehind('groupless', 'TCP', 'ipv4', 9_090),
  groupBehind('groupless', 'TLS', 'ipv6', 443, CLIENTS),
  groupBehind('groupless', 'UDP', 'ipv4', 8_080, CLIENTS),
  groupBehind('groupless', 'UDP', 'ipv4', 8_080, '0.0.0.0/0'),
  groupBehind('groupless', 'TCP_UDP', 'ipv4', 80, '10.0.0.0/24 office'),
  groupBehind('groupless', 'TCP_QUIC', 'ipv6', 80, CLIENTS),
  groupBehind('gateway', 'GENEVE', 'ipv4', 80),
  groupBehind('gateway', 'GENEVE', 'ipv4', 9_090),
];

const GROUP_ARNS = POOL.map(({ targetGroup }) => targetGroup.arn);

const anyNetwork: fc.Arbitrary<Network> = fc.record({
  balancerInterfaces: byKey(KIND_ARNS, () => mostly(fc.constant(NODES))),
  preservation: byKey(GROUP_ARNS, () => mostly(fc.boolean())),
  endpointServices: byKey(KIND_ARNS, () => mostly(fc.boolean())),
  routes: byKey(SUBNET_IDS, () => mostly(anyTable)),
  vpcs: fc.constant(NOTHING_READ.vpcs),
  rules: byKey(GROUPS, (groupId) => mostly(fc.array(anyRule(groupId), { maxLength: 5 }))),
  acls: byKey(SUBNET_IDS, () => mostly(anyAcl)),
  subnets: fc.constant(new Map(SUBNETS.map((each) => [each.subnetId, read(each)]))),
  securityGroups: byKey(GROUPS, (groupId) =>
    mostly(
      fc
        .tuple(fc.constantFrom(groupId, groupId, groupId, 'default'), anyTags)
        .map(([name, tags]) => group(groupId, name, tags)),
    ),
  ),
  wearers: byKey(GROUPS, () =>
    mostly(
      fc
        .constantFrom(0, 1, 2, 25)
        .map((count) => Array.from({ length: count }, (_, index) => wearer(`eni-other-${index}`))),
    ),
  ),
  prefixLists: fc.constant(new Map([['pl-read', read({ prefixListId: 'pl-read', cidrs: ['10.0.0.0/8'], weight: 3 })]])),
});

const anySeatAmong = (pool: readonly (typeof POOL)[number][]): fc.Arbitrary<Seat> =>
  fc
    .record({
      id: fc.nat(5).map((index) => `i-0000000000000000${index}`),
      port: anyPort,
      state: fc.constantFrom('running' as const, 'running' as const, 'stopped' as const),
      zone: fc.constantFrom('1a', '1a', '1c', '1a', '1c', '1d'),
      used: fc.constantFrom(true, true, true, true, true, false),
      behind: fc.constantFrom(...pool),
    })
    .map(({ id, port, state, zone, used, behind: { targetGroup, loadBalancer } }) => ({
      targetGroup: used ? targetGroup : { ...targetGroup, arn: `${targetGroup.arn}-unused`, loadBalancerArns: [] },
      loadBalancer: used ? loadBalancer : undefined,
      target: { id, port: portIn(targetGroup, port) },
      // What an instance is does not depend on the group it is seated in.
      instance: { instanceId: id, state, availabilityZone: zone },
      networkInterface: { ...webInterface, networkInterfaceId: `eni-${id}`, securityGroupIds: groupsWornBy(id) },
    }));

/** A tunnel has its own port, and behind a Classic balancer the listeners have them. */
const portIn = ({ protocol }: TargetGroup, port: number): number | undefined => {
  if (protocol === 'GENEVE') return 6_081;
  return protocol === undefined ? undefined : port;
};

const groupsWornBy = (instanceId: string): readonly string[] =>
  TARGET_GROUPS.filter((_, index) => ((Number(instanceId.slice(-1)) + 1) >> index) % 2 === 1);

/** One state and zone per instance, as AWS would have it. */
const anySeat = anySeatAmong(POOL);

const seatsOf = (seat: fc.Arbitrary<Seat>): fc.Arbitrary<readonly Seat[]> =>
  fc.array(seat, { minLength: 1, maxLength: 6 }).map((seats) => {
    const instances = new Map(seats.map(({ instance }) => [instance?.instanceId, instance]));
    return seats.map((each) => ({ ...each, instance: instances.get(each.instance?.instanceId) }));
  });

const anySeats = seatsOf(anySeat);

const judgeAll = (seats: readonly Seat[], network: Network): readonly Judgement[] =>
  seats.flatMap(requiredFlows).map((flow) => judge(flow, network));

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

const withRules = (network: Network, added: readonly SecurityGroupRule[]): Network => ({
  ...network,
  rules: new Map(
    [...network.rules].map(([groupId, reading]) => {
      const own = added.filter((rule) => rule.groupId === groupId);
      return [groupId, reading.kind === 'read' ? read([...reading.value, ...own]) : reading];
    }),
  ),
});

const blockingHops = ({ hops }: Judgement): readonly string[] =>
  hops.filter(({ verdict }) => verdict !== 'passes').map(({ hop }) => hop);

const GROUP_HOPS = ['target-ingress', 'balancer-egress'];

const kindOf = ({ loadBalancer }: Pick<Seat, 'loadBalancer'>): string => {
  const kind = loadBalancer?.kind ?? 'none';
  return kind === 'network' && loadBalancer?.securityGroupIds.length === 0 ? 'network without groups' : kind;
};

/** Blocks that a rule of ours may name: an interface's one address, the target's, or a client's block as it was tagged. */
const isNarrow = (cidr: string): boolean =>
  cidr.endsWith('/32') && cidr.includes('.') ? true : cidr.endsWith('/128') || CLIENTS.split(' ').includes(cidr);

describe('Given any seats in any network', () => {
  const repaired = (among: fc.Arbitrary<readonly Seat[]>, numRuns: number): number => {
    let opened = 0;
    fc.assert(
      fc.property(among, anyNetwork, (seats, network) => {
        const before = judgeAll(seats, network);
        const { rules, proposals, findings } = repair(before, network);
        const after = judgeAll(seats, withRules(network, rules.map(asRule)));
        const withheld = new Set(proposals.flatMap(({ rule }) => rule.seats.map(seatKey)));
        const explained = new Set(findings.map(({ seat: of }) => of));
        before.forEach((judgement, index) => {
          const onlyRules =
            judgement.verdict === 'blocked' && blockingHops(judgement).every((hop) => GROUP_HOPS.includes(hop));
          const sure = judgement.hops.every(({ verdict }) => verdict !== 'unknown');
          // Whatever a repair leaves as it is has its reason told.
          if (after[index]?.verdict !== 'passes') expect(explained.has(seatKey(judgement.flow.seat))).toBe(true);
          const isAsked = judgement.hops.some(
            ({ finding, stays }) => stays !== undefined || finding?.reason.startsWith('ClientCidrs'),
          );
          if (!onlyRules || !sure || isAsked || withheld.has(seatKey(judgement.flow.seat))) return;
          expect(after[index]?.verdict).toBe('passes');
          opened += 1;
        });
        expect(repair(after, withRules(network, rules.map(asRule))).rules).toEqual([]);
      }),
      { numRuns },
    );
    return opened;
  };

  test('when a repair is applied, then every flow that only missing rules blocked passes, and nothing is left to write', () => {
    repaired(anySeats, 200);
  });

  test.each(['application', 'classic', 'network', 'network without groups', 'gateway'])(
    'of %s balancers alone, when a repair is applied, then the same, and some flows were opened',
    (kind) => {
      const pool = POOL.filter((each) => kindOf(each) === kind);
      // The property alone would accept a repair that never acts.
      expect(repaired(seatsOf(anySeatAmong(pool)), 60)).toBeGreaterThan(0);
    },
  );

  test('when a repair is made, then each rule is one port, from one group or one address or those a tag names, for a flow that its hop blocks', () => {
    fc.assert(
      fc.property(anySeats, anyNetwork, (seats, network) => {
        const judgements = judgeAll(seats, network);
        for (const rule of repair(judgements, network).rules) {
          expect(Object.keys(rule).sort()).toEqual([
            'direction',
            'groupId',
            'peer',
            'port',
            'protocol',
            'seats',
            'vpcId',
          ]);
          if (rule.peer.kind !== 'security-group') {
            expect(rule.peer.kind).toMatch(/^cidr-ipv[46]$/);
            expect('cidr' in rule.peer && isNarrow(rule.peer.cidr)).toBe(true);
          }
          expect((rule.direction === 'ingress' ? TARGET_GROUPS : BALANCER_GROUPS).includes(rule.groupId)).toBe(true);
          const hop = rule.direction === 'ingress' ? 'target-ingress' : 'balancer-egress';
          for (const each of rule.seats) {
            const needs = judgements.some(
              ({ flow, hops }) =>
                flow.seat.target.id === each.target.id &&
                flow.port === rule.port &&
                flow.protocol === rule.protocol &&
                hops.some((one) => one.hop === hop && one.verdict === 'blocked'),
            );
            expect(needs).toBe(true);
          }
        }
      }),
    );
  });

  test('when no hop can be told, then nothing is written', () => {
    fc.assert(
      fc.property(anySeats, anyNetwork, (seats, network) => {
        const unread = { ...network, rules: new Map(GROUPS.map((id) => [id, unreadable('x')])) };
        expect(repair(judgeAll(seats, unread), unread).rules).toEqual([]);
      }),
    );
  });

  test('when nothing at all was read, then nothing passes, nothing is blocked by what was not read, and nothing is written', () => {
    fc.assert(
      fc.property(anySeats, (seats) => {
        const judgements = judgeAll(seats, NOTHING_READ);
        expect(judgements.filter(({ verdict }) => verdict === 'passes')).toEqual([]);
        expect(repair(judgements, NOTHING_READ)).toMatchObject({ rules: [], proposals: [] });
      }),
    );
  });

  test('when addresses, preservation, services or routes become unreadable, then no path turns from blocked or unknown to passing', () => {
    fc.assert(
      fc.property(anySeats, anyNetwork, (seats, network) => {
        const unread = <T>(map: ReadonlyMap<string, Reading<T>>) =>
          new Map([...map.keys()].map((key) => [key, unreadable('denied')]));
        const blind: Network = {
          ...network,
          balancerInterfaces: unread(network.balancerInterfaces),
          preservation: unread(network.preservation),
          endpointServices: unread(network.endpointServices),
          routes: unread(network.routes),
        };
        const before = judgeAll(seats, network);
        judgeAll(seats, blind).forEach(({ verdict }, index) => {
          if (verdict === 'passes') expect(before[index]?.verdict).toBe('passes');
        });
        const { rules } = repair(judgeAll(seats, blind), blind);
        // What is left to write needs none of it: clients of whom a tag says who they are, behind UDP.
        for (const { peer } of rules) expect('cidr' in peer && CLIENTS.includes(peer.cidr)).toBe(true);
      }),
    );
  });

  test('when groups and wearers can’t be told, then nothing is written', () => {
    fc.assert(
      fc.property(anySeats, anyNetwork, (seats, network) => {
        const unread = { ...network, securityGroups: new Map(), wearers: new Map() };
        expect(repair(judgeAll(seats, unread), unread).rules).toEqual([]);
      }),
    );
  });

  test('when a rule is added, then no path that passed is blocked or unknown', () => {
    fc.assert(
      fc.property(anySeats, anyNetwork, fc.constantFrom(...GROUPS).chain(anyRule), (seats, network, rule) => {
        const before = judgeAll(seats, network);
        const after = judgeAll(seats, withRules(network, [rule]));
        before.forEach(({ verdict }, index) => {
          if (verdict === 'passes') expect(after[index]?.verdict).toBe('passes');
        });
      }),
    );
  });

  test('when the same is given in another order, then the repair is the same', () => {
    const reversed = <T>(map: ReadonlyMap<string, T>) => new Map([...map].reverse());
    fc.assert(
      fc.property(anySeats, anyNetwork, (seats, network) => {
        const turned: Network = {
          balancerInterfaces: reversed(network.balancerInterfaces),
          preservation: reversed(network.preservation),
          endpointServices: reversed(network.endpointServices),
          routes: reversed(network.routes),
          vpcs: reversed(network.vpcs),
          rules: new Map(
            [...network.rules]
              .reverse()
              .map(([id, reading]) => [id, reading.kind === 'read' ? read(reading.value.toReversed()) : reading]),
          ),
          acls: reversed(network.acls),
          subnets: reversed(network.subnets),
          securityGroups: reversed(network.securityGroups),
          wearers: reversed(network.wearers),
          prefixLists: reversed(network.prefixLists),
        };
        const judgements = judgeAll(seats, network);
        expect(repair(judgeAll(seats, turned).toReversed(), turned)).toEqual(repair(judgements, network));
      }),
    );
  });

  test('when a path is judged, then every hop is there, and each that does not pass says why', () => {
    fc.assert(
      fc.property(anySeat, anyNetwork, (of, network) => {
        for (const { flow, hops, verdict } of judgeAll([of, seat], network)) {
          expect(hops.length).toBe(flow.name === 'return' ? 6 : flow.port === 6_081 ? 7 : 9);
          expect(hops.every((hop) => (hop.verdict === 'passes') === (hop.finding === undefined))).toBe(true);
          expect(verdict === 'passes').toBe(hops.every((hop) => hop.verdict === 'passes'));
        }
      }),
    );
  });
});
