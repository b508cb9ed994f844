import { destinationFor } from '../../domain/destination.ts';
import type { Certificate } from '../../domain/expiry/certificate.ts';
import { emailsWritten, evaluateCertificate, recordsToEnter } from '../../domain/expiry/evaluate.ts';
import type { NeedyCertificate } from '../../domain/expiry/grouping.ts';
import type { ReportedRecord } from '../../domain/expiry/report.ts';
import { subjectOf } from '../../domain/expiry/reports.ts';
import type { CertificateStanding } from '../../domain/expiry/standing.ts';
import { certificateTelling } from '../../domain/expiry/telling.ts';
import { unasked } from './look-at-records.ts';
import { sideBySide } from './patience.ts';
import type { Run } from './run.ts';
import { usesOf } from './uses.ts';

const USES_AT_ONCE = 8;

export const waitsForRecord = (standing: CertificateStanding): boolean =>
  (standing.kind === 'stuck' || standing.kind === 'pending-issuance') && standing.because === 'DnsRecord';

const isNeedy = (standing: CertificateStanding): standing is NeedyCertificate['standing'] =>
  standing.kind !== 'fine' && standing.kind !== 'renewing-by-itself';

const areRight = (certificate: Certificate, records: readonly ReportedRecord[]): boolean =>
  records.length > 0 &&
  records.length === recordsToEnter(certificate).length &&
  records.every(({ verdict }) => verdict === 'right');

/**
 * What a certificate needs of somebody.
 * @param records once it is known where they stand
 * @param isAsked somebody wants to hear of it also when all its records are in place
 */
export const needOf = (
  { ports, announced }: Run,
  certificate: Certificate,
  { records, isAsked }: { readonly records?: readonly ReportedRecord[]; readonly isAsked: boolean },
): NeedyCertificate | undefined => {
  const now = ports.now();
  const standing = evaluateCertificate(certificate, now);
  if (!isNeedy(standing)) return undefined;
  const { thresholdsDays } = ports.settings;
  const areRecordsRight = records && waitsForRecord(standing) && !isAsked ? areRight(certificate, records) : undefined;
  const telling = certificateTelling(certificate, standing, { areRecordsRight, thresholdsDays, now });
  if (telling === undefined) return undefined;
  return {
    certificate,
    standing,
    telling,
    uses: [],
    records: waitsForRecord(standing) ? (records ?? recordsToEnter(certificate).map(unasked)) : [],
    emails: emailsWritten(certificate),
    destination: destinationFor(certificate.tags, ports.stage),
    announced: announced.get(subjectOf.certificate(certificate.arn)),
  };
};

/** Asks DNS and balancers what a message about these will say. Of records that are all in place, nothing is to be said. */
export const lookCloser = async (
  run: Run,
  members: readonly NeedyCertificate[],
  isAsked: boolean,
): Promise<readonly NeedyCertificate[]> => {
  const closer = await sideBySide(members, USES_AT_ONCE, async ({ certificate, standing }) => {
    const records = waitsForRecord(standing) ? await run.records.look(recordsToEnter(certificate)) : [];
    await noteRecords(run, certificate, records);
    const need = needOf(run, certificate, { records, isAsked });
    return need && { ...need, uses: await usesOf(run.serving, certificate) };
  });
  return closer.flatMap((need) => need ?? []);
};

/** Writes down when all the records of an announced certificate were first seen in place; for "4 min after the record". */
export const noteRecords = async (
  run: Run,
  certificate: Certificate,
  records: readonly ReportedRecord[],
): Promise<void> => {
  const subject = subjectOf.certificate(certificate.arn);
  const known = run.announced.get(subject);
  if (known === undefined || !areRight(certificate, records)) return;
  if (known.recordsSeenAt === undefined)
    await run.announce(subject, { ...known, recordsSeenAt: run.ports.now().toISOString() });
};
