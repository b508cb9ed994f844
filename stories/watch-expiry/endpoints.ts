import { destinationFor, firstDestination } from '../../domain/destination.ts';
import type { Certificate, CertificateSummary } from '../../domain/expiry/certificate.ts';
import type { ServedCertificateWrong } from '../../domain/expiry/report.ts';
import { certificateName, servedRightReport, servedWrongReport, subjectOf } from '../../domain/expiry/reports.ts';
import type { Endpoint, Handshake } from '../../domain/expiry/served.ts';
import type { AttachedCertificate, ServedJudgement } from '../../domain/expiry/served-judgement.ts';
import { judgeServed } from '../../domain/expiry/served-judgement.ts';
import { announcedAfter, isNews } from '../../domain/expiry/telling.ts';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { serializeExpiryMessage } from '../../events/expiry-message.ts';
import { alone } from './alone.ts';
import { withButtons } from './buttons.ts';
import type { AttachedEndpoint, Discovered } from './discover.ts';
import { discover, isGuessed, keyOf } from './discover.ts';
import type { Told } from './in-parts.ts';
import { inParts } from './in-parts.ts';
import { SECONDS_BETWEEN_ATTEMPTS } from './patience.ts';
import type { ExpiryPorts } from './ports.ts';
import { isSaid } from './quiet.ts';
import { readDetails } from './read-details.ts';
import type { Run } from './run.ts';
import { beginRun } from './run.ts';
import { endedBefore, endpointOf, isForeign } from './subjects.ts';

const HANDSHAKES_AT_ONCE = 10;

const attachedByList = (
  arns: readonly string[],
  summaries: ReadonlyMap<string, CertificateSummary>,
): readonly AttachedCertificate[] =>
  arns.flatMap((arn) => {
    const summary = summaries.get(arn);
    if (summary === undefined) return [];
    return [
      { arn, name: certificateName(summary), notAfter: summary.notAfter, serial: undefined, renewedAt: undefined },
    ];
  });

const attachedInDetail = (certificate: Certificate): AttachedCertificate => ({
  arn: certificate.arn,
  name: certificateName(certificate),
  notAfter: certificate.notAfter,
  serial: certificate.serial,
  renewedAt: certificate.renewal?.updatedAt ?? certificate.importedAt ?? certificate.issuedAt,
});

interface Judged {
  readonly at: AttachedEndpoint;
  readonly judgement: ServedJudgement;
  readonly destination: string;
}

/** Findings that rest on what is attached, and when that was renewed. */
const RESTS_ON_DETAILS: ReadonlySet<ServedCertificateWrong['finding']> = new Set<ServedCertificateWrong['finding']>([
  'expiring',
  'not-the-attached',
]);

/** What a handshake alone shows, where what is attached can't be read; that it can't is told of the certificates. */
const asFarAsServed = (judgement: ServedJudgement): ServedJudgement =>
  judgement.kind === 'wrong' && RESTS_ON_DETAILS.has(judgement.body.finding)
    ? { kind: 'told-of-certificate' }
    : judgement;

/** By the list alone where that shows the very certificate; else in detail, by serial number and time of renewal. */
const judge = async (
  run: Run,
  at: AttachedEndpoint,
  handshake: Handshake,
  { summaries }: Discovered,
): Promise<Judged> => {
  const { ports } = run;
  const { endpoint, certificateArns } = at;
  const { thresholdsDays } = ports.settings;
  const judged = (attached: readonly AttachedCertificate[]): ServedJudgement =>
    judgeServed({ endpoint, handshake, attached, thresholdsDays, now: ports.now() });
  const byList = judged(attachedByList(certificateArns, summaries));
  if (byList.kind !== 'wrong') return { at, judgement: byList, destination: firstDestination(ports.stage) };
  const own = certificateArns.filter((arn) => summaries.has(arn) && !isForeign(ports.stage, arn));
  const { certificates, unread, unbegun } = await readDetails(run, own);
  const meant = certificates.find(({ arn }) => arn === endpoint.certificateArn) ?? certificates[0];
  return {
    at,
    judgement: unread.length + unbegun.length > 0 ? asFarAsServed(byList) : judged(certificates.map(attachedInDetail)),
    destination: destinationFor(meant?.tags ?? {}, ports.stage),
  };
};

/** What a name that nobody gave shows where it leads elsewhere, which is nobody's mistake. */
const LEADS_ELSEWHERE: ReadonlySet<ServedCertificateWrong['finding']> = new Set<ServedCertificateWrong['finding']>([
  'could-not-connect',
  'name-mismatch',
  'not-the-attached',
]);

/** That a balancer behind CloudFront answers nobody else is as it should be. */
const isWorthTelling = (
  { endpoint }: AttachedEndpoint,
  { body: { finding } }: Extract<ServedJudgement, { kind: 'wrong' }>,
): boolean =>
  isGuessed(endpoint)
    ? !LEADS_ELSEWHERE.has(finding)
    : finding !== 'could-not-connect' || endpoint.foundAs !== 'listener';

interface Telling {
  readonly askedBy?: string | undefined;
  readonly attempt: number;
}

const tellWrong = async (
  run: Run,
  { at, judgement, destination: to }: Judged & { readonly judgement: { readonly kind: 'wrong' } },
  { askedBy, attempt }: Telling,
): Promise<Told> => {
  const { ports, announced } = run;
  const { body, telling } = judgement;
  const now = ports.now();
  const subject = subjectOf.endpoint(body);
  const known = announced.get(subject);
  if (askedBy === undefined && !isWorthTelling(at, judgement)) return 'nothing';
  // An edge that is about to change, a server that restarts: what is seen once is looked at again first.
  if (askedBy === undefined && known === undefined && attempt === 0) return 'again';
  const destination = known?.destination ?? to;
  const again = askedBy ?? known?.quietUntil ?? '';
  const report = servedWrongReport(ports.stage, destination, { body, telling, again }, now);
  if (askedBy === undefined && !(await isSaid(run, report, [subject]))) return 'nothing';
  if (askedBy === undefined && !isNews(known, telling, now)) return 'nothing';
  await ports.reports.publish(await withButtons(run, report, [subject]));
  await run.announce(subject, announcedAfter(known, telling, { matter: report.matter, destination }, now));
  ports.log({ event: 'endpoint-told', host: body.host, port: body.port, finding: body.finding });
  return 'told';
};

const tellRight = async (
  run: Run,
  { host, port }: Endpoint,
  notAfter: Date,
  askedBy: string | undefined,
): Promise<Told> => {
  const { ports, announced } = run;
  const subject = subjectOf.endpoint({ host, port });
  const known = announced.get(subject) ?? (askedBy && endedBefore(subject, firstDestination(ports.stage), askedBy));
  if (!known) return 'nothing';
  await ports.reports.publish(servedRightReport(ports.stage, known, { host, port, notAfter }, ports.now()));
  await run.forget(subject);
  ports.log({ event: 'endpoint-settled', host, port });
  return 'settled';
};

const lookAt = async (run: Run, discovered: Discovered, at: AttachedEndpoint, how: Telling): Promise<Told> => {
  const handshake = await run.ports.tls.shakeHands(at.endpoint);
  const judged = await judge(run, at, handshake, discovered);
  const { judgement } = judged;
  switch (judgement.kind) {
    case 'right':
      return tellRight(run, at.endpoint, judgement.notAfter, how.askedBy);
    case 'told-of-certificate':
      return 'nothing';
    case 'wrong':
      return tellWrong(run, { ...judged, judgement }, how);
  }
};

/** What looking at endpoints came to. */
export interface EndpointsOutcome {
  readonly outcome: 'busy' | 'looked';
  readonly looked?: number;
  readonly told?: number;
  readonly settled?: number;
}

/** Endpoints that are announced and exist no more: nobody is served there. */
const forgetGone = async (run: Run, { endpoints, isComplete }: Discovered): Promise<void> => {
  if (!isComplete) return;
  const there = new Set(endpoints.map(({ endpoint }) => keyOf(endpoint)));
  for (const subject of [...run.announced.keys()]) {
    const key = endpointOf(subject);
    if (key !== undefined && !there.has(key)) await run.forget(subject);
  }
};

/** Looks at endpoints, so many at a time, until time is over; the rest goes on in a message of its own. */
export const lookAtEndpoints = async (
  run: Run,
  {
    after = '',
    only,
    attempt = 0,
    askedBy,
  }: Omit<Extract<ExpiryMessage, { readonly kind: 'expiry-endpoints' }>, 'kind'> & {
    readonly askedBy?: string | undefined;
  },
): Promise<EndpointsOutcome> => {
  const { ports } = run;
  const discovered = await discover(run);
  await forgetGone(run, discovered);
  const named = only && new Set(only);
  const todo = discovered.endpoints.filter(
    ({ endpoint }) => (named?.has(keyOf(endpoint)) ?? true) && keyOf(endpoint) > after,
  );
  const {
    again,
    after: last,
    ...figures
  } = await inParts(run, todo, { width: HANDSHAKES_AT_ONCE, keyOf: ({ endpoint }) => keyOf(endpoint) }, (at) =>
    lookAt(run, discovered, at, { askedBy, attempt }),
  );
  const send = (message: ExpiryMessage, seconds: number) =>
    ports.expiryQueue.sendLater(serializeExpiryMessage(message), seconds);
  if (again.length > 0)
    await send({ kind: 'expiry-endpoints', only: again, attempt: attempt + 1 }, SECONDS_BETWEEN_ATTEMPTS);
  if (last !== undefined)
    await send({ kind: 'expiry-endpoints', after: last, attempt, ...(only === undefined ? {} : { only }) }, 0);
  return { outcome: 'looked', ...figures };
};

/** What is really served, wherever a certificate is served. */
export const surveyEndpoints =
  (ports: ExpiryPorts) =>
  (message: Extract<ExpiryMessage, { readonly kind: 'expiry-endpoints' }>): Promise<EndpointsOutcome> =>
    alone(ports, message, async () => lookAtEndpoints(await beginRun(ports), message));
