import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SetSecurityGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { callAws } from '../call-aws.ts';
import type { BalancerSecurityGroups } from './security-groups-port.ts';

/** Sets what Application and Network Load Balancers wear. */
export const balancerSecurityGroups = (client: ElasticLoadBalancingV2Client): BalancerSecurityGroups => ({
  async setSecurityGroups(LoadBalancerArn, groupIds) {
    await callAws({ service: 'ELBv2', action: 'SetSecurityGroups' }, () =>
      client.send(new SetSecurityGroupsCommand({ LoadBalancerArn, SecurityGroups: [...groupIds] })),
    );
  },
});
