import type { LoadBalancerDescription } from '@aws-sdk/client-elastic-load-balancing';

/** A balancer as DescribeLoadBalancers answers it. @see Classic ELB API reference, `LoadBalancerDescription` */
export const aDescription = (different: Partial<LoadBalancerDescription> = {}): LoadBalancerDescription => ({
  LoadBalancerName: 'web',
  DNSName: 'web-1234567890.ap-northeast-1.elb.amazonaws.com',
  ListenerDescriptions: [
    { Listener: { Protocol: 'HTTP', LoadBalancerPort: 80, InstanceProtocol: 'HTTP', InstancePort: 8080 } },
    {
      Listener: {
        Protocol: 'HTTPS',
        LoadBalancerPort: 443,
        InstanceProtocol: 'HTTP',
        InstancePort: 8080,
        SSLCertificateId: 'arn:aws:acm:ap-northeast-1:123456789012:certificate/1234',
      },
    },
    { Listener: { Protocol: 'TCP', LoadBalancerPort: 25, InstanceProtocol: 'TCP', InstancePort: 2525 } },
  ],
  AvailabilityZones: ['ap-northeast-1a', 'ap-northeast-1c'],
  Subnets: ['subnet-c', 'subnet-a'],
  VPCId: 'vpc-1',
  Instances: [{ InstanceId: 'i-1' }],
  HealthCheck: { Target: 'HTTP:8080/health', Interval: 30, Timeout: 5, UnhealthyThreshold: 2, HealthyThreshold: 10 },
  SecurityGroups: ['sg-elb'],
  Scheme: 'internet-facing',
  ...different,
});
