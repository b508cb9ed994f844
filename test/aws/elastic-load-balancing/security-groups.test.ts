import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  SetSecurityGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { balancerSecurityGroups } from '../../../aws/elastic-load-balancing/security-groups.ts';

const ARN = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/net/web/0123456789abcdef';
const elb = mockClient(ElasticLoadBalancingV2Client);
const groups = balancerSecurityGroups(new ElasticLoadBalancingV2Client({}));

beforeEach(() => {
  elb.reset();
  elb.on(SetSecurityGroupsCommand).resolves({});
});

const set = async (enforced: 'on' | 'off' | undefined): Promise<unknown> => {
  const balancer = enforced === undefined ? {} : { EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: enforced };
  elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ LoadBalancerArn: ARN, ...balancer }] });
  await groups.setSecurityGroups(ARN, ['sg-a', 'sg-b']);
  return elb.commandCalls(SetSecurityGroupsCommand)[0]?.args[0].input;
};

test('Given a Network Load Balancer that doesn’t ask its groups about PrivateLink, then it stays so', async () => {
  expect(await set('off')).toEqual({
    LoadBalancerArn: ARN,
    SecurityGroups: ['sg-a', 'sg-b'],
    EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off',
  });
});

test.each([['on' as const], [undefined]])('Given it says %s, then nothing is said of it', async (enforced) => {
  expect(await set(enforced)).toEqual({ LoadBalancerArn: ARN, SecurityGroups: ['sg-a', 'sg-b'] });
});
