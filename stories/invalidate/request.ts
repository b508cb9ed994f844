import type { DistributionDetails } from '../../aws/cloudfront/port.ts';
import { gatherPaths } from '../../domain/invalidation/gather.ts';
import type { PathFinding } from '../../domain/invalidation/paths.ts';
import { EVERYTHING, isRefused, normalisePaths } from '../../domain/invalidation/paths.ts';
import type { Resolved, Tenant } from '../../domain/invalidation/places.ts';
import { answersFor, hostOf, resolvePlaces, tenantPlace } from '../../domain/invalidation/places.ts';
import type { PriceLine } from '../../domain/invalidation/price.ts';
import { priceOf } from '../../domain/invalidation/price.ts';
import type { Asker, ConfirmationReason, InvalidationRequest, Place } from '../../domain/invalidation/request.ts';
import { placeKey } from '../../domain/invalidation/request.ts';
import type { ConfirmationWanted } from '../../domain/report.ts';
import { newPlan } from '../../domain/stored-plan.ts';
import { serializeInvalidationMessage } from '../../events/invalidation-message.ts';
import type { RequestPorts } from './ports.ts';
import { askedBy, shownFindings, shownPaths } from './words.ts';

/** An invalidation as somebody asks for it. */
export interface Asking {
  /** The same order is the same request: the order's id, or a hash of source and idempotency key. */
  readonly orderId: string;
  readonly where: string;
  /** As typed. */
  readonly paths: readonly string[];
  readonly asker: Asker;
  readonly destination: string;
  /** `ask`: when the distribution is still deploying, the person is asked. */
  readonly when: InvalidationRequest['when'] | 'ask';
  /** What happens to more than CloudFront takes at a time, and to everything: a person is asked, a pipeline said it before. */
  readonly onMuch: 'ask' | 'gather' | 'refuse';
  /** Whether a distribution may be invalidated by who asks. */
  readonly isAllowed: (distributionId: string) => boolean;
}

/** What came of asking. Of a group, some places may be under way while others wait for a yes. */
export type AskingOutcome =
  | {
      readonly kind: 'taken';
      /** In line, and the line woken. */
      readonly requests: readonly InvalidationRequest[];
      /** Of these, what had been asked for before, word for word or not. */
      readonly known: readonly InvalidationRequest[];
      readonly wanted: readonly ConfirmationWanted[];
      /** Warnings and notes; nothing was refused. */
      readonly findings: readonly PathFinding[];
      readonly price: PriceLine;
    }
  | { readonly kind: 'not-placed'; readonly resolved: Exclude<Resolved, { readonly kind: 'places' }> }
  /** Nothing was sent, not even what is right: whoever mistypes one path is better asked again. */
  | { readonly kind: 'paths-refused'; readonly places: readonly Place[]; readonly findings: readonly PathFinding[] }
  | { readonly kind: 'too-many-paths'; readonly places: readonly Place[]; readonly count: number }
  | { readonly kind: 'not-allowed'; readonly places: readonly Place[] };

/** A place with what has to be known of it. */
interface Found {
  readonly place: Place;
  readonly hosts: readonly string[];
  readonly takesTags: boolean;
  readonly isDeployed: boolean;
}

const DEPLOYED = 'Deployed';

const readTenant = async (ports: RequestPorts, where: string): Promise<Tenant | undefined> => {
  const domain = hostOf(where);
  return domain.includes('.') ? ports.cloudFront.readTenantByDomain(domain) : undefined;
};

const ofDistribution = (place: Place, { aliases, domainName, status, takesTags }: DistributionDetails): Found => ({
  place,
  hosts: [...aliases, domainName],
  takesTags,
  isDeployed: status === DEPLOYED,
});

const ofTenant = (place: Place, { domains, status }: Tenant, template: DistributionDetails | undefined): Found => ({
  place,
  hosts: domains,
  takesTags: template?.takesTags ?? false,
  isDeployed: status === DEPLOYED && (template?.status ?? DEPLOYED) === DEPLOYED,
});

const ABSENT = { kind: 'absent', suggestions: [] } as const;

/** The places that a name comes to, with what CloudFront says of each. */
const findPlaces = async (
  ports: RequestPorts,
  where: string,
): Promise<readonly Found[] | Exclude<Resolved, { readonly kind: 'places' }>> => {
  const resolved = resolvePlaces(where, await ports.cloudFront.readDistributions(), ports.groups);
  if (resolved.kind === 'absent') {
    const tenant = await readTenant(ports, where);
    if (tenant === undefined) return resolved;
    const template = await ports.cloudFront.readDistribution(tenant.distributionId);
    return [ofTenant(tenantPlace(tenant, hostOf(where)), tenant, template)];
  }
  if (resolved.kind !== 'places') return resolved;
  const found: Found[] = [];
  for (const place of resolved.places) {
    const details = await ports.cloudFront.readDistribution(place.distributionId);
    // Deleted between the two reads.
    if (details === undefined) return { ...ABSENT, said: place.distributionId };
    found.push(ofDistribution(place, details));
  }
  return found;
};

const isPlaces = (found: Awaited<ReturnType<typeof findPlaces>>): found is readonly Found[] => Array.isArray(found);

/** One place's part of what was asked for. */
interface Part {
  readonly found: Found;
  readonly paths: readonly string[];
  readonly because: readonly ConfirmationReason[];
  readonly findings: readonly PathFinding[];
}

const reasonsToAsk = (asking: Asking, { isDeployed }: Found, paths: readonly string[], gathered: boolean) => [
  ...(asking.onMuch === 'ask' && paths.includes(EVERYTHING) ? (['Everything'] as const) : []),
  ...(asking.onMuch === 'ask' && gathered ? (['Gathered'] as const) : []),
  ...(asking.when === 'ask' && !isDeployed ? (['StillDeploying'] as const) : []),
];

type Planned = Part | Extract<AskingOutcome, { readonly kind: 'paths-refused' | 'too-many-paths' }>;

const isPart = (planned: Planned): planned is Part => 'found' in planned;

const planPart = (asking: Asking, found: Found, hosts: readonly string[]): Planned => {
  const places = [found.place];
  const normalised = normalisePaths(asking.paths, {
    isOwnHost: (host) => answersFor(hosts, host),
    takesTags: found.takesTags,
  });
  const { findings } = normalised;
  if (isRefused(normalised)) return { kind: 'paths-refused', places, findings };
  const gathered = gatherPaths(normalised.paths);
  if (gathered.kind === 'too-many' || (gathered.kind === 'gathered' && asking.onMuch === 'refuse'))
    return { kind: 'too-many-paths', places, count: normalised.paths.length };
  const { paths } = gathered;
  return { found, paths, findings, because: reasonsToAsk(asking, found, paths, gathered.kind === 'gathered') };
};

const requestOf = (ports: RequestPorts, asking: Asking, { found, paths }: Part): InvalidationRequest => ({
  requestId: `${asking.orderId}|${placeKey(found.place)}`,
  place: found.place,
  paths,
  asker: asking.asker,
  requestedAt: ports.now().toISOString(),
  destination: asking.destination,
  when: asking.when === 'ask' ? 'now' : asking.when,
});

/** Stores what the buttons of a question hold: one plan, or one for each answer. */
const storeChoices = async (
  ports: RequestPorts,
  request: InvalidationRequest,
  because: readonly ConfirmationReason[],
): Promise<ConfirmationWanted['choices']> => {
  const answers = because.includes('StillDeploying')
    ? ([
        ['when-deployed', 'when-deployed'],
        ['now', 'now'],
      ] as const)
    : ([['run', request.when]] as const);
  const choices: ConfirmationWanted['choices'][number][] = [];
  for (const [label, when] of answers) {
    const planId = ports.newId();
    const content = { kind: 'invalidate', request: { ...request, when } } as const;
    await ports.plans.store(newPlan(planId, content, request.destination, ports.now()));
    choices.push({ label, planId });
  }
  return choices;
};

/** `repeated`: as it was asked for before; `known`: another answer to the same question came first, and stands. */
export type Taken = 'added' | 'hastened' | 'repeated' | 'known';

const takeKnown = async (
  { invalidations }: Pick<RequestPorts, 'invalidations'>,
  request: InvalidationRequest,
): Promise<Taken> => {
  if (request.when === 'now' && (await invalidations.hasten(request))) return 'hastened';
  const [stored] = await invalidations.readRequests([request.requestId]);
  return stored === undefined || stored.when === request.when ? 'repeated' : 'known';
};

/**
 * Puts a request in line and wakes the line: what a yes to a stored plan does. Its time in line begins now. A request that
 * was put there before is not put there again, unless it failed; one that waits for the deployment can be told not to. The
 * line is woken all the same: whoever came before may have died in between.
 */
export const takeRequest = async (
  ports: Pick<RequestPorts, 'invalidations' | 'invalidationQueue' | 'now' | 'log'>,
  request: InvalidationRequest,
): Promise<Taken> => {
  const added = await ports.invalidations.add({ ...request, requestedAt: ports.now().toISOString() });
  const taken = added === 'added' ? added : await takeKnown(ports, request);
  const { distributionId } = request.place;
  await ports.invalidationQueue.sendLater(
    serializeInvalidationMessage({ kind: 'invalidation-wake', distributionId }),
    0,
  );
  ports.log({ event: 'invalidation-requested', requestId: request.requestId, paths: request.paths.length, taken });
  return taken;
};

const carryOut = async (ports: RequestPorts, asking: Asking, parts: readonly Part[]): Promise<AskingOutcome> => {
  const sentBefore = await ports.invalidations.pathsSentIn(ports.now());
  const requests: InvalidationRequest[] = [];
  const known: InvalidationRequest[] = [];
  const wanted: ConfirmationWanted[] = [];
  for (const part of parts) {
    const request = requestOf(ports, asking, part);
    const { because, findings } = part;
    if (because.length === 0) {
      if ((await takeRequest(ports, request)) !== 'added') known.push(request);
      requests.push(request);
      continue;
    }
    wanted.push({
      kind: 'confirmation-wanted',
      ...shownPaths(request),
      askedBy: askedBy(asking.asker),
      because,
      findings: shownFindings(findings),
      price: priceOf(request.paths.length, sentBefore),
      choices: await storeChoices(ports, request, because),
    });
  }
  return {
    kind: 'taken',
    requests,
    known,
    wanted,
    findings: [
      ...new Map(parts.flatMap(({ findings }) => findings).map((each) => [JSON.stringify(each), each])).values(),
    ],
    price: priceOf(
      parts.reduce((sum, { paths }) => sum + paths.length, 0),
      sentBefore,
    ),
  };
};

/**
 * Asks for an invalidation: finds the place, normalises and gathers the paths, and either puts the request in line or
 * says what has to be confirmed or mended first. Nothing in CloudFront changes here.
 * @throws {AwsCallError} when CloudFront or the table can't be read or written
 */
export const askForInvalidation =
  (ports: RequestPorts) =>
  async (asking: Asking): Promise<AskingOutcome> => {
    const found = await findPlaces(ports, asking.where);
    if (!isPlaces(found)) return { kind: 'not-placed', resolved: found };
    const places = found.map(({ place }) => place);
    if (places.some(({ distributionId }) => !asking.isAllowed(distributionId))) return { kind: 'not-allowed', places };
    const hosts = found.flatMap((each) => each.hosts);
    const planned = found.map((each) => planPart(asking, each, hosts));
    const trouble = planned.find((each) => !isPart(each));
    if (trouble !== undefined && !isPart(trouble)) return trouble;
    return carryOut(ports, asking, planned.filter(isPart));
  };
