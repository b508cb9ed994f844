import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CLIENT_SETTINGS, madeOncePerRegion } from '../client-settings.ts';

/** The process's clients of Elastic Load Balancing (version 2), one a Region. */
export const regionalLoadBalancingClient = madeOncePerRegion(
  (region) => new ElasticLoadBalancingV2Client({ ...CLIENT_SETTINGS, region }),
);

/** The same for Classic balancers. */
export const regionalClassicLoadBalancingClient = madeOncePerRegion(
  (region) => new ElasticLoadBalancingClient({ ...CLIENT_SETTINGS, region }),
);
