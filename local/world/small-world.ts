import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';

/** A small site: one VPC, two zones, an ALB in both, a target group that asks for `Role=web`, and no rule yet between them. */
export interface SmallWorld {
  readonly vpcId: string;
  readonly subnetIds: readonly [string, string];
  readonly balancerGroupId: string;
  readonly instanceGroupId: string;
  readonly targetGroupArn: string;
  /** Launches an instance of the site, which Usher then seats; answers its id. */
  launch(name: string, zone?: 0 | 1): Promise<string>;
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

const makeNetwork = async (ec2: EC2Client, region: string) => {
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({ CidrBlock: '10.20.0.0/16', TagSpecifications: tag('vpc', 'web') }),
  );
  const vpcId = present(Vpc?.VpcId, 'VPC');
  const subnet = async (zone: string, CidrBlock: string): Promise<string> => {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpcId,
        CidrBlock,
        AvailabilityZone: `${region}${zone}`,
        TagSpecifications: tag('subnet', `web-${zone}`),
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
  const instanceGroupId = await group('sg-web', 'The web servers of the site');
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
): Promise<string> => {
  const { LoadBalancers } = await elb.send(
    new CreateLoadBalancerCommand({
      Name: 'web-alb',
      Type: 'application',
      Scheme: 'internet-facing',
      Subnets: [...subnetIds],
      SecurityGroups: [balancerGroupId],
    }),
  );
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: 'web-prod',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: vpcId,
      TargetType: 'instance',
      HealthCheckPath: '/',
      Tags: [{ Key: 'usher:selector', Value: 'Role=web' }],
    }),
  );
  const targetGroupArn = present(TargetGroups?.[0]?.TargetGroupArn, 'target group');
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: present(LoadBalancers?.[0]?.LoadBalancerArn, 'load balancer'),
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    }),
  );
  return targetGroupArn;
};

/** Builds the site through the SDK, at the endpoint of the checking proxy. */
export const makeSmallWorld = async (endpoint: string, region: string): Promise<SmallWorld> => {
  const settings = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const ec2 = new EC2Client(settings);
  const elb = new ElasticLoadBalancingV2Client(settings);
  const network = await makeNetwork(ec2, region);
  const targetGroupArn = await makeBalancer(elb, network);
  return {
    ...network,
    targetGroupArn,
    async launch(name, zone = 0) {
      const { Instances } = await ec2.send(
        new RunInstancesCommand({
          ImageId: IMAGE_ID,
          InstanceType: 't4g.small',
          MinCount: 1,
          MaxCount: 1,
          SubnetId: network.subnetIds[zone],
          SecurityGroupIds: [network.instanceGroupId],
          TagSpecifications: tag('instance', name, { Role: 'web' }),
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
