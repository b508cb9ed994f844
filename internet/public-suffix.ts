import { isIP } from 'node:net';
import { parse } from 'tldts';
import { isWithin, toAsciiName } from './names.ts';

/** Domains whose names AWS hands out: nobody of ours has registered them, and nobody of ours could renew them. */
const AWS_DOMAINS: readonly string[] = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazoncognito.com',
  'amplifyapp.com',
  'api.aws',
  'awsapprunner.com',
  'awsglobalaccelerator.com',
  'cloudfront.net',
  'elasticbeanstalk.com',
  'on.aws',
];

/**
 * The domain that somebody registered for a name to exist: one label below a suffix of the Public Suffix List's ICANN
 * section, in ASCII. The private section is left out: who offers names below their own domain still has to renew it.
 * `undefined` for addresses, single labels, suffixes themselves, top-level domains the list doesn't know (`.internal`),
 * and names that AWS hands out. A wildcard counts as the name it is below.
 */
export const registrableDomain = (name: string): string | undefined => {
  const ascii = toAsciiName(name.trim().replace(/^\*\./, ''));
  if (ascii === undefined || isIP(ascii) !== 0 || AWS_DOMAINS.some((domain) => isWithin(ascii, domain)))
    return undefined;
  const { domain, isIcann } = parse(ascii, { extractHostname: false, validateHostname: false });
  return isIcann === true ? (domain ?? undefined) : undefined;
};
