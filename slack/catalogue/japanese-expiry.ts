import type { ExpiryCatalogue } from './expiry.ts';
import { JAPANESE_CERTIFICATES } from './japanese-certificates.ts';
import { JAPANESE_DOMAINS } from './japanese-domains.ts';
import { JAPANESE_SERVED_CERTIFICATES } from './japanese-served-certificates.ts';

/** Everything Usher says in Japanese about certificates and domains. */
export const JAPANESE_EXPIRY: ExpiryCatalogue = {
  ...JAPANESE_CERTIFICATES,
  ...JAPANESE_SERVED_CERTIFICATES,
  ...JAPANESE_DOMAINS,
  record: { host: 'ホスト名：', type: '種別：', value: '値：', fullName: '完全名：' },
};
