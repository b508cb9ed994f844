import { describe, expect, test } from '@jest/globals';
import type { LoadBalancer } from '../../../domain/load-balancer.ts';
import { judge } from '../../../domain/network/judge.ts';
import type { Network, Seat } from '../../../domain/network/model.ts';
import { needsOf, repairNeeds, wantsOf } from '../../../domain/network/needs.ts';
import { read } from '../../../domain/reading.ts';
import type { TargetGroup } from '../../../domain/target-group.ts';
import {
  ALB_ARN,
  aclOf,
  alb,
  GROUP_ARN,
  ipSeat,
  over,
  rightNetwork,
  rulesOf,
  seat,
  trafficOf,
  webGroup,
  webInterface,
  withAcls,
  withIngress,
} from './world.ts';

const NOTHING_NEEDED = {
  securityGroupIds: [],
  subnetIds: [],
  balancers: [],
  preservationArns: [],
  endpointServiceArns: [],
  routed: [],
};

describe('Given seats, when it is asked what to read first', () => {
  test('then the groups of both sides and the subnets whose ACLs lie between, each once, in order', () => {
    expect(needsOf([seat, ipSeat(), seat])).toEqual({
      ...NOTHING_NEEDED,
      securityGroupIds: ['sg-0eb', 'sg-a1b'],
      subnetIds: ['subnet-alb-a', 'subnet-alb-c', 'subnet-web'],
      routed: [
        { subnetId: 'subnet-alb-a', vpcId: 'vpc-1' },
        { subnetId: 'subnet-alb-c', vpcId: 'vpc-1' },
        { subnetId: 'subnet-web', vpcId: 'vpc-1' },
      ],
    });
  });

  test('then the interfaces of a balancer that wears no group, and no routes, for no rule can name a group of it', () => {
    const gateway: LoadBalancer = { ...alb, kind: 'gateway', securityGroupIds: [] };
    const appliances: TargetGroup = { ...webGroup, protocol: 'GENEVE', port: 6_081 };
    expect(needsOf([{ ...seat, loadBalancer: gateway, targetGroup: appliances }])).toEqual({
      ...NOTHING_NEEDED,
      securityGroupIds: ['sg-0eb'],
      subnetIds: ['subnet-alb-a', 'subnet-alb-c', 'subnet-web'],
      balancers: [gateway],
    });
  });

  test('then whether targets see their clients, where the protocol leaves it open, and endpoint services where it does not', () => {
    const network: LoadBalancer = { ...alb, kind: 'network', securityGroupIds: [] };
    const behind = (protocol: string): Seat => ({
      ...seat,
      loadBalancer: network,
      targetGroup: { ...webGroup, protocol },
    });
    expect(needsOf([behind('TCP')])).toMatchObject({
      balancers: [network],
      preservationArns: [GROUP_ARN],
      endpointServiceArns: [],
    });
    expect(needsOf([behind('UDP')])).toMatchObject({
      balancers: [network],
      preservationArns: [],
      endpointServiceArns: [ALB_ARN],
    });
    expect(needsOf([{ ...behind('UDP'), loadBalancer: { ...network, securityGroupIds: ['sg-a1b'] } }])).toMatchObject({
      balancers: [],
      preservationArns: [],
      endpointServiceArns: [],
    });
  });

  test('then nothing where nothing is to be judged', () => {
    expect(needsOf([])).toEqual(NOTHING_NEEDED);
    expect(needsOf([{ ...seat, targetGroup: { ...webGroup, targetType: 'alb' } }])).toEqual(NOTHING_NEEDED);
    expect(needsOf([{ ...seat, loadBalancer: undefined, targetGroup: { ...webGroup, loadBalancerArns: [] } }])).toEqual(
      NOTHING_NEEDED,
    );
    expect(needsOf([{ ...seat, networkInterface: undefined }])).toEqual(NOTHING_NEEDED);
  });

  test('then no ACL where balancer and target share their only subnet', () => {
    const together: Seat = {
      ...seat,
      loadBalancer: { ...alb, zones: [{ availabilityZone: '1a', subnetId: 'subnet-web' }] },
    };
    expect(needsOf([together]).subnetIds).toEqual([]);
  });
});

describe('Given what was read first, when it is asked what else', () => {
  const first: Network = { ...rightNetwork, subnets: new Map(), securityGroups: new Map(), wearers: new Map() };

  test('then nothing where groups are named and ACLs are open: everything already right costs no more reads', () => {
    expect(wantsOf([seat, ipSeat()], first).subnetIds).toEqual([]);
    expect(wantsOf([seat, ipSeat()], first).prefixListIds).toEqual([]);
  });

  test('then the balancer’s subnets where a rule or an entry names addresses', () => {
    expect(wantsOf([seat], { ...first, rules: withIngress('tcp 80 10.0.0.0/16').rules }).subnetIds).toEqual([
      'subnet-alb-a',
      'subnet-alb-c',
    ]);
    const { acls } = withAcls({
      'subnet-web': aclOf('acl-1', ['100 in allow tcp 80 10.0.0.0/16', '100 out allow all all 0.0.0.0/0']),
    });
    expect(wantsOf([seat], { ...first, acls }).subnetIds).toEqual(['subnet-alb-a', 'subnet-alb-c']);
  });

  test('then the target’s subnet where nothing else tells its zone', () => {
    expect(wantsOf([{ ...ipSeat(), instance: undefined }], first).subnetIds).toEqual(['subnet-web']);
  });

  test('then a prefix list, with the subnets to hold it against, only where no other rule passes', () => {
    const alone = { ...first, rules: withIngress('tcp 80 pl-1').rules };
    expect(wantsOf([seat], alone).prefixListIds).toEqual(['pl-1']);
    expect(wantsOf([seat], alone).subnetIds).toEqual(['subnet-alb-a', 'subnet-alb-c']);
    expect(
      wantsOf([seat], { ...first, rules: withIngress('tcp 80 pl-1', 'tcp 80 sg-a1b').rules }).prefixListIds,
    ).toEqual([]);
    expect(
      wantsOf([seat], { ...first, rules: withIngress('tcp 443 pl-1', 'tcp 80 sg-a1b').rules }).prefixListIds,
    ).toEqual([]);
  });

  test('then reading what is asked for leaves nothing to ask', () => {
    const alone = {
      ...rightNetwork,
      rules: withIngress('tcp 80 pl-1').rules,
      prefixLists: new Map([['pl-1', read({ prefixListId: 'pl-1', cidrs: ['10.0.0.0/25'], weight: 1 })]]),
    };
    expect(wantsOf([seat], alone).subnetIds).toEqual([]);
    expect(wantsOf([seat], alone).prefixListIds).toEqual([]);
  });
});

describe('Given judgements, when it is asked what a repair needs', () => {
  const needsFor = (of: Seat, network: Network) => repairNeeds([judge(trafficOf(of), network)], network);

  test('then nothing for a path that passes, or that no rule would open', () => {
    const nothing = { securityGroupIds: [], prefixListIds: [] };
    expect(needsFor(seat, rightNetwork)).toEqual(nothing);
    expect(needsFor({ ...seat, targetGroup: { ...webGroup, loadBalancerArns: [] } }, withIngress())).toEqual(nothing);
  });

  test('then every group of both sides, and the lists whose weight fills the group to be written', () => {
    const two: Seat = { ...seat, networkInterface: { ...webInterface, securityGroupIds: ['sg-0eb', 'sg-0ec'] } };
    const rules = over(
      withIngress('tcp 443 pl-1').rules,
      rulesOf('sg-0ec', ['tcp 22 pl-2']),
      rulesOf('sg-a1b', ['tcp 443 pl-3']),
    );
    expect(needsFor(two, { ...rightNetwork, rules })).toEqual({
      securityGroupIds: ['sg-0eb', 'sg-0ec', 'sg-a1b'],
      prefixListIds: ['pl-1', 'pl-2'],
    });
  });
});
