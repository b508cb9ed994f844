import type { Instance } from '../../../domain/instance.ts';
import type { Report } from '../../../domain/report.ts';
import { ACCOUNT, anInstance, REGION, targetGroupArn } from '../../support/world/builders.ts';
import type { World, WorldParts } from '../../support/world/world.ts';
import { aWorld } from '../../support/world/world.ts';
import type { Journey } from '../journey.ts';
import { aJourney, shown, stateChange } from '../journey.ts';

export const WEB = targetGroupArn('web');

export const id = (number: number): string => `i-${number.toString(16).padStart(8, '0')}`;

/** A fleet of instances that Usher seated, all healthy and told of, an hour and a half ago. */
export const aFleet = async (
  count: number,
  parts: WorldParts = {},
): Promise<{ readonly world: World; readonly journey: Journey }> => {
  const instances = Array.from({ length: count }, (_, index) => anInstance({ instanceId: id(index + 1) }));
  const world = aWorld({ instances, ...parts });
  const journey = aJourney(world);
  journey.put(...(parts.instances ?? instances).map(({ instanceId }) => stateChange(instanceId)));
  await journey.untilQuiet();
  world.clock.advance(5_400);
  world.forgetCalls();
  return { world, journey };
};

/** EC2 has the instance in another way from now on. */
export const change = (world: World, number: number, changes: Partial<Instance>): void => {
  const before = world.network.instances.get(id(number));
  if (before === undefined) throw new Error(`there is no ${id(number)}`);
  world.putInstances({ ...before, ...changes });
};

/** An instance that is no more: it has lost its network, and its tags are gone soon after. */
export const terminate = (world: World, number: number, tags: Instance['tags'] = {}): void =>
  change(world, number, { state: 'terminated', vpcId: undefined, subnetId: undefined, networkInterfaces: [], tags });

/** Targets that are in a group and not leaving. */
export const inService = (world: World, arn = WEB): readonly string[] =>
  world.targetsIn(arn).map((target) => `${target.id}:${target.port}`);

const bodies = (world: World): readonly Report['body'][] => shown(world).map(({ body }) => body);

/** Who was said to be taken out, and why. */
export const takenOut = (world: World): readonly (readonly [string, string])[] =>
  bodies(world).flatMap((body) =>
    body.kind === 'targets-taken-out' ? body.targets.map(({ name, because }) => [name, because] as const) : [],
  );

/** Who was said not to be taken out, and why. */
export const notTakenOut = (world: World): readonly (readonly [string, string | undefined])[] =>
  bodies(world).flatMap((body) =>
    body.kind === 'targets-not-taken-out'
      ? body.targets.map(({ name, findings }) => [name, findings[0]?.evidence['because']] as const)
      : [],
  );

/** Reasons that a group's own tags were spoken of. */
export const doubts = (world: World): readonly string[] =>
  bodies(world).flatMap((body) =>
    body.kind === 'configuration-findings' && body.subject.type === 'target-group'
      ? body.findings.map(({ reason }) => reason)
      : [],
  );

export const deregistrations = (world: World): number =>
  world.calls.filter(({ name }) => name === 'loadBalancing.deregisterTargets').length;

const event = (source: string, detailType: string, at: Date, detail: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    version: '0',
    id: '12345678-1234-1234-1234-123456789012',
    'detail-type': detailType,
    source,
    account: ACCOUNT,
    time: at.toISOString().replace(/\.\d+Z$/, 'Z'),
    region: REGION,
    resources: [],
    detail,
  });

/** The sample of the EC2 user guide, "Spot Instance interruption notices". */
export const interruption = (number: number, at: Date): string =>
  event('aws.ec2', 'EC2 Spot Instance Interruption Warning', at, {
    'instance-id': id(number),
    'instance-action': 'terminate',
  });

/** The sample of the EC2 user guide, "EC2 instance rebalance recommendations". */
export const recommendation = (number: number, at: Date): string =>
  event('aws.ec2', 'EC2 Instance Rebalance Recommendation', at, { 'instance-id': id(number) });

/** The sample of the Auto Scaling user guide, "Lifecycle actions", of a terminate hook. */
export const terminateHook = (number: number, at: Date, destination = 'EC2'): string =>
  event('aws.autoscaling', 'EC2 Instance-terminate Lifecycle Action', at, {
    LifecycleActionToken: '87654321-4321-4321-4321-210987654321',
    AutoScalingGroupName: 'web-asg',
    LifecycleHookName: 'drain',
    EC2InstanceId: id(number),
    LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    Origin: 'AutoScalingGroup',
    Destination: destination,
  });

/** The sample of the Auto Scaling user guide, "Successful instance launch", out of the warm pool. */
export const launchFromWarmPool = (number: number, at: Date): string =>
  event('aws.autoscaling', 'EC2 Instance Launch Successful', at, {
    StatusCode: 'InProgress',
    AutoScalingGroupName: 'web-asg',
    EC2InstanceId: id(number),
    Origin: 'WarmPool',
    Destination: 'AutoScalingGroup',
  });
