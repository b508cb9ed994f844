import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  companionName,
  companionTags,
  isDefaultEgress,
  isShared,
  isTaggedOurs,
  objectionToBalancer,
  objectionToServing,
  objectionToTarget,
  twinFor,
  wornWith,
  wornWithout,
} from '../../../domain/companion/companion.ts';
import {
  aClassicBalancer,
  anAlb,
  anInstance,
  aRule,
  aSecurityGroup,
  aStage,
  VPC,
} from '../../support/world/builders.ts';

const STAGE = aStage();
const ALB = anAlb();

describe('what a companion is called', () => {
  test('by stage, balancer and side; a Classic balancer of the same name has another', () => {
    expect(companionName('prod', ALB, 'balancer')).toBe('usher-prod-web-alb');
    expect(companionName('prod', ALB, 'targets')).toBe('usher-prod-web-alb.targets');
    expect(companionName('prod', aClassicBalancer({ name: 'web' }), 'balancer')).toBe('usher-prod-elb/web');
  });

  test('Given any two names of balancers, then no two sides share one', () => {
    const anyName = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,29}[a-zA-Z0-9]$/);
    fc.assert(
      fc.property(anyName, anyName, (one, other) => {
        const names = [one, other].flatMap((name) =>
          (['balancer', 'targets'] as const).map((side) => companionName('prod', { ...ALB, name }, side)),
        );
        expect(new Set(names).size).toBe(one === other ? 2 : 4);
        // @see EC2 API reference, `CreateSecurityGroup`: up to 255 of these, and none that begins with sg-
        for (const name of names) expect(name).toMatch(/^(?!sg-)[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
      }),
    );
  });

  test('Given its tags, then it is ours for that balancer and stage alone', () => {
    const tags = companionTags('prod', ALB.arn);
    expect(isTaggedOurs({ tags }, 'prod', ALB.arn)).toBe(true);
    expect(isTaggedOurs({ tags }, 'dev', ALB.arn)).toBe(false);
    expect(isTaggedOurs({ tags }, 'prod', 'arn:other')).toBe(false);
    expect(isTaggedOurs({ tags: { 'usher:owner': 'prod' } }, 'prod', ALB.arn)).toBe(false);
  });
});

describe('what objects', () => {
  test.each([
    ['nothing', {}, {}, {}, undefined],
    ['another VPC than the stage’s', {}, {}, { vpcIds: ['vpc-9'] }, 'OutsideVpcs'],
    ['a group of another stage', { 'usher:stage': 'dev' }, {}, {}, 'OtherStage'],
    ['an ignored group', { 'usher:ignore': 'true' }, {}, {}, 'Ignored'],
    ['a group that is only reported on', { 'usher:policy': 'report-only' }, {}, {}, 'ReportOnly'],
    ['a policy that asks: this is the asking', { 'usher:policy': 'ask' }, {}, {}, undefined],
    ['a balancer of Kubernetes', {}, { 'kubernetes.io/service-name': 'web' }, {}, 'KeptByController'],
    ['an ingress of Kubernetes', {}, { 'ingress.k8s.aws/stack': 'web' }, {}, 'KeptByController'],
    ['a balancer of CloudFormation', {}, { 'aws:cloudformation:stack-id': 'x' }, {}, 'KeptByCode'],
    ['a balancer of Terraform', {}, { terraform: 'web' }, { managedByTags: ['terraform'] }, 'KeptByCode'],
    ['an ignored balancer', {}, { 'usher:ignore': 'true' }, {}, 'Ignored'],
  ] as const)('%s', (_, groupTags, balancerTags, stage, because) => {
    expect(objectionToServing(groupTags, { vpcId: VPC }, balancerTags, aStage(stage))).toBe(because);
  });

  test.each([
    ['one group', 'application', ['sg-1'], undefined],
    ['a Network Load Balancer with groups', 'network', ['sg-1'], undefined],
    ['a Network Load Balancer without', 'network', [], 'TakesNoGroups'],
    ['a Gateway Load Balancer', 'gateway', ['sg-1'], 'TakesNoGroups'],
    ['four groups', 'application', ['sg-1', 'sg-2', 'sg-3', 'sg-4'], undefined],
    ['five groups', 'application', ['sg-1', 'sg-2', 'sg-3', 'sg-4', 'sg-5'], 'TooManyGroups'],
  ] as const)('Given a balancer with %s', (_, kind, securityGroupIds, because) => {
    expect(objectionToBalancer({ kind, securityGroupIds })).toBe(because);
    expect(
      objectionToBalancer({ kind: 'classic', securityGroupIds: ['1', '2', '3', '4', 'own'] }, 'own'),
    ).toBeUndefined();
  });

  test.each([
    [{ Role: 'web' }, undefined],
    [{ 'eks:nodegroup-name': 'a' }, 'KeptByController'],
    [{ 'kubernetes.io/cluster/prod': 'owned' }, 'KeptByController'],
    [{ 'karpenter.sh/nodepool': 'a' }, 'KeptByController'],
    [{ AmazonECSManaged: '' }, 'KeptByController'],
    [{ 'aws:cloudformation:stack-name': 'a' }, 'KeptByCode'],
    [{ 'usher:ignore': 'TRUE' }, 'Ignored'],
  ])('Given a target tagged %j', (tags, because) => {
    const { networkInterfaces } = anInstance();
    const [at] = networkInterfaces;
    if (at === undefined) throw new Error('no interface');
    expect(objectionToTarget({ tags }, at, STAGE)).toBe(because);
    const full = { securityGroupIds: ['1', '2', '3', '4', '5'] };
    expect(objectionToTarget({ tags: {} }, full, STAGE)).toBe('TooManyGroups');
    expect(objectionToTarget({ tags: {} }, full, STAGE, '5')).toBeUndefined();
  });
});

describe('what is worn', () => {
  test('one more, or one less, and everything else stays in its order', () => {
    expect(wornWith(['sg-2', 'sg-1'], 'sg-3')).toEqual(['sg-2', 'sg-1', 'sg-3']);
    expect(wornWith(['sg-2', 'sg-1'], 'sg-1')).toEqual(['sg-2', 'sg-1']);
    expect(wornWithout(['sg-2', 'sg-1', 'sg-3'], 'sg-1')).toEqual(['sg-2', 'sg-3']);
  });

  test('put on and taken off again, it is as it was', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^sg-[0-9a-f]{8}$/), { maxLength: 4 }), (worn) => {
        expect(wornWithout(wornWith(worn, 'sg-own'), 'sg-own')).toEqual(worn);
      }),
    );
  });

  test('shared is a balancer all of whose groups others wear, or that are the VPC’s default', () => {
    const own = { group: aSecurityGroup({ groupId: 'sg-1' }), outside: 0 };
    const others = { group: aSecurityGroup({ groupId: 'sg-2' }), outside: 3 };
    const byDefault = { group: aSecurityGroup({ groupId: 'sg-3', name: 'default' }), outside: 0 };
    expect([isShared([]), isShared([own]), isShared([own, others])]).toEqual([false, false, false]);
    expect([isShared([others]), isShared([byDefault]), isShared([others, byDefault])]).toEqual([true, true, true]);
  });
});

test('only the rule that AWS puts into a new group is taken out of it', () => {
  const everywhere = { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' } as const;
  const rule = aRule({ groupId: 'sg-1', direction: 'egress', protocol: '-1', peer: everywhere });
  expect(isDefaultEgress(rule)).toBe(true);
  expect(isDefaultEgress({ ...rule, peer: { kind: 'cidr-ipv6', cidr: '::/0' } })).toBe(true);
  expect(isDefaultEgress({ ...rule, direction: 'ingress' })).toBe(false);
  expect(isDefaultEgress({ ...rule, protocol: 'tcp' })).toBe(false);
  expect(isDefaultEgress({ ...rule, peer: { kind: 'cidr-ipv4', cidr: '10.0.0.0/8' } })).toBe(false);
});

test('a twin is the same rule for a companion, and no other', () => {
  const peer = (groupId: string) => ({ kind: 'security-group', groupId }) as const;
  const old = aRule({
    ruleId: 'sgr-1',
    direction: 'ingress',
    protocol: 'tcp',
    fromPort: 80,
    toPort: 80,
    peer: peer('sg-alb'),
  });
  const twin = { ...old, ruleId: 'sgr-2', peer: peer('sg-own') };
  const companions = new Set(['sg-own']);
  expect(twinFor(old, [old, twin], companions)?.ruleId).toBe('sgr-2');
  expect(twinFor(old, [old, { ...twin, toPort: 81 }], companions)).toBeUndefined();
  expect(twinFor(old, [old, { ...twin, protocol: 'udp' }], companions)).toBeUndefined();
  expect(twinFor(old, [old, { ...twin, groupId: 'sg-other' }], companions)).toBeUndefined();
  expect(twinFor(old, [old, twin], new Set())).toBeUndefined();
});
