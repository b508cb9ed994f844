import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judge } from '../../../domain/network/judge.ts';
import type { Network, Seat, SecurityGroupRule } from '../../../domain/network/model.ts';
import { NOTHING_READ } from '../../../domain/network/model.ts';
import { requiredFlows } from '../../../domain/network/required-flows.ts';
import { read, unreadable } from '../../../domain/reading.ts';
import { needOf, outgrown, reliedOn } from '../../../domain/sweep/own-rules.ts';
import { anAlb, anInstance, anOpenAcl, aRouteTable, aRule, aTargetGroup } from '../../support/world/builders.ts';

const seat = (port = 80, parts: Partial<Seat> = {}): Seat => {
  const instance = anInstance();
  return {
    targetGroup: aTargetGroup({ port }),
    loadBalancer: anAlb(),
    target: { id: instance.instanceId, port },
    instance,
    networkInterface: instance.networkInterfaces[0],
    ...parts,
  };
};

const own = (port: number, parts: Partial<SecurityGroupRule> = {}): SecurityGroupRule =>
  aRule({
    ruleId: `sgr-${port}`,
    direction: 'ingress',
    protocol: 'tcp',
    fromPort: port,
    toPort: port,
    peer: { kind: 'security-group', groupId: 'sg-alb' },
    tags: { 'usher:owner': 'prod' },
    ...parts,
  });

const network = (...rules: readonly SecurityGroupRule[]): Network => ({
  ...NOTHING_READ,
  rules: new Map([
    ['sg-web', read(rules)],
    ['sg-alb', read([aRule({ groupId: 'sg-alb' })])],
  ]),
  acls: new Map(['subnet-a', 'subnet-c'].map((subnetId) => [subnetId, read(anOpenAcl())])),
  routes: new Map(['subnet-a', 'subnet-c'].map((subnetId) => [subnetId, read(aRouteTable())])),
});

const WORLD = aRule({
  ruleId: 'sgr-world',
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 80,
  toPort: 80,
  peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' },
});

describe('Whether a rule of ours is needed', () => {
  test.each([
    ['by nobody where nobody is', own(80), [], network(own(80)), 'unneeded'],
    ['by a seat whose flow it lets through', own(80), [seat(80)], network(own(80)), 'relied-on'],
    [
      'by nobody of another port, whose own rule is there',
      own(9000),
      [seat(80)],
      network(own(80), own(9000)),
      'unneeded',
    ],
    ['by a seat that a broader rule lets through as well', own(80), [seat(80)], network(own(80), WORLD), 'relied-on'],
    ['for all we know, where another flow is blocked', own(9000), [seat(80)], network(own(9000)), 'unproven'],
    [
      'for all we know, where its group was not read',
      own(80),
      [],
      { ...network(), rules: new Map([['sg-web', unreadable('denied')]]) },
      'unproven',
    ],
    [
      'by a seat whose interface nobody shows',
      own(9000),
      [seat(80, { networkInterface: undefined })],
      network(own(80), own(9000)),
      'relied-on',
    ],
    [
      'by a seat whose balancer is not known',
      own(9000),
      [seat(80, { loadBalancer: undefined })],
      network(own(80), own(9000)),
      'relied-on',
    ],
  ] as const)('%s', (_, rule, seats, around, need) => {
    expect(needOf(rule, [...seats], around)).toBe(need);
  });

  test('Outbound rules of the balancer are asked of its own flows', () => {
    const out = own(80, {
      groupId: 'sg-alb',
      direction: 'egress',
      peer: { kind: 'security-group', groupId: 'sg-web' },
    });
    const around: Network = {
      ...network(own(80)),
      rules: new Map([
        ['sg-web', read([own(80)])],
        ['sg-alb', read([out])],
      ]),
    };
    expect(needOf(out, [seat(80)], around)).toBe('relied-on');
    expect(needOf(out, [], around)).toBe('unneeded');
  });
});

describe('Whether a rule of ours for one address of several is needed', () => {
  const nlb = anAlb({ kind: 'network', securityGroupIds: [] });
  const behindNlb = seat(80, { targetGroup: aTargetGroup({ protocol: 'TCP' }), loadBalancer: nlb });
  const node = (subnetId: string, address: string) => ({
    networkInterfaceId: `eni-${subnetId}`,
    subnetId,
    privateIpv4Addresses: [address],
    ipv6Addresses: [],
  });
  const around = (...rules: readonly SecurityGroupRule[]): Network => ({
    ...network(...rules),
    preservation: new Map([[behindNlb.targetGroup.arn, read(false)]]),
    balancerInterfaces: new Map([[nlb.arn, read([node('subnet-a', '10.0.1.201'), node('subnet-c', '10.0.2.201')])]]),
  });
  const from = (address: string) =>
    own(80, { ruleId: `sgr-${address}`, peer: { kind: 'cidr-ipv4', cidr: `${address}/32` } });
  const [first, second, former] = [from('10.0.1.201'), from('10.0.2.201'), from('10.0.3.201')];

  test.each([
    ['each by the flow that comes from all of them', first, around(first, second), 'relied-on'],
    ['an address that no node has any more, by nobody', former, around(first, second, former), 'unneeded'],
    ['whatever broader rule of others stands beside them', first, around(first, second, WORLD), 'relied-on'],
    ['nothing is proven while another address is missing', first, around(first), 'unproven'],
  ] as const)('%s', (_, rule, rules, need) => {
    expect(needOf(rule, [behindNlb], rules)).toBe(need);
  });

  test.each([
    ['ours', own(80)],
    ['somebody’s', own(80, { tags: {} })],
  ])('Beside another balancer that comes in by its group and may have the address as well, by %s', (_, byGroup) => {
    const rules = around(byGroup, first, second, former);
    const all = [behindNlb, seat(80)];
    expect(needOf(former, all, rules)).toBe('unneeded');
    expect(needOf(first, all, rules)).toBe('relied-on');
    expect(reliedOn([first, second, former], all, rules)).toEqual([first, second]);
  });

  test('Beside another balancer that nothing else lets in, it may be relied on', () => {
    expect(needOf(former, [behindNlb, seat(80)], around(first, second, former))).toBe('relied-on');
  });

  test('Among all of ours each is relied on, and a former address is not', () => {
    const ours = [first, second, former];
    expect(reliedOn(ours, [behindNlb], around(...ours, WORLD))).toEqual([first, second]);
    expect(reliedOn(ours, [behindNlb], around(...ours))).toEqual([first, second]);
  });
});

describe('Whether a rule of ours for clients is outgrown by the tag that says who they are', () => {
  const nlb = anAlb({ kind: 'network', securityGroupIds: [] });
  const naming = (clients?: string) =>
    seat(80, {
      targetGroup: aTargetGroup({
        protocol: 'TCP',
        tags: clients === undefined ? {} : { 'usher:client-cidrs': clients },
      }),
      loadBalancer: nlb,
    });
  const from = (cidr: string) => own(80, { ruleId: `sgr-${cidr}`, peer: { kind: 'cidr-ipv4', cidr } });
  const node = (subnetId: string, address: string) => ({
    networkInterfaceId: `eni-${subnetId}`,
    subnetId,
    privateIpv4Addresses: [address],
    ipv6Addresses: [],
  });
  const around = (...rules: readonly SecurityGroupRule[]): Network => ({
    ...network(...rules),
    preservation: new Map([[naming().targetGroup.arn, read(true)]]),
    endpointServices: new Map([[nlb.arn, read(false)]]),
    balancerInterfaces: new Map([[nlb.arn, read([node('subnet-a', '10.0.1.201'), node('subnet-c', '10.0.2.201')])]]),
  });
  const [wide, narrow] = [from('10.0.0.0/8'), from('10.1.0.0/16')];
  const nodes = [from('10.0.1.201/32'), from('10.0.2.201/32')];

  test.each([
    ['the tag was narrowed, and all it says is let in', [naming('10.1.0.0/16')], [wide, narrow, ...nodes], [wide]],
    [
      'the tag names others',
      [naming('10.1.0.0/16')],
      [wide, narrow, ...nodes, from('192.168.0.0/16')],
      [wide, from('192.168.0.0/16')],
    ],
    ['the narrower rule is not there yet', [naming('10.1.0.0/16')], [wide, ...nodes], []],
    ['its health checks pass by nothing else', [naming('10.1.0.0/16')], [wide, narrow], []],
    ['the tag names it', [naming('10.0.0.0/8')], [wide, narrow, ...nodes], [narrow]],
    ['the tag names it with a block that it holds', [naming('10.0.0.0/8 10.1.0.0/16')], [wide, narrow, ...nodes], []],
    ['another group names it', [naming('10.1.0.0/16'), naming('10.0.0.0/8')], [wide, narrow, ...nodes], []],
    ['another group names nobody', [naming('10.1.0.0/16'), naming()], [wide, narrow, ...nodes], []],
    ['the tag is gone', [naming()], [wide, narrow, ...nodes], []],
    ['the tag can’t be understood', [naming('10.1.0.0/16,')], [wide, narrow, ...nodes], []],
  ] as const)('when %s', (_, seats, rules, expected) => {
    expect(outgrown(rules, seats, around(...rules))).toEqual(expected);
  });

  test('and then it is unneeded, as none is whose tag is gone or that something else needs', () => {
    const all = around(wide, narrow, ...nodes);
    expect(needOf(wide, [naming('10.1.0.0/16')], all)).toBe('relied-on');
    expect(needOf(wide, [naming('10.1.0.0/16')], all, true)).toBe('unneeded');
    expect(needOf(wide, [naming('10.1.0.0/16'), naming()], all, true)).toBe('unproven');
    expect(needOf(wide, [naming()], all)).toBe('relied-on');
  });
});

test('Whatever rules there are, taking away what nobody needs closes no path that was open', () => {
  const port = fc.constantFrom(80, 8080, 9000);
  const anyRule = fc.oneof(
    port.map((each) => own(each)),
    fc.constant(WORLD),
    port.map((each) => own(each, { ruleId: `sgr-wide-${each}`, fromPort: 80, toPort: each < 80 ? 80 : each })),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(anyRule, { selector: ({ ruleId }) => ruleId, maxLength: 6 }),
      fc.array(port, { maxLength: 3 }),
      (rules, ports) => {
        const seats = ports.map((each) => seat(each));
        const verdicts = (around: Network) => seats.flatMap(requiredFlows).map((flow) => judge(flow, around).verdict);
        const before = network(...rules);
        for (const rule of rules)
          if (needOf(rule, seats, before) === 'unneeded')
            expect(verdicts(network(...rules.filter((each) => each !== rule)))).toEqual(verdicts(before));
      },
    ),
  );
});
