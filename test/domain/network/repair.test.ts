import { describe, expect, test } from '@jest/globals';
import type { RepairOptions } from '../../../domain/network/draft.ts';
import { REPAIR_DEFAULTS } from '../../../domain/network/draft.ts';
import { judge } from '../../../domain/network/judge.ts';
import type { Network, ProposedRule, Seat, Wearer } from '../../../domain/network/model.ts';
import { repair } from '../../../domain/network/repair.ts';
import { requiredFlows } from '../../../domain/network/required-flows.ts';
import { read, unreadable } from '../../../domain/reading.ts';
import {
  aclOf,
  alb,
  albWearers,
  GROUP_ARN,
  group,
  INSTANCE_ID,
  ipSeat,
  ipv6Seat,
  over,
  rightNetwork,
  rulesOf,
  seat,
  wearer,
  webGroup,
  webInstance,
  webInterface,
  webWearer,
  withAcls,
  withEgress,
  withIngress,
} from './world.ts';

const repairOf = (seats: readonly Seat[], network: Network, options: Partial<RepairOptions> = {}) => {
  const judgements = seats.flatMap(requiredFlows).map((flow) => judge(flow, network));
  return repair(judgements, network, { ...REPAIR_DEFAULTS, ...options });
};

/** `sg-0eb ingress tcp 80 sg-a1b` */
const line = ({ groupId, direction, protocol, port, peer }: ProposedRule): string =>
  `${groupId} ${direction} ${protocol} ${port} ${peer.kind === 'security-group' ? peer.groupId : peer.kind}`;

const written = (seats: readonly Seat[], network: Network, options: Partial<RepairOptions> = {}) =>
  repairOf(seats, network, options).rules.map(line);

const withHealthPort = (port: 'traffic-port' | number, of: Seat = seat): Seat => ({
  ...of,
  targetGroup: { ...of.targetGroup, healthCheck: { ...of.targetGroup.healthCheck, port } },
});

const onPort = (port: number, of: Seat): Seat => ({ ...of, target: { ...of.target, port } });

const manyWearers = (count: number): readonly Wearer[] =>
  Array.from({ length: count }, (_, index) => wearer(`eni-other-${index}`, { instanceId: `i-other-${index}` }));

const closed = withIngress();
const INGRESS_80 = 'sg-0eb ingress tcp 80 sg-a1b';

describe.each([
  ['instance over IPv4', seat],
  ['ip over IPv4', ipSeat()],
  ['instance over IPv6', ipv6Seat],
  ['ip over IPv6', ipSeat('2600:1f00:0:10::5')],
] as const)('Given an %s target that nothing admits, when it is repaired', (_kind, of) => {
  test.each([
    ['health on the same port', withHealthPort(80, of), [INGRESS_80]],
    ['health on another port', withHealthPort(9_090, of), [INGRESS_80, 'sg-0eb ingress tcp 9090 sg-a1b']],
    [
      'an overridden port that health follows',
      onPort(8_080, withHealthPort('traffic-port', of)),
      ['sg-0eb ingress tcp 8080 sg-a1b'],
    ],
    [
      'an overridden port, health on another',
      onPort(8_080, withHealthPort(80, of)),
      [INGRESS_80, 'sg-0eb ingress tcp 8080 sg-a1b'],
    ],
  ])('then with %s exactly these rules are written', (_case, target, rules) => {
    expect(written([target], closed)).toEqual(rules);
  });

  test('then with the traffic port open only the health port is written', () => {
    expect(written([withHealthPort(9_090, of)], rightNetwork)).toEqual(['sg-0eb ingress tcp 9090 sg-a1b']);
  });

  test('then a restricted balancer gets its way out, to the target’s group', () => {
    const network = {
      ...withEgress('tcp 443 0.0.0.0/0'),
      rules: new Map([rulesOf('sg-a1b', [], []), rulesOf('sg-0eb', [])]),
    };
    expect(written([withHealthPort(9_090, of)], network)).toEqual([
      INGRESS_80,
      'sg-0eb ingress tcp 9090 sg-a1b',
      'sg-a1b egress tcp 80 sg-0eb',
      'sg-a1b egress tcp 9090 sg-0eb',
    ]);
  });
});

test('Given a blocked target, when it is repaired, then the rule is whole: group, VPC, one port, one peer, its seats', () => {
  expect(repairOf([seat], closed)).toEqual({
    rules: [
      {
        groupId: 'sg-0eb',
        vpcId: 'vpc-1',
        direction: 'ingress',
        protocol: 'tcp',
        port: 80,
        peer: { kind: 'security-group', groupId: 'sg-a1b' },
        seats: [seat],
      },
    ],
    proposals: [],
    findings: [],
  });
});

test('Given a path that passes, when it is repaired, then there is nothing to write and nothing to say', () => {
  expect(repairOf([seat, ipSeat()], rightNetwork)).toEqual({ rules: [], proposals: [], findings: [] });
});

test('Given a port range that just misses, when it is repaired, then the range is left alone and one port added', () => {
  expect(written([seat], withIngress('tcp 81-90 sg-a1b'))).toEqual([INGRESS_80]);
});

test('Given ten targets in each of two target groups behind one security group, when they are repaired, then one rule serves them all', () => {
  const seats = Array.from({ length: 10 }, (_, index): Seat => {
    const id = `i-${String(index).padStart(17, '0')}`;
    return {
      ...seat,
      target: { id, port: 80 },
      instance: { ...webInstance, instanceId: id },
      networkInterface: { ...webInterface, networkInterfaceId: `eni-${index}` },
    };
  });
  const other = seats.map((each) => ({ ...each, targetGroup: { ...webGroup, arn: `${GROUP_ARN}b`, name: 'web-b' } }));
  const { rules } = repairOf([...other, ...seats].reverse(), closed);
  expect(rules.map(line)).toEqual([INGRESS_80]);
  expect(rules[0]?.seats.map(({ target, targetGroup }) => `${targetGroup.name} ${target.id}`)).toEqual(
    [...other, ...seats].map(({ target, targetGroup }) => `${targetGroup.name} ${target.id}`),
  );
});

describe('Given a path with another obstacle, when it is repaired', () => {
  test('then a stopped instance does not hold the rule up, and is told', () => {
    const { rules, findings } = repairOf([{ ...seat, instance: { ...webInstance, state: 'stopped' } }], closed);
    expect(rules.map(line)).toEqual([INGRESS_80]);
    expect(findings).toEqual([
      {
        seat: `${GROUP_ARN}|${INSTANCE_ID}:80`,
        finding: {
          reason: 'InstanceNotRunning',
          severity: 'warning',
          evidence: { instance: INSTANCE_ID, state: 'stopped' },
        },
      },
    ]);
  });

  test('then an ACL that denies is told with its line and never written', () => {
    const network = {
      ...withAcls({ 'subnet-web': aclOf('acl-1', ['100 out allow all all 0.0.0.0/0']) }),
      rules: closed.rules,
    };
    const { rules, findings } = repairOf([seat], network);
    expect(rules.map(line)).toEqual([INGRESS_80]);
    expect(findings.map(({ finding }) => [finding.reason, finding.remedy?.slice(0, 34)])).toEqual([
      ['NetworkAclDenies', 'aws ec2 create-network-acl-entry -'],
    ]);
  });

  test.each([
    [
      'its group is used by no listener',
      { ...seat, loadBalancer: undefined, targetGroup: { ...webGroup, loadBalancerArns: [] } },
      'GroupNotUsed',
    ],
    ['its zone is not enabled', { ...seat, instance: { ...webInstance, availabilityZone: '1d' } }, 'ZoneNotEnabled'],
    [
      'it is outside the VPC',
      { ...ipSeat(), networkInterface: { ...webInterface, vpcId: 'vpc-2' } },
      'TargetOutsideVpc',
    ],
    [
      'nobody wears its address',
      { ...ipSeat(), instance: undefined, networkInterface: undefined },
      'InterfaceNotFound',
    ],
    [
      'its balancer wears no group and its addresses are not known',
      { ...seat, loadBalancer: { ...alb, arn: `${alb.arn}0`, kind: 'network', securityGroupIds: [] } },
      'PathUnknown',
    ],
  ] as const)('then no rule is written in vain when %s', (_case, of: Seat, reason) => {
    const { rules, proposals, findings } = repairOf([of], closed);
    expect([rules, proposals]).toEqual([[], []]);
    expect(findings[0]?.finding.reason).toBe(reason);
  });

  test('then what could not be read is told and never written', () => {
    const network = { ...closed, rules: over(closed.rules, ['sg-0eb', unreadable('AccessDenied')]) };
    const { rules, proposals, findings } = repairOf([seat], network);
    expect([rules, proposals]).toEqual([[], []]);
    expect(findings.map(({ finding }) => finding.reason)).toEqual(['PathUnknown']);
  });

  test('then a group tagged usher:ignore gets no rule on its behalf, and says so', () => {
    const ignored: Seat = { ...seat, targetGroup: { ...webGroup, tags: { 'usher:ignore': 'true' } } };
    const { rules, proposals, findings } = repairOf([ignored], closed);
    expect([rules, proposals]).toEqual([[], []]);
    expect(findings.map(({ finding }) => [finding.reason, finding.evidence])).toEqual([
      ['IngressMissing', expect.objectContaining({ securityGroup: 'sg-0eb' })],
      ['RuleNotWritten', { because: 'Ignored', targetGroup: 'web' }],
    ]);
  });
});

describe('Given an interface with several groups, when a rule is to be written', () => {
  const two: Seat = { ...seat, networkInterface: { ...webInterface, securityGroupIds: ['sg-0ec', 'sg-0eb'] } };

  const network = (
    wearers: Readonly<Record<string, number>>,
    tags: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
    names: Readonly<Record<string, string>> = {},
  ): Network => ({
    ...closed,
    rules: over(closed.rules, rulesOf('sg-0ec', [])),
    securityGroups: over(
      closed.securityGroups,
      ...['sg-0eb', 'sg-0ec'].map((id) => [id, read(group(id, names[id] ?? id, tags[id]))] as const),
    ),
    wearers: over(
      closed.wearers,
      ...['sg-0eb', 'sg-0ec'].map((id) => [id, read([webWearer, ...manyWearers(wearers[id] ?? 0)])] as const),
    ),
  });

  test('then it goes to the one worn by the fewest interfaces outside, the lowest id among equals', () => {
    expect(written([two], network({ 'sg-0eb': 3, 'sg-0ec': 1 }))).toEqual(['sg-0ec ingress tcp 80 sg-a1b']);
    expect(written([two], network({ 'sg-0eb': 1, 'sg-0ec': 3 }))).toEqual([INGRESS_80]);
    expect(written([two], network({ 'sg-0eb': 2, 'sg-0ec': 2 }))).toEqual([INGRESS_80]);
  });

  test('then it goes to the one tagged usher:rules-here, whoever else wears it', () => {
    const tags = { 'sg-0ec': { 'usher:rules-here': 'true' } };
    expect(written([two], network({ 'sg-0eb': 0, 'sg-0ec': 20 }, tags))).toEqual(['sg-0ec ingress tcp 80 sg-a1b']);
  });

  test('then it does not go to one tagged usher:ignore, nor to default, nor to one worn by more than 20 outside', () => {
    const ignored = { 'sg-0eb': { 'usher:ignore': 'true' } };
    expect(written([two], network({ 'sg-0ec': 9 }, ignored))).toEqual(['sg-0ec ingress tcp 80 sg-a1b']);
    expect(written([two], network({ 'sg-0ec': 9 }, {}, { 'sg-0eb': 'default' }))).toEqual([
      'sg-0ec ingress tcp 80 sg-a1b',
    ]);
    expect(written([two], network({ 'sg-0eb': 21, 'sg-0ec': 20 }))).toEqual(['sg-0ec ingress tcp 80 sg-a1b']);
  });

  test('then it goes to the other one where the first is full', () => {
    const full = Array.from({ length: 60 }, (_, index) => `tcp ${1_000 + index} 10.0.0.0/8`);
    const base = network({ 'sg-0eb': 0, 'sg-0ec': 5 });
    expect(written([two], { ...base, rules: over(base.rules, rulesOf('sg-0eb', full)) })).toEqual([
      'sg-0ec ingress tcp 80 sg-a1b',
    ]);
  });

  test('then an interface with less choice decides for one with more', () => {
    const one: Seat = {
      ...seat,
      target: { id: 'i-0fffffffffffffff1', port: 80 },
      instance: { ...webInstance, instanceId: 'i-0fffffffffffffff1' },
      networkInterface: { ...webInterface, networkInterfaceId: 'eni-web-2' },
    };
    expect(written([two, one], network({ 'sg-0eb': 9, 'sg-0ec': 0 }))).toEqual([INGRESS_80]);
  });

  test('then it is only proposed when any of them could not be weighed', () => {
    const base = network({});
    const { rules, proposals } = repairOf([two], {
      ...base,
      wearers: over(base.wearers, ['sg-0ec', unreadable('AccessDenied')]),
    });
    expect(rules).toEqual([]);
    expect(proposals.map(({ finding }) => finding.evidence)).toEqual([
      { because: 'SecurityGroupUnread', securityGroup: 'sg-0eb' },
    ]);
  });
});

describe('Given a group that may not be written to, when its rule is proposed', () => {
  const COMMAND =
    "aws ec2 authorize-security-group-ingress --group-id sg-0eb --ip-permissions 'IpProtocol=tcp,FromPort=80,ToPort=80,UserIdGroupPairs=[{GroupId=sg-a1b}]' --region ap-northeast-1";

  const proposal = (network: Network, options: Partial<RepairOptions> = {}) => {
    const { rules, proposals, findings } = repairOf([seat], network, options);
    expect(rules).toEqual([]);
    expect(proposals.map(({ rule }) => line(rule))).toEqual([INGRESS_80]);
    expect(findings.map(({ finding }) => [finding.reason, finding.remedy])).toEqual([['IngressMissing', COMMAND]]);
    return proposals[0]?.finding;
  };

  const withWearers = (...wearers: readonly Wearer[]): Network => ({
    ...closed,
    wearers: over(closed.wearers, ['sg-0eb', read(wearers)]),
  });

  test('then for the VPC’s default group', () => {
    const network = {
      ...closed,
      securityGroups: over(closed.securityGroups, ['sg-0eb', read(group('sg-0eb', 'default'))]),
    };
    expect(proposal(network)).toEqual({
      reason: 'RuleNotWritten',
      severity: 'warning',
      evidence: { because: 'DefaultGroup', securityGroup: 'sg-0eb', securityGroupName: 'default' },
      remedy: COMMAND,
    });
  });

  test('then for one worn by 21 interfaces outside, and not for one worn by 20', () => {
    expect(proposal(withWearers(webWearer, ...manyWearers(21)))?.evidence).toEqual({
      because: 'WornByOthers',
      securityGroup: 'sg-0eb',
      securityGroupName: 'web',
      interfaces: '21',
    });
    expect(written([seat], withWearers(webWearer, ...manyWearers(20)))).toEqual([INGRESS_80]);
  });

  test('then members of the same target group are not outside', () => {
    const members = new Map([[GROUP_ARN, new Set(manyWearers(30).map(({ instanceId }) => instanceId ?? ''))]]);
    expect(written([seat], withWearers(webWearer, ...manyWearers(30)), { members })).toEqual([INGRESS_80]);
    const others = new Map([[`${GROUP_ARN}b`, members.get(GROUP_ARN) ?? new Set<string>()]]);
    expect(proposal(withWearers(webWearer, ...manyWearers(30)), { members: others })?.evidence).toMatchObject({
      interfaces: '30',
    });
  });

  test('then for one tagged usher:ignore', () => {
    const ignored = group('sg-0eb', 'web', { 'usher:ignore': 'TRUE ' });
    expect(
      proposal({ ...closed, securityGroups: over(closed.securityGroups, ['sg-0eb', read(ignored)]) })?.evidence,
    ).toEqual({
      because: 'Ignored',
      securityGroup: 'sg-0eb',
    });
  });

  test.each([
    ['name', { securityGroups: over(closed.securityGroups, ['sg-0eb', unreadable('x')]) }],
    ['wearers', { wearers: over(closed.wearers, ['sg-0eb', unreadable('x')]) }],
  ])('then for one whose %s could not be read', (_what, unread) => {
    expect(proposal({ ...closed, ...unread })?.evidence).toMatchObject({ because: 'SecurityGroupUnread' });
  });

  test.each([
    ['60 IPv4 blocks', Array.from({ length: 60 }, (_, index) => `tcp ${index + 1_000} 10.0.0.0/8`)],
    ['60 IPv6 blocks', Array.from({ length: 60 }, (_, index) => `tcp ${index + 1_000} 2001:db8::/32`)],
    ['60 groups', Array.from({ length: 60 }, (_, index) => `tcp ${index + 1_000} sg-0ec`)],
    [
      '5 blocks and a list of weight 55',
      ['tcp 443 pl-cf', ...Array.from({ length: 5 }, (_, index) => `tcp ${index + 1_000} 10.0.0.0/8`)],
    ],
  ])('then for one that is full with %s', (_case, texts) => {
    const prefixLists = new Map([['pl-cf', read({ prefixListId: 'pl-cf', cidrs: ['192.0.2.0/24'], weight: 55 })]]);
    expect(proposal({ ...withIngress(...texts), prefixLists })).toEqual({
      reason: 'SecurityGroupFull',
      severity: 'warning',
      evidence: { securityGroup: 'sg-0eb', direction: 'ingress', rules: '60', quota: '60' },
      remedy:
        'aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-0EA8095F --desired-value 120 --region ap-northeast-1',
    });
  });

  test('then the families count apart, and the other direction not at all', () => {
    const half = (cidr: string, count: number) =>
      Array.from({ length: count }, (_, index) => `tcp ${index + 1_000} ${cidr}`);
    expect(written([seat], withIngress(...half('10.0.0.0/8', 59), ...half('2001:db8::/32', 59)))).toEqual([INGRESS_80]);
    const rules = over(closed.rules, rulesOf('sg-0eb', [], half('10.0.0.0/8', 60)));
    expect(written([seat], { ...closed, rules })).toEqual([INGRESS_80]);
  });

  test('then one of two rules where only one fits', () => {
    const texts = Array.from({ length: 59 }, (_, index) => `tcp ${index + 1_000} 10.0.0.0/8`);
    const { rules, proposals } = repairOf([withHealthPort(9_090)], withIngress(...texts));
    expect([rules.map(line), proposals.map(({ rule, finding }) => [line(rule), finding.reason])]).toEqual([
      [INGRESS_80],
      [['sg-0eb ingress tcp 9090 sg-a1b', 'SecurityGroupFull']],
    ]);
  });

  test('then for one whose list has a weight that could not be read', () => {
    const network = { ...withIngress('tcp 443 pl-cf'), prefixLists: new Map([['pl-cf', unreadable('x')]]) };
    expect(proposal(network)?.evidence).toMatchObject({ because: 'RulesUnread' });
  });
});

test('Given a rule that one seat may have written and another only proposed, when both are repaired, then it is written for both', () => {
  const unsure: Seat = {
    ...seat,
    target: { id: 'i-00000000000000001', port: 80 },
    networkInterface: { ...webInterface, securityGroupIds: ['sg-0eb', 'sg-0ec'] },
  };
  const rules = new Map([rulesOf('sg-a1b', [], []), rulesOf('sg-0eb', ['tcp 80 sg-a1b']), rulesOf('sg-0ec', [])]);
  const network = { ...rightNetwork, rules };
  expect(repairOf([unsure], network).proposals.map(({ rule }) => line(rule))).toEqual(['sg-a1b egress tcp 80 sg-0eb']);
  const both = repairOf([unsure, seat], network);
  expect([both.rules.map(line), both.proposals]).toEqual([['sg-a1b egress tcp 80 sg-0eb'], []]);
  expect(both.rules[0]?.seats).toEqual([unsure, seat]);
});

describe('Given a balancer with its groups, when a rule names one of them', () => {
  const twoGroups: Seat = { ...seat, loadBalancer: { ...alb, securityGroupIds: ['sg-a1c', 'sg-a1b'] } };

  const network = (
    others: Readonly<Record<string, number>>,
    names: Readonly<Record<string, string>> = {},
  ): Network => ({
    ...closed,
    rules: over(closed.rules, rulesOf('sg-a1c', [])),
    securityGroups: over(
      closed.securityGroups,
      ...['sg-a1b', 'sg-a1c'].map((id) => [id, read(group(id, names[id] ?? id))] as const),
    ),
    wearers: over(
      closed.wearers,
      ...['sg-a1b', 'sg-a1c'].map((id) => [id, read([...albWearers, ...manyWearers(others[id] ?? 0)])] as const),
    ),
  });

  test('then the one worn by the fewest others, the lowest id among equals, never default while another exists', () => {
    expect(written([twoGroups], network({ 'sg-a1b': 2, 'sg-a1c': 1 }))).toEqual(['sg-0eb ingress tcp 80 sg-a1c']);
    expect(written([twoGroups], network({}))).toEqual([INGRESS_80]);
    expect(written([twoGroups], network({ 'sg-a1c': 7 }, { 'sg-a1b': 'default' }))).toEqual([
      'sg-0eb ingress tcp 80 sg-a1c',
    ]);
    expect(written([twoGroups], network({ 'sg-a1c': 7 }, { 'sg-a1b': 'default', 'sg-a1c': 'default' }))).toEqual([
      INGRESS_80,
    ]);
  });

  test('then a path admitted through any of them needs no rule', () => {
    for (const admitted of ['sg-a1b', 'sg-a1c']) {
      const rules = over(network({}).rules, rulesOf('sg-0eb', [`tcp 80 ${admitted}`]));
      expect(written([twoGroups], { ...network({}), rules })).toEqual([]);
    }
  });

  test('then others who wear it are told: "only the balancer" is not reached', () => {
    expect(repairOf([seat], network({ 'sg-a1b': 2 })).findings).toEqual([
      {
        seat: `${GROUP_ARN}|${INSTANCE_ID}:80`,
        finding: {
          reason: 'BalancerGroupShared',
          severity: 'information',
          evidence: { securityGroup: 'sg-a1b', securityGroupName: 'sg-a1b', loadBalancer: 'web-alb', interfaces: '2' },
        },
      },
    ]);
  });

  test('then one alone is named without being weighed, and that nobody knows who wears it is told', () => {
    const unread = { ...closed, wearers: over(closed.wearers, ['sg-a1b', unreadable('AccessDenied')]) };
    const { rules, findings } = repairOf([seat], unread);
    expect(rules.map(line)).toEqual([INGRESS_80]);
    expect(findings.map(({ finding }) => [finding.reason, finding.evidence])).toEqual([
      [
        'PathUnknown',
        { because: 'WearersUnread', securityGroup: 'sg-a1b', securityGroupName: 'web-alb', loadBalancer: 'web-alb' },
      ],
    ]);
  });

  test('then a choice that could not be weighed is only proposed', () => {
    const base = network({});
    const unread = { ...base, wearers: over(base.wearers, ['sg-a1c', unreadable('AccessDenied')]) };
    const { rules, proposals } = repairOf([twoGroups], unread);
    expect([rules, proposals.map(({ finding }) => finding.evidence)]).toEqual([
      [],
      [{ because: 'SecurityGroupUnread', securityGroup: 'sg-a1b' }],
    ]);
  });
});

test('Given a balancer whose own group is default, when its way out is missing, then it is only proposed', () => {
  const network: Network = {
    ...withEgress(),
    rules: new Map([rulesOf('sg-a1b', [], []), rulesOf('sg-0eb', ['tcp 80 sg-a1b'])]),
    securityGroups: over(rightNetwork.securityGroups, ['sg-a1b', read(group('sg-a1b', 'default'))]),
  };
  const { rules, proposals } = repairOf([seat], network);
  expect(rules).toEqual([]);
  expect(proposals.map(({ rule, finding }) => [line(rule), finding.evidence, finding.remedy])).toEqual([
    [
      'sg-a1b egress tcp 80 sg-0eb',
      { because: 'DefaultGroup', securityGroup: 'sg-a1b', securityGroupName: 'default' },
      "aws ec2 authorize-security-group-egress --group-id sg-a1b --ip-permissions 'IpProtocol=tcp,FromPort=80,ToPort=80,UserIdGroupPairs=[{GroupId=sg-0eb}]' --region ap-northeast-1",
    ],
  ]);
});
