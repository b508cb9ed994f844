import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeLoadBalancersCommand, SetSecurityGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { callAws } from '../call-aws.ts';
import type { BalancerSecurityGroups } from './security-groups-port.ts';

/**
 * How a Network Load Balancer treats what comes by PrivateLink. The call that sets its groups sets this too, to `on` where it
 * isn't told: an `off` is said again. @see ELBv2 API reference, `SetSecurityGroups`
 */
const readEnforcement = async (client: ElasticLoadBalancingV2Client, arn: string) => {
  const { LoadBalancers = [] } = await callAws({ service: 'ELBv2', action: 'DescribeLoadBalancers' }, () =>
    client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] })),
  );
  const [balancer] = LoadBalancers;
  return balancer?.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic === 'off'
    ? ({ EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off' } as const)
    : {};
};

/** Sets what Application and Network Load Balancers wear. */
export const balancerSecurityGroups = (client: ElasticLoadBalancingV2Client): BalancerSecurityGroups => ({
  async setSecurityGroups(LoadBalancerArn, groupIds) {
    const enforcement = await readEnforcement(client, LoadBalancerArn);
    await callAws({ service: 'ELBv2', action: 'SetSecurityGroups' }, () =>
      client.send(new SetSecurityGroupsCommand({ LoadBalancerArn, SecurityGroups: [...groupIds], ...enforcement })),
    );
  },
});
