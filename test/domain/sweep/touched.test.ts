import { expect, test } from '@jest/globals';
import type { Touched } from '../../../domain/recent-change.ts';
import type { TouchableGroup } from '../../../domain/sweep/touched.ts';
import { balancersOf, groupsTouched, idsOf, needsBalancers } from '../../../domain/sweep/touched.ts';
import { anAlb, anInstance, classicArn, loadBalancerArn, targetGroupArn } from '../../support/world/builders.ts';

const INSTANCE = anInstance({ instanceId: 'i-00000001', securityGroupIds: ['sg-web'] });

const WEB: TouchableGroup = {
  targetGroupArn: targetGroupArn('web'),
  instanceIds: [INSTANCE.instanceId],
  around: new Set([...idsOf(INSTANCE), 'acl-web']),
  balancers: [anAlb()],
};

const OTHER: TouchableGroup = {
  targetGroupArn: classicArn('shop'),
  instanceIds: ['i-00000002'],
  around: new Set(['i-00000002']),
  balancers: [],
};

const names = (...touched: readonly Touched[]): readonly string[] =>
  groupsTouched([WEB, OTHER], touched).map(({ targetGroupArn: arn }) => arn);

const [eni, subnet] = [
  INSTANCE.networkInterfaces[0]?.networkInterfaceId ?? '',
  INSTANCE.networkInterfaces[0]?.subnetId ?? '',
];

test.each<Touched>([
  { kind: 'target-group', id: WEB.targetGroupArn },
  { kind: 'load-balancer', id: loadBalancerArn('web-alb') },
  { kind: 'listener', id: `${loadBalancerArn('web-alb').replace(':loadbalancer/', ':listener/')}/0a1b2c3d4e5f6071` },
  {
    kind: 'listener',
    id: `${loadBalancerArn('web-alb').replace(':loadbalancer/', ':listener-rule/')}/0a1b2c3d4e5f6071/9f8e7d6c5b4a3920`,
  },
  { kind: 'security-group', id: 'sg-alb' },
  { kind: 'security-group', id: 'sg-web' },
  { kind: 'instance', id: 'i-00000001' },
  { kind: 'network-interface', id: eni },
  { kind: 'subnet', id: subnet },
  { kind: 'subnet', id: 'subnet-c' },
  { kind: 'network-acl', id: 'acl-web' },
])('Given a change of $kind $id, then it concerns the group behind it, and no other', (touched) => {
  expect(names(touched)).toEqual([WEB.targetGroupArn]);
});

test('Given a change of a Classic balancer, which has a name only, then it concerns that one', () => {
  expect(names({ kind: 'classic-load-balancer', id: 'shop' })).toEqual([OTHER.targetGroupArn]);
});

test('Given changes of routes, of rules by their id alone, or of what is nobody’s, then they concern no group', () => {
  expect(
    names(
      { kind: 'route-table', id: 'rtb-1' },
      { kind: 'security-group-rule', id: 'sgr-1' },
      { kind: 'security-group', id: 'sg-other' },
      { kind: 'listener', id: 'arn:aws:elasticloadbalancing:x:1:listener/app/other/1/2' },
    ),
  ).toEqual([]);
});

test('Balancers are read only where a change could be told by them', () => {
  expect(
    needsBalancers([
      { kind: 'target-group', id: 'x' },
      { kind: 'instance', id: 'y' },
    ]),
  ).toBe(false);
  expect(needsBalancers([{ kind: 'network-acl', id: 'x' }])).toBe(true);
  expect(balancersOf({ loadBalancerArns: [anAlb().arn] }, [anAlb()])).toEqual([anAlb()]);
  expect(balancersOf(undefined, [anAlb()])).toEqual([]);
});
