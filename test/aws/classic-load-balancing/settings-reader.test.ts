import {
  DescribeLoadBalancerAttributesCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import { beforeEach, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { classicSettingsReader } from '../../../aws/classic-load-balancing/settings-reader.ts';
import { classicArn } from '../../support/world/builders.ts';
import { awsRefusal } from '../aws-refusal.ts';

const elb = mockClient(ElasticLoadBalancingClient);
beforeEach(() => {
  elb.reset();
});

const ARN = classicArn('old-web');

const reader = classicSettingsReader(new ElasticLoadBalancingClient({ region: 'ap-northeast-1' }), {
  readBalancersNamed: async (names) =>
    names.includes('old-web')
      ? [
          {
            name: 'old-web',
            dnsName: 'old-web.example.com',
            scheme: 'internet-facing',
            vpcId: 'vpc-1',
            subnetIds: [],
            availabilityZones: [],
            securityGroupIds: [],
            listeners: [{ protocol: 'HTTPS', port: 443, instancePort: 8080, certificateArn: undefined }],
            healthCheck: {
              protocol: 'HTTP',
              port: 8080,
              path: '/',
              intervalSeconds: 30,
              timeoutSeconds: 5,
              healthyThreshold: 10,
              unhealthyThreshold: 2,
            },
          },
        ]
      : [],
});

test('Given a Classic balancer, then its listeners send to itself; one that is gone has none', async () => {
  expect(await reader.readListeners(ARN)).toEqual([
    { protocol: 'HTTPS', port: 443, targetGroupArns: [ARN], hosts: [] },
  ]);
  expect(await reader.readListeners(classicArn('gone'))).toEqual([]);
});

test('Given its attributes, then zones and silence are told; of one that is gone nothing is known, and a refusal is thrown', async () => {
  elb.on(DescribeLoadBalancerAttributesCommand, { LoadBalancerName: 'old-web' }).resolves({
    LoadBalancerAttributes: { CrossZoneLoadBalancing: { Enabled: false }, ConnectionSettings: { IdleTimeout: 60 } },
  });
  const unknown = {
    crossZone: undefined,
    slowStartSeconds: undefined,
    preservesClientAddresses: undefined,
    idleTimeoutSeconds: undefined,
  };
  expect(await reader.readAttributes(ARN, ARN)).toEqual({ ...unknown, crossZone: false, idleTimeoutSeconds: 60 });
  elb.on(DescribeLoadBalancerAttributesCommand).rejects(awsRefusal('LoadBalancerNotFound', 'gone'));
  expect(await reader.readAttributes(ARN, ARN)).toEqual(unknown);
  elb.on(DescribeLoadBalancerAttributesCommand).rejects(awsRefusal('AccessDenied', 'no'));
  await expect(reader.readAttributes(ARN, ARN)).rejects.toMatchObject({ meaning: 'denied' });
});
