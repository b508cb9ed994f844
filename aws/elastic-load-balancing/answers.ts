import type {
  LoadBalancer as ElbLoadBalancer,
  TargetGroup as ElbTargetGroup,
  TargetDescription,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { EnabledZone, LoadBalancer } from '../../domain/load-balancer.ts';
import type { Tags } from '../../domain/tags.ts';
import type { Target, TargetHealth, TargetState } from '../../domain/target.ts';
import type { HealthCheck, TargetGroup } from '../../domain/target-group.ts';
import { given, knownValue, unexpectedAnswer } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';

const TARGET_STATES: readonly TargetState[] = [
  'initial',
  'healthy',
  'unhealthy',
  'unhealthy.draining',
  'unused',
  'draining',
  'unavailable',
];

/** `traffic-port` or a decimal text (facts 2.4). */
const toHealthPort = (call: AwsCall, port: string): HealthCheck['port'] => {
  if (port === 'traffic-port') return port;
  if (/^\d{1,5}$/.test(port)) return Number(port);
  throw unexpectedAnswer(call, `the answer's HealthCheckPort is ${JSON.stringify(port)}`);
};

/** A lambda group is asked by invoking its function, so AWS answers neither protocol nor port; nothing is seated there. */
const LAMBDA_CHECK = { HealthCheckProtocol: 'HTTP', HealthCheckPort: 'traffic-port' } as const;

const toHealthCheck = (call: AwsCall, group: ElbTargetGroup): HealthCheck => {
  const matcher = group.Matcher?.HttpCode || group.Matcher?.GrpcCode;
  const answered = group.TargetType === 'lambda' ? { ...group, ...LAMBDA_CHECK } : group;
  return {
    protocol: given(call, 'HealthCheckProtocol', answered.HealthCheckProtocol),
    port: toHealthPort(call, given(call, 'HealthCheckPort', answered.HealthCheckPort)),
    path: group.HealthCheckPath,
    intervalSeconds: given(call, 'HealthCheckIntervalSeconds', group.HealthCheckIntervalSeconds),
    timeoutSeconds: given(call, 'HealthCheckTimeoutSeconds', group.HealthCheckTimeoutSeconds),
    healthyThreshold: given(call, 'HealthyThresholdCount', group.HealthyThresholdCount),
    unhealthyThreshold: given(call, 'UnhealthyThresholdCount', group.UnhealthyThresholdCount),
    ...(matcher ? { matcher } : {}),
  };
};

/**
 * A target group with the tags given. An absent address type is `ipv4`, the default that the API reference names.
 * @throws {AwsCallError} when the answer lacks the ARN, the name, the type or the health check
 */
export const toTargetGroup = (call: AwsCall, group: ElbTargetGroup, tagsOf: (arn: string) => Tags): TargetGroup => {
  const arn = given(call, 'TargetGroupArn', group.TargetGroupArn);
  return {
    arn,
    name: given(call, 'TargetGroupName', group.TargetGroupName),
    targetType: knownValue(call, 'TargetType', group.TargetType, ['instance', 'ip', 'lambda', 'alb']),
    protocol: group.Protocol,
    port: group.Port,
    vpcId: group.VpcId,
    ipAddressType: knownValue(call, 'IpAddressType', group.IpAddressType ?? 'ipv4', ['ipv4', 'ipv6']),
    healthCheck: toHealthCheck(call, group),
    loadBalancerArns: group.LoadBalancerArns ?? [],
    tags: tagsOf(arn),
  };
};

const toTarget = (call: AwsCall, { Id, Port, AvailabilityZone }: TargetDescription): Target => ({
  id: given(call, 'Target.Id', Id),
  port: given(call, 'Target.Port', Port),
  ...(AvailabilityZone ? { availabilityZone: AvailabilityZone } : {}),
});

/** @throws {AwsCallError} when the answer lacks the target, its port (as lambda groups do) or a known state */
export const toTargetHealth = (call: AwsCall, { Target, TargetHealth }: TargetHealthDescription): TargetHealth => ({
  target: toTarget(call, given(call, 'Target', Target)),
  state: knownValue(call, 'TargetHealth.State', TargetHealth?.State, TARGET_STATES),
  reason: TargetHealth?.Reason,
  description: TargetHealth?.Description,
});

const SCHEMES = ['internet-facing', 'internal'] as const;

/** Gateway balancers have no scheme. */
const toScheme = (call: AwsCall, scheme: string | undefined): LoadBalancer['scheme'] =>
  scheme === undefined ? undefined : knownValue(call, 'Scheme', scheme, SCHEMES);

/** Every Application Load Balancer wears security groups; network ones may, gateway ones never do (facts 2.5, 4). */
const toSecurityGroupIds = (call: AwsCall, { Type, SecurityGroups }: ElbLoadBalancer): readonly string[] =>
  Type === 'application' ? given(call, 'SecurityGroups', SecurityGroups) : (SecurityGroups ?? []);

const toZones = (call: AwsCall, { AvailabilityZones }: ElbLoadBalancer): readonly EnabledZone[] =>
  given(call, 'AvailabilityZones', AvailabilityZones).map(({ ZoneName, SubnetId }) => ({
    availabilityZone: given(call, 'ZoneName', ZoneName),
    subnetId: given(call, 'SubnetId', SubnetId),
  }));

/** @throws {AwsCallError} when the answer lacks the ARN, the name, the kind, the zones or an application balancer's groups */
export const toLoadBalancer = (call: AwsCall, balancer: ElbLoadBalancer): LoadBalancer => ({
  arn: given(call, 'LoadBalancerArn', balancer.LoadBalancerArn),
  name: given(call, 'LoadBalancerName', balancer.LoadBalancerName),
  kind: knownValue(call, 'Type', balancer.Type, ['application', 'network', 'gateway']),
  ...(balancer.DNSName ? { dnsName: balancer.DNSName } : {}),
  scheme: toScheme(call, balancer.Scheme),
  vpcId: balancer.VpcId,
  securityGroupIds: toSecurityGroupIds(call, balancer),
  zones: toZones(call, balancer),
  ipAddressType: knownValue(call, 'IpAddressType', balancer.IpAddressType, [
    'ipv4',
    'dualstack',
    'dualstack-without-public-ipv4',
  ]),
  ...(balancer.EnablePrefixForIpv6SourceNat === 'on' ? { hasSourceNatPrefixes: true } : {}),
  ...(balancer.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic === 'off' ? { admitsPrivateLink: true } : {}),
});
