import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { ClosingGrounds } from '../../../domain/closing/plan.ts';
import { planClosings, provesOpen } from '../../../domain/closing/plan.ts';
import type { Network, RulePeer, Seat, SecurityGroupRule } from '../../../domain/network/model.ts';
import { NOTHING_READ } from '../../../domain/network/model.ts';
import { read } from '../../../domain/reading.ts';
import { POLICIES } from '../../../domain/stage.ts';
import {
  anAlb,
  anInstance,
  anOpenAcl,
  aRouteTable,
  aRule,
  aSecurityGroup,
  aStage,
  aSubnet,
  aTargetGroup,
} from '../../support/world/builders.ts';

const peer: fc.Arbitrary<RulePeer> = fc.oneof(
  fc.constantFrom('0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/1', '10.0.0.0/16', '203.0.113.9/32').map((cidr) => ({
    kind: 'cidr-ipv4' as const,
    cidr,
  })),
  fc.constant({ kind: 'cidr-ipv6' as const, cidr: '::/0' }),
  fc.constantFrom('sg-alb', 'sg-other').map((groupId) => ({ kind: 'security-group' as const, groupId })),
  fc.constant({ kind: 'prefix-list' as const, prefixListId: 'pl-1' }),
);

const ports = fc.constantFrom(
  { protocol: 'tcp', fromPort: 80, toPort: 80 },
  { protocol: 'tcp', fromPort: 80, toPort: 80 },
  { protocol: 'tcp', fromPort: 22, toPort: 22 },
  { protocol: 'tcp', fromPort: 0, toPort: 65_535 },
  { protocol: 'tcp', fromPort: 80, toPort: 443 },
  { protocol: 'udp', fromPort: 80, toPort: 80 },
  { protocol: 'icmp', fromPort: 8, toPort: -1 },
  { protocol: '-1', fromPort: undefined, toPort: undefined },
);

const tags = fc.constantFrom(
  {},
  {},
  {},
  { 'usher:keep': 'true' },
  { 'usher:ignore': 'true' },
  { 'usher:owner': 'prod' },
);

const seldom = fc.constantFrom(false, false, false, false, false, false, false, true);

/** The balancer's own way in. */
const ALB_80: SecurityGroupRule = {
  ruleId: 'sgr-alb',
  groupId: 'sg-web',
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 80,
  toPort: 80,
  peer: { kind: 'security-group', groupId: 'sg-alb' },
  description: undefined,
  tags: {},
};

const rules = fc.array(fc.record({ peer, ports, tags }), { maxLength: 6 }).map((all) =>
  all.map(
    (each, index): SecurityGroupRule => ({
      ruleId: `sgr-${index}`,
      groupId: 'sg-web',
      direction: 'ingress',
      ...each.ports,
      peer: each.peer,
      description: undefined,
      tags: each.tags,
    }),
  ),
);

const seatsOf = (count: number): readonly Seat[] =>
  Array.from({ length: count }, (_, index) => {
    const instance = anInstance({ instanceId: `i-0000000${index + 1}` });
    return {
      targetGroup: aTargetGroup(),
      loadBalancer: anAlb(),
      target: { id: instance.instanceId, port: 80 },
      instance,
      networkInterface: instance.networkInterfaces[0],
    };
  });

const SUBNETS = [
  { subnetId: 'subnet-a', availabilityZone: 'ap-northeast-1a', ipv4Cidr: '10.0.1.0/24' },
  { subnetId: 'subnet-c', availabilityZone: 'ap-northeast-1c', ipv4Cidr: '10.0.2.0/24' },
];

const networkWith = (own: readonly SecurityGroupRule[]): Network => ({
  ...NOTHING_READ,
  rules: new Map([
    ['sg-web', read([aRule({ groupId: 'sg-web' }), ...own])],
    ['sg-alb', read([aRule({ groupId: 'sg-alb' })])],
  ]),
  acls: new Map(SUBNETS.map(({ subnetId }) => [subnetId, read(anOpenAcl())])),
  subnets: new Map(SUBNETS.map((subnet) => [subnet.subnetId, read(aSubnet(subnet))])),
  routes: new Map(SUBNETS.map(({ subnetId }) => [subnetId, read(aRouteTable())])),
});

const grounds = fc
  .record({
    rules,
    isShut: seldom,
    targets: fc.integer({ min: 1, max: 3 }),
    policy: fc.constantFrom(...POLICIES, 'apply-all' as const, 'apply-all' as const, 'apply-all' as const),
    otherWearers: fc.constantFrom(0, 0, 1),
    isPaused: seldom,
    isStopped: seldom,
    isOfCode: seldom,
    isWornByBalancer: seldom,
  })
  .map(({ rules: others, isShut, targets, policy, isStopped, isOfCode, isWornByBalancer, ...rest }): ClosingGrounds => {
    const own = isShut ? others : [ALB_80, ...others];
    return {
      ...rest,
      stage: aStage({ defaultPolicy: policy, maximumPolicy: 'apply-all' }),
      group: aSecurityGroup({ tags: isOfCode ? { 'aws:cloudformation:stack-name': 'web' } : {} }),
      rules: [aRule({ groupId: 'sg-web' }), ...own],
      seats: seatsOf(targets),
      targetGroups: [aTargetGroup()],
      network: networkWith(own),
      balancerGroupIds: new Set(isWornByBalancer ? ['sg-alb', 'sg-web'] : ['sg-alb']),
      stoppedGroups: new Set(isStopped ? [aTargetGroup().arn] : []),
      putBack: new Set(),
      cameBack: new Set(),
      gone: new Set(),
      isIgnored: false,
    };
  });

const isTagged = ({ tags: own }: SecurityGroupRule): boolean => Object.keys(own).length > 0;

test('Whatever rules a group holds: what is removed lets every flow pass without it, is the world on exactly the port, and is nobody’s to keep', () => {
  let removed = 0;
  fc.assert(
    fc.property(grounds, (given) => {
      const { removals, proposals } = planClosings(given);
      removed += removals.length;
      const gone = new Set(removals.map(({ change }) => change.ruleId));
      const left = given.rules.filter(({ ruleId }) => !gone.has(ruleId));
      if (gone.size > 0) {
        expect(given.isPaused || given.stoppedGroups.size > 0 || given.otherWearers > 0).toBe(false);
        expect(
          provesOpen(given.seats, {
            ...given.network,
            rules: new Map([...given.network.rules, ['sg-web', read(left)]]),
          }),
        ).toBe(true);
      }
      for (const { broader, split, change } of removals) {
        expect([broader.source, broader.extent, split, change.breadth]).toEqual([
          'world',
          'this-port',
          [],
          'world-exactly-this-port',
        ]);
        expect(given.stage.defaultPolicy).toBe('apply-all');
      }
      for (const { broader } of [...removals, ...proposals]) {
        expect(isTagged(broader.rule)).toBe(false);
        expect(['tcp', '-1']).toContain(broader.rule.protocol);
        expect(given.balancerGroupIds.has('sg-web')).toBe(false);
      }
    }),
    { numRuns: 1500, seed: 7 },
  );
  // Not vacuous.
  expect(removed).toBeGreaterThan(20);
});

test('Whatever rules a group holds: those it proposes may all go together, and every flow still passes', () => {
  fc.assert(
    fc.property(grounds, (given) => {
      const { removals, proposals } = planClosings(given);
      if (removals.length + proposals.length === 0) return;
      const replaced = new Map([...removals, ...proposals].map(({ change, split }) => [change.ruleId, split] as const));
      const left = given.rules.flatMap((rule) => replaced.get(rule.ruleId) ?? [rule]);
      expect(
        provesOpen(given.seats, { ...given.network, rules: new Map([...given.network.rules, ['sg-web', read(left)]]) }),
      ).toBe(true);
    }),
    { numRuns: 500, seed: 11 },
  );
});
