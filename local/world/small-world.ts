import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';

/** What stands in front of a site. */
export type SiteBalancer =
  | { readonly kind: 'application' }
  | {
      readonly kind: 'network';
      readonly protocol: 'TCP' | 'UDP' | 'TCP_UDP';
      readonly hasSecurityGroup: boolean;
      /** AWS keeps the addresses of clients unless told otherwise, and always those of UDP. */
      readonly keepsClientAddresses?: boolean;
    }
  | { readonly kind: 'gateway' };

/** What a site is like. */
export interface Site {
  /** Begins the names of its parts; instances with `Role=NAME` belong to it. */
  readonly name: string;
  /** Where health checks knock, if not where visitors do. */
  readonly healthCheckPort?: number;
  /** Whether its instances wear the VPC's default security group instead of one of their own. */
  readonly wearsDefaultGroup?: boolean;
  /** Whether no listener of its balancer forwards to its target group. */
  readonly isNotListenedTo?: boolean;
  /** An ALB, unless told. */
  readonly balancer?: SiteBalancer;
  /** Tags of its target group besides the selector. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A small site: one VPC, two zones, a balancer in both, a target group that asks for `Role=NAME`, and no rule yet between them. */
export interface SmallWorld {
  readonly vpcId: string;
  readonly subnetIds: readonly [string, string];
  readonly balancerGroupId: string;
  /** The security group its instances wear. */
  readonly instanceGroupId: string;
  readonly targetGroupArn: string;
  readonly balancerArn: string;
  /** Launches an instance of the site, which Usher then seats; answers its id. Another role makes it none of the site. */
  launch(name: string, zone?: 0 | 1, role?: string): Promise<string>;
  /** State of a target as its balancer sees it; `undefined` while it is not registered. */
  healthOf(instanceId: string): Promise<string | undefined>;
  close(): void;
}

/** An image id that no account has; nothing here boots. */
export const IMAGE_ID = 'ami-0abcdef1234567890';

const present = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`the emulator gave no ${what}`);
  return value;
};

const tag = (
  resource: 'instance' | 'vpc' | 'subnet' | 'security-group',
  name: string,
  more: Record<string, string> = {},
) => [
  {
    ResourceType: resource,
    Tags: Object.entries({ Name: name, ...more }).map(([Key, Value]) => ({ Key, Value })),
  },
];

const defaultGroupOf = async (ec2: EC2Client, vpcId: string): Promise<string> => {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'group-name', Values: ['default'] },
  ];
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  return present(SecurityGroups?.[0]?.GroupId, 'default security group');
};

/** The VPC of a site, with its two subnets and the security groups of balancer and servers. */
export const makeNetwork = async (ec2: EC2Client, region: string, site: Site) => {
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({ CidrBlock: '10.20.0.0/16', TagSpecifications: tag('vpc', site.name) }),
  );
  const vpcId = present(Vpc?.VpcId, 'VPC');
  const subnet = async (zone: string, CidrBlock: string): Promise<string> => {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpcId,
        CidrBlock,
        AvailabilityZone: `${region}${zone}`,
        TagSpecifications: tag('subnet', `${site.name}-${zone}`),
      }),
    );
    return present(Subnet?.SubnetId, 'subnet');
  };
  const group = async (GroupName: string, Description: string): Promise<string> => {
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName, Description }));
    return present(GroupId, 'security group');
  };
  const subnetIds = [await subnet('a', '10.20.1.0/24'), await subnet('c', '10.20.2.0/24')] as const;
  const balancerGroupId = await group('sg-alb', 'The load balancer of the site');
  const instanceGroupId = site.wearsDefaultGroup
    ? await defaultGroupOf(ec2, vpcId)
    : await group(`sg-${site.name}`, 'The servers of the site');
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: balancerGroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  );
  return { vpcId, subnetIds, balancerGroupId, instanceGroupId };
};

export type SiteNetwork = Awaited<ReturnType<typeof makeNetwork>>;

const SHORT = { application: 'alb', network: 'nlb', gateway: 'gwlb' } as const;

const wearsGroup = (balancer: SiteBalancer): boolean =>
  balancer.kind === 'application' || (balancer.kind === 'network' && balancer.hasSecurityGroup);

const makeBalancer = async (
  elb: ElasticLoadBalancingV2Client,
  { subnetIds, balancerGroupId }: SiteNetwork,
  name: string,
  balancer: SiteBalancer,
): Promise<string> => {
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({
      Name: `${name}-${SHORT[balancer.kind]}`,
      Type: balancer.kind,
      ...(balancer.kind === 'gateway' ? {} : { Scheme: 'internet-facing' }),
      Subnets: [...subnetIds],
      ...(wearsGroup(balancer) ? { SecurityGroups: [balancerGroupId] } : {}),
    }),
  );
  const LoadBalancerArn = present(LoadBalancers?.[0]?.LoadBalancerArn, 'load balancer');
  if (balancer.kind !== 'application') return LoadBalancerArn;
  // An ALB always sends across zones; moto's says that it doesn't (test/emulators/README.md).
  await elb.send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn,
      Attributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }],
    }),
  );
  return LoadBalancerArn;
};

const speaking = (balancer: SiteBalancer) => {
  switch (balancer.kind) {
    case 'application':
      return { Protocol: 'HTTP', Port: 80, HealthCheckPath: '/' } as const;
    case 'network':
      return { Protocol: balancer.protocol, Port: 80 } as const;
    case 'gateway':
      return { Protocol: 'GENEVE', Port: 6081 } as const;
  }
};

const makeTargetGroup = async (
  elb: ElasticLoadBalancingV2Client,
  { vpcId }: SiteNetwork,
  site: Site,
  balancer: SiteBalancer,
): Promise<string> => {
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: `${site.name}-prod`,
      ...speaking(balancer),
      VpcId: vpcId,
      TargetType: 'instance',
      ...(site.healthCheckPort === undefined ? {} : { HealthCheckPort: String(site.healthCheckPort) }),
      Tags: Object.entries({ 'usher:selector': `Role=${site.name}`, ...site.tags }).map(([Key, Value]) => ({
        Key,
        Value,
      })),
    }),
  );
  const TargetGroupArn = present(TargetGroups?.[0]?.TargetGroupArn, 'target group');
  if (balancer.kind !== 'network' || balancer.keepsClientAddresses === undefined) return TargetGroupArn;
  await elb.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn,
      Attributes: [{ Key: 'preserve_client_ip.enabled', Value: String(balancer.keepsClientAddresses) }],
    }),
  );
  return TargetGroupArn;
};

/** A Gateway Load Balancer's listener has neither protocol nor port: it takes every packet. */
const listen = async (
  elb: ElasticLoadBalancingV2Client,
  LoadBalancerArn: string,
  TargetGroupArn: string,
  balancer: SiteBalancer,
): Promise<void> => {
  const { Protocol } = speaking(balancer);
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      ...(Protocol === 'GENEVE' ? {} : { Protocol, Port: 80 }),
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    }),
  );
};

/** Launches an instance of this role; answers its id. */
export const launchInto = async (
  ec2: EC2Client,
  { subnetIds, instanceGroupId }: SiteNetwork,
  name: string,
  zone: 0 | 1,
  role: string,
): Promise<string> => {
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: IMAGE_ID,
      InstanceType: 't4g.small',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnetIds[zone],
      SecurityGroupIds: [instanceGroupId],
      TagSpecifications: tag('instance', name, { Role: role }),
    }),
  );
  return present(Instances?.[0]?.InstanceId, 'instance');
};

/** Builds the site through the SDK, at the endpoint of the checking proxy. */
export const makeSmallWorld = async (
  endpoint: string,
  region: string,
  site: Site = { name: 'web' },
): Promise<SmallWorld> => {
  const settings = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const ec2 = new EC2Client(settings);
  const elb = new ElasticLoadBalancingV2Client(settings);
  const network = await makeNetwork(ec2, region, site);
  const balancer = site.balancer ?? { kind: 'application' };
  const balancerArn = await makeBalancer(elb, network, site.name, balancer);
  const targetGroupArn = await makeTargetGroup(elb, network, site, balancer);
  if (!site.isNotListenedTo) await listen(elb, balancerArn, targetGroupArn, balancer);
  return {
    ...network,
    targetGroupArn,
    balancerArn,
    launch: (name, zone = 0, role = site.name) => launchInto(ec2, network, name, zone, role),
    async healthOf(instanceId) {
      const { TargetHealthDescriptions } = await elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
      );
      return TargetHealthDescriptions?.find(({ Target }) => Target?.Id === instanceId)?.TargetHealth?.State;
    },
    close() {
      ec2.destroy();
      elb.destroy();
    },
  };
};
