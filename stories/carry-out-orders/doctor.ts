import { authorise } from '../../domain/authorisation.ts';
import { firstDestination } from '../../domain/destination.ts';
import type { DoctorAnswer } from '../../domain/front-door/answer.ts';
import { isRefused, normalisePaths } from '../../domain/invalidation/paths.ts';
import { answersFor, placeOf } from '../../domain/invalidation/places.ts';
import type { Order } from '../../domain/order.ts';
import { newPlan, UNDO_LIFETIME_SECONDS } from '../../domain/stored-plan.ts';
import type { VerbAnswer } from '../../domain/verb-answer.ts';
import type { Clearable } from '../doctor/story.ts';
import type { OrderPorts } from './ports.ts';

/** Paths that clear a page: as it was asked, with what follows the `?`. */
const pathsOf = ({ distribution, url }: Clearable): readonly string[] => {
  const { pathname, search } = new URL(url);
  const normalised = normalisePaths([`${pathname}${search}`], {
    isOwnHost: (host) => answersFor([...distribution.aliases, distribution.domainName], host),
    takesTags: false,
  });
  return isRefused(normalised) ? [] : normalised.paths;
};

/**
 * Stores what the button holds that clears the page, for who may clear it and has a button to press. A tenant's page is not
 * offered: it is cleared by the tenant's own id.
 */
const storeClearing = async (ports: OrderPorts, order: Order, clearable: Clearable): Promise<string | undefined> => {
  const { distributionId, domainName, aliases } = clearable.distribution;
  const { hostname } = new URL(clearable.url);
  if (order.responseUrl === undefined || !answersFor([...aliases, domainName], hostname)) return undefined;
  if (authorise(ports.authorisation, 'invalidate', order.by, distributionId).kind !== 'allowed') return undefined;
  const paths = pathsOf(clearable);
  if (paths.length === 0) return undefined;
  const planId = ports.newId();
  const destination = firstDestination(ports.stage);
  const request = {
    requestId: `${order.orderId}|${distributionId}`,
    place: placeOf({ distributionId, domainName, aliases, status: 'Deployed', connectionMode: 'direct' }),
    paths,
    asker: {
      kind: 'slack',
      orderId: order.orderId,
      orderedAt: order.orderedAt,
      userId: order.by.userId,
      channelId: order.by.channelId,
      responseUrl: order.responseUrl,
    },
    requestedAt: ports.now().toISOString(),
    destination,
    when: 'now',
  } as const;
  // What was seen of a page is old tomorrow.
  await ports.plans.store(
    newPlan(planId, { kind: 'invalidate', request }, destination, ports.now(), UNDO_LIFETIME_SECONDS),
  );
  return planId;
};

/** Looks into what somebody named, and offers to clear the page from the cache where it is cached. */
export const callDoctor = async (
  ports: OrderPorts,
  order: Order,
  words: readonly string[],
): Promise<DoctorAnswer | VerbAnswer> => {
  const said = words.join(' ').trim();
  if (said === '') return { kind: 'say-which', verb: 'doctor' };
  const { answer, clearable } = await ports.examine(said);
  if (answer.kind !== 'url-examined' || clearable === undefined) return answer;
  return { ...answer, clearPlanId: await storeClearing(ports, order, clearable) };
};
