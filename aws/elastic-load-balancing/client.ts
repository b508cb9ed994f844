import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** The process's one client of Elastic Load Balancing (version 2). */
export const loadBalancingClient = madeOnce(() => new ElasticLoadBalancingV2Client(CLIENT_SETTINGS));
