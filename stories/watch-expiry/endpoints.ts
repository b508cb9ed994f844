import type { DistributionUse, ListenerUse } from '../../aws/serving/port.ts';
import { destinationFor } from '../../domain/destination.ts';
import type { Certificate, CertificateSummary } from '../../domain/expiry/certificate.ts';
import { certificateName, servedRightReport, servedWrongReport, subjectOf } from '../../domain/expiry/reports.ts';
import type { Endpoint, Handshake } from '../../domain/expiry/served.ts';
import type { AttachedCertificate, ServedJudgement } from '../../domain/expiry/served-judgement.ts';
import { judgeServed } from '../../domain/expiry/served-judgement.ts';
import { announcedAfter, isNews } from '../../domain/expiry/telling.ts';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { serializeExpiryMessage } from '../../events/expiry-message.ts';
import { alone } from './alone.ts';
import { withButtons } from './buttons.ts';
import { readLists } from './lists.ts';
import { SECONDS_BETWEEN_ATTEMPTS, sideBySide } from './patience.ts';
import type { ExpiryPorts } from './ports.ts';
import { isSaid } from './quiet.ts';
import { readDetails } from './read-details.ts';
import type { Run } from './run.ts';
import { beginRun } from './run.ts';
import { endpointOf, firstDestination, isForeign } from './subjects.ts';

const HANDSHAKES_AT_ONCE = 10;

/** An endpoint with everything that AWS says is attached there. */
export interface AttachedEndpoint {
  readonly endpoint: Endpoint;
  readonly certificateArns: readonly string[];
}

/** What was found of where certificates are served. */
interface Discovered {
  readonly endpoints: readonly AttachedEndpoint[];
  readonly summaries: ReadonlyMap<string, CertificateSummary>;
  /** Whether everything could be read: only then is an endpoint that was not found known to be gone. */
  readonly isComplete: boolean;
}

/** `host:port`, as its subject has it. */
const keyOf = ({ host, port }: Pick<Endpoint, 'host' | 'port'>): string => `${host}:${port}`;

/** A name that a visitor could ask for: the most likely one below a wildcard. */
const askable = (name: string): string => (name.startsWith('*.') ? `www.${name.slice(2)}` : name).toLowerCase();

/** Letters, digits and hyphens between dots: a common name may be anything. */
const isHostName = (name: string): boolean => /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9-]+$/i.test(name);

const ofDistributions = (uses: readonly DistributionUse[]): readonly AttachedEndpoint[] =>
  uses.flatMap(({ aliases, certificateArn, port }) =>
    aliases.map((alias) => ({
      endpoint: {
        host: askable(alias),
        port: port ?? 443,
        connectTo: undefined,
        certificateArn,
        foundAs: 'cloudfront-alias' as const,
      },
      certificateArns: certificateArn === undefined ? [] : [certificateArn],
    })),
  );

/** A listener answers for the names of its certificates; one inside a VPC can't be reached from here. */
const ofListeners = (
  uses: readonly ListenerUse[],
  summaries: ReadonlyMap<string, CertificateSummary>,
): readonly AttachedEndpoint[] =>
  uses.flatMap(({ certificateArns, dnsName, isInternal, port }) =>
    isInternal
      ? []
      : certificateArns.flatMap((certificateArn) => {
          const host = summaries.get(certificateArn)?.names.map(askable).find(isHostName);
          if (host === undefined) return [];
          const endpoint = {
            host,
            port: port ?? 443,
            connectTo: dnsName,
            certificateArn,
            foundAs: 'listener' as const,
          };
          return [{ endpoint, certificateArns }];
        }),
  );

const configured = ({ settings }: ExpiryPorts): readonly AttachedEndpoint[] =>
  settings.endpoints.map(({ host, port }) => ({
    endpoint: { host, port, connectTo: undefined, certificateArn: undefined, foundAs: 'configured' as const },
    certificateArns: [],
  }));

/** What visitors meet under a name is what counts: a distribution before the balancer behind it. */
const distinct = (endpoints: readonly AttachedEndpoint[]): readonly AttachedEndpoint[] => {
  const byKey = new Map<string, AttachedEndpoint>();
  for (const one of endpoints) if (!byKey.has(keyOf(one.endpoint))) byKey.set(keyOf(one.endpoint), one);
  return [...byKey].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, endpoint]) => endpoint);
};

/** Every place where a certificate is served, as far as it can be read. */
export const discover = async (run: Run): Promise<Discovered> => {
  const { ports, serving } = run;
  const { regions } = ports.settings;
  const [lists, distributions, listeners] = await Promise.all([
    readLists(ports, regions),
    serving.distributions(),
    Promise.all(regions.map((region) => serving.listeners(region))),
  ]);
  const summaries = new Map(lists.summaries.map((summary) => [summary.arn, summary]));
  const isComplete =
    lists.unread.length === 0 && distributions.kind === 'read' && listeners.every(({ kind }) => kind === 'read');
  return {
    summaries,
    isComplete,
    endpoints: distinct([
      ...(distributions.kind === 'read' ? ofDistributions(distributions.value) : []),
      ...configured(ports),
      ...ofListeners(
        listeners.flatMap((reading) => (reading.kind === 'read' ? reading.value : [])),
        summaries,
      ),
    ]),
  };
};

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
  const { certificates } = await readDetails(run, own);
  return {
    at,
    judgement: certificates.length < own.length ? byList : judged(certificates.map(attachedInDetail)),
    destination: destinationFor(certificates[0]?.tags ?? {}, ports.stage),
  };
};

/** That a balancer behind CloudFront answers nobody else is as it should be. */
const isWorthTelling = (
  { endpoint }: AttachedEndpoint,
  judgement: Extract<ServedJudgement, { kind: 'wrong' }>,
): boolean => judgement.body.finding !== 'could-not-connect' || endpoint.foundAs !== 'listener';

interface Telling {
  readonly askedBy?: string | undefined;
  readonly attempt: number;
}

/** What became of one endpoint: `again` is to be seen once more before anybody hears of it. */
type Told = 'told' | 'settled' | 'again' | 'nothing';

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

const tellRight = async (run: Run, { host, port }: Endpoint, notAfter: Date): Promise<Told> => {
  const { ports, announced } = run;
  const subject = subjectOf.endpoint({ host, port });
  const known = announced.get(subject);
  if (known === undefined) return 'nothing';
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
      return tellRight(run, at.endpoint, judgement.notAfter);
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
  const results: Told[] = [];
  const again: string[] = [];
  let next = 0;
  while (next < todo.length && (next === 0 || !run.patience.isOver())) {
    const now = todo.slice(next, next + HANDSHAKES_AT_ONCE);
    const told = await sideBySide(now, HANDSHAKES_AT_ONCE, (at) => lookAt(run, discovered, at, { askedBy, attempt }));
    again.push(...now.filter((_, index) => told[index] === 'again').map(({ endpoint }) => keyOf(endpoint)));
    results.push(...told);
    next += now.length;
  }
  const send = (message: ExpiryMessage, seconds: number) =>
    ports.expiryQueue.sendLater(serializeExpiryMessage(message), seconds);
  if (again.length > 0)
    await send({ kind: 'expiry-endpoints', only: again, attempt: attempt + 1 }, SECONDS_BETWEEN_ATTEMPTS);
  const last = todo[next - 1];
  if (next < todo.length && last !== undefined) {
    const rest = { after: keyOf(last.endpoint), attempt, ...(only === undefined ? {} : { only }) };
    await send({ kind: 'expiry-endpoints', ...rest }, 0);
  }
  return {
    outcome: 'looked',
    looked: next,
    told: results.filter((result) => result === 'told').length,
    settled: results.filter((result) => result === 'settled').length,
  };
};

/** What is really served, wherever a certificate is served. */
export const surveyEndpoints =
  (ports: ExpiryPorts) =>
  (message: Extract<ExpiryMessage, { readonly kind: 'expiry-endpoints' }>): Promise<EndpointsOutcome> =>
    alone(ports, message, async () => lookAtEndpoints(await beginRun(ports), message));
