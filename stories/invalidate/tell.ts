import type { PathFinding } from '../../domain/invalidation/paths.ts';
import type {
  Asker,
  InvalidationBatch,
  InvalidationRequest,
  QueuedBecause,
} from '../../domain/invalidation/request.ts';
import type { InvalidationFailed, Report } from '../../domain/report.ts';
import { newPlan } from '../../domain/stored-plan.ts';
import { invalidationEnded } from '../../events/invalidation-ended.ts';
import type { TellingPorts } from './ports.ts';
import { askedBy, invalidationReport, shownFindings, shownPaths } from './words.ts';

type SlackAsker = Extract<Asker, { readonly kind: 'slack' }>;

/** Where the asker can be answered by himself, without the channel. */
const answerable = (asker: Asker): (SlackAsker & { readonly responseUrl: string }) | undefined =>
  asker.kind === 'slack' && asker.responseUrl !== undefined ? { ...asker, responseUrl: asker.responseUrl } : undefined;

/** What one person is told at their order's own address. */
export interface PersonalAnswer {
  readonly to: SlackAsker & { readonly responseUrl: string };
  readonly report: Report;
}

const personalAnswer = (asker: Asker, report: Report): readonly PersonalAnswer[] => {
  const to = answerable(asker);
  return to === undefined ? [] : [{ to, report }];
};

/** Answers persons side by side, for each may take seconds. Best effort: the channel has heard it. */
export const answerPersons = async (ports: TellingPorts, answers: readonly PersonalAnswer[]): Promise<void> => {
  await Promise.all(answers.map(({ to, report }) => ports.answers.tell(to, report)));
};

/** Says once, to the asker alone where that is possible, else in the channel, that a request has to wait. */
export const tellQueued = async (
  ports: TellingPorts,
  request: InvalidationRequest,
  position: number,
  because: QueuedBecause,
): Promise<void> => {
  const report = invalidationReport(ports, request, request.destination, request.requestId, {
    kind: 'invalidation-queued',
    ...shownPaths(request),
    askedBy: askedBy(request.asker),
    position,
    because,
  });
  const to = answerable(request.asker);
  if (to !== undefined && (await ports.answers.tell(to, report))) return;
  await ports.reports.publish(report);
};

/** Why an invalidation failed, in AWS's words or ours. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly findings?: readonly PathFinding[];
}

const RETRY_DAYS = 1;

/**
 * The same once more, for the button of the message; a new request, for the old one has ended. Its id names this plan alone,
 * so that it does not grow with every try.
 */
const storeRetry = async (ports: TellingPorts, request: InvalidationRequest): Promise<string> => {
  const planId = ports.newId();
  const again = { ...request, requestId: `${request.requestId.replace(/~.*$/s, '')}~${planId}` };
  const plan = newPlan(
    planId,
    { kind: 'invalidate', request: again },
    request.destination,
    ports.now(),
    RETRY_DAYS * 86_400,
  );
  await ports.plans.store(plan);
  return planId;
};

/**
 * Says of one request that it failed: to the channel, whose reports are told once, then on the bus.
 * @returns what its asker is still to be told, once the failure is written down
 */
export const tellFailed = async (
  ports: TellingPorts,
  request: InvalidationRequest,
  { code, message, findings = [] }: Failure,
): Promise<readonly PersonalAnswer[]> => {
  const body: InvalidationFailed = {
    kind: 'invalidation-failed',
    ...shownPaths(request),
    askedBy: askedBy(request.asker),
    code,
    message,
    findings: shownFindings(findings),
    retryPlanId: request.asker.kind === 'slack' ? await storeRetry(ports, request) : undefined,
  };
  const report = invalidationReport(ports, request, request.destination, request.requestId, body);
  await ports.reports.publish(report);
  await ports.bus.put([invalidationEnded(request, { status: 'Failed', code, message }, ports.now())]);
  return personalAnswer(request.asker, report);
};

/** Requests of a batch by the destination that hears of them. */
const byDestination = (requests: readonly InvalidationRequest[]) =>
  [...new Set(requests.map(({ destination }) => destination))].map((destination) => ({
    destination,
    requests: requests.filter((request) => request.destination === destination),
  }));

/** Says of a batch that CloudFront has not finished it for long; once, by its key. */
export const tellStillRunning = async (
  ports: TellingPorts,
  batch: InvalidationBatch,
  requests: readonly InvalidationRequest[],
  sinceSeconds: number,
): Promise<void> => {
  for (const { destination, requests: theirs } of byDestination(requests))
    await ports.reports.publish(
      invalidationReport(ports, batch, destination, batch.batchId, {
        kind: 'invalidation-still-running',
        ...shownPaths({ place: batch.place, paths: pathsOf(theirs) }),
        invalidationId: batch.invalidationId ?? '',
        sinceSeconds,
        askedBy: theirs.map(({ asker }) => askedBy(asker)),
      }),
    );
};

const pathsOf = (requests: readonly InvalidationRequest[]): readonly string[] => [
  ...new Set(requests.flatMap(({ paths }) => paths)),
];

/**
 * Says of a batch that it is done: once to each channel, then on the bus for each request.
 * @returns what each who asked is still to be told, once the batch has ended
 */
export const tellCompleted = async (
  ports: TellingPorts,
  batch: InvalidationBatch,
  requests: readonly InvalidationRequest[],
  durationSeconds: number,
  pathsThisMonth: number,
): Promise<readonly PersonalAnswer[]> => {
  const at = ports.now();
  const invalidationId = batch.invalidationId ?? '';
  const reportFor = (destination: string, about: readonly InvalidationRequest[], of: string): Report =>
    invalidationReport(ports, batch, destination, of, {
      kind: 'invalidation-completed',
      ...shownPaths({ place: batch.place, paths: pathsOf(about) }),
      invalidationId,
      durationSeconds,
      askedBy: about.map(({ asker }) => askedBy(asker)),
      pathsThisMonth,
    });
  for (const { destination, requests: theirs } of byDestination(requests))
    await ports.reports.publish(reportFor(destination, theirs, batch.batchId));
  await ports.bus.put(
    requests.map((request) => invalidationEnded(request, { status: 'Completed', invalidationId, durationSeconds }, at)),
  );
  return requests.flatMap((request) =>
    personalAnswer(request.asker, reportFor(request.destination, [request], request.requestId)),
  );
};
