import type { ACMClient } from '@aws-sdk/client-acm';
import type { CertificateReader, CertificateReaders } from './port.ts';
import { certificateReader } from './reader.ts';

/** A reader for each Region that is asked, made once, so that its calls keep one pace. */
export const certificateReaders = (clientOf: (region: string) => ACMClient): CertificateReaders => {
  const readers = new Map<string, CertificateReader>();
  return (region) => {
    const reader = readers.get(region) ?? certificateReader(clientOf(region));
    readers.set(region, reader);
    return reader;
  };
};
