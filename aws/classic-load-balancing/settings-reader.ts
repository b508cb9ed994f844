import type { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { DescribeLoadBalancerAttributesCommand } from '@aws-sdk/client-elastic-load-balancing';
import { classicNameOf } from '../../domain/classic-load-balancer.ts';
import type { Attributes } from '../../domain/diagnosis/evidence.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import type { BalancerSettingsReader } from '../elastic-load-balancing/settings-port.ts';
import { isNotFound } from '../existing.ts';
import type { ClassicLoadBalancingReader } from './port.ts';

const CALL: AwsCall = { service: 'ELB', action: 'DescribeLoadBalancerAttributes' };

const UNKNOWN: Attributes = {
  crossZone: undefined,
  slowStartSeconds: undefined,
  preservesClientAddresses: undefined,
  idleTimeoutSeconds: undefined,
};

/** Reads how Classic balancers are set up; each sends to itself, for its instances are its own group. */
export const classicSettingsReader = (
  client: ElasticLoadBalancingClient,
  classic: Pick<ClassicLoadBalancingReader, 'readBalancersNamed'>,
): BalancerSettingsReader => ({
  async readListeners(loadBalancerArn) {
    const name = classicNameOf(loadBalancerArn);
    const [balancer] = name === undefined ? [] : await classic.readBalancersNamed([name]);
    return (balancer?.listeners ?? []).map(({ protocol, port }) => ({
      protocol,
      port,
      targetGroupArns: [loadBalancerArn],
      hosts: [],
    }));
  },
  async readAttributes(_, loadBalancerArn) {
    const LoadBalancerName = loadBalancerArn === undefined ? undefined : classicNameOf(loadBalancerArn);
    if (LoadBalancerName === undefined) return UNKNOWN;
    try {
      const answer = await callAws(CALL, () =>
        client.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerName })),
      );
      const { CrossZoneLoadBalancing, ConnectionSettings } = answer.LoadBalancerAttributes ?? {};
      return {
        ...UNKNOWN,
        crossZone: CrossZoneLoadBalancing?.Enabled,
        idleTimeoutSeconds: ConnectionSettings?.IdleTimeout,
      };
    } catch (error) {
      if (isNotFound(error)) return UNKNOWN;
      throw error;
    }
  },
});
