/** What the list of certificates says of one; enough for all that are far from their end (facts 5.1). */
export interface CertificateSummary {
  readonly arn: string;
  readonly region: string;
  /** The first name; absent on private certificates that have none. Not necessarily a domain. */
  readonly commonName: string | undefined;
  /** Common name first, then the others; a list says the first hundred. */
  readonly names: readonly string[];
  readonly status: CertificateStatus;
  readonly type: CertificateType;
  /** Absent until it is issued. */
  readonly notAfter: Date | undefined;
  /** `undefined` where AWS did not say. */
  readonly isInUse: boolean | undefined;
  readonly isEligibleForRenewal: boolean | undefined;
  /**
   * Exported since it was issued: it then renews without being in use, and its copies have to be replaced by hand. A look in
   * detail tells it only of what is not in use; of the others the list does.
   */
  readonly isExported: boolean;
  /** `CLOUDFRONT`, when CloudFront asked for it and answers for it. */
  readonly managedBy: string | undefined;
  readonly keyPairOrigin: KeyPairOrigin;
}

/** `unknown`: a value the API has grown since; never guessed at, always looked at in detail. */
export type CertificateStatus =
  | 'PENDING_VALIDATION'
  | 'ISSUED'
  | 'INACTIVE'
  | 'EXPIRED'
  | 'VALIDATION_TIMED_OUT'
  | 'REVOKED'
  | 'FAILED'
  | 'unknown';

export type CertificateType = 'IMPORTED' | 'AMAZON_ISSUED' | 'PRIVATE' | 'unknown';

export type KeyPairOrigin = 'AWS_MANAGED' | 'ACME' | 'CUSTOMER_PROVIDED' | 'unknown';

export type ValidationMethod = 'DNS' | 'EMAIL' | 'HTTP' | 'unknown';

/** A DNS record as people enter it; names without their last dot. */
export interface DnsRecord {
  readonly name: string;
  /** `CNAME` for every validation record there is. */
  readonly type: string;
  readonly value: string;
}

/** How one name of a certificate is proved, at its issuance or its renewal. */
export interface Validation {
  readonly name: string;
  readonly method: ValidationMethod;
  readonly status: 'PENDING_VALIDATION' | 'SUCCESS' | 'FAILED' | 'unknown';
  /** The record to find in DNS; some seconds after the request it is not known yet. */
  readonly record: DnsRecord | undefined;
  /** Mailboxes that were written to. */
  readonly emails: readonly string[];
}

/** A renewal that AWS has begun or tried. Of certificates AWS issued only. */
export interface Renewal {
  readonly status: 'PENDING_AUTO_RENEWAL' | 'PENDING_VALIDATION' | 'SUCCESS' | 'FAILED' | 'unknown';
  /** AWS's code, such as `CAA_ERROR`. */
  readonly reason: string | undefined;
  readonly updatedAt: Date | undefined;
  /** Of this renewal, not of the first issuance (facts 5.1). */
  readonly validations: readonly Validation[];
}

/** A certificate as one look in detail shows it. */
export interface Certificate extends CertificateSummary {
  readonly createdAt: Date | undefined;
  /** Of the certificate as it stands: a re-import or renewal sets it anew. */
  readonly issuedAt: Date | undefined;
  readonly importedAt: Date | undefined;
  readonly revokedAt: Date | undefined;
  readonly issuer: string | undefined;
  readonly serial: string | undefined;
  /** ARNs of balancers, distributions and others that use it. */
  readonly inUseBy: readonly string[];
  /** Of the first issuance. */
  readonly validations: readonly Validation[];
  readonly renewal: Renewal | undefined;
  /** AWS's code, when `status` is FAILED. */
  readonly failureReason: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** Something that serves a certificate, by the name people know. */
export interface CertificateUse {
  readonly kind: 'cloudfront' | 'alb' | 'nlb' | 'classic' | 'api-gateway' | 'other';
  /** The alias of a distribution, the name of a balancer, else the last part of the ARN. */
  readonly name: string;
  /** Id of a distribution, ARN of everything else. */
  readonly id: string;
  readonly region: string;
  /** The listener's port; of a balancer whose listener is not known, `undefined`. */
  readonly port: number | undefined;
}
