import type { Answer } from '../../domain/answer.ts';
import { authorise, mayInvalidateSomething } from '../../domain/authorisation.ts';
import type { Command } from '../../domain/command.ts';
import { firstDestination } from '../../domain/destination.ts';
import type { PathFinding } from '../../domain/invalidation/paths.ts';
import type { Place } from '../../domain/invalidation/request.ts';
import type { Order } from '../../domain/order.ts';
import type { Named } from '../../domain/report.ts';
import type { Asking, AskingOutcome } from '../invalidate/request.ts';
import { askForInvalidation } from '../invalidate/request.ts';
import { shownFindings } from '../invalidate/words.ts';
import type { OrderPorts, Saying } from './ports.ts';
import { answering, asking } from './tell.ts';

type InvalidateCommand = Extract<Command, { readonly verb: 'invalidate' }>;

export const namedPlace = ({ name, tenantId, distributionId }: Place): Named => ({
  name,
  id: tenantId ?? distributionId,
});

const askingOf = (ports: OrderPorts, order: Order, { where, paths }: InvalidateCommand): Asking => ({
  orderId: order.orderId,
  where,
  paths,
  asker: {
    kind: 'slack',
    orderId: order.orderId,
    orderedAt: order.orderedAt,
    userId: order.by.userId,
    channelId: order.by.channelId,
    responseUrl: order.responseUrl,
  },
  destination: firstDestination(ports.stage),
  when: 'ask',
  onMuch: 'ask',
  isAllowed: (distributionId) =>
    authorise(ports.authorisation, 'invalidate', order.by, distributionId).kind === 'allowed',
});

const refusalFor = (ports: OrderPorts, order: Order, places: readonly Place[]): Answer => {
  for (const { distributionId } of places) {
    const authorised = authorise(ports.authorisation, 'invalidate', order.by, distributionId);
    if (authorised.kind === 'not-allowed') return authorised;
  }
  throw new Error('an invalidation was refused that everybody concerned may order');
};

const notPlaced = (resolved: Extract<AskingOutcome, { readonly kind: 'not-placed' }>['resolved']): Answer => {
  switch (resolved.kind) {
    case 'absent':
      return { kind: 'no-such-place', said: resolved.said, suggestions: resolved.suggestions };
    case 'ambiguous':
      return { kind: 'ambiguous-place', said: resolved.said, candidates: resolved.candidates.map(namedPlace) };
    case 'tenant-only':
      return { kind: 'tenant-only-place', said: resolved.said };
  }
};

const countedFindings = (findings: readonly PathFinding[]) => ({
  findings: shownFindings(findings),
  findingCount: findings.length,
});

const answerTo = (
  ports: OrderPorts,
  order: Order,
  outcome: Exclude<AskingOutcome, { readonly kind: 'taken' }>,
): Answer => {
  switch (outcome.kind) {
    case 'not-placed':
      return notPlaced(outcome.resolved);
    case 'not-allowed':
      return refusalFor(ports, order, outcome.places);
    case 'paths-refused':
      return { kind: 'paths-refused', places: outcome.places.map(namedPlace), ...countedFindings(outcome.findings) };
    case 'too-many-paths':
      return { kind: 'too-many-paths', places: outcome.places.map(namedPlace), count: outcome.count };
  }
};

/** What is in line is said in one answer, each question in one of its own. */
const taken = (
  ports: OrderPorts,
  order: Order,
  { requests, wanted, findings, price }: Extract<AskingOutcome, { readonly kind: 'taken' }>,
): readonly Saying[] => {
  const places = requests.map(({ place }) => namedPlace(place));
  return [
    ...(places.length === 0
      ? []
      : [answering(ports, order, { kind: 'invalidation-taken', places, price, ...countedFindings(findings) })]),
    ...wanted.map((body) => asking(ports, order, body)),
  ];
};

/** Asks for an invalidation in a person's name. Nothing is looked up for somebody who may invalidate nothing. */
export const orderInvalidation = async (
  ports: OrderPorts,
  order: Order,
  command: InvalidateCommand,
): Promise<readonly Saying[]> => {
  const authorised = mayInvalidateSomething(ports.authorisation, order.by);
  if (authorised.kind === 'not-allowed') return [answering(ports, order, authorised)];
  const outcome = await askForInvalidation(ports)(askingOf(ports, order, command));
  return outcome.kind === 'taken'
    ? taken(ports, order, outcome)
    : [answering(ports, order, answerTo(ports, order, outcome))];
};
