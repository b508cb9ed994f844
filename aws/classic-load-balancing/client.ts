import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { CLIENT_SETTINGS, madeOnce } from '../client-settings.ts';

/** The process's one client of Elastic Load Balancing's first version, which Classic Load Balancers answer to. */
export const classicLoadBalancingClient = madeOnce(() => new ElasticLoadBalancingClient(CLIENT_SETTINGS));
