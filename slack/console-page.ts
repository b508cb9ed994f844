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

const consoleHost = (region: string): string | undefined => {
  if (region.startsWith('cn-')) return HOSTS['aws-cn'];
  return region.startsWith('us-gov-') ? HOSTS['aws-us-gov'] : HOSTS['aws'];
};

const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;

/** Where CloudWatch shows an alarm with its graph; `undefined` where the Region is odd. */
export const alarmPage = (name: string, region: string): ConsolePage | undefined => {
  const host = consoleHost(region);
  if (host === undefined || !REGION.test(region)) return undefined;
  const path = encodeURIComponent(name.toWellFormed().slice(0, 255).toWellFormed());
  return { console: 'CloudWatch', url: `https://${host}/cloudwatch/home?region=${region}#alarmsV2:alarm/${path}` };
};
