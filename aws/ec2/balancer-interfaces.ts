import type { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2';
import type { LoadBalancer } from '../../domain/load-balancer.ts';
import { given } from '../answer.ts';
import { toBalancerInterface } from './answers.ts';
import { ec2, MaxResults, readMatching, underKeys } from './matching.ts';
import type { Ec2Reader } from './port.ts';

/**
 * What a balancer's interfaces say of themselves: `ELB app/NAME/ID`, `ELB net/NAME/ID`, `ELB gwy/NAME/ID`, of a Classic
 * balancer `ELB NAME`. A Gateway Load Balancer is `gateway/NAME/ID` in other places, so both are asked for (facts 1.6, 2.5).
 */
const descriptionsOf = ({ arn, kind }: LoadBalancer): readonly string[] => {
  const name = arn.replace(/^.*:loadbalancer\//, '');
  return kind === 'gateway' ? [`ELB ${name}`, `ELB ${name.replace(/^gwy\//, 'gateway/')}`] : [`ELB ${name}`];
};

/**
 * Whoever may make an interface may describe it as a balancer's, and its address would be let in: only an interface that
 * an AWS service made counts. @see EC2 user guide, "Requester-managed network interfaces"
 */
export const readBalancerInterfaces = (client: EC2Client): Ec2Reader['readBalancerInterfaces'] => {
  const call = ec2('DescribeNetworkInterfaces');
  return async (loadBalancers) => {
    const arnOf = new Map(
      loadBalancers.flatMap((balancer) => descriptionsOf(balancer).map((text) => [text, balancer.arn] as const)),
    );
    const found = await readMatching(
      call,
      'description',
      [...arnOf.keys()],
      (filter, NextToken) =>
        client.send(new DescribeNetworkInterfacesCommand({ Filters: [filter], MaxResults, NextToken })),
      ({ NetworkInterfaces }) => given(call, 'NetworkInterfaces', NetworkInterfaces),
    );
    const own = underKeys(
      loadBalancers.map(({ arn }) => arn),
      found.filter(({ RequesterManaged }) => RequesterManaged !== false),
      ({ Description = '' }) => [arnOf.get(Description) ?? ''],
    );
    return new Map([...own].map(([arn, interfaces]) => [arn, interfaces.map((eni) => toBalancerInterface(call, eni))]));
  };
};
