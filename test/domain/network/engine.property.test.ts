import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judge } from '../../../domain/network/judge.ts';
import type {
  Judgement,
  Network,
  NetworkAcl,
  ProposedRule,
  RulePeer,
  Seat,
  SecurityGroupRule,
} from '../../../domain/network/model.ts';
import { NOTHING_READ, seatKey } from '../../../domain/network/model.ts';
import { repair } from '../../../domain/network/repair.ts';
import { requiredFlows } from '../../../domain/network/required-flows.ts';
import type { Reading } from '../../../domain/reading.ts';
import { read, unreadable } from '../../../domain/reading.ts';
import { aclOf, alb, group, MAIN_TABLE, OPEN_ENTRIES, SUBNETS, seat, wearer, webGroup, webInterface } from './world.ts';

const TARGET_GROUPS = ['sg-t1', 'sg-t2', 'sg-t3'];
const BALANCER_GROUPS = ['sg-b1', 'sg-b2'];
const GROUPS = [...TARGET_GROUPS, ...BALANCER_GROUPS];
const PORTS = [22, 80, 443, 8_080, 9_090];
const SUBNET_IDS = SUBNETS.map(({ subnetId }) => subnetId);

const anyPort = fc.constantFrom(...PORTS);

const anyPeer: fc.Arbitrary<RulePeer> = fc.oneof(
  fc.constantFrom(...GROUPS).map((groupId) => ({ kind: 'security-group', groupId }) as const),
  fc
    .constantFrom('0.0.0.0/0', '10.0.0.0/16', '10.0.0.0/24', '10.0.1.128/25', '192.0.2.0/24')
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

const anyNetwork: fc.Arbitrary<Network> = fc.record({
  balancerInterfaces: fc.constant(NOTHING_READ.balancerInterfaces),
  preservation: fc.constant(NOTHING_READ.preservation),
  endpointServices: fc.constant(NOTHING_READ.endpointServices),
  routes: byKey(SUBNET_IDS, () => mostly(fc.constant(MAIN_TABLE))),
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

const anySeat: fc.Arbitrary<Seat> = fc
  .record({
    id: fc.nat(5).map((index) => `i-0000000000000000${index}`),
    port: anyPort,
    healthPort: fc.oneof(fc.constant('traffic-port' as const), anyPort),
    family: fc.constantFrom('ipv4' as const, 'ipv6' as const),
    state: fc.constantFrom('running' as const, 'running' as const, 'stopped' as const),
    zone: fc.constantFrom('1a', '1a', '1c', '1a', '1c', '1d'),
    used: fc.constantFrom(true, true, true, true, true, false),
    groupName: fc.constantFrom('web', 'admin'),
  })
  .map(({ id, port, healthPort, family, state, zone, used, groupName }) => ({
    targetGroup: {
      ...webGroup,
      // The health port and family are the group's, hence part of its name here.
      arn: `${webGroup.arn}-${groupName}-${healthPort}-${family}-${used}`,
      name: groupName,
      ipAddressType: family,
      healthCheck: { ...webGroup.healthCheck, port: healthPort },
      loadBalancerArns: used ? [alb.arn] : [],
    },
    loadBalancer: used ? { ...alb, securityGroupIds: BALANCER_GROUPS } : undefined,
    target: { id, port },
    // What an instance is does not depend on the group it is seated in.
    instance: { instanceId: id, state, availabilityZone: zone },
    networkInterface: { ...webInterface, networkInterfaceId: `eni-${id}`, securityGroupIds: groupsWornBy(id) },
  }));

const groupsWornBy = (instanceId: string): readonly string[] =>
  TARGET_GROUPS.filter((_, index) => ((Number(instanceId.slice(-1)) + 1) >> index) % 2 === 1);

/** One state and zone per instance, as AWS would have it. */
const anySeats = fc.array(anySeat, { minLength: 1, maxLength: 6 }).map((seats) => {
  const instances = new Map(seats.map(({ instance }) => [instance?.instanceId, instance]));
  return seats.map((each) => ({ ...each, instance: instances.get(each.instance?.instanceId) }));
});

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

describe('Given any seats in any network', () => {
  test('when a repair is applied, then every flow that only missing rules blocked passes, and nothing is left to write', () => {
    let opened = 0;
    fc.assert(
      fc.property(anySeats, anyNetwork, (seats, network) => {
        const before = judgeAll(seats, network);
        const { rules, proposals } = repair(before, network);
        const after = judgeAll(seats, withRules(network, rules.map(asRule)));
        const withheld = new Set(proposals.flatMap(({ rule }) => rule.seats.map(seatKey)));
        before.forEach((judgement, index) => {
          const onlyRules =
            judgement.verdict === 'blocked' && blockingHops(judgement).every((hop) => GROUP_HOPS.includes(hop));
          const sure = judgement.hops.every(({ verdict }) => verdict !== 'unknown');
          if (!onlyRules || !sure || withheld.has(seatKey(judgement.flow.seat))) return;
          expect(after[index]?.verdict).toBe('passes');
          opened += 1;
        });
        expect(repair(after, withRules(network, rules.map(asRule))).rules).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(opened).toBeGreaterThan(30); // alone, the lines above would accept a repair that never acts
  });

  test('when a repair is made, then each rule is one port, from one group, for a flow that its hop blocks', () => {
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
          expect(rule.peer.kind).toBe('security-group');
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
        for (const { hops, verdict } of judgeAll([of, seat], network)) {
          expect(hops).toHaveLength(9);
          expect(hops.every((hop) => (hop.verdict === 'passes') === (hop.finding === undefined))).toBe(true);
          expect(verdict === 'passes').toBe(hops.every((hop) => hop.verdict === 'passes'));
        }
      }),
    );
  });
});
