import type { Instance } from '../../domain/instance.ts';
import type { LoadBalancer } from '../../domain/load-balancer.ts';
import type { Network, SecurityGroupRule, Wearer } from '../../domain/network/model.ts';
import { NOTHING_READ } from '../../domain/network/model.ts';
import { read } from '../../domain/reading.ts';
import type { TaggedGroup } from '../../domain/seating/placements.ts';
import type { GroupFacts } from '../../domain/seating/seats.ts';
import type { Stage } from '../../domain/stage.ts';
import { stageFrom } from '../../domain/stage.ts';
import type { TargetHealth } from '../../domain/target.ts';
import type { TargetGroup } from '../../domain/target-group.ts';

/** Groups of the site, each behind a balancer of its own; AWS takes at most 1,000 targets in one (facts 2.1). */
export const GROUPS = 20;
const REGION = 'ap-northeast-1';
const ACCOUNT = '123456789012';
const VPC = 'vpc-0aa1bb2cc3dd4ee55';
const SUBNETS = ['subnet-0aa1bb2cc3dd4ee01', 'subnet-0aa1bb2cc3dd4ee02'] as const;
export const NOW = new Date('2026-11-22T05:00:30.000Z');

/** What was read of a site before anything of it is planned. */
export interface BigSite {
  readonly stage: Stage;
  readonly instances: readonly Instance[];
  readonly tagged: readonly TaggedGroup[];
  readonly facts: GroupFacts;
  /** Half of the instances are targets already. */
  readonly members: ReadonlyMap<string, readonly TargetHealth[]>;
  readonly network: Network;
}

const hexadecimal = (prefix: string, number: number): string => `${prefix}-${number.toString(16).padStart(17, '0')}`;
const nameOf = (group: number): string => `web-${group}`;
const arnOf = (group: number): string =>
  `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/${nameOf(group)}/${group.toString(16).padStart(16, '0')}`;
const balancerArnOf = (group: number): string =>
  `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/app/${nameOf(group)}/${group.toString(16).padStart(16, '0')}`;
const webGroupOf = (group: number): string => hexadecimal('sg', 2 * group);
const balancerGroupOf = (group: number): string => hexadecimal('sg', 2 * group + 1);

const instanceOf = (index: number): Instance => {
  const zone = index % 2;
  return {
    instanceId: hexadecimal('i', index),
    state: 'running',
    launchedAt: new Date('2026-11-22T05:00:00.000Z'),
    imageId: undefined,
    vpcId: VPC,
    subnetId: SUBNETS[zone],
    availabilityZone: `${REGION}${'ac'[zone]}`,
    tags: { Role: nameOf(index % GROUPS), Env: 'prod', Name: `server-${index}` },
    networkInterfaces: [
      {
        networkInterfaceId: hexadecimal('eni', index),
        deviceIndex: 0,
        networkCardIndex: 0,
        vpcId: VPC,
        subnetId: SUBNETS[zone] ?? SUBNETS[0],
        securityGroupIds: [webGroupOf(index % GROUPS)],
        privateIpv4Addresses: [`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`],
        ipv6Addresses: [],
      },
    ],
  };
};

const tagsOf = (group: number) => ({ 'usher:selector': `Role=${nameOf(group)} Env=prod` });

const targetGroupOf = (group: number): TargetGroup => ({
  arn: arnOf(group),
  name: nameOf(group),
  targetType: 'instance',
  protocol: 'HTTP',
  port: 8080,
  vpcId: VPC,
  ipAddressType: 'ipv4',
  healthCheck: {
    protocol: 'HTTP',
    port: 8081,
    path: '/',
    intervalSeconds: 30,
    timeoutSeconds: 5,
    healthyThreshold: 5,
    unhealthyThreshold: 2,
  },
  loadBalancerArns: [balancerArnOf(group)],
  tags: tagsOf(group),
});

const balancerOf = (group: number): LoadBalancer => ({
  arn: balancerArnOf(group),
  name: nameOf(group),
  kind: 'application',
  scheme: 'internet-facing',
  vpcId: VPC,
  securityGroupIds: [balancerGroupOf(group)],
  zones: SUBNETS.map((subnetId, zone) => ({ subnetId, availabilityZone: `${REGION}${'ac'[zone]}` })),
  ipAddressType: 'ipv4',
});

const everythingOut = (groupId: string): SecurityGroupRule => ({
  ruleId: `sgr-${groupId.slice(3)}`,
  groupId,
  direction: 'egress',
  protocol: '-1',
  fromPort: undefined,
  toPort: undefined,
  peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' },
  description: undefined,
  tags: {},
});

const openAcl = {
  networkAclId: 'acl-0aa1bb2cc3dd4ee55',
  entries: [true, false].map((egress) => ({
    ruleNumber: 100,
    egress,
    action: 'allow' as const,
    protocol: '-1',
    cidr: '0.0.0.0/0',
    fromPort: undefined,
    toPort: undefined,
  })),
};

const wearersOf = (instances: readonly Instance[]): ReadonlyMap<string, readonly Wearer[]> =>
  Map.groupBy(
    instances.flatMap(({ instanceId, networkInterfaces }) =>
      networkInterfaces.map(({ networkInterfaceId, securityGroupIds }) => ({
        networkInterfaceId,
        instanceId,
        description: '',
        securityGroupIds,
      })),
    ),
    ({ securityGroupIds }) => securityGroupIds[0] ?? '',
  );

const networkOf = (instances: readonly Instance[]): Network => {
  const groupIds = Array.from({ length: GROUPS }, (_, group) => [webGroupOf(group), balancerGroupOf(group)]).flat();
  const wearers = wearersOf(instances);
  return {
    ...NOTHING_READ,
    rules: new Map(groupIds.map((groupId) => [groupId, read([everythingOut(groupId)])])),
    acls: new Map(SUBNETS.map((subnetId) => [subnetId, read(openAcl)])),
    securityGroups: new Map(
      groupIds.map((groupId) => [groupId, read({ groupId, name: groupId, vpcId: VPC, tags: {} })]),
    ),
    wearers: new Map(groupIds.map((groupId) => [groupId, read(wearers.get(groupId) ?? [])])),
  };
};

const healthOf = ({ instanceId }: Instance): TargetHealth => ({
  target: { id: instanceId, port: 8080 },
  state: 'healthy',
  reason: undefined,
  description: undefined,
});

/** So many launches over twenty groups, half of them in place already, none of their paths open. */
export const bigSite = (targets: number): BigSite => {
  const instances = Array.from({ length: targets }, (_, index) => instanceOf(index));
  const groups = Array.from({ length: GROUPS }, (_, group) => targetGroupOf(group));
  const seated = instances.filter((_, index) => Math.floor(index / GROUPS) % 2 === 0);
  return {
    stage: stageFrom({ USHER_STAGE: 'bench', USHER_ACCOUNT: ACCOUNT, AWS_REGION: REGION }),
    instances,
    tagged: groups.map(({ arn, tags }) => ({ arn, tags })),
    facts: {
      targetGroups: new Map(groups.map((group) => [group.arn, group])),
      loadBalancers: new Map(groups.map((_, group) => [balancerArnOf(group), balancerOf(group)])),
      attachedTargetGroups: new Map(),
      lifecycleStates: new Map(),
    },
    members: new Map(
      groups.map(({ arn, name }) => [arn, seated.filter(({ tags: { Role } }) => Role === name).map(healthOf)]),
    ),
    network: networkOf(instances),
  };
};
