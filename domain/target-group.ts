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
  /** Codes taken for well, as AWS writes them (`200`, `200-399`; of gRPC `12`); absent where the check asks for none. */
  readonly matcher?: string;
}

/**
 * A place where targets sit: a target group of an Application, Network or Gateway Load Balancer, or a Classic balancer,
 * which holds its instances itself and is its own group.
 */
export interface TargetGroup {
  /** A Classic balancer's is the balancer's own. */
  readonly arn: string;
  readonly name: string;
  readonly targetType: TargetType;
  /** HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP, QUIC, TCP_QUIC or GENEVE; absent for lambda groups and Classic balancers. */
  readonly protocol: string | undefined;
  readonly port: number | undefined;
  /**
   * A Classic balancer's only: the ports of its instances that its listeners send to, each once, lowest first. Who is
   * registered there has no port of its own.
   */
  readonly instancePorts?: readonly number[];
  readonly vpcId: string | undefined;
  readonly ipAddressType: 'ipv4' | 'ipv6';
  readonly healthCheck: HealthCheck;
  /** Balancers one of whose listeners or rules uses the group; empty when none does, as of a Classic one without listeners. */
  readonly loadBalancerArns: readonly string[];
  readonly tags: Tags;
}
