import type { EC2Client, IpPermission } from '@aws-sdk/client-ec2';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import type {
  CreateTargetGroupCommandInput,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { until } from './behind-proxy.ts';

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('the emulator gave no id');
  return value;
};

/** moto takes any. */
export const IMAGE_ID = 'ami-0123456789abcdef0';

let names = 0;
export const freshName = (prefix: string): string => {
  names += 1;
  return `${prefix}-${names}`;
};

export const makeVpc = async (ec2: EC2Client, cidr = '10.0.0.0/16'): Promise<string> =>
  must((await ec2.send(new CreateVpcCommand({ CidrBlock: cidr }))).Vpc?.VpcId);

export const makeSubnet = async (
  ec2: EC2Client,
  vpcId: string,
  cidr: string,
  zone = 'ap-northeast-1a',
): Promise<string> =>
  must(
    (await ec2.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: cidr, AvailabilityZone: zone }))).Subnet
      ?.SubnetId,
  );

export const makeGroup = async (ec2: EC2Client, vpcId: string): Promise<string> =>
  must(
    (
      await ec2.send(
        new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: freshName('group'), Description: 'test' }),
      )
    ).GroupId,
  );

export const launch = async (
  ec2: EC2Client,
  subnetId: string,
  groupId: string,
  tags: Record<string, string> = {},
): Promise<string> => {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const answer = await ec2.send(
    new RunInstancesCommand({
      ImageId: IMAGE_ID,
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnetId,
      SecurityGroupIds: [groupId],
      ...(Tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: 'instance', Tags }] }),
    }),
  );
  return must(answer.Instances?.[0]?.InstanceId);
};

export const stateOf = async (ec2: EC2Client, id: string): Promise<string | undefined> => {
  const answer = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return answer.Reservations?.[0]?.Instances?.[0]?.State?.Name;
};

export const launchRunning = async (ec2: EC2Client, subnetId: string, groupId: string): Promise<string> => {
  const id = await launch(ec2, subnetId, groupId);
  await until(
    () => stateOf(ec2, id),
    (state) => state === 'running',
  );
  return id;
};

export const tcp = (port: number, source: Pick<IpPermission, 'IpRanges' | 'UserIdGroupPairs'>): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  ...source,
});

export const admit = (ec2: EC2Client, groupId: string, ...permissions: IpPermission[]) =>
  ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: permissions }));

/** A VPC of two zones with an ALB in front of a target group, and an instance whose group doesn't admit the ALB. */
export interface Site {
  readonly vpcId: string;
  readonly subnetIds: readonly [string, string];
  readonly balancerGroupId: string;
  readonly webGroupId: string;
  readonly balancerArn: string;
  readonly targetGroupArn: string;
}

export const makeTargetGroup = async (
  elb: ElasticLoadBalancingV2Client,
  input: Omit<CreateTargetGroupCommandInput, 'Name'>,
): Promise<string> =>
  must(
    (await elb.send(new CreateTargetGroupCommand({ Name: freshName('targets'), ...input }))).TargetGroups?.[0]
      ?.TargetGroupArn,
  );

export const makeSite = async (ec2: EC2Client, elb: ElasticLoadBalancingV2Client): Promise<Site> => {
  const vpcId = await makeVpc(ec2);
  const subnetIds = [
    await makeSubnet(ec2, vpcId, '10.0.1.0/24'),
    await makeSubnet(ec2, vpcId, '10.0.2.0/24', 'ap-northeast-1c'),
  ] as const;
  const [balancerGroupId, webGroupId] = [await makeGroup(ec2, vpcId), await makeGroup(ec2, vpcId)];
  const created = await elb.send(
    new CreateLoadBalancerCommand({
      Name: freshName('web'),
      Subnets: [...subnetIds],
      SecurityGroups: [balancerGroupId],
    }),
  );
  const balancerArn = must(created.LoadBalancers?.[0]?.LoadBalancerArn);
  const targetGroupArn = await makeTargetGroup(elb, { Protocol: 'HTTP', Port: 80, VpcId: vpcId });
  const forward = { Type: 'forward', TargetGroupArn: targetGroupArn } as const;
  await elb.send(
    new CreateListenerCommand({ LoadBalancerArn: balancerArn, Protocol: 'HTTP', Port: 80, DefaultActions: [forward] }),
  );
  return { vpcId, subnetIds, balancerGroupId, webGroupId, balancerArn, targetGroupArn };
};

/** `i-… 80 healthy`, `i-… 80 unhealthy Target.Timeout`, … in the order of the answer. */
export const healthOf = async (
  elb: ElasticLoadBalancingV2Client,
  targetGroupArn: string,
): Promise<readonly string[]> => {
  const answer = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }));
  return (answer.TargetHealthDescriptions ?? []).map(({ Target, TargetHealth }) =>
    [Target?.Id, Target?.Port, TargetHealth?.State, TargetHealth?.Reason]
      .filter((part) => part !== undefined)
      .join(' '),
  );
};
