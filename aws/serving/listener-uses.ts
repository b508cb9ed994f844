import type { ElasticLoadBalancingV2Client, Listener, LoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { AwsCallError } from '../aws-call-error.ts';
import type { Pace } from '../paced.ts';
import { readPages } from '../pages.ts';
import type { ListenerUse } from './port.ts';

const elb = (action: string): AwsCall => ({ service: 'ELBv2', action });

/** What balancers that end TLS are called here; gateway ones have no such listener. */
const KINDS: Readonly<Record<string, ListenerUse['kind']>> = { application: 'alb', network: 'nlb' };
const TLS_PROTOCOLS: readonly (string | undefined)[] = ['HTTPS', 'TLS'];

/** What went between two reads serves nothing; every other failure is thrown. */
const unlessGone = async <Item>(read: () => Promise<readonly Item[]>): Promise<readonly Item[]> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AwsCallError && error.meaning === 'not-found') return [];
    throw error;
  }
};

const readBalancers = async (client: ElasticLoadBalancingV2Client, pace: Pace): Promise<readonly LoadBalancer[]> => {
  const call = elb('DescribeLoadBalancers');
  const pages = await readPages(
    call,
    (Marker) => pace(() => client.send(new DescribeLoadBalancersCommand({ Marker }))),
    ({ NextMarker }) => NextMarker,
  );
  return pages.flatMap(({ LoadBalancers }) => given(call, 'LoadBalancers', LoadBalancers));
};

const readListeners = (
  client: ElasticLoadBalancingV2Client,
  pace: Pace,
  LoadBalancerArn: string,
): Promise<readonly Listener[]> =>
  unlessGone(async () => {
    const call = elb('DescribeListeners');
    const pages = await readPages(
      call,
      (Marker) => pace(() => client.send(new DescribeListenersCommand({ LoadBalancerArn, Marker }))),
      ({ NextMarker }) => NextMarker,
    );
    return pages.flatMap(({ Listeners }) => given(call, 'Listeners', Listeners));
  });

/** The default certificate first, then those of SNI, each once. */
const readCertificateArns = (
  client: ElasticLoadBalancingV2Client,
  pace: Pace,
  ListenerArn: string,
): Promise<readonly string[]> =>
  unlessGone(async () => {
    const call = elb('DescribeListenerCertificates');
    const pages = await readPages(
      call,
      (Marker) => pace(() => client.send(new DescribeListenerCertificatesCommand({ ListenerArn, Marker }))),
      ({ NextMarker }) => NextMarker,
    );
    const certificates = pages.flatMap(({ Certificates }) => given(call, 'Certificates', Certificates));
    const inOrder = [...certificates].sort(
      (one, other) => Number(other.IsDefault ?? false) - Number(one.IsDefault ?? false),
    );
    return [...new Set(inOrder.map(({ CertificateArn }) => given(call, 'CertificateArn', CertificateArn)))];
  });

/** TLS listeners of the Region's application and network balancers: pages, one read a balancer, one a TLS listener. */
export const readListenerUses = async (
  client: ElasticLoadBalancingV2Client,
  region: string,
  pace: Pace,
): Promise<readonly ListenerUse[]> => {
  const call = elb('DescribeLoadBalancers');
  const uses: ListenerUse[] = [];
  for (const balancer of await readBalancers(client, pace)) {
    const kind = KINDS[given(call, 'Type', balancer.Type)];
    if (kind === undefined) continue;
    const id = given(call, 'LoadBalancerArn', balancer.LoadBalancerArn);
    const listeners = await readListeners(client, pace, id);
    for (const { Protocol, Port, ListenerArn } of listeners.filter((each) => TLS_PROTOCOLS.includes(each.Protocol))) {
      const arn = given(elb('DescribeListeners'), `ListenerArn of a ${Protocol} listener`, ListenerArn);
      uses.push({
        kind,
        name: given(call, 'LoadBalancerName', balancer.LoadBalancerName),
        id,
        region,
        port: given(elb('DescribeListeners'), 'Port', Port),
        certificateArns: await readCertificateArns(client, pace, arn),
        dnsName: given(call, 'DNSName', balancer.DNSName),
        isInternal: balancer.Scheme === 'internal',
      });
    }
  }
  return uses;
};
