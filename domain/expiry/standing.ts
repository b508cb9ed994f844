/**
 * Where a certificate stands. Only `stuck`, `wont-renew`, `expired`, `revoked`, `pending-issuance` and `failed` need a person;
 * `could-not-check` is told as such and never taken for `fine`.
 */
export type CertificateStanding =
  | { readonly kind: 'fine' }
  /** AWS renews it, as far as can be seen without anybody's help. */
  | { readonly kind: 'renewing-by-itself' }
  /** AWS tries to renew it and can't without somebody. */
  | { readonly kind: 'stuck'; readonly because: StuckBecause; readonly awsReason: string | undefined }
  /** Nobody is going to renew it. */
  | { readonly kind: 'wont-renew'; readonly because: WontRenewBecause }
  | { readonly kind: 'expired'; readonly isInUse: boolean }
  | { readonly kind: 'revoked'; readonly isInUse: boolean }
  /** Requested and not issued yet. */
  | { readonly kind: 'pending-issuance'; readonly because: StuckBecause }
  /** Will never be issued: to be requested again. */
  | { readonly kind: 'failed'; readonly because: 'TimedOut' | 'Refused'; readonly awsReason: string | undefined }
  | { readonly kind: 'could-not-check'; readonly why: string };

/** What stands in the way of an issuance or renewal. */
export type StuckBecause =
  | 'DnsRecord' // a validation record is missing or wrong
  | 'Email' // somebody has to press the link in AWS's mail
  | 'Caa' // a CAA record forbids Amazon's authorities
  | 'NoContacts' // no mailbox to write to
  | 'DomainNotAllowed' // AWS refuses the name
  | 'InvalidDomain' // no public name
  | 'Denied' // the domain's owner refused
  | 'MoreVerification' // AWS support wants to know more
  | 'PrivateAuthority' // PCA_*: the private authority refused or can't be reached
  | 'AwsReason'; // another reason of AWS's; its code is said

export type WontRenewBecause =
  | 'Imported' // to be imported again over the same ARN
  | 'Unused' // AWS renews only what is in use (facts 5.2)
  | 'NotEligible'
  | 'Acme'; // renewed by the ACME client that asked for it

/** Days before the end at which somebody is told, from far to near (0 = the day itself). */
export const DEFAULT_THRESHOLDS_DAYS: readonly number[] = [45, 30, 14, 7, 3, 1, 0];

/** A standing as one text, its cause included: what was told is told apart by it. */
export const standingText = (standing: CertificateStanding): string => {
  const because = 'because' in standing ? `:${standing.because}` : '';
  const unused = 'isInUse' in standing && !standing.isInUse ? ':unused' : '';
  return `${standing.kind}${because}${unused}`;
};
