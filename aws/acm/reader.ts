import type { ACMClient } from '@aws-sdk/client-acm';
import {
  DescribeCertificateCommand,
  ListCertificatesCommand,
  ListTagsForCertificateCommand,
} from '@aws-sdk/client-acm';
import { given } from '../answer.ts';
import type { AwsCall } from '../aws-call-error.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import type { Pace } from '../paced.ts';
import { paced } from '../paced.ts';
import { readPages } from '../pages.ts';
import { toCertificate, toSummary } from './answers.ts';
import type { CertificateReader } from './port.ts';

const acm = (action: string): AwsCall => ({ service: 'ACM', action });

/**
 * Without them the answer holds RSA_1024 and RSA_2048 only (trap 7), and none of ACME's.
 * @see ACM API reference, `ListCertificates` and `Filters`
 */
const EVERYTHING = {
  Includes: {
    keyTypes: [
      'RSA_1024',
      'RSA_2048',
      'RSA_3072',
      'RSA_4096',
      'EC_prime256v1',
      'EC_secp384r1',
      'EC_secp521r1',
    ] as const,
  },
  CertificateKeyPairOrigins: ['AWS_MANAGED', 'CUSTOMER_PROVIDED', 'ACME'] as const,
};

/** The largest page. @see ACM API reference, `ListCertificates` */
const MaxItems = 1000;

/** Calls a second and Region: of 8 and 10 that ACM takes (facts 2.6), some are left to everybody else. */
const LISTS_PER_SECOND = 4;
const DETAILS_PER_SECOND = 6;

/** Gates for the calls of one Region. */
export interface CertificatePaces {
  readonly list: Pace;
  readonly describe: Pace;
  readonly tags: Pace;
}

const defaultPaces = (): CertificatePaces => ({
  list: paced(LISTS_PER_SECOND),
  describe: paced(DETAILS_PER_SECOND),
  tags: paced(DETAILS_PER_SECOND),
});

const isGone = (error: unknown): boolean => error instanceof AwsCallError && error.meaning === 'not-found';

/** Certificates of the client's Region. */
export const certificateReader = (
  client: ACMClient,
  { list, describe, tags }: CertificatePaces = defaultPaces(),
): CertificateReader => ({
  async readCertificates() {
    const call = acm('ListCertificates');
    const { Includes, CertificateKeyPairOrigins } = EVERYTHING;
    const query = {
      Includes: { keyTypes: [...Includes.keyTypes] },
      CertificateKeyPairOrigins: [...CertificateKeyPairOrigins],
      MaxItems,
    };
    const pages = await readPages(
      call,
      (NextToken) =>
        list(() => client.send(new ListCertificatesCommand({ ...query, ...(NextToken ? { NextToken } : {}) }))),
      ({ NextToken }) => NextToken,
    );
    return pages
      .flatMap(({ CertificateSummaryList }) => given(call, 'CertificateSummaryList', CertificateSummaryList))
      .map((summary) => toSummary(call, summary));
  },
  async readCertificate(CertificateArn) {
    const call = acm('DescribeCertificate');
    try {
      const [{ Certificate }, { Tags }] = await Promise.all([
        callAws(call, () => describe(() => client.send(new DescribeCertificateCommand({ CertificateArn })))),
        callAws(acm('ListTagsForCertificate'), () =>
          tags(() => client.send(new ListTagsForCertificateCommand({ CertificateArn }))),
        ),
      ]);
      return toCertificate(call, Certificate, Tags);
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  },
});
