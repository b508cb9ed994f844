import type { Tags } from './tags.ts';

/** @see ELBv2 API reference, `TargetGroup.TargetType` */
export type TargetType = 'instance' | 'ip' | 'lambda' | 'alb';

/** How a balancer asks its targets whether they are well. */
export interface HealthCheck {
  readonly protocol: string;
  /** `traffic-port` follows the port each target is registered on. */
  readonly port: 'traffic-port' | number;
  readonly path: string | undefined;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** A target group of an Application, Network or Gateway Load Balancer. */
export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly targetType: TargetType;
  /** HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP, QUIC, TCP_QUIC or GENEVE; absent for lambda groups. */
  readonly protocol: string | undefined;
  readonly port: number | undefined;
  readonly vpcId: string | undefined;
  readonly ipAddressType: 'ipv4' | 'ipv6';
  readonly healthCheck: HealthCheck;
  /** Balancers one of whose listeners or rules uses the group; empty when none does. */
  readonly loadBalancerArns: readonly string[];
  readonly tags: Tags;
}
