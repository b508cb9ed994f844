import { DescribeVpcEndpointServiceConfigurationsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ec2Reader } from '../../../aws/ec2/reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => {
  ec2.reset();
});

const reader = ec2Reader(new EC2Client({ region: 'ap-northeast-1' }));

const ARN = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer';

test('Given services over two pages, when they are read, then the balancers behind them are known, of both kinds, once each', async () => {
  ec2
    .on(DescribeVpcEndpointServiceConfigurationsCommand)
    .resolvesOnce({
      ServiceConfigurations: [
        { ServiceId: 'vpce-svc-1', NetworkLoadBalancerArns: [`${ARN}/net/mail/1`, `${ARN}/net/web/2`] },
        { ServiceId: 'vpce-svc-2' },
      ],
      NextToken: 'page-2',
    })
    .resolves({
      ServiceConfigurations: [
        { ServiceId: 'vpce-svc-3', GatewayLoadBalancerArns: [`${ARN}/gwy/wall/3`] },
        { ServiceId: 'vpce-svc-4', NetworkLoadBalancerArns: [`${ARN}/net/web/2`] },
      ],
    });
  expect(await reader.readEndpointServiceBalancers()).toEqual(
    new Set([`${ARN}/net/mail/1`, `${ARN}/net/web/2`, `${ARN}/gwy/wall/3`]),
  );
  expect(ec2.calls().map((call) => call.args[0].input)).toEqual([
    { MaxResults: 1_000, NextToken: undefined },
    { MaxResults: 1_000, NextToken: 'page-2' },
  ]);
});

test('Given no services, when they are read, then there are none; given an answer without a list, then it fails', async () => {
  ec2.on(DescribeVpcEndpointServiceConfigurationsCommand).resolvesOnce({ ServiceConfigurations: [] }).resolves({});
  expect(await reader.readEndpointServiceBalancers()).toEqual(new Set());
  await expect(reader.readEndpointServiceBalancers()).rejects.toMatchObject({
    code: 'UnexpectedAnswer',
    awsMessage: expect.stringContaining('ServiceConfigurations'),
  });
});

test('Given a read that is denied, when services are read, then it fails: none is not what was seen', async () => {
  ec2
    .on(DescribeVpcEndpointServiceConfigurationsCommand)
    .rejects(awsRefusal('UnauthorizedOperation', 'You are not authorized to perform this operation.'));
  await expect(reader.readEndpointServiceBalancers()).rejects.toMatchObject({ meaning: 'denied' });
});
