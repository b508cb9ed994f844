import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { classicArnOf } from '../../domain/classic-load-balancer.ts';
import type { Pace } from '../paced.ts';
import { paced } from '../paced.ts';
import { readClassicListenerUses } from './classic-listener-uses.ts';
import { readDistributionUses } from './distribution-uses.ts';
import { readListenerUses } from './listener-uses.ts';
import type { ServingReader } from './port.ts';

/** Of 10 calls a second that may be all an account has, v1 and v2 apart, most are left to everybody else (facts 2.6). */
const ELB_CALLS_PER_SECOND = 4;

export interface ServingClients {
  readonly cloudFront: CloudFrontClient;
  readonly loadBalancing: (region: string) => ElasticLoadBalancingV2Client;
  readonly classicLoadBalancing: (region: string) => ElasticLoadBalancingClient;
}

/** Where the account's certificates are served. */
export const servingReader = (
  { cloudFront, loadBalancing, classicLoadBalancing }: ServingClients,
  account: string,
  makePace: () => Pace = () => paced(ELB_CALLS_PER_SECOND),
): ServingReader => {
  const paces = new Map<string, Pace>();
  const paceOf = (api: string): Pace => {
    const pace = paces.get(api) ?? makePace();
    paces.set(api, pace);
    return pace;
  };
  return {
    readDistributionUses: () => readDistributionUses(cloudFront),
    async readListenerUses(region) {
      const arnOf = (name: string) => classicArnOf(name, { region, account });
      const [current, classic] = await Promise.all([
        readListenerUses(loadBalancing(region), region, paceOf(`v2 ${region}`)),
        readClassicListenerUses(classicLoadBalancing(region), region, paceOf(`v1 ${region}`), arnOf),
      ]);
      return [...current, ...classic];
    },
  };
};
