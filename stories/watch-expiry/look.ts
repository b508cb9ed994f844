import { subjectOf } from '../../domain/expiry/reports.ts';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { serializeExpiryMessage } from '../../events/expiry-message.ts';
import { alone } from './alone.ts';
import { takeStock } from './certificates.ts';
import { lookAtDomains } from './domains.ts';
import { lookAtEndpoints } from './endpoints.ts';
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

/** The named ones, and what stands in one message with them. */
const withMatterMates = ({ announced }: Run, arns: readonly string[]): readonly string[] => {
  const matters = new Set(arns.flatMap((arn) => announced.get(subjectOf.certificate(arn))?.matter ?? []));
  const mates = [...announced].flatMap(([subject, { matter }]) => (matters.has(matter) ? (arnOf(subject) ?? []) : []));
  return [...new Set([...arns, ...mates])];
};

const lookAtCertificates = async (run: Run, named: readonly string[], { askedBy, attempt = 0 }: Looking) => {
  const all = withMatterMates(run, named).filter((arn) => !isForeign(run.ports.stage, arn));
  const now = all.slice(0, MOST_IN_ONE_LOOK);
  const read = await readDetails(run, now);
  await tellOfUnreadDetails(run, read.unread, { attempt, askedBy });
  const { told, settled, left } = await takeStock(run, read, {
    askedBy,
    readSiblings: readSiblings(run, read.certificates),
  });
  await lookLater(run.ports, [...all.slice(MOST_IN_ONE_LOOK), ...left], askedBy);
  return { told, settled, looked: now.length };
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
