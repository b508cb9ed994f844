import type { ElasticLoadBalancingClient, LoadBalancerDescription } from '@aws-sdk/client-elastic-load-balancing';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import type { Pace } from '../paced.ts';
import { readPages } from '../pages.ts';
import type { ListenerUse } from './port.ts';

const CALL: AwsCall = { service: 'ELB', action: 'DescribeLoadBalancers' };

/** `HTTPS` or `SSL`; Classic listeners have one certificate and know no SNI. */
const toUses = (
  balancer: LoadBalancerDescription,
  region: string,
  arnOf: (name: string) => string,
): readonly ListenerUse[] => {
  const name = given(CALL, 'LoadBalancerName', balancer.LoadBalancerName);
  return (balancer.ListenerDescriptions ?? []).flatMap(({ Listener }): readonly ListenerUse[] => {
    const { SSLCertificateId, LoadBalancerPort } = given(CALL, 'Listener', Listener);
    if (!SSLCertificateId) return [];
    return [
      {
        kind: 'classic',
        name,
        id: arnOf(name),
        region,
        port: given(CALL, 'LoadBalancerPort', LoadBalancerPort),
        certificateArns: [SSLCertificateId],
        dnsName: given(CALL, 'DNSName', balancer.DNSName),
        isInternal: balancer.Scheme === 'internal',
      },
    ];
  });
};

/** TLS listeners of the Region's Classic balancers, by list pages alone. Their answers have no ARNs: `arnOf` makes them. */
export const readClassicListenerUses = async (
  client: ElasticLoadBalancingClient,
  region: string,
  pace: Pace,
  arnOf: (name: string) => string,
): Promise<readonly ListenerUse[]> => {
  const pages = await readPages(
    CALL,
    (Marker) => pace(() => client.send(new DescribeLoadBalancersCommand({ Marker }))),
    ({ NextMarker }) => NextMarker,
  );
  return pages
    .flatMap(({ LoadBalancerDescriptions }) => given(CALL, 'LoadBalancerDescriptions', LoadBalancerDescriptions))
    .flatMap((balancer) => toUses(balancer, region, arnOf));
};
