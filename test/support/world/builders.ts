import type { Instance, NetworkInterface } from '../../../domain/instance.ts';
import type { LoadBalancer } from '../../../domain/load-balancer.ts';
import type {
  NetworkAcl,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
} from '../../../domain/network/model.ts';
import type { Stage } from '../../../domain/stage.ts';
import type { TargetGroup } from '../../../domain/target-group.ts';

/** The account, Region and VPC that every builder speaks of unless told otherwise. */
export const ACCOUNT = '123456789012';
export const REGION = 'ap-northeast-1';
export const VPC = 'vpc-1';

export const targetGroupArn = (name: string): string =>
  `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/${name}/0123456789abcdef`;

export const loadBalancerArn = (name: string): string =>
  `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/app/${name}/0123456789abcdef`;

/** A stage that may do everything in every VPC, with the defaults of `serverless.yml`. */
export const aStage = (stage: Partial<Stage> = {}): Stage => ({
  name: 'prod',
  account: ACCOUNT,
  region: REGION,
  vpcIds: 'all',
  defaultPolicy: 'add-only',
  maximumPolicy: 'add-only',
  minimumHealthyTargets: 1,
  maximumAdditions: 5,
  removalsPerHour: 10,
  patienceSeconds: 120,
  secondsBetweenReports: 60,
  managedByTags: [],
  iacAdditions: 'write',
  wideClientCidrs: false,
  destinations: ['default'],
  ...stage,
});

/** An internet-facing ALB in two zones, wearing `sg-alb`. */
export const anAlb = (alb: Partial<LoadBalancer> = {}): LoadBalancer => ({
  arn: loadBalancerArn(alb.name ?? 'web-alb'),
  name: 'web-alb',
  kind: 'application',
  dnsName: `${alb.name ?? 'web-alb'}-1234567890.${REGION}.elb.amazonaws.com`,
  scheme: 'internet-facing',
  vpcId: VPC,
  securityGroupIds: ['sg-alb'],
  zones: [
    { availabilityZone: 'ap-northeast-1a', subnetId: 'subnet-a' },
    { availabilityZone: 'ap-northeast-1c', subnetId: 'subnet-c' },
  ],
  ipAddressType: 'ipv4',
  ...alb,
});

/** An HTTP group on port 80 behind `web-alb`, for instances tagged `Role=web`. */
export const aTargetGroup = (group: Partial<TargetGroup> = {}): TargetGroup => ({
  arn: targetGroupArn(group.name ?? 'web'),
  name: 'web',
  targetType: 'instance',
  protocol: 'HTTP',
  port: 80,
  vpcId: VPC,
  ipAddressType: 'ipv4',
  healthCheck: {
    protocol: 'HTTP',
    port: 'traffic-port',
    path: '/',
    intervalSeconds: 30,
    timeoutSeconds: 5,
    healthyThreshold: 5,
    unhealthyThreshold: 2,
  },
  loadBalancerArns: [loadBalancerArn('web-alb')],
  tags: { 'usher:selector': 'Role=web' },
  ...group,
});

export const classicArn = (name: string): string =>
  `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/${name}`;

/** A Classic balancer in the same zones, wearing `sg-elb`. */
export const aClassicBalancer = (balancer: Partial<LoadBalancer> = {}): LoadBalancer =>
  anAlb({
    arn: classicArn(balancer.name ?? 'old-web'),
    name: 'old-web',
    kind: 'classic',
    securityGroupIds: ['sg-elb'],
    ...balancer,
  });

/** The same as the group that it is, with listeners to 8080 and 2525 and its check on 9000, for `Role=web`. */
export const aClassicGroup = (group: Partial<TargetGroup> = {}): TargetGroup => {
  const arn = classicArn(group.name ?? 'old-web');
  return aTargetGroup({
    arn,
    name: 'old-web',
    protocol: undefined,
    port: undefined,
    instancePorts: [2525, 8080],
    healthCheck: {
      protocol: 'HTTP',
      port: 9000,
      path: '/health',
      intervalSeconds: 30,
      timeoutSeconds: 5,
      healthyThreshold: 10,
      unhealthyThreshold: 2,
    },
    loadBalancerArns: [arn],
    ...group,
  });
};

/** The interface an instance gets unless told otherwise; its number is the last part of its names. */
const anInterface = (number: string, instance: Partial<AnInstance>): NetworkInterface => ({
  networkInterfaceId: `eni-${number}`,
  deviceIndex: 0,
  networkCardIndex: 0,
  vpcId: instance.vpcId ?? VPC,
  subnetId: instance.subnetId ?? 'subnet-a',
  securityGroupIds: instance.securityGroupIds ?? ['sg-web'],
  privateIpv4Addresses: [instance.address ?? `10.0.1.${Number.parseInt(number.slice(-2), 16) || 250}`],
  ipv6Addresses: [],
});

/** What a test may say about an instance; the rest follows from its id. */
export interface AnInstance extends Instance {
  readonly securityGroupIds: readonly string[];
  readonly address: string;
}

/**
 * A running instance tagged `Role=web` in `subnet-a`, wearing `sg-web`, launched at the world's start. Ids are hexadecimal:
 * `i-00000001` has the address 10.0.1.1. A terminated one has lost its network, as in EC2.
 */
export const anInstance = (instance: Partial<AnInstance> = {}): Instance => {
  const { securityGroupIds, address, ...told } = instance;
  const instanceId = told.instanceId ?? 'i-00000001';
  const isGone = told.state === 'terminated';
  const number = instanceId.slice(2);
  return {
    instanceId,
    state: 'running',
    launchedAt: new Date('2026-11-22T05:00:00.000Z'),
    imageId: 'ami-1',
    vpcId: isGone ? undefined : VPC,
    subnetId: isGone ? undefined : 'subnet-a',
    availabilityZone: 'ap-northeast-1a',
    tags: { Role: 'web', Name: `web-${Number.parseInt(number.slice(-2), 16)}` },
    networkInterfaces: isGone ? [] : [anInterface(number, instance)],
    ...told,
  };
};

export const aSecurityGroup = (group: Partial<SecurityGroup> = {}): SecurityGroup => ({
  groupId: 'sg-web',
  name: group.groupId ?? 'sg-web',
  vpcId: VPC,
  tags: {},
  ...group,
});

/** Everything, out: the rule a new security group has. */
export const aRule = (rule: Partial<SecurityGroupRule> = {}): SecurityGroupRule => ({
  ruleId: `sgr-${rule.groupId ?? 'sg-web'}-all-out`,
  groupId: 'sg-web',
  direction: 'egress',
  protocol: '-1',
  fromPort: undefined,
  toPort: undefined,
  peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' },
  description: undefined,
  tags: {},
  ...rule,
});

export const aSubnet = (subnet: Partial<Subnet> = {}): Subnet => ({
  subnetId: 'subnet-a',
  vpcId: VPC,
  availabilityZone: 'ap-northeast-1a',
  ipv4Cidr: '10.0.1.0/24',
  ipv6Cidrs: [],
  ...subnet,
});

/** The VPC of every builder's addresses. */
export const aVpc = (vpc: Partial<Vpc> = {}): Vpc => ({
  vpcId: VPC,
  ipv4Cidrs: ['10.0.0.0/16'],
  ipv6Cidrs: [],
  ...vpc,
});

/** A public subnet's table: the VPC itself, and everything else to its internet gateway. */
export const aRouteTable = (table: Partial<RouteTable> = {}): RouteTable => ({
  routeTableId: 'rtb-main',
  routes: [
    { destination: '10.0.0.0/16', to: 'local', via: 'local', isBlackhole: false },
    { destination: '0.0.0.0/0', to: 'elsewhere', via: 'igw-1', isBlackhole: false },
  ],
  ...table,
});

/** A VPC's default ACL: everything in and out, then the closing deny. */
export const anOpenAcl = (acl: Partial<NetworkAcl> = {}): NetworkAcl => ({
  networkAclId: 'acl-open',
  entries: [false, true].flatMap((egress) => [
    {
      ruleNumber: 100,
      egress,
      action: 'allow' as const,
      protocol: '-1',
      cidr: '0.0.0.0/0',
      fromPort: undefined,
      toPort: undefined,
    },
    {
      ruleNumber: 32_767,
      egress,
      action: 'deny' as const,
      protocol: '-1',
      cidr: '0.0.0.0/0',
      fromPort: undefined,
      toPort: undefined,
    },
  ]),
  ...acl,
});
