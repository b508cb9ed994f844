import type { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeVpcEndpointServiceConfigurationsCommand } from '@aws-sdk/client-ec2';
import { given } from '../answer.ts';
import { readPages } from '../pages.ts';
import { ec2, MaxResults } from './matching.ts';
import type { Ec2Reader } from './port.ts';

/** No filter knows the balancer, so all of the account's services in this Region are read. */
export const readEndpointServiceBalancers = (client: EC2Client): Ec2Reader['readEndpointServiceBalancers'] => {
  const call = ec2('DescribeVpcEndpointServiceConfigurations');
  return async () => {
    const pages = await readPages(
      call,
      (NextToken) => client.send(new DescribeVpcEndpointServiceConfigurationsCommand({ MaxResults, NextToken })),
      ({ NextToken }) => NextToken,
    );
    const services = pages.flatMap(({ ServiceConfigurations }) =>
      given(call, 'ServiceConfigurations', ServiceConfigurations),
    );
    return new Set(
      services.flatMap(({ NetworkLoadBalancerArns = [], GatewayLoadBalancerArns = [] }) => [
        ...NetworkLoadBalancerArns,
        ...GatewayLoadBalancerArns,
      ]),
    );
  };
};
