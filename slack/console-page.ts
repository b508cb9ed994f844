import type { ReportedCertificate } from '../domain/expiry/report.ts';

/** A page of AWS's console. */
export interface ConsolePage {
  /** The service as the console calls it. */
  readonly console: string;
  readonly url: string;
}

const HOSTS: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-cn': 'console.amazonaws.cn',
};

const CERTIFICATE = /^arn:([a-z-]+):acm:([a-z0-9-]+):\d{12}:certificate\/([0-9A-Za-z-]{1,64})$/;

/** Where ACM shows a certificate; `undefined` where its ARN does not say, so that nothing of an odd one gets into an address. */
export const certificatePage = (certificate: ReportedCertificate | undefined): ConsolePage | undefined => {
  const [, partition = '', region = '', id = ''] = CERTIFICATE.exec(certificate?.arn ?? '') ?? [];
  const host = Object.hasOwn(HOSTS, partition) ? HOSTS[partition] : undefined;
  if (host === undefined) return undefined;
  return { console: 'ACM', url: `https://${host}/acm/home?region=${region}#/certificates/${id}` };
};

/** The domains registered with Route 53: there is one console for all Regions. */
export const REGISTERED_DOMAINS_PAGE: ConsolePage = {
  console: 'Route 53',
  url: 'https://console.aws.amazon.com/route53/domains/home',
};
