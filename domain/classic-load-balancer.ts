import type { HealthCheck } from './target-group.ts';

/** One listener of a Classic Load Balancer. @see Classic ELB API reference, `Listener` */
export interface ClassicListener {
  /** HTTP, HTTPS, TCP or SSL: what clients speak. */
  readonly protocol: string;
  /** Port clients connect to. */
  readonly port: number;
  /** Port of every registered instance that this listener sends to. */
  readonly instancePort: number;
  /** ARN of the certificate it serves, of ACM or IAM; absent where it speaks no TLS. */
  readonly certificateArn: string | undefined;
}

/** A Classic Load Balancer as one read saw it. AWS names its zones and its subnets apart, and no ARN. */
export interface ClassicLoadBalancer {
  readonly name: string;
  readonly dnsName: string;
  readonly scheme: 'internet-facing' | 'internal';
  readonly vpcId: string | undefined;
  readonly subnetIds: readonly string[];
  readonly availabilityZones: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly listeners: readonly ClassicListener[];
  /** Its port is always a number: a Classic balancer has one check for all listeners. */
  readonly healthCheck: HealthCheck & { readonly port: number };
}

const CLASSIC_ARN = /^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:loadbalancer\/([^/]+)$/;

/**
 * Name of the Classic Load Balancer that an ARN is of, `undefined` for any other ARN: those of the newer kinds go on with
 * `app/`, `net/` or `gwy/`. @see Service Authorization Reference, "AWS Elastic Load Balancing", resource types
 */
export const classicNameOf = (arn: string): string | undefined => CLASSIC_ARN.exec(arn)?.[1];

/** Regions of other partitions than AWS's own begin so. @see AWS General Reference, "Amazon Resource Names (ARNs)" */
const PARTITIONS: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b'],
  ['us-iso-', 'aws-iso'],
  ['eusc-', 'aws-eusc'],
];

/** The partition that a Region is of, as its ARNs begin. */
export const partitionOf = (region: string): string =>
  PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';

/** The ARN of a Classic Load Balancer, which its own API never tells. */
export const classicArnOf = (
  name: string,
  { region, account }: { readonly region: string; readonly account: string },
): string => `arn:${partitionOf(region)}:elasticloadbalancing:${region}:${account}:loadbalancer/${name}`;
