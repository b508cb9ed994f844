import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { balancerSettingsReader } from '../../../aws/elastic-load-balancing/settings-reader.ts';
import { awsRefusal } from '../aws-refusal.ts';

const elb = mockClient(ElasticLoadBalancingV2Client);
beforeEach(() => {
  elb.reset();
});

const reader = balancerSettingsReader(new ElasticLoadBalancingV2Client({ region: 'ap-northeast-1' }));

test('Given listeners with rules, weights and hosts, when they are read, then each says where it sends to and whom it answers for', async () => {
  elb.on(DescribeListenersCommand, { LoadBalancerArn: 'alb' }).resolves({
    Listeners: [
      {
        ListenerArn: 'l-443',
        Protocol: 'HTTPS',
        Port: 443,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: 'web' }],
      },
      { ListenerArn: 'l-80', Protocol: 'HTTP', Port: 80, DefaultActions: [{ Type: 'redirect' }] },
      {
        ListenerArn: 'l-tcp',
        Protocol: 'TCP',
        Port: 25,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: 'mail' }],
      },
      { ListenerArn: 'l-gwy', DefaultActions: [{ Type: 'forward', TargetGroupArn: 'appliance' }] },
    ],
  });
  elb.on(DescribeRulesCommand).resolves({ Rules: [] });
  elb.on(DescribeRulesCommand, { ListenerArn: 'l-443' }).resolves({
    Rules: [
      {
        Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['www.example.com', '*.example.com'] } }],
        Actions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: 'blue', Weight: 0 },
                { TargetGroupArn: 'green', Weight: 1 },
              ],
            },
          },
        ],
      },
      {
        Conditions: [{ Field: 'path-pattern', Values: ['/api/*'] }],
        Actions: [{ Type: 'forward', TargetGroupArn: 'web' }],
      },
    ],
  });
  expect(await reader.readListeners('alb')).toEqual([
    { protocol: 'HTTPS', port: 443, targetGroupArns: ['web', 'green'], hosts: ['www.example.com', '*.example.com'] },
    { protocol: 'HTTP', port: 80, targetGroupArns: [], hosts: [] },
    { protocol: 'TCP', port: 25, targetGroupArns: ['mail'], hosts: [] },
    { protocol: 'GENEVE', port: 0, targetGroupArns: ['appliance'], hosts: [] },
  ]);
  expect(elb.commandCalls(DescribeRulesCommand)).toHaveLength(2);
});

test('Given a group that does as its balancer does, then the balancer’s word counts', async () => {
  elb.on(DescribeTargetGroupAttributesCommand).resolves({
    Attributes: [
      { Key: 'load_balancing.cross_zone.enabled', Value: 'use_load_balancer_configuration' },
      { Key: 'slow_start.duration_seconds', Value: '30' },
      { Key: 'preserve_client_ip.enabled', Value: 'true' },
    ],
  });
  elb.on(DescribeLoadBalancerAttributesCommand).resolves({
    Attributes: [
      { Key: 'load_balancing.cross_zone.enabled', Value: 'false' },
      { Key: 'idle_timeout.timeout_seconds', Value: '60' },
    ],
  });
  expect(await reader.readAttributes('web', 'alb')).toEqual({
    crossZone: false,
    slowStartSeconds: 30,
    preservesClientAddresses: true,
    idleTimeoutSeconds: 60,
  });
});

test('Given what is gone, then it has no listeners and nothing is known of it; given a refusal, it is thrown', async () => {
  elb.on(DescribeListenersCommand).rejects(awsRefusal('LoadBalancerNotFound', 'gone'));
  elb.on(DescribeTargetGroupAttributesCommand).rejects(awsRefusal('TargetGroupNotFound', 'gone'));
  expect(await reader.readListeners('alb')).toEqual([]);
  expect(await reader.readAttributes('web', undefined)).toEqual({
    crossZone: undefined,
    slowStartSeconds: undefined,
    preservesClientAddresses: undefined,
    idleTimeoutSeconds: undefined,
  });
  elb.on(DescribeListenersCommand).rejects(awsRefusal('AccessDenied', 'no'));
  await expect(reader.readListeners('alb')).rejects.toMatchObject({ meaning: 'denied', action: 'DescribeListeners' });
});
