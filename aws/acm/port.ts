import type { Certificate, CertificateSummary } from '../../domain/expiry/certificate.ts';

/** Reads of ACM in one Region. Every method throws `AwsCallError`; none answers a failed read with a shorter list. */
export interface CertificateReader {
  /** All certificates, of every key type and origin (trap 7), page by page within ACM's request rates (facts 2.6). */
  readCertificates(): Promise<readonly CertificateSummary[]>;
  /** One in detail, with its tags; `undefined` when it is gone. */
  readCertificate(arn: string): Promise<Certificate | undefined>;
}

/** Readers by Region: CloudFront's certificates are in us-east-1 wherever the stage is. */
export type CertificateReaders = (region: string) => CertificateReader;
