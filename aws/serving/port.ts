import type { CertificateUse } from '../../domain/expiry/certificate.ts';

/** A distribution, or a tenant of one, with the certificate attached. */
export interface DistributionUse extends CertificateUse {
  /** `undefined` where it answers with CloudFront's own certificate, or one that IAM keeps. */
  readonly certificateArn: string | undefined;
  /** Names it answers for; may begin with `*.`. None while it is disabled. */
  readonly aliases: readonly string[];
}

/** A TLS listener with every certificate attached: the default first, then those chosen by name (SNI). */
export interface ListenerUse extends CertificateUse {
  /** ARNs as ELB has them: of ACM, or of IAM (`…:server-certificate/…`). */
  readonly certificateArns: readonly string[];
  /** The balancer's own name in DNS. */
  readonly dnsName: string;
  readonly isInternal: boolean;
}

/**
 * Where certificates are served: distributions and listeners, with the names they answer for. Every method throws
 * `AwsCallError`; none answers a failed read with a shorter list.
 */
export interface ServingReader {
  /** All distributions, and all tenants of those that have them. */
  readDistributionUses(): Promise<readonly DistributionUse[]>;
  /** TLS listeners of all balancers of a Region, within ELB's request rates (facts 2.6). */
  readListenerUses(region: string): Promise<readonly ListenerUse[]>;
}
