import type { Invalidations } from '../../aws/state/invalidations-port.ts';
import { firstDestination } from '../../domain/destination.ts';
import type { PathFinding } from '../../domain/invalidation/paths.ts';
import type { Asker, FailureCode, InvalidationRequest, Place } from '../../domain/invalidation/request.ts';
import type { Report } from '../../domain/report.ts';
import { invalidationEnded } from '../../events/invalidation-ended.ts';
import type { InvalidationRequested } from '../../events/invalidation-requested/parse.ts';
import type { RequestPorts, TellingPorts } from './ports.ts';
import type { AskingOutcome } from './request.ts';
import { askForInvalidation } from './request.ts';
import { askedBy, invalidationReport, shownFindings, shownPaths } from './words.ts';

/** What a pipeline may do: the stage lists it. */
export interface PipelinePorts extends RequestPorts, TellingPorts {
  readonly invalidations: RequestPorts['invalidations'] & Pick<Invalidations, 'readEnding'>;
  /** Ids of the distributions that pipelines may invalidate. */
  readonly invalidationDistributions: readonly string[];
  /** A digest of at most 64 characters, the same for the same text. */
  readonly digest: (text: string) => string;
}

interface Refusal {
  readonly code: FailureCode;
  readonly message: string;
  readonly findings: readonly PathFinding[];
}

const refusal = (code: FailureCode, message: string, findings: readonly PathFinding[] = []): Refusal => ({
  code,
  message,
  findings,
});

const namesOf = (places: readonly Place[]): string => places.map(({ distributionId }) => distributionId).join(', ');

const refusalOf = (outcome: AskingOutcome): Refusal | undefined => {
  switch (outcome.kind) {
    case 'taken':
      return undefined;
    case 'not-placed':
      return refusal(
        'DistributionUnknown',
        `${outcome.resolved.said} is not one distribution (${outcome.resolved.kind})`,
      );
    case 'not-allowed':
      return refusal(
        'DistributionNotListed',
        `the stage's parameter invalidationDistributions doesn't list ${namesOf(outcome.places)}`,
      );
    case 'paths-refused':
      return refusal('PathsRefused', `nothing was sent; findings: ${outcome.findings.length}`, outcome.findings);
    case 'too-many-paths':
      return refusal(
        'TooManyPaths',
        `${outcome.count} paths are more than CloudFront takes at a time; with "gather": true they become directories`,
      );
  }
};

/** What is known of a request that was refused: as it was asked for. */
const asGiven = (event: InvalidationRequested) => ({
  place: { distributionId: event.distribution, tenantId: undefined, name: event.distribution },
  paths: event.paths,
});

const tellRefused = async (
  ports: PipelinePorts,
  event: InvalidationRequested,
  orderId: string,
  asker: Asker,
  { code, message, findings }: Refusal,
): Promise<void> => {
  const given = asGiven(event);
  const destination = firstDestination(ports.stage);
  const report: Report = invalidationReport(ports, given, destination, orderId, {
    kind: 'invalidation-failed',
    ...shownPaths(given),
    askedBy: askedBy(asker),
    code,
    message,
    findings: shownFindings(findings),
    retryPlanId: undefined,
  });
  const ended = { requestId: orderId, asker, paths: event.paths, place: undefined };
  // Reports are told once, however often they are published; what is on the bus is there.
  await ports.reports.publish(report);
  await ports.bus.put([invalidationEnded(ended, { status: 'Failed', code, message }, ports.now())]);
};

/** Who asks again for what is done waits for an ending that was told before: it is told again, on the bus alone. */
const tellAgain = async (ports: PipelinePorts, known: readonly InvalidationRequest[]): Promise<void> => {
  for (const request of known) {
    const ending = await ports.invalidations.readEnding(request.requestId);
    if (ending?.status === 'Completed') await ports.bus.put([invalidationEnded(request, ending, ports.now())]);
  }
};

/**
 * A pipeline's request: in line, or refused aloud, in the channel and on the bus. It is not asked back: what it may
 * invalidate the stage lists, and `gather` and `whenDeployed` it says beforehand.
 */
export const takeInvalidationEvent =
  (ports: PipelinePorts) =>
  async (event: InvalidationRequested): Promise<AskingOutcome> => {
    const { source, idempotencyKey } = event;
    const asker: Asker = { kind: 'event', idempotencyKey, source };
    const orderId = ports.digest(JSON.stringify([source, idempotencyKey]));
    const outcome = await askForInvalidation(ports)({
      orderId,
      where: event.distribution,
      paths: event.paths,
      asker,
      destination: firstDestination(ports.stage),
      when: event.when,
      onMuch: event.mayGather ? 'gather' : 'refuse',
      isAllowed: (distributionId) => ports.invalidationDistributions.includes(distributionId),
    });
    const refused = refusalOf(outcome);
    if (outcome.kind === 'taken') await tellAgain(ports, outcome.known);
    if (refused !== undefined) await tellRefused(ports, event, orderId, asker, refused);
    return outcome;
  };
