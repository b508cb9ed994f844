import type { ElasticLoadBalancingV2Client, TargetDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeregisterTargetsCommand, RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Target } from '../../domain/target.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import type { RefusalsPerTarget } from '../register-what-fits.ts';
import { batchesOfTargets, registerWhatFits } from '../register-what-fits.ts';
import type { LoadBalancingWriter } from './port.ts';

/** `ValidationError` is per target only when it names one ("Instance ID 'x' is not valid"), else the call itself is wrong. */
const REFUSALS: RefusalsPerTarget = {
  named: ['InvalidTarget', 'TooManyTargets', 'TooManyRegistrationsForTargetId', 'ValidationError'],
  unnamed: ['InvalidTarget', 'TooManyTargets', 'TooManyRegistrationsForTargetId'],
  full: 'TooManyTargets',
};

const elb = (action: string): AwsCall => ({ service: 'ELBv2', action });

const toDescription = ({ id, port, availabilityZone }: Target): TargetDescription => ({
  Id: id,
  ...(port === undefined ? {} : { Port: port }),
  ...(availabilityZone === undefined ? {} : { AvailabilityZone: availabilityZone }),
});

const registerTargets = (client: ElasticLoadBalancingV2Client): LoadBalancingWriter['registerTargets'] => {
  const call = elb('RegisterTargets');
  return (TargetGroupArn, targets) =>
    registerWhatFits(targets, REFUSALS, (some) =>
      callAws(call, () =>
        client.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: some.map(toDescription) })),
      ),
    );
};

const deregisterTargets = (client: ElasticLoadBalancingV2Client): LoadBalancingWriter['deregisterTargets'] => {
  const call = elb('DeregisterTargets');
  return async (TargetGroupArn, targets) => {
    for (const batch of batchesOfTargets(targets)) {
      const Targets = batch.map(toDescription);
      await callAws(call, () => client.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets })));
    }
  };
};

/** Registers and deregisters targets with ELBv2. */
export const loadBalancingWriter = (client: ElasticLoadBalancingV2Client): LoadBalancingWriter => ({
  registerTargets: registerTargets(client),
  deregisterTargets: deregisterTargets(client),
});
