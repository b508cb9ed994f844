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
} from '@aws-sdk/client-elastic-load-balancing-v2';

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
}

/** A small site: one VPC, two zones, an ALB in both, a target group that asks for `Role=NAME`, and no rule yet between them. */
export interface SmallWorld {
  readonly vpcId: string;
  readonly subnetIds: readonly [string, string];
  readonly balancerGroupId: string;
  /** The security group its instances wear. */
  readonly instanceGroupId: string;
  readonly targetGroupArn: string;
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

const makeNetwork = async (ec2: EC2Client, region: string, site: Site) => {
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

const makeBalancer = async (
  elb: ElasticLoadBalancingV2Client,
  { vpcId, subnetIds, balancerGroupId }: Awaited<ReturnType<typeof makeNetwork>>,
  site: Site,
): Promise<string> => {
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({
      Name: `${site.name}-alb`,
      Type: 'application',
      Scheme: 'internet-facing',
      Subnets: [...subnetIds],
      SecurityGroups: [balancerGroupId],
    }),
  );
  const LoadBalancerArn = present(LoadBalancers?.[0]?.LoadBalancerArn, 'load balancer');
  // An ALB always sends across zones; moto's says that it doesn't (test/emulators/README.md).
  await elb.send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn,
      Attributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }],
    }),
  );
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: `${site.name}-prod`,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: vpcId,
      TargetType: 'instance',
      HealthCheckPath: '/',
      ...(site.healthCheckPort === undefined ? {} : { HealthCheckPort: String(site.healthCheckPort) }),
      Tags: [{ Key: 'usher:selector', Value: `Role=${site.name}` }],
    }),
  );
  const targetGroupArn = present(TargetGroups?.[0]?.TargetGroupArn, 'target group');
  if (site.isNotListenedTo) return targetGroupArn;
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    }),
  );
  return targetGroupArn;
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
  const targetGroupArn = await makeBalancer(elb, network, site);
  return {
    ...network,
    targetGroupArn,
    async launch(name, zone = 0, role = site.name) {
      const { Instances } = await ec2.send(
        new RunInstancesCommand({
          ImageId: IMAGE_ID,
          InstanceType: 't4g.small',
          MinCount: 1,
          MaxCount: 1,
          SubnetId: network.subnetIds[zone],
          SecurityGroupIds: [network.instanceGroupId],
          TagSpecifications: tag('instance', name, { Role: role }),
        }),
      );
      return present(Instances?.[0]?.InstanceId, 'instance');
    },
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
