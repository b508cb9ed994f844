import { destinationFor } from '../../domain/destination.ts';
import type { Announced } from '../../domain/expiry/announced.ts';
import type { Certificate, CertificateSummary } from '../../domain/expiry/certificate.ts';
import { daysLeft } from '../../domain/expiry/days-left.ts';
import { evaluateCertificate } from '../../domain/expiry/evaluate.ts';
import {
  certificateName,
  certificateSettledReport,
  reportedCertificate,
  subjectOf,
} from '../../domain/expiry/reports.ts';
import type { CertificateStanding } from '../../domain/expiry/standing.ts';
import { announcedAfter, certificateEnding } from '../../domain/expiry/telling.ts';
import { crossedThreshold } from '../../domain/expiry/thresholds.ts';
import { needOf } from './needs.ts';
import type { Run } from './run.ts';
import { endedBefore, regionOfArn } from './subjects.ts';
import { usesOf } from './uses.ts';

/** Seconds from when its record was first seen to its issuance; of records that nobody saw before it, nothing. */
const secondsAfterRecord = (known: Announced, certificate: Certificate, how: string): number | undefined => {
  const { issuedAt } = certificate;
  if (how !== 'issued' || issuedAt === undefined || known.recordsSeenAt === undefined) return undefined;
  const seconds = Math.round((issuedAt.getTime() - Date.parse(known.recordsSeenAt)) / 1000);
  return seconds >= 0 ? seconds : undefined;
};

/** What is left to say of a certificate that is gone. */
const remains = (arn: string, region: string, name: string | undefined) => ({
  arn,
  region,
  commonName: name,
  names: [],
  notAfter: undefined,
});

/** Whoever heard that nothing uses it any more has heard that it won't be renewed: the day after, that is no news. */
const LEFT_UNUSED: ReadonlySet<string> = new Set(['replaced', 'no-longer-used']);

/** Tells that a matter is over, and only then forgets it: whoever dies in between tells it again under the same key. */
const settle = async (
  run: Run,
  arn: string,
  certificate: Certificate | undefined,
  isReplaced: boolean,
): Promise<'settled' | 'open'> => {
  const { ports, announced } = run;
  const subject = subjectOf.certificate(arn);
  const known = announced.get(subject);
  if (known === undefined) return 'open';
  const standing: CertificateStanding =
    certificate === undefined ? { kind: 'fine' } : evaluateCertificate(certificate, ports.now());
  const ending = certificateEnding(known, certificate, { standing, isReplaced });
  if (ending.kind === 'open') return 'open';
  if (ending.kind === 'settled') {
    const { how } = ending;
    const uses = certificate === undefined ? [] : await usesOf(run.serving, certificate);
    const of = certificate ?? remains(arn, regionOfArn(ports.stage)(arn), known.name);
    await ports.reports.publish(
      certificateSettledReport(
        ports.stage,
        known,
        {
          certificate: reportedCertificate(of, uses),
          how,
          secondsAfterRecord: certificate && secondsAfterRecord(known, certificate, how),
        },
        ports.now(),
      ),
    );
    ports.log({ event: 'certificate-settled', arn, how });
  }
  const left = ending.kind === 'settled' && certificate !== undefined && LEFT_UNUSED.has(ending.how);
  const need = left ? needOf(run, certificate, { isAsked: false }) : undefined;
  if (need === undefined) await run.forget(subject);
  else {
    const after = announcedAfter(undefined, need.telling, known, ports.now());
    await run.announce(subject, { ...after, name: certificateName(need.certificate) });
  }
  return ending.kind === 'settled' ? 'settled' : 'open';
};

/** Whether another certificate for the same first name has taken its place. */
const replacedAmong =
  (summaries: readonly CertificateSummary[]) =>
  ({ arn, commonName, notAfter }: Certificate): boolean =>
    commonName !== undefined &&
    summaries.some(
      (other) =>
        other.arn !== arn &&
        other.commonName === commonName &&
        other.isInUse === true &&
        (other.notAfter?.getTime() ?? 0) >= (notAfter?.getTime() ?? 0),
    );

/** Ends what has ended; answers the certificates whose matters go on, and how many ended. */
export const settleAll = async (
  run: Run,
  { certificates, gone }: { readonly certificates: readonly Certificate[]; readonly gone: readonly string[] },
  summaries: readonly CertificateSummary[],
): Promise<{ readonly open: readonly Certificate[]; readonly settled: number }> => {
  const isReplaced = replacedAmong(summaries);
  let settled = 0;
  for (const arn of gone) if ((await settle(run, arn, undefined, false)) === 'settled') settled += 1;
  const open: Certificate[] = [];
  for (const certificate of certificates)
    if ((await settle(run, certificate.arn, certificate, isReplaced(certificate))) === 'settled') settled += 1;
    else open.push(certificate);
  return { open, settled };
};

/** How a certificate that needs nobody any more came to that, as far as it shows. */
const howMended = ({ type, renewal }: Certificate): 'issued' | 'renewed' | 're-imported' => {
  if (type === 'IMPORTED') return 're-imported';
  return renewal === undefined ? 'issued' : 'renewed';
};

/** Imported ones are never fine, for nobody renews them; with their end farther off than anybody is told of, they are mended. */
const isMended = ({ ports }: Run, certificate: Certificate): boolean => {
  const { notAfter, type } = certificate;
  const now = ports.now();
  if (type !== 'IMPORTED' || notAfter === undefined) return evaluateCertificate(certificate, now).kind === 'fine';
  return (
    certificate.status === 'ISSUED' &&
    crossedThreshold(daysLeft(notAfter, now), ports.settings.thresholdsDays) === undefined
  );
};

/** Whoever asks about a matter that ended before hears its ending once more: a press is answered. */
export const answerAsked = async (run: Run, certificates: readonly Certificate[], askedBy: string): Promise<void> => {
  const { ports } = run;
  const now = ports.now();
  for (const certificate of certificates) {
    const subject = subjectOf.certificate(certificate.arn);
    if (run.announced.has(subject) || !isMended(run, certificate)) continue;
    const ended = endedBefore(subject, destinationFor(certificate.tags, ports.stage), askedBy);
    const shown = reportedCertificate(certificate, await usesOf(run.serving, certificate));
    const how = howMended(certificate);
    await ports.reports.publish(
      certificateSettledReport(ports.stage, ended, { certificate: shown, how, secondsAfterRecord: undefined }, now),
    );
  }
};
