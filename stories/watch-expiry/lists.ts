import type { AwsCallError } from '../../aws/aws-call-error.ts';
import type { CertificateSummary } from '../../domain/expiry/certificate.ts';
import { refusal, sideBySide } from './patience.ts';
import type { ExpiryPorts } from './ports.ts';

/** Lists of several Regions. A Region that could not be read is named with its error; it has no certificates that are known. */
export interface Lists {
  readonly summaries: readonly CertificateSummary[];
  readonly read: readonly string[];
  readonly unread: readonly { readonly region: string; readonly error: AwsCallError }[];
}

const REGIONS_AT_ONCE = 4;

export const readLists = async (
  ports: Pick<ExpiryPorts, 'certificates'>,
  regions: readonly string[],
): Promise<Lists> => {
  const lists = await sideBySide(regions, REGIONS_AT_ONCE, async (region) => {
    try {
      return { kind: 'read', region, summaries: await ports.certificates(region).readCertificates() } as const;
    } catch (error) {
      return { kind: 'unread', region, error: refusal(error) } as const;
    }
  });
  return {
    summaries: lists.flatMap((list) => (list.kind === 'read' ? list.summaries : [])),
    read: lists.flatMap((list) => (list.kind === 'read' ? [list.region] : [])),
    unread: lists.flatMap((list) => (list.kind === 'unread' ? [{ region: list.region, error: list.error }] : [])),
  };
};
