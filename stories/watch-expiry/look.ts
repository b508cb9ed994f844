import type { Certificate } from '../../domain/expiry/certificate.ts';
import { evaluateCertificate, recordsToEnter } from '../../domain/expiry/evaluate.ts';
import { subjectOf } from '../../domain/expiry/reports.ts';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { serializeExpiryMessage } from '../../events/expiry-message.ts';
import { alone } from './alone.ts';
import { takeStock } from './certificates.ts';
import { lookAtDomains } from './domains.ts';
import { lookAtEndpoints } from './endpoints.ts';
import { waitsForRecord } from './needs.ts';
import { MAXIMUM_ATTEMPTS } from './patience.ts';
import type { ExpiryPorts } from './ports.ts';
import { readDetails } from './read-details.ts';
import type { Run } from './run.ts';
import { beginRun } from './run.ts';
import { readSiblings } from './siblings.ts';
import { arnOf, domainOf, endpointOf, isForeign } from './subjects.ts';
import { tellOfUnreadDetails } from './unread.ts';

type Looking = Extract<ExpiryMessage, { readonly kind: 'expiry-look' }>;

/** What a look at named certificates, endpoints and domains came to. */
export interface LookOutcome {
  readonly outcome: 'busy' | 'looked';
  readonly looked?: number;
  readonly told?: number;
  readonly settled?: number;
}

/** So many are looked at in one run. */
const MOST_IN_ONE_LOOK = 40;

/** Has certificates looked at by a run of their own. */
export const lookLater = async (
  { expiryQueue }: Pick<ExpiryPorts, 'expiryQueue'>,
  arns: readonly string[],
  askedBy?: string,
): Promise<void> => {
  if (arns.length === 0) return;
  const subjects = arns.map(subjectOf.certificate);
  const asked = askedBy === undefined ? {} : { askedBy };
  await expiryQueue.sendLater(serializeExpiryMessage({ kind: 'expiry-look', subjects, ...asked }), 0);
};

/** What stands in one message with these. */
const matterMates = ({ announced }: Run, arns: readonly string[]): readonly string[] => {
  const matters = new Set(arns.flatMap((arn) => announced.get(subjectOf.certificate(arn))?.matter ?? []));
  return [...announced].flatMap(([subject, { matter }]) => (matters.has(matter) ? (arnOf(subject) ?? []) : []));
};

/** Some seconds after a request AWS does not know its record yet. */
const SECONDS_TO_NAME_A_RECORD = 60;

/** Looks once more at requests whose record AWS has not named yet, so that nobody waits for the next survey to hear it. */
const lookAgainForRecords = async (run: Run, certificates: readonly Certificate[], attempt: number): Promise<void> => {
  const unnamed = certificates.filter(
    (certificate) =>
      certificate.status === 'PENDING_VALIDATION' &&
      waitsForRecord(evaluateCertificate(certificate, run.ports.now())) &&
      recordsToEnter(certificate).length === 0,
  );
  if (unnamed.length === 0 || attempt + 1 >= MAXIMUM_ATTEMPTS) return;
  const subjects = unnamed.map(({ arn }) => subjectOf.certificate(arn));
  const message = { kind: 'expiry-look', subjects, attempt: attempt + 1 } as const;
  await run.ports.expiryQueue.sendLater(serializeExpiryMessage(message), SECONDS_TO_NAME_A_RECORD);
};

const lookAtCertificates = async (run: Run, subjects: readonly string[], { askedBy, attempt = 0 }: Looking) => {
  const named = subjects.filter((arn) => !isForeign(run.ports.stage, arn));
  const mates = matterMates(run, named).filter((arn) => !isForeign(run.ports.stage, arn));
  // Mates come along as far as there is room: handed on, they would bring those along that were looked at, for ever.
  const now = [...new Set([...named, ...mates])].slice(0, MOST_IN_ONE_LOOK);
  const read = await readDetails(run, now);
  await tellOfUnreadDetails(run, read.unread, { attempt, askedBy });
  await lookAgainForRecords(run, read.certificates, attempt);
  const { told, settled, left } = await takeStock(run, read, {
    askedBy,
    readSiblings: readSiblings(run, read.certificates),
  });
  await lookLater(
    run.ports,
    [...named.filter((arn) => !now.includes(arn) || read.unbegun.includes(arn)), ...left],
    askedBy,
  );
  return { told, settled, looked: now.length - read.unbegun.length };
};

const look = async (ports: ExpiryPorts, message: Looking): Promise<LookOutcome> => {
  const run = await beginRun(ports);
  const { subjects, askedBy } = message;
  const arns = subjects.flatMap((subject) => arnOf(subject) ?? []);
  const endpoints = subjects.flatMap((subject) => endpointOf(subject) ?? []);
  const domains = subjects.flatMap((subject) => domainOf(subject) ?? []);
  const certificates = arns.length === 0 ? undefined : await lookAtCertificates(run, arns, message);
  if (endpoints.length > 0) await lookAtEndpoints(run, { only: endpoints, askedBy, attempt: 1 });
  if (domains.length > 0) await lookAtDomains(run, { only: domains, askedBy, attempt: 1 });
  return { outcome: 'looked', looked: subjects.length, ...certificates };
};

/** Looks at what an event or a person points at. */
export const lookAtSubjects =
  (ports: ExpiryPorts) =>
  (message: Looking): Promise<LookOutcome> =>
    alone(ports, message, () => look(ports, message));
