import type { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import {
  DeregisterInstancesFromLoadBalancerCommand,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import { classicNameOf } from '../../domain/classic-load-balancer.ts';
import type { Target } from '../../domain/target.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { halvesOf } from '../batches.ts';
import { callAws } from '../call-aws.ts';
import type { LoadBalancingWriter } from '../elastic-load-balancing/port.ts';
import type { RefusalsPerTarget } from '../register-what-fits.ts';
import { batchesOfTargets, registerWhatFits } from '../register-what-fits.ts';
import type { ClassicLoadBalancingReader } from './port.ts';

/** `ValidationError` is about a malformed id where it names one. @see facts 2.7 */
const REFUSALS: RefusalsPerTarget = {
  named: ['InvalidInstance', 'ValidationError'],
  unnamed: ['InvalidInstance'],
  full: undefined,
};

const elb = (action: string): AwsCall => ({ service: 'ELB', action });

/** @throws {RangeError} for the ARN of anything but a Classic balancer */
const nameOf = (arn: string): string => {
  const name = classicNameOf(arn);
  if (name === undefined) throw new RangeError(`${arn} is not the ARN of a Classic Load Balancer`);
  return name;
};

const toInstances = (targets: readonly Target[]) => targets.map(({ id }) => ({ InstanceId: id }));

const registerTargets = (client: ElasticLoadBalancingClient): LoadBalancingWriter['registerTargets'] => {
  const call = elb('RegisterInstancesWithLoadBalancer');
  return async (arn, targets) => {
    const LoadBalancerName = nameOf(arn);
    return registerWhatFits(targets, REFUSALS, (some) =>
      callAws(call, () =>
        client.send(new RegisterInstancesWithLoadBalancerCommand({ LoadBalancerName, Instances: toInstances(some) })),
      ),
    );
  };
};

type Health = Pick<ClassicLoadBalancingReader, 'readInstanceHealth'>;

/** Whether the balancer still holds an instance that it refused to let go of; one that is leaving is none it holds. */
const stillHolds = async (name: string, { id }: Target, { readInstanceHealth }: Health): Promise<boolean> =>
  (await readInstanceHealth(name))?.some(({ target, state }) => target.id === id && state !== 'draining') ?? false;

/**
 * Takes instances out. Unlike a target group a Classic balancer refuses a call that names an instance it does not hold
 * (`InvalidInstance`), and then takes out none of the others: by halving, each goes for itself. One refused alone is out
 * already, unless a look at the balancer says otherwise.
 */
const deregisterSome = async (
  client: ElasticLoadBalancingClient,
  name: string,
  targets: readonly Target[],
  health: Health,
): Promise<void> => {
  const Instances = toInstances(targets);
  try {
    await callAws(elb('DeregisterInstancesFromLoadBalancer'), () =>
      client.send(new DeregisterInstancesFromLoadBalancerCommand({ LoadBalancerName: name, Instances })),
    );
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.code !== 'InvalidInstance') throw error;
    const [only, ...others] = targets;
    if (only !== undefined && others.length === 0) {
      if (await stillHolds(name, only, health)) throw error;
      return;
    }
    for (const half of halvesOf(targets)) await deregisterSome(client, name, half, health);
  }
};

/** Registers and deregisters instances with Classic balancers, by the balancers' ARNs; ports are the listeners'. */
export const classicLoadBalancingWriter = (
  client: ElasticLoadBalancingClient,
  health: Health,
): LoadBalancingWriter => ({
  registerTargets: registerTargets(client),
  async deregisterTargets(arn, targets) {
    for (const batch of batchesOfTargets(targets)) await deregisterSome(client, nameOf(arn), batch, health);
  },
});
