import type { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { ApplySecurityGroupsToLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing';
import { classicNameOf } from '../../domain/classic-load-balancer.ts';
import { callAws } from '../call-aws.ts';
import type { BalancerSecurityGroups } from '../elastic-load-balancing/security-groups-port.ts';

/** Sets what Classic balancers wear, by their ARNs. */
export const classicSecurityGroups = (client: ElasticLoadBalancingClient): BalancerSecurityGroups => ({
  async setSecurityGroups(arn, groupIds) {
    const LoadBalancerName = classicNameOf(arn);
    if (LoadBalancerName === undefined) throw new RangeError(`${arn} is not the ARN of a Classic Load Balancer`);
    await callAws({ service: 'ELB', action: 'ApplySecurityGroupsToLoadBalancer' }, () =>
      client.send(new ApplySecurityGroupsToLoadBalancerCommand({ LoadBalancerName, SecurityGroups: [...groupIds] })),
    );
  },
});
