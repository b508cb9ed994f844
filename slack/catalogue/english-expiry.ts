import { ENGLISH_CERTIFICATES } from './english-certificates.ts';
import { ENGLISH_DOMAINS } from './english-domains.ts';
import { ENGLISH_SERVED_CERTIFICATES } from './english-served-certificates.ts';
import type { ExpiryCatalogue } from './expiry.ts';

/** Everything Usher says in English about certificates and domains. */
export const ENGLISH_EXPIRY: ExpiryCatalogue = {
  ...ENGLISH_CERTIFICATES,
  ...ENGLISH_SERVED_CERTIFICATES,
  ...ENGLISH_DOMAINS,
  record: { host: 'Host:      ', type: 'Type:      ', value: 'Value:     ', fullName: 'Full name: ' },
};
