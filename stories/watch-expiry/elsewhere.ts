import { firstDestination } from '../../domain/destination.ts';
import { certificateName, subjectOf } from '../../domain/expiry/reports.ts';
import type { Telling } from '../../domain/expiry/telling.ts';
import { announcedAfter, isNews } from '../../domain/expiry/telling.ts';
import { reportOf } from '../../domain/report-frame.ts';
import type { CertificateOccasion } from '../../events/certificate-event/parse.ts';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { alone } from './alone.ts';
import type { ExpiryPorts } from './ports.ts';
import { beginRun } from './run.ts';
import { regionOfArn } from './subjects.ts';

type Elsewhere = Extract<ExpiryMessage, { readonly kind: 'expiry-elsewhere' }>;

/** What became of an event about a certificate of another account. */
export interface ElsewhereOutcome {
  readonly outcome: 'busy' | 'ended' | 'known' | 'told';
}

const ENDS: ReadonlySet<CertificateOccasion> = new Set<CertificateOccasion>(['available', 'rotated']);

/** Each occasion is a standing of its own: that a certificate has ended is news to whoever heard that its end comes near. */
const tellingOf = (occasion: CertificateOccasion): Telling => ({
  standing: `elsewhere:${occasion}`,
  endsAt: undefined,
  daysLeft: undefined,
  thresholdDays: undefined,
  severity: 'warning',
});

const tell = async (ports: ExpiryPorts, { arn, occasion }: Elsewhere): Promise<ElsewhereOutcome> => {
  const run = await beginRun(ports);
  const subject = subjectOf.certificate(arn);
  if (ENDS.has(occasion)) {
    await run.forget(subject);
    return { outcome: 'ended' };
  }
  const known = run.announced.get(subject);
  const telling = tellingOf(occasion);
  const now = ports.now();
  if (!isNews(known, telling, now)) return { outcome: 'known' };
  const about = { matter: subject, destination: firstDestination(ports.stage) };
  const day = now.toISOString().slice(0, 'YYYY-MM-DD'.length);
  await ports.reports.publish(
    reportOf(
      ports.stage,
      { ...about, severity: telling.severity, identity: `${occasion} ${day}` },
      {
        kind: 'certificates-need-action',
        certificates: [
          {
            arn,
            region: regionOfArn(ports.stage)(arn),
            name: certificateName({ arn, commonName: undefined }),
            otherNames: 0,
            notAfter: undefined,
            uses: [],
          },
        ],
        standing: { kind: 'could-not-check', why: `ACM ${occasion}: account ${arn.split(':')[4] ?? ''}` },
        daysLeft: undefined,
        records: [],
        emails: [],
        thresholdDays: undefined,
        looksAgainEverySeconds: undefined,
      },
      now,
    ),
  );
  await run.announce(subject, announcedAfter(known, telling, about, now));
  return { outcome: 'told' };
};

/**
 * A certificate of another account can't be read from here: that AWS says something of it is passed on, each thing once,
 * until AWS says that it is available again.
 */
export const tellOfElsewhere =
  (ports: ExpiryPorts) =>
  (message: Elsewhere): Promise<ElsewhereOutcome> =>
    alone(ports, message, () => tell(ports, message));
