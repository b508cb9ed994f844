import type { CertificateReaders } from '../../../aws/acm/port.ts';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import type { ReportPublisher, WaitingQueue } from '../../../aws/queues/port.ts';
import type { HostedZone } from '../../../aws/route53/port.ts';
import type { RegisteredDomain } from '../../../aws/route53-domains/port.ts';
import type { DistributionUse, ListenerUse } from '../../../aws/serving/port.ts';
import type { Certificate, CertificateSummary } from '../../../domain/expiry/certificate.ts';
import type { DnsAnswer } from '../../../domain/expiry/dns-answer.ts';
import type { Registration } from '../../../domain/expiry/registration.ts';
import type { ExpiryReportBody } from '../../../domain/expiry/report.ts';
import type { Handshake } from '../../../domain/expiry/served.ts';
import type { ExpirySettings } from '../../../domain/expiry/settings.ts';
import { DEFAULT_THRESHOLDS_DAYS } from '../../../domain/expiry/standing.ts';
import type { Report } from '../../../domain/report.ts';
import type { Stage } from '../../../domain/stage.ts';
import { readExpiryMessage, SURVEY_MESSAGE } from '../../../events/expiry-message.ts';
import { isOurOwn } from '../../../events/our-own.ts';
import { parseExpiryEvent } from '../../../events/parse-expiry-event.ts';
import type { LogLine } from '../../../stories/log.ts';
import type { ExpiryPorts } from '../../../stories/watch-expiry/ports.ts';
import { watchExpiry } from '../../../stories/watch-expiry/story.ts';
import { aStage } from './builders.ts';
import type { CallKind, OnCall, Process } from './calls.ts';
import { aSwitchboard, Killed, recorded } from './calls.ts';
import type { Clock } from './clock.ts';
import { aClock } from './clock.ts';
import { aMemoryExpiry } from './memory-expiry.ts';
import { aMemoryQueue, aMemoryReportQueue } from './memory-queues.ts';
import { aMemoryState } from './memory-state.ts';

const always = (kind: CallKind) => (): CallKind => kind;

/** Six times the function's time-out of 120 s: how long a message that failed stays away. */
const VISIBILITY_SECONDS = 720;

const toSummary = ({
  arn,
  region,
  commonName,
  names,
  status,
  type,
  notAfter,
  isInUse,
  isEligibleForRenewal,
  isExported,
  managedBy,
  keyPairOrigin,
}: Certificate): CertificateSummary => ({
  arn,
  region,
  commonName,
  names,
  status,
  type,
  notAfter,
  isInUse,
  isEligibleForRenewal,
  isExported,
  managedBy,
  keyPairOrigin,
});

/** A refusal by AWS, as a reader throws it. */
export const refusedBy = (service: string, action: string, meaning: AwsCallError['meaning']): AwsCallError =>
  new AwsCallError({ service, action, code: `Made-${meaning}`, meaning, awsMessage: 'made by a test' });

/** What a registry says unless a test says otherwise: nothing to do for years. */
const FAR_AWAY: Registration = {
  kind: 'registered',
  source: 'rdap',
  expiresAt: new Date('2029-11-22T00:00:00.000Z'),
  registrar: 'Registrar',
  renewsItself: undefined,
  statuses: [],
};

/** The last two labels, or three below `co.jp` and the like; nothing of a name without a dot. */
const registrable = (name: string): string | undefined => {
  const labels = name.split('.');
  const count = /\.(?:co|or|ne|ac|go)\.jp$/.test(name) ? 3 : 2;
  return labels.length < count ? undefined : labels.slice(-count).join('.');
};

/** Certificates, DNS, registries and servers in memory, and the watch that looks at them. Empty, and with all going well. */
export const anExpiryWorld = (
  parts: { readonly clock?: Clock; readonly settings?: Partial<ExpirySettings>; readonly stage?: Partial<Stage> } = {},
) => {
  const clock = parts.clock ?? aClock(new Date('2026-11-22T01:00:00.000Z'));
  const certificates = new Map<string, Certificate>();
  const unreadRegions = new Map<string, AwsCallError>();
  const unreadDetails = new Map<string, AwsCallError>();
  const distributions: DistributionUse[] = [];
  const listeners: ListenerUse[] = [];
  const records = new Map<string, string>();
  const hostedZones: HostedZone[] = [];
  const registered: RegisteredDomain[] = [];
  const registrations = new Map<string, Registration>();
  const served = new Map<string, Handshake>();
  const memory = aMemoryExpiry();
  const state = aMemoryState();
  const queue = aMemoryQueue(clock);
  const reports = aMemoryReportQueue(clock);
  const log: LogLine[] = [];
  const switchboard = aSwitchboard();
  let ids = 0;
  let running: Process = { isDead: false };

  const settings: ExpirySettings = {
    regions: ['ap-northeast-1', 'us-east-1'],
    thresholdsDays: DEFAULT_THRESHOLDS_DAYS,
    trustedAccounts: [],
    endpoints: [],
    domainDates: new Map(),
    ignoredDomains: [],
    ...parts.settings,
  };

  const reader =
    (port: <T extends object>(name: string, of: T) => T): CertificateReaders =>
    (region) =>
      port('acm', {
        readCertificates: async () => {
          const refused = unreadRegions.get(region);
          if (refused !== undefined) throw refused;
          return [...certificates.values()].filter((one) => one.region === region).map(toSummary);
        },
        readCertificate: async (arn: string) => {
          const refused = unreadDetails.get(arn);
          if (refused !== undefined) throw refused;
          return certificates.get(arn);
        },
      });

  const cnameOf = (name: string): DnsAnswer => {
    const value = records.get(name.toLowerCase());
    return value === undefined ? { kind: 'missing', nameExists: false } : { kind: 'found', values: [value] };
  };

  const start = (): ExpiryPorts => {
    const process: Process = { isDead: false };
    running = process;
    const port = <T extends object>(name: string, of: T, kindOf: (method: string) => CallKind = always('read')): T =>
      recorded(name, of, kindOf, process, switchboard);
    return {
      stage: aStage(parts.stage),
      settings,
      now: clock.now,
      log: (line) => log.push(line),
      newId: () => {
        ids += 1;
        return `id${String(ids).padStart(4, '0')}`;
      },
      certificates: reader(port),
      serving: port('serving', {
        readDistributionUses: async () => distributions,
        readListenerUses: async (region: string) => listeners.filter((use) => use.region === region),
      }),
      hostedZones: port('route53', {
        readHostedZones: async (name: string) => hostedZones.filter((zone) => zone.name === name),
        readCname: async () => undefined,
      }),
      registeredDomains: port('route53Domains', { readDomains: async () => registered }),
      dns: port('dns', {
        findDelegation: async (name: string) => {
          const zone = registrable(name);
          return zone === undefined ? undefined : { zone, servers: ['ns1.dns-provider.example'] };
        },
        askCname: async (name: string) => cnameOf(name),
      }),
      tls: port('tls', {
        shakeHands: async ({ host, port: number }: { readonly host: string; readonly port: number }) =>
          served.get(`${host}:${number}`) ??
          ({ kind: 'could-not-connect', because: 'Refused', detail: 'nobody listens' } as const),
      }),
      registries: port('registries', {
        readRegistration: async (domain: string): Promise<Registration> => registrations.get(domain) ?? FAR_AWAY,
      }),
      registrableDomain: registrable,
      memory: port('memory', memory, always('state')),
      leases: port('leases', state.leases, always('state')),
      watches: port('watches', state.watches, always('state')),
      plans: port('plans', state.plans, always('state')),
      quietMatters: port('quietMatters', state.quietMatters, always('state')),
      reports: port<ReportPublisher>('reports', reports, always('send')),
      expiryQueue: port<WaitingQueue>('expiryQueue', queue, always('send')),
    };
  };
  let ports = start();

  const handle = async (body: string): Promise<void> => {
    const message: unknown = JSON.parse(body);
    const parsed = isOurOwn(message) ? readExpiryMessage(message) : parseExpiryEvent(message);
    if (parsed.kind !== 'ignored') await watchExpiry(ports)(parsed);
  };

  /** Gives messages to the watch, one at a time, as its function does; what fails or dies comes again. */
  const deliver = async (...bodies: readonly string[]): Promise<void> => {
    for (const body of bodies)
      for (let attempt = 1; ; attempt += 1) {
        if (attempt > 20) throw new Error(`${body} never succeeds: ${JSON.stringify(log.slice(-5))}`);
        try {
          await handle(body);
          if (!running.isDead) break;
        } catch (error) {
          if (!(error instanceof Killed || error instanceof AwsCallError)) throw error;
        }
        running.isDead = true;
        ports = start();
        clock.advance(VISIBILITY_SECONDS);
      }
  };

  /** Lets time pass, message by message, for so many seconds, or until none waits. */
  const settle = async (seconds: number): Promise<void> => {
    const end = clock.now().getTime() + seconds * 1000;
    for (;;) {
      const wait = queue.secondsUntilDue();
      if (wait === undefined || clock.now().getTime() + wait * 1000 > end) break;
      clock.advance(wait);
      await deliver(...queue.due());
    }
    clock.advance(Math.max(0, (end - clock.now().getTime()) / 1000));
  };

  /** What Slack shows: reports with equal keys are one, however late the second is published. */
  const shown = (): readonly Report[] =>
    [
      ...new Map(
        reports.published.toReversed().map((report) => [`${report.destination}|${report.key}`, report]),
      ).values(),
    ].toReversed();

  return {
    clock,
    settings,
    certificates,
    unreadRegions,
    unreadDetails,
    distributions,
    listeners,
    records,
    hostedZones,
    registered,
    registrations,
    served,
    memory,
    state,
    queue,
    reports,
    log,
    calls: switchboard.calls,
    forgetCalls: switchboard.forget,
    onCall: (hook?: OnCall) => switchboard.setOnCall(hook),
    get ports() {
      return ports;
    },
    /** Puts certificates in ACM, over those with the same ARN. */
    put: (...some: readonly Certificate[]) => {
      for (const one of some) certificates.set(one.arn, one);
    },
    deliver,
    settle,
    /** The daily survey, with everything that comes of it in the next quarter of an hour and a bit. */
    survey: async (seconds = 2 * 900) => {
      await deliver(SURVEY_MESSAGE);
      await settle(seconds);
    },
    shown,
    bodies: (): readonly ExpiryReportBody[] =>
      shown().flatMap(({ body }) => ('kind' in body ? [body as ExpiryReportBody] : [])),
    said: <Kind extends ExpiryReportBody['kind']>(kind: Kind) =>
      shown().flatMap(({ body }) =>
        body.kind === kind ? [body as Extract<ExpiryReportBody, { readonly kind: Kind }>] : [],
      ),
    countCalls: (name: string): number => switchboard.calls.filter((call) => call.name === name).length,
  };
};

export type ExpiryWorld = ReturnType<typeof anExpiryWorld>;
