import type {
  HealthCheck as ElbHealthCheck,
  InstanceState,
  ListenerDescription,
  LoadBalancerDescription,
} from '@aws-sdk/client-elastic-load-balancing';
import type { ClassicListener, ClassicLoadBalancer } from '../../domain/classic-load-balancer.ts';
import type { TargetHealth } from '../../domain/target.ts';
import { given, knownValue, unexpectedAnswer } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';

const toListener = (call: AwsCall, { Listener }: ListenerDescription): ClassicListener => {
  const { Protocol, LoadBalancerPort, InstancePort, SSLCertificateId } = given(call, 'Listener', Listener);
  return {
    protocol: given(call, 'Listener.Protocol', Protocol),
    port: given(call, 'Listener.LoadBalancerPort', LoadBalancerPort),
    instancePort: given(call, 'Listener.InstancePort', InstancePort),
    certificateArn: SSLCertificateId || undefined,
  };
};

/** `TCP:5000`, `SSL:5000`, `HTTP:80/path` or `HTTPS:443/path`. @see Classic ELB API reference, `HealthCheck.Target` */
const CHECK_TARGET = /^(TCP|SSL|HTTP|HTTPS):(\d{1,5})(\/.*)?$/i;

const toHealthCheck = (call: AwsCall, check: ElbHealthCheck): ClassicLoadBalancer['healthCheck'] => {
  const target = given(call, 'HealthCheck.Target', check.Target);
  const [, protocol, port, path] = CHECK_TARGET.exec(target) ?? [];
  if (protocol === undefined || port === undefined)
    throw unexpectedAnswer(call, `the answer's HealthCheck.Target is ${JSON.stringify(target)}`);
  return {
    protocol: protocol.toUpperCase(),
    port: Number(port),
    path,
    intervalSeconds: given(call, 'HealthCheck.Interval', check.Interval),
    timeoutSeconds: given(call, 'HealthCheck.Timeout', check.Timeout),
    healthyThreshold: given(call, 'HealthCheck.HealthyThreshold', check.HealthyThreshold),
    unhealthyThreshold: given(call, 'HealthCheck.UnhealthyThreshold', check.UnhealthyThreshold),
  };
};

/** @throws {AwsCallError} when the answer lacks the names, the listeners, the check, or where the balancer stands */
export const toClassicLoadBalancer = (call: AwsCall, balancer: LoadBalancerDescription): ClassicLoadBalancer => ({
  name: given(call, 'LoadBalancerName', balancer.LoadBalancerName),
  dnsName: given(call, 'DNSName', balancer.DNSName),
  scheme: knownValue(call, 'Scheme', balancer.Scheme, ['internet-facing', 'internal']),
  vpcId: balancer.VPCId || undefined,
  subnetIds: given(call, 'Subnets', balancer.Subnets),
  availabilityZones: given(call, 'AvailabilityZones', balancer.AvailabilityZones),
  securityGroupIds: given(call, 'SecurityGroups', balancer.SecurityGroups),
  listeners: given(call, 'ListenerDescriptions', balancer.ListenerDescriptions).map((one) => toListener(call, one)),
  healthCheck: toHealthCheck(call, given(call, 'HealthCheck', balancer.HealthCheck)),
});

type Health = Pick<TargetHealth, 'state' | 'reason'>;

/**
 * What AWS's fixed sentences mean in the words of the newer kinds; a description may hold several, and the first row that
 * is in it decides. Why a check failed is never told. A pool that is being filled says that the healthy threshold is not
 * reached, which takes five minutes by default: that is no failure yet.
 * @see Classic ELB API reference, `InstanceState.Description`
 */
const SENTENCES: readonly (readonly [sentence: string, health: Health])[] = [
  ['deregistration currently in progress', { state: 'draining', reason: 'Target.DeregistrationInProgress' }],
  ['is in stopped state', { state: 'unused', reason: 'Target.InvalidState' }],
  ['is in terminated state', { state: 'unused', reason: 'Target.InvalidState' }],
  ['is in pending state', { state: 'unused', reason: 'Target.InvalidState' }],
  ['LoadBalancer is not configured to route traffic to', { state: 'unused', reason: 'Target.NotInUse' }],
  ['Disable Availability Zone is currently in progress', { state: 'unused', reason: 'Target.NotInUse' }],
  ['registration is still in progress', { state: 'initial', reason: 'Elb.RegistrationInProgress' }],
  ['failed at least the UnhealthyThreshold', { state: 'unhealthy', reason: 'Target.FailedHealthChecks' }],
  ['not passed the configured HealthyThreshold', { state: 'initial', reason: 'Elb.InitialHealthChecking' }],
  ['transient error occurred', { state: 'unavailable', reason: 'Elb.InternalError' }],
];

const NOT_REGISTERED = 'is not currently registered with the LoadBalancer';

const healthOf = (call: AwsCall, { State, ReasonCode, Description = '' }: InstanceState): Health => {
  const state = knownValue(call, 'InstanceState.State', State, ['InService', 'OutOfService', 'Unknown']);
  const known = SENTENCES.find(([sentence]) => Description.includes(sentence))?.[1];
  // One that is leaving stays in service for the connections it has.
  if (state === 'InService' && known?.state !== 'draining') return { state: 'healthy', reason: undefined };
  if (known !== undefined) return known;
  return state === 'Unknown'
    ? { state: 'unavailable', reason: 'Elb.InternalError' }
    : { state: 'unhealthy', reason: ReasonCode };
};

/**
 * Health of one registered instance; `undefined` for one that AWS lists only to say that it is not registered.
 * @throws {AwsCallError} when the answer lacks the instance or a known state
 */
export const toInstanceHealth = (call: AwsCall, instance: InstanceState): TargetHealth | undefined => {
  if (instance.Description?.includes(NOT_REGISTERED)) return undefined;
  const health = healthOf(call, instance);
  return {
    target: { id: given(call, 'InstanceId', instance.InstanceId), port: undefined },
    ...health,
    description: health.state === 'healthy' ? undefined : instance.Description,
  };
};
