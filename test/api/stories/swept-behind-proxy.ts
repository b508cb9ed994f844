import type { SecurityGroupRule as Rule, Tag } from '@aws-sdk/client-ec2';
import { DescribeInstancesCommand, DescribeSecurityGroupRulesCommand } from '@aws-sdk/client-ec2';
import { AddTagsCommand, DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { companionGroups } from '../../../aws/ec2/companion-groups.ts';
import { fleetReader } from '../../../aws/ec2/fleet-reader.ts';
import { ec2Reader } from '../../../aws/ec2/reader.ts';
import { ec2Writer } from '../../../aws/ec2/writer.ts';
import { balancingFleetReader } from '../../../aws/elastic-load-balancing/fleet-reader.ts';
import { loadBalancingReader } from '../../../aws/elastic-load-balancing/reader.ts';
import { balancerSecurityGroups } from '../../../aws/elastic-load-balancing/security-groups.ts';
import { loadBalancingWriter } from '../../../aws/elastic-load-balancing/writer.ts';
import { taggingReader } from '../../../aws/tagging/reader.ts';
import type { Stage } from '../../../domain/stage.ts';
import { sweepsOver } from '../../stories/sweep/sweeping.ts';
import type { Clock } from '../../support/world/clock.ts';
import { aMemoryQueue } from '../../support/world/memory-queues.ts';
import { aMemorySweeps } from '../../support/world/memory-sweeps.ts';
import type { World } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import type { BehindProxy } from '../proxy/behind-proxy.ts';
import { clientSettings, until } from '../proxy/behind-proxy.ts';
import type { Site } from '../proxy/world.ts';
import { launch, makeSite, stateOf } from '../proxy/world.ts';

/** Sweeps with our table and queues in memory, and everything of AWS through the real adapters behind the proxy. */
export const sweptBehindProxy = (at: BehindProxy, clock: Clock, stage: Partial<Stage>) => {
  const memory = aWorld({ clock, stage, instances: [], targetGroups: [], loadBalancers: [], securityGroups: [] });
  const tagging = new ResourceGroupsTaggingAPIClient(clientSettings(at.proxy.url));
  const world: World = {
    ...memory,
    get ports() {
      return {
        ...memory.ports,
        ec2: memory.record('ec2', { ...ec2Reader(at.ec2), ...ec2Writer(at.ec2) }, (method) =>
          method.startsWith('read') ? 'read' : 'write',
        ),
        loadBalancing: { ...loadBalancingReader(at.elb), ...loadBalancingWriter(at.elb) },
        companions: companionGroups(at.ec2),
        balancerGroups: balancerSecurityGroups(at.elb),
        tagging: taggingReader(tagging),
      };
    },
  };
  const fleets = { fleet: fleetReader(at.ec2), balancingFleet: balancingFleetReader(at.elb) };
  const house = { world, sweeps: aMemorySweeps(world.state.entries), sweepQueue: aMemoryQueue(clock), fleets };
  return { ...sweepsOver(house), stop: () => tagging.destroy() };
};

/** A site whose balancer's group and instances ask to be seated, and instances that run. */
export const makeWebSite = async (
  at: BehindProxy,
  count: number,
): Promise<Site & { readonly instanceIds: readonly string[] }> => {
  const site = await makeSite(at.ec2, at.elb);
  await at.elb.send(
    new AddTagsCommand({
      ResourceArns: [site.targetGroupArn],
      Tags: [{ Key: 'usher:selector', Value: 'Role=web' }],
    }),
  );
  const instanceIds: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const tags = { Role: 'web', Name: `web-${index + 1}` };
    instanceIds.push(await launch(at.ec2, site.subnetIds[index % 2] ?? '', site.webGroupId, tags));
  }
  for (const instanceId of instanceIds)
    await until(
      () => stateOf(at.ec2, instanceId),
      (state) => state === 'running',
    );
  return { ...site, instanceIds };
};

const tagsOf = (tags: readonly Tag[] = []): string =>
  tags
    .map(({ Key, Value }) => `${Key}=${Value}`)
    .sort()
    .join(' ');

const ruleText = (rule: Rule): string =>
  [
    rule.IsEgress === true ? 'out' : 'in',
    `${rule.IpProtocol}/${rule.FromPort}-${rule.ToPort}`,
    rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.ReferencedGroupInfo?.GroupId,
    `"${rule.Description ?? ''}"`,
    `{${tagsOf(rule.Tags)}}`,
  ].join(' ');

/** Every rule of some groups, by a client that knows nothing of ours, without its id. */
export const rulesOf = async ({ ec2 }: BehindProxy, ...groupIds: readonly string[]): Promise<readonly string[]> => {
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [...groupIds] }] }),
  );
  return SecurityGroupRules.map((rule) => `${rule.GroupId} ${ruleText(rule)}`).sort();
};

/** What the balancer and the instances wear. */
export const wornIn = async (
  { ec2, elb }: BehindProxy,
  { balancerArn }: Pick<Site, 'balancerArn'>,
  instanceIds: readonly string[],
) => {
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [balancerArn] }));
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [...instanceIds] }));
  return {
    balancer: LoadBalancers[0]?.SecurityGroups ?? [],
    instances: Reservations.flatMap(({ Instances = [] }) => Instances).map(({ SecurityGroups = [] }) =>
      SecurityGroups.map(({ GroupId }) => GroupId),
    ),
  };
};
