import type { Certificate, CertificateSummary } from '../../domain/expiry/certificate.ts';
import { evaluateCertificate, needsDetail } from '../../domain/expiry/evaluate.ts';
import { subjectOf } from '../../domain/expiry/reports.ts';
import { shortDigest } from '../../domain/report-frame.ts';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { serializeExpiryMessage } from '../../events/expiry-message.ts';
import { alone } from './alone.ts';
import { takeStock } from './certificates.ts';
import { reviveFollowing } from './following.ts';
import type { Lists } from './lists.ts';
import { readLists } from './lists.ts';
import { waitsForRecord } from './needs.ts';
import { isPassing, MAXIMUM_ATTEMPTS, SECONDS_BETWEEN_ATTEMPTS } from './patience.ts';
import type { ExpiryPorts } from './ports.ts';
import { readDetails } from './read-details.ts';
import type { Run } from './run.ts';
import { beginRun } from './run.ts';
import { readSiblings } from './siblings.ts';
import { arnOf, isForeign, regionOfArn } from './subjects.ts';
import { endUnread, tellOfUnreadDetails, tellUnread, whyUnread } from './unread.ts';

type Surveying = Extract<ExpiryMessage, { readonly kind: 'expiry-certificates' }>;

/** What one part of a survey came to. */
export interface SurveyOutcome {
  readonly outcome: 'busy' | 'begun' | 'goes-on' | 'done';
  readonly looked?: number;
  readonly told?: number;
  readonly settled?: number;
}

/** So many in one run: at ACM's rates the larger part of its time (facts 2.6). */
const DETAILS_IN_ONE_RUN = 100;

/** A message holds so many ARNs, with room to spare. */
const MOST_CARRIED = 1_500;

const send = ({ expiryQueue }: Pick<ExpiryPorts, 'expiryQueue'>, message: ExpiryMessage, seconds = 0): Promise<void> =>
  expiryQueue.sendLater(serializeExpiryMessage(message), seconds);

/**
 * Begins the day's survey: its parts run by themselves, so that none waits for another. What asks the world outside begins
 * at a moment of the stage's own, so that not all installations ask the same registry at the same time.
 */
export const beginSurvey = (ports: ExpiryPorts) => async (): Promise<SurveyOutcome> => {
  const { name, account, region } = ports.stage;
  const jitter =
    Number.parseInt(shortDigest(`${account} ${region} ${name}`).slice(0, 6), 16) % SECONDS_BETWEEN_ATTEMPTS;
  await send(ports, { kind: 'expiry-certificates' });
  await send(ports, { kind: 'expiry-endpoints' }, Math.floor(jitter / 3));
  await send(ports, { kind: 'expiry-records' }, Math.floor((jitter * 2) / 3));
  await send(ports, { kind: 'expiry-domains' }, jitter);
  return { outcome: 'begun' };
};

/** What is to be looked at, in an order that goes on from one message to the next. */
interface Candidate {
  readonly key: string;
  readonly arn: string;
}

/** Certificates for the same name stand together, so that those which wait for one record are mostly seen by one run. */
const keyOf = ({ commonName = '', arn }: Pick<CertificateSummary, 'commonName' | 'arn'>): string =>
  `${commonName.replace(/^\*\./, '').slice(0, 256)} ${arn}`;

const byKey = (one: Candidate, other: Candidate): number => (one.key < other.key ? -1 : Number(one.key > other.key));

/** Everything near its end or not fine, and what is announced, for its ending: also what no list has any more. */
const candidatesOf = (
  { ports, announced }: Run,
  summaries: readonly CertificateSummary[],
  regions: readonly string[],
): readonly Candidate[] => {
  const farthest = Math.max(...ports.settings.thresholdsDays);
  const listed = new Set(summaries.map(({ arn }) => arn));
  const gone = [...announced.keys()].flatMap((subject) => {
    const arn = arnOf(subject);
    if (arn === undefined || listed.has(arn) || isForeign(ports.stage, arn)) return [];
    return regions.includes(regionOfArn(ports.stage)(arn)) ? [{ arn, key: keyOf({ arn, commonName: undefined }) }] : [];
  });
  const near = summaries.filter(
    (summary) => needsDetail(summary, farthest, ports.now()) || announced.has(subjectOf.certificate(summary.arn)),
  );
  return [...near.map((summary) => ({ arn: summary.arn, key: keyOf(summary) })), ...gone].sort(byKey);
};

/** Tells of Regions that stay unread; those that may be read a little later are tried again first. */
const tellOfUnreadLists = async (run: Run, unread: Lists['unread'], attempt: number): Promise<void> => {
  const again = unread.filter(({ error }) => isPassing(error) && attempt + 1 < MAXIMUM_ATTEMPTS);
  for (const { region, error } of unread)
    if (!again.some((other) => other.region === region))
      await tellUnread(run, region, 'list', { why: whyUnread(error) });
  if (again.length === 0) return;
  const regions = again.map(({ region }) => region);
  run.ports.log({ event: 'regions-unread', regions, attempt });
  await send(run.ports, { kind: 'expiry-certificates', regions, attempt: attempt + 1 }, SECONDS_BETWEEN_ATTEMPTS);
};

/** Lists of the Regions a part is about; none is read any more once all certificates were. */
const listsOf = async (run: Run, { regions, isListed = false, attempt = 0 }: Surveying): Promise<Lists> => {
  const named = regions ?? run.ports.settings.regions;
  if (isListed) return { summaries: [], read: named, unread: [] };
  const lists = await readLists(run.ports, named);
  await tellOfUnreadLists(run, lists.unread, attempt);
  for (const region of lists.read) await endUnread(run, region, 'list');
  return lists;
};

/** What one part looks at: the next of the lists, and with their last ones those that were carried so far. */
interface Part {
  readonly arns: readonly string[];
  /** Where the next part goes on; `undefined` when this one meets the end of the lists. */
  readonly after: string | undefined;
  /** Carried on, for another part. */
  readonly carried: readonly string[];
}

const partOf = (candidates: readonly Candidate[], again: readonly string[]): Part => {
  const now = candidates.slice(0, DETAILS_IN_ONE_RUN);
  const listed = now.map(({ arn }) => arn);
  const last = now.at(-1);
  if (now.length < candidates.length && last !== undefined) return { arns: listed, after: last.key, carried: again };
  const room = Math.max(1, DETAILS_IN_ONE_RUN - now.length);
  return {
    arns: [...new Set([...listed, ...again.slice(0, room)])],
    after: undefined,
    carried: again.slice(room),
  };
};

/** Those of a part that wait for a record are told together with others yet to be seen. */
const waitingAmong = ({ ports }: Run, certificates: readonly Certificate[], { after, carried }: Part) =>
  after === undefined
    ? []
    : certificates
        .filter((certificate) => waitsForRecord(evaluateCertificate(certificate, ports.now())))
        .slice(0, Math.max(0, MOST_CARRIED - carried.length));

/** Of some Regions alone, those of others may wait for the same record. */
const isWhole = ({ settings }: Pick<ExpiryPorts, 'settings'>, { regions }: Surveying): boolean =>
  regions === undefined || settings.regions.every((region) => regions.includes(region));

const surveyPart = async (ports: ExpiryPorts, message: Surveying): Promise<SurveyOutcome> => {
  const run = await beginRun(ports);
  await reviveFollowing(run);
  const lists = await listsOf(run, message);
  const { after = '', isListed = false, again = [], attempt = 0 } = message;
  const candidates = isListed ? [] : candidatesOf(run, lists.summaries, lists.read).filter(({ key }) => key > after);
  const part = partOf(candidates, again);
  const { certificates, gone, unread, unbegun } = await readDetails(run, part.arns);
  await tellOfUnreadDetails(run, unread, { attempt });
  const waiting = waitingAmong(run, certificates, part);
  const seen = { certificates: certificates.filter((certificate) => !waiting.includes(certificate)), gone };
  const { summaries } = lists;
  const { told, settled, left } = await takeStock(
    run,
    seen,
    isWhole(ports, message) ? { summaries } : { summaries, readSiblings: readSiblings(run, certificates) },
  );
  const figures = { looked: part.arns.length - unbegun.length, told, settled };
  const refusedNow = unread.filter(({ error }) => !isPassing(error)).map(({ arn }) => regionOfArn(ports.stage)(arn));
  const refused = [...new Set([...(message.refused ?? []), ...refusedNow])];
  const carried = [...new Set([...part.carried, ...waiting.map(({ arn }) => arn), ...left, ...unbegun])];
  if (part.after === undefined && carried.length === 0) {
    for (const region of lists.read) if (!refused.includes(region)) await endUnread(run, region, 'details');
    return { outcome: 'done', ...figures };
  }
  const where = part.after === undefined ? { isListed: true } : { after: part.after };
  await send(ports, { kind: 'expiry-certificates', regions: lists.read, again: carried, refused, ...where });
  return { outcome: 'goes-on', ...figures };
};

/** Looks at the certificates of some Regions, part by part; each part hands on what it could not finish. */
export const surveyCertificates =
  (ports: ExpiryPorts) =>
  (message: Surveying): Promise<SurveyOutcome> =>
    alone(ports, message, () => surveyPart(ports, message));
