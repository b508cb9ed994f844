import { expect, test } from '@jest/globals';
import type { Network, SecurityGroupRule } from '../../../domain/network/model.ts';
import { NOTHING_READ } from '../../../domain/network/model.ts';
import { read } from '../../../domain/reading.ts';
import { nearLimits } from '../../../domain/sweep/limits.ts';
import { anAlb, aRule, aSecurityGroup } from '../../support/world/builders.ts';

const rules = (count: number, peer: (index: number) => SecurityGroupRule['peer']): readonly SecurityGroupRule[] =>
  Array.from({ length: count }, (_, index) =>
    aRule({ ruleId: `sgr-${index}`, direction: 'ingress', peer: peer(index) }),
  );

const withRules = (all: readonly SecurityGroupRule[], more: Partial<Network> = {}) =>
  nearLimits({
    targetGroups: [],
    balancers: [],
    network: {
      ...NOTHING_READ,
      rules: new Map([['sg-web', read(all)]]),
      securityGroups: new Map([['sg-web', read(aSecurityGroup({ name: 'web' }))]]),
      ...more,
    },
  });

test('Rules are warned of from four fifths on, each family apart', () => {
  const ipv4 = (count: number) => rules(count, (index) => ({ kind: 'cidr-ipv4', cidr: `10.0.${index}.0/24` }));
  expect(withRules(ipv4(47))).toEqual([]);
  expect(withRules(ipv4(48))).toEqual([{ kind: 'rules-ipv4', of: { id: 'sg-web', name: 'web' }, used: 48, limit: 60 }]);
});

test('A reference counts in both families, a prefix list by its weight, and one whose weight was not read makes nothing certain', () => {
  const lists = rules(1, () => ({ kind: 'prefix-list', prefixListId: 'pl-1' }));
  const prefixLists = new Map([['pl-1', read({ prefixListId: 'pl-1', cidrs: ['10.0.0.0/8'], weight: 55 })]]);
  expect(withRules(lists, { prefixLists }).map(({ kind, used }) => [kind, used])).toEqual([['rules-ipv4', 55]]);
  expect(withRules(lists)).toEqual([]);
  const references = rules(50, () => ({ kind: 'security-group', groupId: 'sg-alb' }));
  expect(withRules(references).map(({ kind }) => kind)).toEqual(['rules-ipv4', 'rules-ipv6']);
});

test('Targets of a gateway’s group are counted by zone, of which each may hold 300, and behind it together', () => {
  const inspect = (...zones: readonly (readonly [string, number])[]) => ({
    group: { id: 'arn-1', name: 'inspect' },
    byZone: new Map(zones),
  });
  const near = (...zones: readonly (readonly [string, number])[]) =>
    nearLimits({ network: NOTHING_READ, targetGroups: [inspect(...zones)], balancers: [] });
  expect(near(['ap-northeast-1a', 239], ['ap-northeast-1c', 239])).toEqual([]);
  expect(near(['ap-northeast-1a', 240], ['ap-northeast-1c', 260], ['ap-northeast-1d', 3])).toEqual([
    { kind: 'targets-in-zone', of: { id: 'arn-1', name: 'inspect' }, used: 260, limit: 300 },
  ]);
  const gateway = anAlb({ kind: 'gateway', name: 'gwlb', securityGroupIds: [] });
  expect(
    nearLimits({
      network: NOTHING_READ,
      targetGroups: [inspect(['ap-northeast-1a', 120], ['ap-northeast-1c', 120])],
      balancers: [{ balancer: gateway, members: 240 }],
    }).map(({ kind, of, used, limit }) => [kind, of.name, used, limit]),
  ).toEqual([['targets-behind-balancer', 'gwlb', 240, 300]]);
});

test('Targets are counted by group and by balancer', () => {
  expect(
    nearLimits({
      network: NOTHING_READ,
      targetGroups: [
        { group: { id: 'arn-1', name: 'web' }, members: 800 },
        { group: { id: 'arn-2', name: 'api' }, members: 799 },
      ],
      balancers: [{ balancer: anAlb(), members: 950 }],
    }).map(({ kind, of, used, limit }) => [kind, of.name, used, limit]),
  ).toEqual([
    ['targets-in-group', 'web', 800, 1000],
    ['targets-behind-balancer', 'web-alb', 950, 1000],
  ]);
});
