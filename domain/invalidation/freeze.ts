import { fitsInto, freeBeside, roomOf } from './quota.ts';
import type { InvalidationBatch, InvalidationRequest, WaitingRequest } from './request.ts';
import { placeKey } from './request.ts';

/** A transaction that freezes takes 100 writes: the batch, where it is found, and a request out of the line each. */
export const MAXIMUM_REQUESTS_PER_BATCH = 90;

/** Requests that go to CloudFront as one invalidation, and their paths, each once. */
export interface NextBatch {
  readonly requests: readonly InvalidationRequest[];
  readonly paths: readonly string[];
}

/** Whether a request may be sent now; one that is to wait for the deployment holds up no other. */
const isDue = ({ when }: InvalidationRequest, isDeployed: boolean): boolean => when === 'now' || isDeployed;

export const dueRequests = (waiting: readonly WaitingRequest[], isDeployed: boolean): readonly WaitingRequest[] =>
  waiting.filter(({ request }) => isDue(request, isDeployed));

/**
 * What can be sent next of a distribution's line (oldest first), given its open batches: as many as fit of the place that
 * the first in line is for. Nobody is passed: when the first does not fit, nothing goes.
 */
export const nextBatch = (
  due: readonly WaitingRequest[],
  open: readonly Pick<InvalidationBatch, 'paths'>[],
): NextBatch | undefined => {
  const free = freeBeside(open);
  const [first] = due;
  if (first === undefined) return undefined;
  const place = placeKey(first.request.place);
  const requests: InvalidationRequest[] = [];
  const paths = new Set<string>();
  for (const { request } of due) {
    if (placeKey(request.place) !== place) continue;
    const together = [...paths, ...request.paths.filter((path) => !paths.has(path))];
    if (requests.length === MAXIMUM_REQUESTS_PER_BATCH || !fitsInto(roomOf(together), free)) break;
    requests.push(request);
    for (const path of request.paths) paths.add(path);
  }
  return requests.length === 0 ? undefined : { requests, paths: [...paths] };
};
