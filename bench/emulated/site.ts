import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
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
import { clientSettings, REGION } from './stage.ts';

export interface SiteSize {
  /** Instances tagged `Role=NAME` belong into all of its groups. */
  readonly name: string;
  readonly cidr: string;
  readonly targetGroups: number;
  readonly securityGroups: number;
  /** Whether one balancer has a listener for each group, instead of each group a balancer with a security group of its own. */
  readonly isOneBalancer?: boolean;
  /** Whether each instance belongs into one group, by turns, instead of into all. */
  readonly isSpread?: boolean;
}

export interface Site {
  readonly targetGroupArns: readonly string[];
  /** Launches instances, by turns in the subnets, security groups and roles; answers the ids once they run. */
  launch(count: number): Promise<readonly string[]>;
  /** How many targets the groups have in all. */
  registered(): Promise<number>;
  close(): void;
}

const given = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('the emulator gave no id');
  return value;
};

const untilRunning = async (ec2: EC2Client, ids: readonly string[]): Promise<void> => {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const answer = await ec2.send(
      new DescribeInstancesCommand({
        Filters: [
          { Name: 'instance-id', Values: [...ids] },
          { Name: 'instance-state-name', Values: ['running'] },
        ],
        MaxResults: 1_000,
      }),
    );
    const states = (answer.Reservations ?? []).flatMap(({ Instances = [] }) =>
      Instances.map(({ State }) => State?.Name),
    );
    if (states.filter((state) => state === 'running').length === ids.length) return;
    if (performance.now() > deadline) throw new Error(`${ids.length} instances did not run within a minute`);
    await sleep(50);
  }
};

/** Builds a VPC with balancers and groups through the SDK. */
export const makeSite = async (endpoint: string, size: SiteSize): Promise<Site> => {
  const ec2 = new EC2Client(clientSettings(endpoint));
  const elb = new ElasticLoadBalancingV2Client(clientSettings(endpoint));
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: `${size.cidr}.0.0/16` }));
  const VpcId = given(Vpc?.VpcId);
  const subnets: string[] = [];
  for (const [index, zone] of ['a', 'c'].entries()) {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId,
        CidrBlock: `${size.cidr}.${16 * index}.0/20`,
        AvailabilityZone: `${REGION}${zone}`,
      }),
    );
    subnets.push(given(Subnet?.SubnetId));
  }
  const securityGroup = async (GroupName: string): Promise<string> =>
    given((await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName, Description: 'bench' }))).GroupId);
  const webGroups: string[] = [];
  for (let index = 0; index < size.securityGroups; index += 1) webGroups.push(await securityGroup(`web-${index}`));
  const roleOf = (group: number): string => (size.isSpread ? `${size.name}-${group}` : size.name);
  const targetGroupArns: string[] = [];
  const balancer = async (index: number): Promise<string> => {
    const { LoadBalancers } = await elb.send(
      new CreateLoadBalancerCommand({
        Name: `${size.name}-${index}`,
        Subnets: subnets,
        SecurityGroups: [await securityGroup(`alb-${index}`)],
      }),
    );
    return given(LoadBalancers?.[0]?.LoadBalancerArn);
  };
  let LoadBalancerArn = '';
  for (let index = 0; index < size.targetGroups; index += 1) {
    if (index === 0 || !size.isOneBalancer) LoadBalancerArn = await balancer(index);
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({
        Name: `${size.name}-${index}`,
        Protocol: 'HTTP',
        Port: 80,
        VpcId,
        TargetType: 'instance',
        Tags: [{ Key: 'usher:selector', Value: `Role=${roleOf(index)}` }],
      }),
    );
    const TargetGroupArn = given(TargetGroups?.[0]?.TargetGroupArn);
    await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Protocol: 'HTTP',
        Port: 80 + index,
        DefaultActions: [{ Type: 'forward', TargetGroupArn }],
      }),
    );
    targetGroupArns.push(TargetGroupArn);
  }
  const run = async (count: number, turn: number): Promise<readonly string[]> => {
    const { Instances = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-0abcdef1234567890',
        MinCount: count,
        MaxCount: count,
        SubnetId: subnets[turn % subnets.length],
        SecurityGroupIds: [given(webGroups[turn % webGroups.length])],
        TagSpecifications: [
          { ResourceType: 'instance', Tags: [{ Key: 'Role', Value: roleOf(turn % size.targetGroups) }] },
        ],
      }),
    );
    return Instances.map(({ InstanceId }) => given(InstanceId));
  };
  let turns = 0;
  return {
    targetGroupArns,
    async launch(count) {
      const perTurn = Math.ceil(count / (size.isSpread ? 1 : size.securityGroups));
      const ids: string[] = [];
      while (ids.length < count) {
        ids.push(...(await run(Math.min(perTurn, count - ids.length), turns)));
        turns += 1;
      }
      for (let at = 0; at < ids.length; at += 200) await untilRunning(ec2, ids.slice(at, at + 200));
      return ids;
    },
    async registered() {
      let count = 0;
      for (const TargetGroupArn of targetGroupArns)
        count +=
          (await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions?.length ?? 0;
      return count;
    },
    close() {
      ec2.destroy();
      elb.destroy();
    },
  };
};
