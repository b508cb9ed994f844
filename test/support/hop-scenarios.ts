import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateNetworkAclEntryCommand,
  CreateSubnetCommand,
  DescribeNetworkAclsCommand,
  RevokeSecurityGroupEgressCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { HopName } from '../../domain/network/model.ts';
import type { Behaviour } from '../../local/proxy/switches.ts';
import type { ReceivedSlackMessage } from '../../local/slack/stand-in.ts';
import type { Site, SmallWorld } from '../../local/world/small-world.ts';
import { IMAGE_ID } from '../../local/world/small-world.ts';
import type { DeployedService } from './deployed-service.ts';
import { shownBy } from './deployed-service.ts';
import { REGION } from './template.ts';

/** A site where one hop of the path decides what its first instance's message says. */
export interface HopScenario {
  readonly site?: Omit<Site, 'name'>;
  /** Puts the obstacle there, before the launch. */
  readonly block?: (ec2: EC2Client, world: SmallWorld) => Promise<void>;
  /** Where its instance is launched, if not in the site's first subnet. */
  readonly launch?: (ec2: EC2Client, world: SmallWorld, name: string) => Promise<string>;
  /** What its instance does when somebody knocks, if it doesn't answer. */
  readonly behaviour?: Behaviour;
  /** What the message says of it. */
  readonly said: (siteName: string) => string;
  readonly isInService?: boolean;
}

/** The target stands in the first of the balancer's subnets; the node in the second has to cross both boundaries. */
const [TARGETS, NODES] = ['10.20.1.0/24', '10.20.2.0/24'];

const deny =
  (Egress: boolean, CidrBlock: string, From: number, To: number): NonNullable<HopScenario['block']> =>
  async (ec2, { vpcId }) => {
    const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
    const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ Filters }));
    const entry = { RuleNumber: 50, Protocol: '6', PortRange: { From, To }, CidrBlock, Egress } as const;
    const NetworkAclId = NetworkAcls?.[0]?.NetworkAclId;
    await ec2.send(new CreateNetworkAclEntryCommand({ NetworkAclId, RuleAction: 'deny', ...entry }));
  };

const closeEgress =
  (groupIdOf: (world: SmallWorld) => string): NonNullable<HopScenario['block']> =>
  async (ec2, world) => {
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: groupIdOf(world), IpPermissions }));
  };

const launchElsewhere: HopScenario['launch'] = async (ec2, { vpcId, instanceGroupId }, name) => {
  const subnet = { VpcId: vpcId, CidrBlock: '10.20.3.0/24', AvailabilityZone: `${REGION}d` };
  const { Subnet } = await ec2.send(new CreateSubnetCommand(subnet));
  const Tags = Object.entries({ Role: name, Name: `${name}-1` }).map(([Key, Value]) => ({ Key, Value }));
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: IMAGE_ID,
      MinCount: 1,
      MaxCount: 1,
      SubnetId: Subnet?.SubnetId,
      SecurityGroupIds: [instanceGroupId],
      TagSpecifications: [{ ResourceType: 'instance', Tags }],
    }),
  );
  return Instances?.[0]?.InstanceId ?? '';
};

/** By hop: what stands in the way there, or what is opened there. */
export const HOP_SCENARIOS: Readonly<Record<HopName, HopScenario>> = {
  listener: {
    said: (name) => `Changed: \`sg-${name}\` inbound tcp/80 from \`sg-alb\` (+1 rule)`,
    isInService: true,
  },
  zone: { launch: launchElsewhere, said: (name) => `${name}-alb is not enabled in zone \`${REGION}d\`` },
  'balancer-egress': {
    block: closeEgress(({ balancerGroupId }) => balancerGroupId),
    said: (name) => `\`sg-alb\` outbound tcp/80 to \`sg-${name}\` (+1 rule)`,
    isInService: true,
  },
  'acl-balancer-out': {
    block: deny(true, TARGETS, 80, 80),
    said: () => 'denies tcp/80 at entry `50` (the ACL out of the balancer’s subnets)',
  },
  'acl-target-in': {
    block: deny(false, NODES, 80, 80),
    said: () => 'denies tcp/80 at entry `50` (the ACL into the target’s subnet)',
  },
  'target-ingress': {
    said: (name) => `\`sg-${name}\` inbound tcp/80 from \`sg-alb\` (+1 rule)`,
    isInService: true,
  },
  'instance-state': {
    behaviour: 'refuses',
    said: () => 'The network lets it through (security groups, ACLs, zone: all pass).',
  },
  'target-egress': {
    site: { balancer: { kind: 'gateway' } },
    block: closeEgress(({ instanceGroupId }) => instanceGroupId),
    behaviour: 'refuses',
    said: () => 'the appliance may not send packets back',
  },
  'acl-target-out': {
    block: deny(true, NODES, 1024, 65535),
    said: () => 'denies tcp/1024-65535 at entry `50` (the ACL out of the target’s subnet)',
  },
  'acl-balancer-in': {
    block: deny(false, TARGETS, 1024, 65535),
    said: () => 'denies tcp/1024-65535 at entry `50` (the ACL into the balancer’s subnets)',
  },
};

/** What came of a scenario. */
export interface Played {
  readonly world: SmallWorld;
  readonly instanceId: string;
  /** What the first message about the instance's service shows. */
  readonly message: string;
  readonly isAsItShouldBe: boolean;
}

/** Plays a scenario at a site of this name, up to the first message about its instance's service. */
export const play = async (
  { proxy, slack, site }: Pick<DeployedService, 'proxy' | 'slack' | 'site'>,
  ec2: EC2Client,
  scenario: HopScenario,
  name: string,
): Promise<Played> => {
  const world = await site({ ...scenario.site, name });
  await scenario.block?.(ec2, world);
  const instanceId = await (scenario.launch?.(ec2, world, name) ?? world.launch(`${name}-1`));
  proxy.instances.set(instanceId, scenario.behaviour ?? 'answers');
  const [inService, notInService] = [`*${name}-1 is in service*`, `*${name}-1 is not in service*`];
  const matching = (received: ReceivedSlackMessage) =>
    [inService, notInService].some((words) => shownBy(received).includes(words));
  const message = shownBy(await slack.nextMessage({ matching, timeoutMilliseconds: 90_000 }));
  const wanted = [scenario.isInService ? inService : notInService, scenario.said(name)];
  return { world, instanceId, message, isAsItShouldBe: wanted.every((words) => message.includes(words)) };
};
